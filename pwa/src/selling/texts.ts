import selling from "../i18n/selling.json";
import { addTexts } from "../i18n/t";

addTexts(selling);
