import { useSignal } from "@preact/signals";
import { date, t } from "../i18n/t";
import type { PickListSummary } from "../picking/types";
import { StartPickList } from "../selling/StartPickList";
import type { SalesOrderSummary } from "../selling/types";
import { may, site } from "../session";
import { Busy } from "../ui/Busy";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Progress } from "../ui/Progress";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import "../styles/picking.css";

/** Orders that the server takes into one pick list. */
const MOST_ORDERS = 100;

/** What is being fetched, and what customers still wait for. */
export function SalesOrders() {
  const siteId = site.value?.id;
  const isOpenOnly = useSignal(true);
  const chosen = useSignal<string[]>([]);
  const isStarting = useSignal(false);
  const path = siteId ? `/api/sales-orders?site=${siteId}${isOpenOnly.value ? "&status=open" : ""}` : null;
  const orders = useRead<{ sales_orders: SalesOrderSummary[] }>(path);
  const lists = useRead<{ pick_lists: PickListSummary[] }>(
    siteId ? `/api/pick-lists?site=${siteId}&status=open` : null,
  );
  const toFetch = (orders.value?.sales_orders ?? []).filter(isToFetch);
  const isChoosable = may("pick") && toFetch.length > 1;
  // Another person may have fetched or cancelled one meanwhile.
  const orderIds = chosen.value.filter(id => toFetch.some(order => order.id === id));
  const choose = (id: string, isChosen: boolean) => {
    chosen.value = isChosen ? [...orderIds, id] : orderIds.filter(each => each !== id);
  };
  const end = () => {
    isStarting.value = false;
  };
  return (
    <Screen title={t("sales_orders")} class="sales">
      <div class="sale-tools">
        {may("orders.manage") && (
          <Link to="/sales-orders/new" class="button button-primary">
            {t("new_sales_order")}
          </Link>
        )}
        <Link to="/delivery-notes" class="button">
          {t("delivery_notes")}
        </Link>
        <Link to="/sales-invoices" class="button">
          {t("sales_invoices")}
        </Link>
      </div>
      {(lists.value?.pick_lists.length ?? 0) > 0 && (
        <section>
          <h2>{t("open_pick_lists")}</h2>
          <ul class="cards">
            {lists.value?.pick_lists.map(each => (
              <li key={each.id}>
                <PickListCard pickList={each} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>{t(isOpenOnly.value ? "orders_to_deliver" : "all_sales_orders")}</h2>
        {orders.error !== null && <Failure error={orders.error} retry={orders.reload} />}
        {orders.isRemembered && <Remembered at={orders.askedAt} />}
        {!orders.value && orders.error === null && <Busy />}
        {orders.value?.sales_orders.length === 0 && <p class="empty">{t("no_sales_orders")}</p>}
        <ul class="cards">
          {orders.value?.sales_orders.map(order => (
            <li key={order.id} class={isChoosable ? "sale-choice" : undefined}>
              <OrderCard order={order} />
              {isChoosable && isToFetch(order) && (
                <label class="sale-check">
                  <input
                    type="checkbox"
                    aria-label={t("choose_order", { number: order.number })}
                    checked={orderIds.includes(order.id)}
                    disabled={orderIds.length >= MOST_ORDERS && !orderIds.includes(order.id)}
                    onChange={event => choose(order.id, event.currentTarget.checked)}
                  />
                </label>
              )}
            </li>
          ))}
        </ul>
        <button
          type="button"
          class="button"
          aria-pressed={!isOpenOnly.value}
          onClick={() => {
            isOpenOnly.value = !isOpenOnly.value;
          }}
        >
          {t("show_all_orders")}
        </button>
      </section>
      {orderIds.length > 0 && (
        <div class="bottom-bar">
          <button
            type="button"
            class="button button-primary"
            onClick={() => {
              isStarting.value = true;
            }}
          >
            <Icon name="outbox" />
            {t("fetch_orders", { count: orderIds.length })}
          </button>
        </div>
      )}
      {isStarting.value && siteId && orderIds.length > 0 && (
        <Dialog title={t("fetch_from")} onClose={end}>
          <p>
            {toFetch
              .filter(order => orderIds.includes(order.id))
              .map(order => `${order.number} · ${order.customer.name}`)
              .join(", ")}
          </p>
          <StartPickList siteId={siteId} orderIds={orderIds} />
          <button type="button" class="button" onClick={end}>
            {t("cancel")}
          </button>
        </Dialog>
      )}
    </Screen>
  );
}

const isToFetch = (order: SalesOrderSummary) =>
  order.status === "submitted" && order.lines.some(line => line.to_fetch > 0);

function PickListCard({ pickList }: { pickList: PickListSummary }) {
  const { accepted, expected } = pickList.counts;
  return (
    <Link to={`/pick/${pickList.id}`} class="card card-strong">
      <span class="card-head">
        <span class="card-title">{pickList.number}</span>
        <span class="card-figure">
          {accepted}
          <small>/{expected}</small>
        </span>
      </span>
      <span class="card-text">
        {pickList.sales_orders.map(order => `${order.number} · ${order.customer.name}`).join(", ")} ·{" "}
        {pickList.location.path}
      </span>
      <span class="card-text">
        {t(pickList.status === "draft" ? "opened_by" : "waits_for_delivery", { name: pickList.opened_by })}
      </span>
      <Progress value={accepted} max={expected} label={t("picked_of", { picked: accepted, qty: expected })} />
    </Link>
  );
}

function OrderCard({ order }: { order: SalesOrderSummary }) {
  const qty = order.lines.reduce((sum, line) => sum + line.qty, 0);
  const delivered = order.lines.reduce((sum, line) => sum + line.delivered, 0);
  return (
    <Link to={`/sales-orders/${order.id}`} class="card">
      <span class="card-head">
        <span class="card-title">{order.number}</span>
        <span class="card-figure">
          {delivered}
          <small>/{qty}</small>
        </span>
      </span>
      <span class="card-text">
        {order.customer.name} · {date(order.ordered_on)} · {t(`order_${order.status}`)}
      </span>
      {order.lines.map(line => (
        <span key={line.id} class="card-line">
          {line.qty} × {line.item.item_code} <small>{line.item.name}</small>
        </span>
      ))}
      <Progress value={delivered} max={qty || 1} label={t("delivered_of", { delivered, qty })} />
    </Link>
  );
}
