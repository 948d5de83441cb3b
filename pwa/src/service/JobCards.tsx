import { date, t } from "../i18n/t";
import { Link } from "../ui/Link";
import type { DueVisit, JobCard, Part, RepairCard } from "./types";

const named = (parts: Part[]) =>
  parts.map(part => part.serial_no ?? `${part.qty} × ${part.item_code}`).join(", ");

/** What was done to a unit, newest first. */
export function Jobs({ jobs }: { jobs: JobCard[] }) {
  return (
    <ul class="cards">
      {jobs.map(job => (
        <li key={job.id}>
          <Link to={`/service/visits/${job.id}`} class="card">
            <span class="card-head">
              <span class="card-title">{job.work_done}</span>
            </span>
            <span class="card-text">
              {date(job.on)} · {job.technician} · {t(`result_${job.result}`)}
            </span>
            {job.parts_out.length > 0 && (
              <span class="card-text">{t("came_out", { parts: named(job.parts_out) })}</span>
            )}
            {job.parts_in.length > 0 && (
              <span class="card-text">{t("went_in", { parts: named(job.parts_in) })}</span>
            )}
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** Repair orders, each a way to its page. */
export function RepairCards({ repairs }: { repairs: RepairCard[] }) {
  return (
    <ul class="cards">
      {repairs.map(repair => (
        <li key={repair.id}>
          <Link to={`/service/repairs/${repair.id}`} class="card">
            <span class="card-head">
              <span class="card-title">{repair.unit.serial_no}</span>
              <span class="chip">
                {t(
                  repair.outcome
                    ? `outcome_${repair.outcome}`
                    : repair.status === "cancelled"
                      ? "repair_cancelled"
                      : "repair_open",
                )}
              </span>
            </span>
            <span>{repair.complaint}</span>
            <span class="card-text">
              {repair.customer?.name} · {date(repair.on)} · {repair.technician ?? t("nobody_assigned")}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** Visits that are due, the oldest first; each starts its report. */
export function DueCards({ due }: { due: DueVisit[] }) {
  return (
    <ul class="cards">
      {due.map(each => (
        <li key={`${each.kind} ${each.id}`}>
          <Link to={`/unit/${each.unit.id}`} class="card">
            <span class="card-head">
              <span class="card-title">{each.unit.serial_no}</span>
              <span class={each.overdue_days > 0 ? "chip chip-late" : "chip"}>
                {each.overdue_days > 0
                  ? t("overdue", { count: each.overdue_days })
                  : t("due_on", { date: date(each.due_on) })}
              </span>
            </span>
            <span>{each.kind === "plan" ? each.name : t("promised_on", { number: each.name })}</span>
            <span class="card-text">
              {each.unit.item_name} · {each.customer?.name ?? t("none")} ·{" "}
              {each.technician ?? t("nobody_assigned")}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
