import { t, time } from "../i18n/t";

/** Says that what is on the screen is what this device keeps, and since when it may be out of date. */
export const Remembered = ({ at }: { at: string }) => (
  <p class="notice notice-warning">{t("remembered", { at: time(at) })}</p>
);
