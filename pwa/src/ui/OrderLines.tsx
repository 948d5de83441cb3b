import type { Signal } from "@preact/signals";
import { t } from "../i18n/t";
import { Icon } from "./Icon";
import { quantityField } from "./quantity";
import type { OrderLine } from "./use-order-form";

interface Props {
  lines: Signal<OrderLine[]>;
  /** What can be ordered, by what the order calls it by. */
  items: { value: string; label: string }[];
  /** The item of a new line; empty where the person is to choose it. */
  usual: string;
  onChange: () => void;
}

/** What is ordered, a line for each item; there is always one. */
export function OrderLines({ lines, items, usual, onChange }: Props) {
  const change = (next: OrderLine[]) => {
    lines.value = next;
    onChange();
  };
  const changeLine = (key: number, part: Partial<OrderLine>) =>
    change(lines.value.map(line => (line.key === key ? { ...line, ...part } : line)));
  return (
    <fieldset class="order-lines">
      <legend class="label">{t("lines")}</legend>
      {lines.value.map((line, index) => (
        <div key={line.key} class="order-line">
          <label>
            <span class="visually-hidden">{t("item_of_line", { line: index + 1 })}</span>
            <select
              required
              value={line.item}
              onChange={event => changeLine(line.key, { item: event.currentTarget.value })}
            >
              {usual === "" && <option value="">{t("choose")}</option>}
              {items.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
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
          change([...lines.value, { key, item: usual, qty: "1" }]);
        }}
      >
        {t("add_line")}
      </button>
    </fieldset>
  );
}
