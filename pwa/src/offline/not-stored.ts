import { t } from "../i18n/t";
import { isOutdated } from "./db";

/** What to tell a person whose scan or other action could not be stored on this device. */
export const notStored = (): string => t(isOutdated.value ? "tab_outdated" : "not_stored");
