import "../styles/claims.css";
import { useSignal } from "@preact/signals";
import { post } from "../api";
import { date, t } from "../i18n/t";
import { may, site } from "../session";
import { ReasonDialog } from "../stock/ReasonDialog";
import { Busy } from "../ui/Busy";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Failure";
import { Link } from "../ui/Link";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import { CustomerField } from "./CustomerField";
import type { Contract } from "./types";

/** Service contracts (AMC), those that end first on top. */
export function Contracts() {
  const { value, error, isRemembered, askedAt, reload } = useRead<{ service_contracts: Contract[] }>(
    site.value ? `/api/service-contracts?site=${site.value.id}` : null,
  );
  const isWriting = useSignal(false);
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
            isWriting.value = true;
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
            {may("orders.manage") && !contract.end_reason && (
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
          </li>
        ))}
      </ul>
      {isWriting.value && (
        <NewContract
          onDone={reload}
          onClose={() => {
            isWriting.value = false;
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

function NewContract({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const id = useSignal(crypto.randomUUID());
  const failed = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? "").trim() || null;
    isBusy.value = true;
    failed.value = null;
    try {
      await post("/api/service-contracts", {
        id: id.value,
        site: site.value?.id,
        customer: text("customer"),
        serial_nos: (text("serial_nos") ?? "").split(/[\s,;]+/).filter(Boolean),
        start_on: text("start_on"),
        end_on: text("end_on"),
        number: text("number"),
        remark: text("remark"),
      });
      onDone();
      onClose();
    } catch (caught) {
      failed.value = caught;
      id.value = crypto.randomUUID();
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <Dialog title={t("new_contract")} onClose={onClose}>
      <form class="form claims" onSubmit={event => void onSubmit(event)}>
        <CustomerField />
        <label>
          <span class="label">{t("serials_of_contract")}</span>
          <textarea name="serial_nos" required rows={3} autocapitalize="characters" spellcheck={false} />
        </label>
        <label>
          <span class="label">{t("first_day")}</span>
          <input type="date" name="start_on" required />
        </label>
        <label>
          <span class="label">{t("last_day")}</span>
          <input type="date" name="end_on" required />
        </label>
        <label>
          <span class="label">{t("own_number")}</span>
          <input type="text" name="number" maxLength={64} autocomplete="off" />
        </label>
        <label>
          <span class="label">{t("remark")}</span>
          <input type="text" name="remark" maxLength={500} autocomplete="off" />
        </label>
        {failed.value !== null && <Failure error={failed.value} />}
        <button type="submit" class="button button-primary" disabled={isBusy.value}>
          {t("make_contract")}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t("cancel")}
        </button>
      </form>
    </Dialog>
  );
}
