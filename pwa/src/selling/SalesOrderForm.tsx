import "../styles/adding.css";
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { post } from "../api";
import { t } from "../i18n/t";
import { navigate, route } from "../router";
import { Failure } from "../ui/Failure";
import { fieldsOf, fillFields } from "../ui/form-fields";
import { Icon } from "../ui/Icon";
import { PartyChoice } from "../ui/PartyChoice";
import { quantityField, quantityOf } from "../ui/quantity";
import { UnfinishedNote } from "../ui/UnfinishedNote";
import { useUnfinished } from "../ui/use-unfinished";
import { OwnNumberField, RemarkField } from "../ui/VoucherFields";
import type { SalesOrder } from "./types";

interface Line {
  key: number;
  itemCode: string;
  qty: string;
}

interface Props {
  siteId: number;
  items: { item_code: string; name: string }[];
  known: SalesOrder | null;
  onAnew: () => void;
}

/** Who wants how much of what; a new order is submitted at once or kept as a draft. */
export function SalesOrderForm({ siteId, items, known, onAnew }: Props) {
  const lines = useSignal<Line[]>(
    known?.lines.map(line => ({ key: line.id, itemCode: line.item.item_code, qty: String(line.qty) })) ?? [
      { key: 1, itemCode: "", qty: "1" },
    ],
  );
  // Made once for what is written: pressing twice, or again after a lost answer, writes one order.
  const newId = useSignal(crypto.randomUUID());
  const error = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  // What was retired since the draft was written stays on it until somebody takes it off.
  const offered = withKnown(items, known?.lines.map(line => line.item) ?? []);
  const customer = useSignal(known?.customer.code ?? "");

  const form = useRef<HTMLFormElement>(null);
  const unfinished = useUnfinished(
    route.value.path,
    newId,
    () => ({ lines: lines.value, customer: customer.value, fields: fieldsOf(form.current) }),
    content => {
      lines.value = content.lines;
      customer.value = content.customer;
      fillFields(form.current, content.fields);
    },
  );

  const change = (next: Line[]) => {
    lines.value = next;
    newId.value = crypto.randomUUID();
  };
  const changeLine = (key: number, part: Partial<Line>) =>
    change(lines.value.map(line => (line.key === key ? { ...line, ...part } : line)));
  const save = async (form: HTMLFormElement, isDraft: boolean) => {
    const fields = new FormData(form);
    const text = (name: string) => String(fields.get(name) ?? "").trim() || null;
    const body = {
      customer: customer.value,
      remark: text("remark"),
      lines: lines.value.map(line => ({ item_code: line.itemCode, qty: quantityOf(line.qty) })),
    };
    isBusy.value = true;
    error.value = null;
    try {
      const order = known
        ? await post<SalesOrder>(`/api/sales-orders/${known.id}/edit`, body)
        : await post<SalesOrder>("/api/sales-orders", {
            id: newId.value,
            site: siteId,
            number: text("number"),
            submit: !isDraft,
            ...body,
          });
      unfinished.settle();
      navigate(`/sales-orders/${order.id}`, { replace: true });
    } catch (caught) {
      error.value = caught;
      isBusy.value = false;
    }
  };
  return (
    <form
      ref={form}
      class="form order-form"
      onInput={() => {
        newId.value = crypto.randomUUID();
      }}
      onSubmit={event => {
        event.preventDefault();
        const pressed = event.submitter as HTMLButtonElement | null;
        void save(event.currentTarget, pressed?.value === "draft");
      }}
    >
      <UnfinishedNote unfinished={unfinished} onAnew={onAnew} />
      <PartyChoice kind="customer" choice={customer} known={known?.customer} />
      <fieldset class="order-lines">
        <legend class="label">{t("lines")}</legend>
        {lines.value.map((line, index) => (
          <div key={line.key} class="order-line">
            <label>
              <span class="visually-hidden">{t("item_of_line", { line: index + 1 })}</span>
              <select
                required
                value={line.itemCode}
                onChange={event => changeLine(line.key, { itemCode: event.currentTarget.value })}
              >
                <option value="">{t("choose")}</option>
                {offered.map(item => (
                  <option key={item.item_code} value={item.item_code}>
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
            change([...lines.value, { key, itemCode: "", qty: "1" }]);
          }}
        >
          {t("add_line")}
        </button>
      </fieldset>
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
