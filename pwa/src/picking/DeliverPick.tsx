import { useSignal } from "@preact/signals";
import { post } from "../api";
import { t } from "../i18n/t";
import { navigate } from "../router";
import type { SoldGoods } from "../selling/types";
import { may } from "../session";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import type { PickList } from "./types";

/** What was fetched goes to its customer; order by order where there are several customers. */
export function DeliverPick({ pickList }: { pickList: PickList }) {
  const error = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  // Made once for this screen: pressing twice, or again after a lost answer, delivers once.
  const ids = useSignal<Record<string, string>>({});
  if (!may("deliver")) return null;
  const customers = new Set(pickList.sales_orders.map(order => order.customer.code));
  const parts =
    customers.size > 1
      ? pickList.sales_orders.map(order => ({ key: order.id, order, name: order.customer.name }))
      : [{ key: "all", order: null, name: pickList.sales_orders[0]?.customer.name ?? "" }];

  const deliver = async (key: string, orderId: string | null) => {
    isBusy.value = true;
    error.value = null;
    const id = ids.value[key] ?? crypto.randomUUID();
    ids.value = { ...ids.value, [key]: id };
    try {
      const note = await post<SoldGoods>("/api/delivery-notes", {
        id,
        pick_list_id: pickList.id,
        sales_order_id: orderId,
      });
      navigate(`/delivery-notes/${note.id}`, { replace: true });
    } catch (caught) {
      error.value = caught;
      isBusy.value = false;
    }
  };
  return (
    <>
      {error.value !== null && <Failure error={error.value} />}
      {parts.map(({ key, order, name }) => (
        <button
          key={key}
          type="button"
          class="button button-primary"
          disabled={isBusy.value}
          onClick={() => void deliver(key, order?.id ?? null)}
        >
          <Icon name="forward" />
          {order
            ? t("deliver_order", { number: order.number, customer: name })
            : t("deliver_to", { customer: name })}
        </button>
      ))}
    </>
  );
}
