import { useSignal } from "@preact/signals";
import { post } from "../api";
import { t } from "../i18n/t";
import { site } from "../session";
import { Dialog } from "../ui/Dialog";
import { NotSent } from "../ui/NotSent";
import { useForm } from "../ui/use-form";
import { OwnNumberField, RemarkField } from "../ui/VoucherFields";
import { CustomerField } from "./CustomerField";
import type { Contract } from "./types";

interface Props {
  /** The one that is changed; null for a new one. */
  contract: Contract | null;
  onDone: () => void;
  onClose: () => void;
}

/** A service contract as it is agreed, or from now on. */
export function ContractForm({ contract, onDone, onClose }: Props) {
  // The same for every try: one whose answer was lost counts once.
  const id = useSignal(crypto.randomUUID());
  const form = useForm(async text => {
    const terms = {
      serial_nos: (text("serial_nos") ?? "").split(/[\s,;]+/).filter(Boolean),
      start_on: text("start_on"),
      end_on: text("end_on"),
      remark: text("remark"),
    };
    if (contract) await post(`/api/service-contracts/${contract.id}`, { ...terms, reason: text("reason") });
    else {
      const made = {
        id: id.value,
        site: site.value?.id,
        customer: text("customer"),
        number: text("number"),
      };
      await post("/api/service-contracts", { ...made, ...terms });
    }
    onDone();
    onClose();
  });
  return (
    <Dialog
      title={contract ? t("contract_is", { number: contract.number }) : t("new_contract")}
      onClose={onClose}
    >
      <form class="form claims" onSubmit={form.onSubmit}>
        {!contract && <CustomerField />}
        <label>
          <span class="label">{t("serials_of_contract")}</span>
          <textarea
            name="serial_nos"
            required
            rows={3}
            autocapitalize="characters"
            spellcheck={false}
            defaultValue={contract?.units.map(unit => unit.serial_no).join("\n") ?? ""}
          />
        </label>
        <label>
          <span class="label">{t("first_day")}</span>
          <input type="date" name="start_on" required defaultValue={contract?.start_on ?? ""} />
        </label>
        <label>
          <span class="label">{t("last_day")}</span>
          <input type="date" name="end_on" required defaultValue={contract?.end_on ?? ""} />
        </label>
        {!contract && <OwnNumberField />}
        <RemarkField known={contract?.remark} />
        {contract && (
          <label>
            <span class="label">{t("reason")}</span>
            <input type="text" name="reason" maxLength={500} required autocomplete="off" />
          </label>
        )}
        {form.error.value !== null && <NotSent error={form.error.value} />}
        <button type="submit" class="button button-primary" disabled={form.isBusy.value}>
          {t(contract ? "change_contract" : "make_contract")}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t("cancel")}
        </button>
      </form>
    </Dialog>
  );
}
