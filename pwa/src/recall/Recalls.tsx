import "../styles/recall.css";
import { date, t, tOr } from "../i18n/t";
import { may, site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Progress } from "../ui/Progress";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import type { RecallCard } from "./types";

/** In one piece with the list: the first load names every piece that it may get later. */
export { NewRecall } from "./NewRecall";
export { TracePage } from "./TracePage";

/** The recalls of the site, those that run first, each with how far it has come. */
export function Recalls() {
  const siteId = site.value?.id;
  const { value, error, reload } = useRead<{ recalls: RecallCard[] }>(
    siteId ? `/api/recalls?site=${siteId}` : null,
  );
  return (
    <Screen title={t("recalls")}>
      {may("hold") && (
        <Link to="/recalls/new" class="button button-primary">
          <Icon name="stop" />
          {t("new_recall")}
        </Link>
      )}
      {error !== null && <Failure error={error} retry={reload} />}
      {!value && error === null && <Busy />}
      {value?.recalls.length === 0 && <p class="empty">{t("no_recalls")}</p>}
      <ul class="cards">
        {value?.recalls.map(each => (
          <li key={each.id}>
            <Link to={`/recalls/${each.id}`} class="card">
              <span class="card-head">
                <span class="card-title">{each.number}</span>
                <span class="card-figure">
                  {each.resolved}
                  <small>/{each.total}</small>
                </span>
              </span>
              <span class="card-line">{each.scope}</span>
              <span class="card-text">
                {each.reason} · {date(each.opened_at)}
                {each.status !== "submitted" && ` · ${tOr(`recall_${each.status}`, each.status)}`}
              </span>
              <Progress
                value={each.resolved}
                max={each.total}
                label={t("resolved_of", { resolved: each.resolved, total: each.total })}
              />
            </Link>
          </li>
        ))}
      </ul>
    </Screen>
  );
}
