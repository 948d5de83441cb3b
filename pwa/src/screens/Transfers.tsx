import "../styles/moves.css";
import { t, time } from "../i18n/t";
import type { TransferCard } from "../moving/types";
import { may, site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Progress } from "../ui/Progress";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import { WaitingActions } from "../ui/WaitingActions";

/** What is on its way, out of this site and into it, and what was moved lately. */
export function Transfers() {
  const siteId = site.value?.id;
  const { value, error, reload } = useRead<{ transfers: TransferCard[] }>(
    siteId ? `/api/stock-transfers?site=${siteId}` : null,
  );
  const open = value?.transfers.filter(each => each.status === "submitted") ?? [];
  const rest = value?.transfers.filter(each => each.status !== "submitted").slice(0, 20) ?? [];
  return (
    <Screen title={t("transfers")}>
      {may("move") && (
        <Link to="/transfers/new" class="button button-primary">
          <Icon name="switch" />
          {t("new_transfer")}
        </Link>
      )}
      <WaitingActions kinds={["stock_transfer", "stock_transfer.receive"]} onSent={reload} />
      {error !== null && <Failure error={error} retry={reload} />}
      {!value && error === null && <Busy />}
      {value && (
        <section>
          <h2>{t("in_transit")}</h2>
          {open.length === 0 && <p class="empty">{t("nothing_in_transit")}</p>}
          <TransferList transfers={open} />
        </section>
      )}
      {rest.length > 0 && (
        <section>
          <h2>{t("moved_lately")}</h2>
          <TransferList transfers={rest} />
        </section>
      )}
    </Screen>
  );
}

function TransferList({ transfers }: { transfers: TransferCard[] }) {
  return (
    <ul class="cards">
      {transfers.map(each => (
        <li key={each.id}>
          <Link to={`/transfers/${each.id}`} class="card">
            <span class="card-head">
              <span class="card-title">{each.number}</span>
              <span class="card-figure">
                {each.received}
                <small>/{each.qty}</small>
              </span>
            </span>
            <span class="card-text">
              {each.from.path} → {each.to.path} · {each.by} · {time(each.at)}
              {each.status === "cancelled" && ` · ${t("count_status_cancelled")}`}
            </span>
            {each.status === "submitted" && (
              <Progress
                value={each.received}
                max={each.qty}
                label={t("received_of", { accepted: each.received, expected: each.qty })}
              />
            )}
          </Link>
        </li>
      ))}
    </ul>
  );
}
