import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { route } from "../router";
import { fieldsOf, fillFields } from "./form-fields";
import { useUnfinished } from "./use-unfinished";

/** A line of an order as it is written; `item` is what the order calls the item by. */
export interface OrderLine {
  key: number;
  item: string;
  qty: string;
}

interface Written {
  party: string;
  lines: OrderLine[];
}

/** An order as it is written: whom it is for, what is on it, and the rest in fields of its form; kept until it is saved. */
export function useOrderForm(from: Written) {
  const party = useSignal(from.party);
  const lines = useSignal(from.lines);
  // Made once for what is written: pressing twice, or again after a lost answer, writes one order.
  const id = useSignal<string>(crypto.randomUUID());
  const form = useRef<HTMLFormElement>(null);
  const unfinished = useUnfinished(
    route.value.path,
    id,
    () => ({ party: party.value, lines: lines.value, fields: fieldsOf(form.current) }),
    content => {
      party.value = content.party;
      lines.value = content.lines;
      fillFields(form.current, content.fields);
    },
  );
  const changed = () => {
    id.value = crypto.randomUUID();
  };
  return { form, id, party, lines, unfinished, changed };
}
