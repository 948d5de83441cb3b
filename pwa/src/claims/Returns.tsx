import "../styles/claims.css";
import { date, t } from "../i18n/t";
import { navigate, route } from "../router";
import { may, site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Link } from "../ui/Link";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import { WaitingActions } from "../ui/WaitingActions";
import type { CustomerReturn } from "./types";

/** What customers brought back: the returns with a unit to inspect first, and all of them on request. */
export function Returns() {
  const isAll = route.value.query.get("status") === "all";
  const { value, error, isRemembered, askedAt, reload } = useRead<{ customer_returns: CustomerReturn[] }>(
    site.value ? `/api/customer-returns?site=${site.value.id}${isAll ? "" : "&status=open"}` : null,
  );
  return (
    <Screen title={t("customer_returns")} class="claims">
      <div class="claim-tools">
        {may("receive") && (
          <Link to="/returns/new" class="button button-primary">
            {t("new_return")}
          </Link>
        )}
        <button
          type="button"
          class="button"
          aria-pressed={isAll}
          onClick={() => navigate(isAll ? "/returns" : "/returns?status=all")}
        >
          {t("all_returns")}
        </button>
      </div>
      {isRemembered && <Remembered at={askedAt} />}
      <WaitingActions kinds={["customer_return"]} onSent={reload} />
      {error !== null && <Failure error={error} retry={reload} />}
      {!value && error === null && <Busy />}
      {value?.customer_returns.length === 0 && <p class="empty">{t("no_returns")}</p>}
      <ul class="cards">
        {value?.customer_returns.map(each => (
          <li key={each.id}>
            <Link to={`/returns/${each.id}`} class="card">
              <span class="card-head">
                <span class="card-title">{each.number}</span>
                <span class="card-figure">
                  {each.units.filter(unit => unit.outcome !== null).length}
                  <small>/{each.units.length}</small>
                </span>
              </span>
              <span class="key-data">{each.units.map(unit => unit.serial_no).join(", ")}</span>
              <span class="card-text">
                {each.customer.name} · {date(each.returned_on)} · {each.reason}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Screen>
  );
}
