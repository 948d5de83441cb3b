import "../styles/adding.css";
import { useSignal } from "@preact/signals";
import { RowAnswers } from "../adding/RowAnswers";
import { post } from "../api";
import type { PurchaseOrder } from "../api-types";
import { date, t, tOr } from "../i18n/t";
import type { OrdersAnswer } from "../ordering/order-types";
import { may, site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { FileInput } from "../ui/FileInput";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Remembered } from "../ui/Remembered";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";

const STATUSES = ["draft", "submitted", "closed", "cancelled"] as const;

/** The purchase orders of a site, by status; supervisors make new ones here, or upload many. */
export function Orders() {
  const status = useSignal<(typeof STATUSES)[number]>("submitted");
  const siteId = site.value?.id ?? 0;
  const orders = useRead<{ purchase_orders: PurchaseOrder[] }>(
    // The open ones by the address that the device keeps.
    `/api/purchase-orders?site=${siteId}&status=${status.value === "submitted" ? "open" : status.value}`,
  );
  return (
    <Screen title={t("purchase_orders")}>
      {may("orders.manage") && (
        <Link to="/orders/new" class="button button-primary">
          <Icon name="receive" />
          {t("new_order")}
        </Link>
      )}
      <fieldset class="choices" aria-label={t("status")}>
        {STATUSES.map(each => (
          <button
            key={each}
            type="button"
            class="button"
            aria-pressed={status.value === each}
            onClick={() => {
              status.value = each;
            }}
          >
            {t(`orders_${each}`)}
          </button>
        ))}
      </fieldset>
      {orders.isRemembered && <Remembered at={orders.askedAt} />}
      {orders.error !== null && <Failure error={orders.error} retry={orders.reload} />}
      {!orders.value && orders.error === null && <Busy />}
      {orders.value?.purchase_orders.length === 0 && <p class="empty">{t("no_orders_here")}</p>}
      <ul class="cards cards-wide">
        {orders.value?.purchase_orders.map(order => (
          <li key={order.id}>
            <Link to={`/orders/${order.id}`} class="card">
              <span class="card-head">
                <span class="card-title">{order.number}</span>
                <span class="card-text">{date(order.ordered_on)}</span>
              </span>
              <span class="card-text">{order.supplier.name}</span>
              {order.lines.map(line => (
                <span key={line.id} class="card-line">
                  {line.received}/{line.qty} × {line.item.item_code} <small>{line.item.name}</small>
                </span>
              ))}
            </Link>
          </li>
        ))}
      </ul>
      {may("orders.manage") && <OrderFile siteId={siteId} onTaken={orders.reload} />}
    </Screen>
  );
}

/** Many orders out of a file: tried first, every row answered, then taken. */
function OrderFile({ siteId, onTaken }: { siteId: number; onTaken: () => void }) {
  const file = useSignal<File | null>(null);
  const answer = useSignal<OrdersAnswer | null>(null);
  const error = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const send = async (mode: "dry_run" | "commit", policy: string) => {
    if (!file.value) return;
    isBusy.value = true;
    error.value = null;
    const form = new FormData();
    form.set("site", String(siteId));
    form.set("mode", mode);
    form.set("policy", policy);
    form.set("file", file.value);
    try {
      answer.value = await post<OrdersAnswer>("/api/purchase-order-uploads", form, { timeoutMs: 60_000 });
      if (mode === "commit") onTaken();
    } catch (caught) {
      error.value = caught;
    } finally {
      isBusy.value = false;
    }
  };
  const counts = answer.value?.counts ?? {};
  const bad = (counts.refused ?? 0) + (counts.held_up ?? 0);
  return (
    <section class="form">
      <h2>{t("orders_from_file")}</h2>
      <p class="button-row">
        <a class="button" href="/api/purchase-order-template.csv" download>
          {t("template_csv")}
        </a>
        <a class="button" href="/api/purchase-order-template.xlsx" download>
          {t("template_xlsx")}
        </a>
      </p>
      <label>
        <span class="label">{t("choose_file")}</span>
        <FileInput
          accept=".csv,.txt,.tsv,.xlsx"
          onChoose={chosen => {
            file.value = chosen;
            answer.value = null;
            void send("dry_run", "all_or_nothing");
          }}
        />
      </label>
      {error.value !== null && <Failure error={error.value} />}
      {answer.value && (
        <>
          <RowAnswers
            rows={answer.value.rows}
            named={row => row.order_no}
            told={row => `${tOr(`order_row_${row.outcome}`, row.outcome)} · ${row.message}`}
          />
          {answer.value.committed ? (
            <p class="notice notice-accepted" role="status">
              {t("orders_taken")}
            </p>
          ) : (
            <button
              type="button"
              class="button button-primary"
              disabled={isBusy.value || !counts.new}
              onClick={() => void send("commit", bad ? "good_rows" : "all_or_nothing")}
            >
              {t(bad ? "take_good_orders" : "take_orders")}
            </button>
          )}
        </>
      )}
    </section>
  );
}
