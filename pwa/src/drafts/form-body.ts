import type { Signal } from "@preact/signals";
import type { Goods } from "../moving/GoodsForm";
import type { DraftBody, NamedGoods } from "./types";

/** The fields of a form, by the names that its route has for them; places are ids in the text of a select. */
export interface FormFields {
  places: Record<string, Signal<string>>;
  texts?: Record<string, Signal<string>>;
  flags?: Record<string, Signal<boolean>>;
}

/** What the fields hold, without those that are empty. */
export function bodyOf({ places, texts = {}, flags = {} }: FormFields): DraftBody {
  const body: DraftBody = {};
  for (const [name, field] of Object.entries(places)) if (field.value) body[name] = Number(field.value);
  for (const [name, field] of Object.entries(texts)) {
    if (field.value.trim()) body[name] = field.value.trim();
  }
  for (const [name, field] of Object.entries(flags)) if (field.value) body[name] = true;
  return body;
}

/** Puts into the fields what a draft holds, and empties the others. */
export function fill({ places, texts = {}, flags = {} }: FormFields, body: DraftBody): void {
  for (const [name, field] of Object.entries({ ...places, ...texts })) field.value = String(body[name] ?? "");
  for (const [name, field] of Object.entries(flags)) field.value = body[name] === true;
}

interface Item {
  id: number;
  item_code: string;
}

/** Goods of a draft, which names their item by its id or by its code; the form shows both. */
export function goodsOf(named: NamedGoods[], items: Item[]): Goods[] {
  return named.flatMap(({ item_id, item_code, batch_no, qty }) => {
    const item = items.find(each => each.id === item_id || each.item_code === item_code);
    return item ? [{ item_id: item.id, item_code: item.item_code, batch_no: batch_no ?? null, qty }] : [];
  });
}
