import "../styles/service.css";
import { useSignal } from "@preact/signals";
import { t } from "../i18n/t";
import { site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import { WaitingActions } from "../ui/WaitingActions";
import { DueCards, RepairCards } from "./JobCards";
import type { DueVisit, RepairCard } from "./types";

/** The customers' units that are here, and those that were. */
export function Repairs() {
  const status = useSignal<"open" | "closed">("open");
  const { value, error, isRemembered, askedAt, reload } = useRead<{ repair_orders: RepairCard[] }>(
    site.value ? `/api/repair-orders?site=${site.value.id}&status=${status.value}` : null,
  );
  return (
    <Screen title={t("repairs")}>
      <Link to="/service/due" class="card card-link">
        <Icon name="clock" />
        <span class="card-title">{t("maintenance_due")}</span>
        <Icon name="forward" />
      </Link>
      <WaitingActions kinds={["repair_order", "service_visit"]} onSent={reload} />
      <fieldset class="choices" aria-label={t("which_repairs")}>
        {(["open", "closed"] as const).map(each => (
          <button
            key={each}
            type="button"
            class="button"
            aria-pressed={status.value === each}
            onClick={() => {
              status.value = each;
            }}
          >
            {t(`repairs_${each}`)}
          </button>
        ))}
      </fieldset>
      {isRemembered && <Remembered at={askedAt} />}
      {error !== null && <Failure error={error} retry={reload} />}
      {!value && error === null && <Busy />}
      {value?.repair_orders.length === 0 && <p class="empty">{t("no_repairs")}</p>}
      {value && <RepairCards repairs={value.repair_orders} />}
    </Screen>
  );
}

const AHEAD = [7, 30, 90];

/** What is to be looked after at the site, overdue first. */
export function DueList() {
  const within = useSignal(30);
  const { value, error, isRemembered, askedAt, reload } = useRead<{ due: DueVisit[] }>(
    site.value ? `/api/maintenance-due?site=${site.value.id}&within=${within.value}` : null,
  );
  return (
    <Screen title={t("maintenance_due")}>
      <fieldset class="choices" aria-label={t("look_ahead")}>
        {AHEAD.map(days => (
          <button
            key={days}
            type="button"
            class="button"
            aria-pressed={within.value === days}
            onClick={() => {
              within.value = days;
            }}
          >
            {t("within_days", { count: days })}
          </button>
        ))}
      </fieldset>
      {isRemembered && <Remembered at={askedAt} />}
      {error !== null && <Failure error={error} retry={reload} />}
      {!value && error === null && <Busy />}
      {value?.due.length === 0 && <p class="empty">{t("no_visits_due")}</p>}
      {value && <DueCards due={value.due} />}
    </Screen>
  );
}
