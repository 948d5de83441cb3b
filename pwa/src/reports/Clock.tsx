import { t } from "../i18n/t";
import { site } from "../session";

/** Says by which clock days begin and end: that of the site, or UTC where it has none or none is chosen. */
export function Clock() {
  return <p class="report-clock">{t("report_clock", { zone: site.value?.time_zone ?? "UTC" })}</p>;
}
