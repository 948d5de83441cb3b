import "../styles/claims.css";
import { useSignal } from "@preact/signals";
import { post } from "../api";
import { date, dateTime, t } from "../i18n/t";
import { may, site } from "../session";
import { ReasonDialog } from "../stock/ReasonDialog";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Link } from "../ui/Link";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import { ContractForm } from "./ContractForm";
import type { Contract, ContractEvent } from "./types";

/** Service contracts (AMC), those that end first on top. */
export function Contracts() {
  const { value, error, isRemembered, askedAt, reload } = useRead<{ service_contracts: Contract[] }>(
    site.value ? `/api/service-contracts?site=${site.value.id}` : null,
  );
  const written = useSignal<Contract | "new" | null>(null);
  const ended = useSignal<Contract | null>(null);
  const end = async (reason: string, form: FormData) => {
    await post(`/api/service-contracts/${ended.value?.id}/end`, {
      reason,
      last_day: String(form.get("last_day")),
    });
    reload();
  };
  return (
    <Screen title={t("service_contracts")} class="claims">
      {may("orders.manage") && (
        <button
          type="button"
          class="button button-primary"
          onClick={() => {
            written.value = "new";
          }}
        >
          {t("new_contract")}
        </button>
      )}
      {isRemembered && <Remembered at={askedAt} />}
      {error !== null && <Failure error={error} retry={reload} />}
      {!value && error === null && <Busy />}
      {value?.service_contracts.length === 0 && <p class="empty">{t("no_contracts")}</p>}
      <ul class="cards">
        {value?.service_contracts.map(contract => (
          <li key={contract.id} class="card">
            <span class="card-head">
              <span class="card-title">{contract.number}</span>
              <span>{contract.customer.name}</span>
            </span>
            <span>
              {date(contract.start_on)} – {date(contract.end_on)}
            </span>
            <span class="claim-tools">
              {contract.units.map(unit => (
                <Link key={unit.id} to={`/unit/${unit.id}`} class="button">
                  {unit.serial_no}
                </Link>
              ))}
            </span>
            {contract.end_reason && (
              <span class="card-text">{t("ended_because", { reason: contract.end_reason })}</span>
            )}
            <History events={contract.events} />
            {may("orders.manage") && (
              <span class="claim-tools">
                <button
                  type="button"
                  class="button"
                  onClick={() => {
                    written.value = contract;
                  }}
                >
                  {t("change_contract")}
                </button>
                {!contract.end_reason && (
                  <button
                    type="button"
                    class="button"
                    onClick={() => {
                      ended.value = contract;
                    }}
                  >
                    {t("end_contract")}
                  </button>
                )}
              </span>
            )}
          </li>
        ))}
      </ul>
      {written.value && (
        <ContractForm
          contract={written.value === "new" ? null : written.value}
          onDone={reload}
          onClose={() => {
            written.value = null;
          }}
        />
      )}
      {ended.value && (
        <ReasonDialog
          title={t("end_contract_question", { number: ended.value.number })}
          button={t("end_contract")}
          isDangerous
          act={end}
          onClose={() => {
            ended.value = null;
          }}
        >
          <label>
            <span class="label">{t("new_last_day")}</span>
            <input type="date" name="last_day" required min={ended.value.start_on} max={ended.value.end_on} />
          </label>
        </ReasonDialog>
      )}
    </Screen>
  );
}

/** What became of a contract since it was made. */
function History({ events }: { events: ContractEvent[] }) {
  if (events.length < 2) return null;
  return (
    <details>
      <summary>{t("contract_changes", { count: events.length - 1 })}</summary>
      <ul class="lines">
        {events.slice(1).map(event => (
          <li key={event.at} class="line">
            <span>
              {date(event.start_on)} – {date(event.end_on)}
              {event.units_added.map(unit => ` + ${unit}`)}
              {event.units_removed.map(unit => ` − ${unit}`)}
              <small>
                {event.reason} · {t("by_at", { name: event.by, at: dateTime(event.at) })}
              </small>
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
