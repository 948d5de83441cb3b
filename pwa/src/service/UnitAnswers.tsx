import type { Unit } from "../api-types";
import { date, t } from "../i18n/t";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";

/** The four questions of every call: sold when and to whom, warranty and why, repaired before, who is on it. */
export function UnitAnswers({ unit }: { unit: Unit }) {
  const { sold, owner, warranty, services, technician } = unit;
  const last = services[0];
  return (
    <dl class="answers answers-of-unit" data-testid="answers">
      <div>
        <dt>
          <Icon name="user" />
          {t("sold")}
        </dt>
        <dd>
          {sold ? date(sold.on) : t("not_sold")}
          {owner && <small>{owner.name}</small>}
          {sold && (
            <Link to={`/vouchers/${sold.voucher_id}`} class="answer-link">
              {sold.number}
            </Link>
          )}
        </dd>
      </div>
      <div class={`warranty-${warranty?.status ?? "none"}`}>
        <dt>
          <Icon name="shield" />
          {t("warranty")}
        </dt>
        <dd>{warranty ? warranty.message : t("none")}</dd>
      </div>
      <div>
        <dt>
          <Icon name="check" />
          {t("jobs")}
        </dt>
        <dd>
          {t("jobs_done", { count: services.length })}
          {last && (
            <small>
              {date(last.on)} · {last.work_done}
            </small>
          )}
        </dd>
      </div>
      <div>
        <dt>
          <Icon name="user" />
          {t("technician")}
        </dt>
        <dd>
          {technician ?? t("none")}
          {unit.repair && (
            <Link to={`/service/repairs/${unit.repair.id}`} class="answer-link">
              {unit.repair.number}
            </Link>
          )}
        </dd>
      </div>
    </dl>
  );
}
