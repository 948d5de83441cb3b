import "../styles/alerts.css";
import { useSignal } from "@preact/signals";
import { post } from "../api";
import { t, time, tOr } from "../i18n/t";
import { route } from "../router";
import { may, site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { LiveMark } from "../ui/LiveMark";
import { Screen } from "../ui/Screen";
import { useLive } from "../ui/use-live";
import { useRead } from "../ui/use-read";
import { AlertRules } from "./AlertRules";
import { type Alert, placeOf } from "./types";

/** In one piece with the list: the first load names every piece that it may get later. */
export { AlertsLink } from "./AlertsLink";

/** What the rules of the site found, or the rules themselves: the address says which. */
export function Alerts() {
  return route.value.path === "/alerts/rules" ? <AlertRules /> : <AlertList />;
}

function AlertList() {
  const siteId = site.value?.id;
  const open = useRead<{ alerts: Alert[]; open: number }>(siteId ? `/api/alerts?site=${siteId}` : null);
  const seen = useRead<{ alerts: Alert[] }>(siteId ? `/api/alerts?site=${siteId}&status=acknowledged` : null);
  const failed = useSignal<unknown>(null);
  const reload = () => {
    open.reload();
    seen.reload();
  };
  const live = useLive(siteId, null, reload);
  const acknowledge = async (alert: Alert) => {
    failed.value = null;
    try {
      await post(`/api/alerts/${alert.id}/acknowledge`, {});
      reload();
    } catch (caught) {
      failed.value = caught;
    }
  };
  return (
    <Screen title={t("alerts")} over={<LiveMark state={live.value} />} class="alerts">
      {may("alerts.manage") && (
        <Link to="/alerts/rules" class="button">
          <Icon name="board" />
          {t("alert_rules")}
        </Link>
      )}
      {open.error !== null && <Failure error={open.error} retry={open.reload} />}
      {failed.value !== null && <Failure error={failed.value} />}
      {!open.value && open.error === null && <Busy />}
      {open.value?.open === 0 && (
        <p class="notice notice-accepted" role="status">
          <Icon name="check" />
          {t("alerts_none")}
        </p>
      )}
      {open.value && open.value.open > 0 && (
        <section>
          <h2>{t("alerts_open", { count: open.value.open })}</h2>
          <ul class="cards" data-testid="alerts">
            {open.value.alerts.map(alert => (
              <AlertCard key={alert.id} alert={alert} acknowledge={() => acknowledge(alert)} />
            ))}
          </ul>
        </section>
      )}
      {(seen.value?.alerts.length ?? 0) > 0 && (
        <section>
          <h2>{t("alerts_seen")}</h2>
          <ul class="cards">
            {seen.value?.alerts.map(alert => (
              <AlertCard key={alert.id} alert={alert} acknowledge={null} />
            ))}
          </ul>
        </section>
      )}
    </Screen>
  );
}

interface CardProps {
  alert: Alert;
  acknowledge: (() => Promise<void>) | null;
}

function AlertCard({ alert, acknowledge }: CardProps) {
  const place = placeOf(alert, site.value?.id);
  return (
    <li class={`card alert ${acknowledge ? "alert-open" : ""}`}>
      <p class="alert-kind">
        <Icon name={acknowledge ? "warning" : "check"} />
        {tOr(`alert_kind_${alert.kind}`, alert.kind)}
        <time dateTime={alert.raised_at}>{time(alert.raised_at)}</time>
      </p>
      <p class="alert-message">{alert.message}</p>
      {alert.mail_status !== "none" && (
        <p class={`card-text ${alert.mail_status === "dead" ? "alert-undelivered" : ""}`}>
          {t(`alert_mail_${alert.mail_status}`, { email: alert.email ?? "–" })}
          {alert.mail_status !== "sent" && alert.mail_answer && ` · ${alert.mail_answer}`}
        </p>
      )}
      {alert.acknowledged_at && (
        <p class="card-text">
          {t("alert_seen_by", { by: alert.acknowledged_by ?? "", at: time(alert.acknowledged_at) })}
          {alert.remark && ` · ${alert.remark}`}
        </p>
      )}
      {(place || (acknowledge && may("alerts.manage"))) && (
        <div class="alert-tools">
          {place && (
            <Link to={place} class="button">
              {alert.voucher?.number ?? t(alert.batch_id === null ? "item" : "batch")}
            </Link>
          )}
          {acknowledge && may("alerts.manage") && (
            <button type="button" class="button" onClick={() => void acknowledge()}>
              <Icon name="check" />
              {t("alert_acknowledge")}
            </button>
          )}
        </div>
      )}
    </li>
  );
}
