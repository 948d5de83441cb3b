import "../styles/alerts.css";
import { number, t } from "../i18n/t";
import { site } from "../session";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { useLive } from "../ui/use-live";
import { useRead } from "../ui/use-read";

/** The way from the first screen to the alerts, with how many are open now. */
export function AlertsLink() {
  const siteId = site.value?.id;
  const { value, reload } = useRead<{ open: number }>(siteId ? `/api/alerts?site=${siteId}` : null);
  useLive(siteId, null, reload);
  const open = value?.open ?? 0;
  return (
    <Link to="/alerts" class="card card-link">
      <Icon name="warning" />
      <span class="card-title">
        {t("alerts")}
        {open > 0 && (
          <span class="alert-count">
            {number(open)}
            <span class="visually-hidden"> {t("alerts_to_see")}</span>
          </span>
        )}
      </span>
      <Icon name="forward" />
    </Link>
  );
}
