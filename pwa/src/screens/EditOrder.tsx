import "../styles/adding.css";
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { AddItem } from "../adding/adding-types";
import { post } from "../api";
import type { PurchaseOrder } from "../api-types";
import { t } from "../i18n/t";
import { navigate, route } from "../router";
import { site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { fieldsOf, fillFields } from "../ui/form-fields";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { ListNote } from "../ui/ListNote";
import { PartyChoice } from "../ui/PartyChoice";
import { quantityField, quantityOf } from "../ui/quantity";
import { Screen } from "../ui/Screen";
import { UnfinishedNote } from "../ui/UnfinishedNote";
import { useForm } from "../ui/use-form";
import { useRead } from "../ui/use-read";
import { useUnfinished } from "../ui/use-unfinished";
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
  const turn = useSignal(0);
  const isThere = items.value && (id === null || known.value);
  const isFinal = known.value !== null && known.value.status !== "draft";
  return (
    <Screen title={known.value?.number ?? t("new_order")} over={t("order")}>
      {known.error !== null && <Failure error={known.error} retry={known.reload} />}
      {known.isBusy && <Busy />}
      <ListNote of={items} />
      {isFinal && (
        <>
          <p class="notice notice-warning">{t("order_is_no_draft")}</p>
          <Link to={`/orders/${id}`} class="button">
            {t("order")}
          </Link>
        </>
      )}
      {isThere && items.value && !isFinal && (
        <OrderForm
          key={turn.value}
          siteId={siteId}
          items={items.value.items}
          known={known.value}
          onAnew={() => turn.value++}
        />
      )}
    </Screen>
  );
}

interface FormProps {
  siteId: number;
  items: AddItem[];
  known: PurchaseOrder | null;
  onAnew: () => void;
}

function OrderForm({ siteId, items, known, onAnew }: FormProps) {
  const first = items[0]?.id ?? 0;
  const lines = useSignal<Line[]>(
    known?.lines.map((line, key) => ({ key, item_id: line.item.id, qty: String(line.qty) })) ?? [
      { key: 0, item_id: first, qty: "1" },
    ],
  );
  // Made once for what is written: pressing twice, or again after a lost answer, writes one order.
  const newId = useSignal(crypto.randomUUID());
  const supplier = useSignal(known?.supplier.code ?? "");
  const form = useRef<HTMLFormElement>(null);
  const unfinished = useUnfinished(
    route.value.path,
    newId,
    () => ({ lines: lines.value, supplier: supplier.value, fields: fieldsOf(form.current) }),
    content => {
      lines.value = content.lines;
      supplier.value = content.supplier;
      fillFields(form.current, content.fields);
    },
  );
  const renew = () => {
    newId.value = crypto.randomUUID();
  };
  const change = (next: Line[]) => {
    lines.value = next;
    renew();
  };
  const changeLine = (key: number, part: Partial<Line>) =>
    change(lines.value.map(line => (line.key === key ? { ...line, ...part } : line)));
  const { error, isBusy, onSubmit } = useForm(async text => {
    const body = {
      supplier: supplier.value,
      ordered_on: text("ordered_on"),
      remark: text("remark"),
      lines: lines.value.map(({ item_id, qty }) => ({ item_id, qty: quantityOf(qty) })),
    };
    const order = known
      ? await post<PurchaseOrder>(`/api/purchase-orders/${known.id}`, body)
      : await post<PurchaseOrder>("/api/purchase-orders", { id: newId.value, site: siteId, ...body });
    unfinished.settle();
    navigate(`/orders/${order.id}`, { replace: true });
  });
  return (
    <form ref={form} class="form order-form" onInput={renew} onSubmit={onSubmit}>
      <UnfinishedNote unfinished={unfinished} onAnew={onAnew} />
      <div class="two-fields">
        <PartyChoice kind="supplier" choice={supplier} known={known?.supplier} onChange={renew} />
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
                onChange={event => changeLine(line.key, { item_id: Number(event.currentTarget.value) })}
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
                {...quantityField()}
                value={line.qty}
                onInput={event => changeLine(line.key, { qty: event.currentTarget.value })}
              />
            </label>
            <button
              type="button"
              class="button"
              aria-label={t("remove_line", { line: index + 1 })}
              disabled={lines.value.length === 1}
              onClick={() => change(lines.value.filter(each => each.key !== line.key))}
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
            change([...lines.value, { key, item_id: first, qty: "1" }]);
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
