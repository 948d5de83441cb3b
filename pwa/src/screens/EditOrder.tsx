import "../styles/adding.css";
import { useSignal } from "@preact/signals";
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
import { ListNote } from "../ui/ListNote";
import { OrderLines } from "../ui/OrderLines";
import { PartyChoice } from "../ui/PartyChoice";
import { quantityOf } from "../ui/quantity";
import { Screen } from "../ui/Screen";
import { UnfinishedNote } from "../ui/UnfinishedNote";
import { useForm } from "../ui/use-form";
import { useOrderForm } from "../ui/use-order-form";
import { useRead } from "../ui/use-read";
import { RemarkField } from "../ui/VoucherFields";

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
  const usual = String(items[0]?.id ?? "");
  const { form, id, party, lines, unfinished, changed } = useOrderForm({
    party: known?.supplier.code ?? "",
    lines: known?.lines.map((line, key) => ({ key, item: String(line.item.id), qty: String(line.qty) })) ?? [
      { key: 0, item: usual, qty: "1" },
    ],
  });
  const { error, isBusy, onSubmit } = useForm(async text => {
    const body = {
      supplier: party.value,
      ordered_on: text("ordered_on"),
      remark: text("remark"),
      lines: lines.value.map(({ item, qty }) => ({ item_id: Number(item), qty: quantityOf(qty) })),
    };
    const order = known
      ? await post<PurchaseOrder>(`/api/purchase-orders/${known.id}`, body)
      : await post<PurchaseOrder>("/api/purchase-orders", { id: id.value, site: siteId, ...body });
    unfinished.settle();
    navigate(`/orders/${order.id}`, { replace: true });
  });
  return (
    <form ref={form} class="form order-form" onInput={changed} onSubmit={onSubmit}>
      <UnfinishedNote unfinished={unfinished} onAnew={onAnew} />
      <div class="two-fields">
        <PartyChoice kind="supplier" choice={party} known={known?.supplier} onChange={changed} />
        <label>
          <span class="label">{t("ordered_on")}</span>
          <input type="date" name="ordered_on" defaultValue={known?.ordered_on ?? ""} />
        </label>
      </div>
      <OrderLines
        lines={lines}
        items={items.map(each => ({ value: String(each.id), label: `${each.item_code} · ${each.name}` }))}
        usual={usual}
        onChange={changed}
      />
      <RemarkField known={known?.remark} />
      {error.value !== null && <Failure error={error.value} />}
      <button type="submit" class="button button-primary" disabled={isBusy.value}>
        <Icon name="check" />
        {t("save_draft")}
      </button>
    </form>
  );
}
