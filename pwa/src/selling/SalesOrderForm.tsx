import "../styles/adding.css";
import { post } from "../api";
import { t } from "../i18n/t";
import { navigate } from "../router";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { OrderLines } from "../ui/OrderLines";
import { PartyChoice } from "../ui/PartyChoice";
import { quantityOf } from "../ui/quantity";
import { UnfinishedNote } from "../ui/UnfinishedNote";
import { useForm } from "../ui/use-form";
import { useOrderForm } from "../ui/use-order-form";
import { OwnNumberField, RemarkField } from "../ui/VoucherFields";
import type { SalesOrder } from "./types";

interface Props {
  siteId: number;
  items: { item_code: string; name: string }[];
  known: SalesOrder | null;
  onAnew: () => void;
}

/** Who wants how much of what; a new order is submitted at once or kept as a draft. */
export function SalesOrderForm({ siteId, items, known, onAnew }: Props) {
  const { form, id, party, lines, unfinished, changed } = useOrderForm({
    party: known?.customer.code ?? "",
    lines: known?.lines.map(line => ({ key: line.id, item: line.item.item_code, qty: String(line.qty) })) ?? [
      { key: 1, item: "", qty: "1" },
    ],
  });
  // What was retired since the draft was written stays on it until somebody takes it off.
  const offered = withKnown(items, known?.lines.map(line => line.item) ?? []);
  const { error, isBusy, onSubmit } = useForm(async text => {
    const body = {
      customer: party.value,
      remark: text("remark"),
      lines: lines.value.map(({ item, qty }) => ({ item_code: item, qty: quantityOf(qty) })),
    };
    const order = known
      ? await post<SalesOrder>(`/api/sales-orders/${known.id}/edit`, body)
      : await post<SalesOrder>("/api/sales-orders", {
          id: id.value,
          site: siteId,
          number: text("number"),
          submit: text("as") !== "draft",
          ...body,
        });
    unfinished.settle();
    navigate(`/sales-orders/${order.id}`, { replace: true });
  });
  return (
    <form ref={form} class="form order-form" onInput={changed} onSubmit={onSubmit}>
      <UnfinishedNote unfinished={unfinished} onAnew={onAnew} />
      <PartyChoice kind="customer" choice={party} known={known?.customer} onChange={changed} />
      <OrderLines
        lines={lines}
        items={offered.map(each => ({ value: each.item_code, label: `${each.item_code} · ${each.name}` }))}
        usual=""
        onChange={changed}
      />
      {!known && <OwnNumberField />}
      <RemarkField known={known?.remark} />
      {error.value !== null && <Failure error={error.value} />}
      {!known && (
        <button type="submit" class="button button-primary" disabled={isBusy.value}>
          <Icon name="check" />
          {t("write_order")}
        </button>
      )}
      <button
        type="submit"
        name="as"
        value="draft"
        class={known ? "button button-primary" : "button"}
        disabled={isBusy.value}
      >
        {t("save_draft")}
      </button>
    </form>
  );
}

function withKnown(offered: Props["items"], known: Props["items"]): Props["items"] {
  const codes = new Set(offered.map(each => each.item_code));
  return [...offered, ...known.filter(each => !codes.has(each.item_code))];
}
