import "../styles/claims.css";
import { useSignal } from "@preact/signals";
import { post } from "../api";
import type { Unit } from "../api-types";
import type { UnitWarranty, WarrantyEvent } from "../claims/types";
import { date, dateTime, t, tOr } from "../i18n/t";
import { may } from "../session";
import { ReasonDialog } from "../stock/ReasonDialog";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { useRead } from "../ui/use-read";
import { InstallDialog } from "./InstallDialog";

/** What covers a unit today, since when and why; a technician starts it with the installation, a supervisor extends and voids it. */
export function WarrantyPanel({ unit }: { unit: Unit }) {
  const path = `/api/units/${unit.id}/warranty`;
  const { value: warranty, error, reload } = useRead<UnitWarranty>(path);
  const asking = useSignal<"extend" | "void" | null>(null);
  const isInstalling = useSignal(false);
  if (!warranty) return error !== null ? <Failure error={error} retry={reload} /> : <Busy />;
  const act = async (reason: string, form: FormData) => {
    const more = asking.value === "extend" ? { end_on: String(form.get("end_on")) } : {};
    await post(`${path}/${asking.value}`, { reason, ...more });
    reload();
  };
  const waits = warranty.status === "not_started" && warranty.basis === "installation" && warranty.is_sold;
  return (
    <section class="warranty-panel">
      <h2>{t("warranty")}</h2>
      <p class={`notice warranty-${warranty.status}`}>
        <Icon name="shield" />
        <span>
          <strong>{warranty.message}</strong>
          {warranty.start && warranty.end && (
            <small>
              {date(warranty.start)} – {date(warranty.end)} · {t("warranty_basis")}{" "}
              {t(`basis_${warranty.basis}`)}
            </small>
          )}
        </span>
      </p>
      {warranty.contracts.length > 0 && (
        <ul class="lines">
          {warranty.contracts.map(contract => (
            <li key={contract.id} class="line">
              <strong>{t("contract_is", { number: contract.number })}</strong>
              <span>
                {date(contract.start_on)} – {date(contract.end_on)}
              </span>
            </li>
          ))}
        </ul>
      )}
      <div class="claim-tools">
        {may("service") && waits && (
          <button type="button" class="button button-primary" onClick={() => (isInstalling.value = true)}>
            {t("install_unit")}
          </button>
        )}
        {may("service") && (
          <Link to={`/claims/new?unit=${unit.id}`} class="button button-primary">
            {t("new_claim")}
          </Link>
        )}
        {may("override") && warranty.is_standing && (
          <>
            <button type="button" class="button" onClick={() => (asking.value = "extend")}>
              {t("extend_warranty")}
            </button>
            <button type="button" class="button" onClick={() => (asking.value = "void")}>
              {t("void_warranty")}
            </button>
          </>
        )}
      </div>
      {warranty.events.length > 0 && (
        <details class="card">
          <summary>{t("warranty_events", { count: warranty.events.length })}</summary>
          <ol class="cards">
            {warranty.events.toReversed().map(event => (
              <Event key={`${event.at} ${event.kind}`} event={event} />
            ))}
          </ol>
        </details>
      )}
      {isInstalling.value && (
        <InstallDialog
          unit={unit}
          onDone={reload}
          onClose={() => {
            isInstalling.value = false;
          }}
        />
      )}
      {asking.value && (
        <ReasonDialog
          title={t(asking.value === "extend" ? "extend_question" : "void_question")}
          button={t(asking.value === "extend" ? "extend_warranty" : "void_warranty")}
          isDangerous={asking.value === "void"}
          act={act}
          onClose={() => {
            asking.value = null;
          }}
        >
          {asking.value === "extend" && (
            <label>
              <span class="label">{t("new_last_day")}</span>
              <input type="date" name="end_on" required min={warranty.end ?? undefined} />
            </label>
          )}
        </ReasonDialog>
      )}
    </section>
  );
}

function Event({ event }: { event: WarrantyEvent }) {
  return (
    <li>
      <p>
        <strong>{tOr(`warranty_${event.kind}`, event.kind.replaceAll("_", " "))}</strong> {date(event.on)}
        {event.other && (
          <>
            {" "}
            <Link to={`/unit/${event.other.id}`} class="fact-link">
              {event.other.serial_no}
            </Link>
          </>
        )}
      </p>
      {event.reason && <p>{event.reason}</p>}
      <p class="card-text">
        {t("last_day_then", { date: date(event.end_on) })} ·{" "}
        {t("by_at", { name: event.by ?? "–", at: dateTime(event.at) })}
      </p>
    </li>
  );
}
