import masters from "../i18n/masters.json";
import { addTexts } from "../i18n/t";

addTexts(masters);
