import "../styles/service.css";
import { date, dateTime, t } from "../i18n/t";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import { Attachments } from "./Photos";
import type { Part, Visit } from "./types";

/** A visit as it was closed. */
export function VisitPage({ id }: { id: string }) {
  const { value: visit, error, isRemembered, askedAt, reload } = useRead<Visit>(`/api/service-visits/${id}`);
  if (!visit) {
    return (
      <Screen title={t("visit")}>
        {error !== null ? <Failure error={error} retry={reload} /> : <Busy />}
      </Screen>
    );
  }
  return (
    <Screen
      title={visit.number}
      over={`${visit.unit.item_name} · ${visit.customer?.name ?? t("none")}`}
      beside={<span class={`chip result-${visit.result}`}>{t(`result_${visit.result}`)}</span>}
    >
      {isRemembered && <Remembered at={askedAt} />}
      {visit.status === "cancelled" && (
        <p class="notice notice-warning">
          <Icon name="stop" />
          {t("visit_cancelled")}
        </p>
      )}
      <p class="complaint">{visit.work_done}</p>
      <dl class="answers">
        <div>
          <dt>{t("unit")}</dt>
          <dd>
            <Link to={`/unit/${visit.unit.id}`} class="fact-link">
              {visit.unit.serial_no}
            </Link>
          </dd>
        </div>
        <div>
          <dt>{t("technician")}</dt>
          <dd>
            {visit.technician} · {date(visit.on)}
          </dd>
        </div>
        <div>
          <dt>{t("signer")}</dt>
          <dd>{visit.signer_name ?? visit.unsigned_reason ?? t("in_workshop")}</dd>
        </div>
        {visit.next_visit_on && (
          <div>
            <dt>{t("next_visit_on")}</dt>
            <dd>{date(visit.next_visit_on)}</dd>
          </div>
        )}
        {visit.plan && (
          <div>
            <dt>{t("fulfils_plan")}</dt>
            <dd>{visit.plan.name}</dd>
          </div>
        )}
      </dl>
      <Moved title={t("parts_that_came_out")} parts={visit.parts_out} />
      <Moved title={t("parts_that_went_in")} parts={visit.parts_in} />
      {visit.readings.length > 0 && (
        <section>
          <h2>{t("readings")}</h2>
          <ul class="lines">
            {visit.readings.map((reading, index) => (
              <li key={index} class="line">
                <span>{reading.name}</span>
                <strong class="line-figure">
                  {reading.value} {reading.unit}
                </strong>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Attachments attachments={visit.attachments} />
      <p>
        <small>
          {t("visit_times", { device: dateTime(visit.done_at), server: dateTime(visit.posted_at) })}
        </small>
      </p>
    </Screen>
  );
}

function Moved({ title, parts }: { title: string; parts: Part[] }) {
  if (parts.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul class="lines">
        {parts.map((part, index) => (
          <li key={index} class="line">
            {part.unit_id === null ? (
              <strong class="key-data">{part.serial_no ?? `${part.qty} × ${part.item_code}`}</strong>
            ) : (
              <Link to={`/unit/${part.unit_id}`} class="key-data">
                {part.serial_no}
              </Link>
            )}
            <span>{part.item_code ?? t("part_of_maker")}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
