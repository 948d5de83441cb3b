import { useSignal } from "@preact/signals";
import { post } from "../api";
import { t } from "../i18n/t";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { quantityField, quantityOf } from "../ui/quantity";
import type { Adding } from "./adding-types";

/** Goods without serial numbers: how many, or how much. */
export function CountMany({ path, item, details, onAdded }: Adding) {
  const isBusy = useSignal(false);
  const error = useSignal<unknown>(null);
  const id = useSignal(crypto.randomUUID());
  const put = async (form: HTMLFormElement) => {
    isBusy.value = true;
    error.value = null;
    const qty = quantityOf(new FormData(form).get("qty"));
    try {
      await post(`${path}/quantities`, { id: id.value, item_id: item.id, qty, ...details });
      id.value = crypto.randomUUID();
      form.reset();
      onAdded(Number(qty));
    } catch (caught) {
      error.value = caught;
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <form
      class="form"
      onSubmit={event => {
        event.preventDefault();
        void put(event.currentTarget);
      }}
    >
      <label>
        <span class="label">{t("quantity")}</span>
        <input
          name="qty"
          {...quantityField()}
          // Changed, it is another wish; only the same one again is a retry.
          onInput={() => {
            id.value = crypto.randomUUID();
          }}
        />
      </label>
      {error.value !== null && <Failure error={error.value} />}
      <button type="submit" class="button button-primary" disabled={isBusy.value}>
        <Icon name="check" />
        {t("put_on_quantity")}
      </button>
    </form>
  );
}
