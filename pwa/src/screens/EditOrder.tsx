import "../styles/adding.css";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { AddItem } from "../adding/adding-types";
import { post } from "../api";
import type { PurchaseOrder } from "../api-types";
import { t } from "../i18n/t";
import { navigate } from "../router";
import { site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { PartyChoice } from "../ui/PartyChoice";
import { Screen } from "../ui/Screen";
import { useRead } from "../ui/use-read";
import { RemarkField } from "../ui/VoucherFields";

interface Line {
  key: number;
  item_id: number;
  qty: string;
}

/** A purchase order to draft, or a draft to change. */
export function EditOrder({ id }: { id: string | null }) {
  const siteId = site.value?.id ?? 0;
  const items = useRead<{ items: AddItem[] }>(`/api/items?site=${siteId}`);
  const known = useRead<PurchaseOrder>(id ? `/api/purchase-orders/${id}` : null);
  const error = items.error ?? known.error;
  const isThere = items.value && (id === null || known.value);
  const isFinal = known.value !== null && known.value.status !== "draft";
  return (
    <Screen title={known.value?.number ?? t("new_order")} over={t("order")}>
      {error !== null && <Failure error={error} />}
      {!isThere && error === null && <Busy />}
      {isFinal && (
        <>
          <p class="notice notice-warning">{t("order_is_no_draft")}</p>
          <Link to={`/orders/${id}`} class="button">
            {t("order")}
          </Link>
        </>
      )}
      {isThere && items.value && !isFinal && (
        <OrderForm siteId={siteId} items={items.value.items} known={known.value} />
      )}
    </Screen>
  );
}

interface FormProps {
  siteId: number;
  items: AddItem[];
  known: PurchaseOrder | null;
}

function OrderForm({ siteId, items, known }: FormProps) {
  const first = items[0]?.id ?? 0;
  const lines = useSignal<Line[]>([{ key: 0, item_id: first, qty: "1" }]);
  const error = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const newId = useSignal(crypto.randomUUID());
  const supplier = useSignal(known?.supplier.code ?? "");
  useEffect(() => {
    if (!known) return;
    lines.value = known.lines.map((line, key) => ({ key, item_id: line.item.id, qty: String(line.qty) }));
  }, []);
  const change = (key: number, part: Partial<Line>) => {
    lines.value = lines.value.map(line => (line.key === key ? { ...line, ...part } : line));
  };
  const save = async (form: HTMLFormElement) => {
    isBusy.value = true;
    error.value = null;
    const data = new FormData(form);
    const body = {
      supplier: supplier.value,
      ordered_on: String(data.get("ordered_on")) || null,
      remark: String(data.get("remark")).trim() || null,
      lines: lines.value.map(({ item_id, qty }) => ({ item_id, qty: qty.trim().replace(",", ".") })),
    };
    try {
      const order = known
        ? await post<PurchaseOrder>(`/api/purchase-orders/${known.id}`, body)
        : await post<PurchaseOrder>("/api/purchase-orders", { id: newId.value, site: siteId, ...body });
      navigate(`/orders/${order.id}`, { replace: true });
    } catch (caught) {
      error.value = caught;
      // Changed, it is another order; unchanged it is sent again under the same id by the person's own retry.
      if (!known) newId.value = crypto.randomUUID();
      isBusy.value = false;
    }
  };
  return (
    <form
      class="form order-form"
      onSubmit={event => {
        event.preventDefault();
        void save(event.currentTarget);
      }}
    >
      <div class="two-fields">
        <PartyChoice kind="supplier" choice={supplier} known={known?.supplier} />
        <label>
          <span class="label">{t("ordered_on")}</span>
          <input type="date" name="ordered_on" defaultValue={known?.ordered_on ?? ""} />
        </label>
      </div>
      <fieldset class="order-lines">
        <legend class="label">{t("lines")}</legend>
        {lines.value.map((line, index) => (
          <div key={line.key} class="order-line">
            <label>
              <span class="visually-hidden">{t("item_of_line", { line: index + 1 })}</span>
              <select
                value={String(line.item_id)}
                onChange={event => change(line.key, { item_id: Number(event.currentTarget.value) })}
              >
                {items.map(item => (
                  <option key={item.id} value={String(item.id)}>
                    {item.item_code} · {item.name}
                  </option>
                ))}
              </select>
            </label>
            <label>
              <span class="visually-hidden">{t("qty_of_line", { line: index + 1 })}</span>
              <input
                type="text"
                inputMode="decimal"
                required
                pattern="[0-9]{1,9}([.,][0-9]{1,6})?"
                value={line.qty}
                onInput={event => change(line.key, { qty: event.currentTarget.value })}
              />
            </label>
            <button
              type="button"
              class="button"
              aria-label={t("remove_line", { line: index + 1 })}
              disabled={lines.value.length === 1}
              onClick={() => {
                lines.value = lines.value.filter(each => each.key !== line.key);
              }}
            >
              <Icon name="close" />
            </button>
          </div>
        ))}
        <button
          type="button"
          class="button"
          onClick={() => {
            const key = Math.max(...lines.value.map(line => line.key)) + 1;
            lines.value = [...lines.value, { key, item_id: first, qty: "1" }];
          }}
        >
          {t("add_line")}
        </button>
      </fieldset>
      <RemarkField known={known?.remark} />
      {error.value !== null && <Failure error={error.value} />}
      <button type="submit" class="button button-primary" disabled={isBusy.value}>
        <Icon name="check" />
        {t("save_draft")}
      </button>
    </form>
  );
}
