import { useSignal } from "@preact/signals";
import { post } from "../api";
import type { PurchaseOrder } from "../api-types";
import { t } from "../i18n/t";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";

/** What supervisors do with an order: submit and edit a draft, keep the supplier's list, cancel. */
export function OrderActions({ order, onChanged }: { order: PurchaseOrder; onChanged: () => void }) {
  const error = useSignal<unknown>(null);
  const isCancelling = useSignal(false);
  const isOpen = order.status === "draft" || order.status === "submitted";
  if (!isOpen) return null;
  const act = async (action: "submit" | "cancel", body: object) => {
    error.value = null;
    try {
      await post(`/api/purchase-orders/${order.id}/${action}`, body);
      isCancelling.value = false;
      onChanged();
    } catch (caught) {
      error.value = caught;
    }
  };
  return (
    <section class="form">
      {error.value !== null && !isCancelling.value && <Failure error={error.value} />}
      {order.status === "draft" && (
        <>
          <button type="button" class="button button-primary" onClick={() => void act("submit", {})}>
            <Icon name="check" />
            {t("submit_order")}
          </button>
          <Link to={`/orders/${order.id}/edit`} class="button">
            {t("edit_order")}
          </Link>
        </>
      )}
      <Link to={`/orders/${order.id}/expected`} class="button">
        <Icon name="boxes" />
        {t("supplier_list")}
      </Link>
      <button
        type="button"
        class="button button-quiet"
        onClick={() => {
          isCancelling.value = true;
        }}
      >
        {t("cancel_order")}
      </button>
      {isCancelling.value && (
        <Dialog
          title={t("cancel_order_question", { number: order.number })}
          onClose={() => {
            isCancelling.value = false;
          }}
        >
          <form
            class="form"
            onSubmit={event => {
              event.preventDefault();
              void act("cancel", { reason: String(new FormData(event.currentTarget).get("reason")).trim() });
            }}
          >
            <label>
              <span class="label">{t("reason")}</span>
              <input type="text" name="reason" required maxLength={500} autocomplete="off" />
            </label>
            {error.value !== null && <Failure error={error.value} />}
            <button type="submit" class="button button-danger">
              {t("cancel_order")}
            </button>
          </form>
        </Dialog>
      )}
    </section>
  );
}
