import { useSignal } from "@preact/signals";
import { post } from "../api";
import { t } from "../i18n/t";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { quantityField, quantityOf } from "../ui/quantity";
import type { AddItem } from "./adding-types";

/** A supervisor's word that more may be received than was ordered; the reason is kept. */
export function AdmitMore({ path, item }: { path: string; item: AddItem }) {
  const error = useSignal<unknown>(null);
  const admitted = useSignal<string | null>(null);
  const id = useSignal(crypto.randomUUID());
  const admit = async (form: HTMLFormElement) => {
    error.value = null;
    const data = new FormData(form);
    const qty = quantityOf(data.get("qty"));
    const reason = String(data.get("reason")).trim();
    try {
      await post(`${path}/over-receipts`, { id: id.value, item_id: item.id, qty, reason });
      id.value = crypto.randomUUID();
      admitted.value = qty;
      form.reset();
    } catch (caught) {
      error.value = caught;
    }
  };
  return (
    <details class="admit-more">
      <summary>{t("admit_more")}</summary>
      <form
        class="form"
        onSubmit={event => {
          event.preventDefault();
          void admit(event.currentTarget);
        }}
        onInput={() => {
          id.value = crypto.randomUUID();
        }}
      >
        <label>
          <span class="label">{t("admit_how_many", { item: item.item_code })}</span>
          <input name="qty" {...quantityField()} />
        </label>
        <label>
          <span class="label">{t("reason")}</span>
          <input name="reason" type="text" required maxLength={500} autocomplete="off" />
        </label>
        {error.value !== null && <Failure error={error.value} />}
        {admitted.value !== null && (
          <p class="notice notice-accepted" role="status">
            {t("admitted", { qty: admitted.value })}
          </p>
        )}
        <button type="submit" class="button">
          <Icon name="shield" />
          {t("admit")}
        </button>
      </form>
    </details>
  );
}
