import type { Signal } from "@preact/signals";
import type { Tracking } from "../api-types";
import { t } from "../i18n/t";
import { site } from "../session";
import { Icon } from "../ui/Icon";
import { ListNote } from "../ui/ListNote";
import { quantityField, quantityOf } from "../ui/quantity";
import { useRead } from "../ui/use-read";

export interface Goods {
  item_id: number;
  item_code: string;
  batch_no: string | null;
  qty: number;
}

interface Item {
  id: number;
  item_code: string;
  name: string;
  tracking: Tracking;
}

interface Props {
  goods: Signal<Goods[]>;
  onChange: () => void;
}

/** Goods without serial numbers, by quantity; folded away, since most moves are of units. */
export function GoodsForm({ goods, onChange }: Props) {
  const read = useRead<{ items: Item[] }>(site.value ? `/api/items?site=${site.value.id}` : null);
  const items = read.value?.items.filter(item => item.tracking === "none" || item.tracking === "batch") ?? [];
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const fields = new FormData(form);
    const item = items.find(each => each.id === Number(fields.get("item")));
    const qty = Number(quantityOf(fields.get("qty")));
    if (!item || !(qty > 0)) return;
    const batch_no = String(fields.get("batch") ?? "").trim() || null;
    goods.value = [...goods.value, { item_id: item.id, item_code: item.item_code, batch_no, qty }];
    form.reset();
    onChange();
  };
  return (
    <details>
      <summary class="button">{t("goods_by_quantity", { n: goods.value.length })}</summary>
      <ul class="lines">
        {goods.value.map((each, index) => (
          <li key={`${each.item_id} ${each.batch_no}`} class="line">
            <span>
              <strong>{each.item_code}</strong> {each.batch_no && t("batch_is", { batch: each.batch_no })}
            </span>
            <span class="line-figure">{each.qty}</span>
            <button
              type="button"
              class="button"
              aria-label={t("undo_of", { serial: each.item_code })}
              onClick={() => {
                goods.value = goods.value.filter((_, at) => at !== index);
                onChange();
              }}
            >
              <Icon name="undo" />
            </button>
          </li>
        ))}
      </ul>
      <form class="form move-way" onSubmit={add}>
        <label>
          <span class="label">{t("item")}</span>
          <select name="item" required>
            {items.map(item => (
              <option key={item.id} value={String(item.id)}>
                {item.item_code} {item.name}
              </option>
            ))}
          </select>
        </label>
        <ListNote of={read} />
        <label>
          <span class="label">{t("quantity")}</span>
          <input name="qty" {...quantityField()} />
        </label>
        <label>
          <span class="label">{t("batch")}</span>
          <input type="text" name="batch" maxLength={64} autocomplete="off" />
        </label>
        <button type="submit" class="button">
          {t("add")}
        </button>
      </form>
    </details>
  );
}
