import { type Signal, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { act } from "../offline/actions";
import { type Code, useCodes } from "../scan/codes";
import { feedback } from "../scan/feedback";
import { parse } from "../scan/gs1";
import type { Goods } from "./GoodsForm";

/** Units and goods that leave a place together, under an id that stays the same until something is changed. */
export interface ScannedGoods {
  /** Of what is filled in: it is posted, or first kept as a draft, under it. */
  id: Signal<string>;
  /** Serial numbers as they were scanned, the last one first. */
  units: Signal<string[]>;
  goods: Signal<Goods[]>;
  failed: Signal<unknown>;
  isBusy: Signal<boolean>;
  isEmpty: boolean;
  changed: () => void;
  drop: (unit: string) => void;
  /** Units and goods as the action names them. */
  content: () => Record<string, unknown>;
  /**
   * Sends them with what else the voucher says, as an action of the outbox; without a network it has no voucher
   * yet. Gives null when it is refused, and keeps why.
   */
  send: (kind: string, more: Record<string, unknown>) => Promise<{ voucherId: string | null } | null>;
}

/**
 * Collects codes from every source.
 *
 * @param isReady Whether the screen knows the places; what is scanned before waits for them.
 * @param isTaken Whether a code means something else on this screen, such as the place; it is no unit then.
 * @param nameGoods How the action names goods by quantity.
 */
export function useScannedGoods(
  isReady: boolean,
  isTaken: (text: string) => boolean,
  nameGoods: (goods: Goods[]) => Record<string, unknown> = asGoods,
): ScannedGoods {
  const early = useRef<Code[]>([]);
  const id = useSignal<string>(crypto.randomUUID());
  const units = useSignal<string[]>([]);
  const goods = useSignal<Goods[]>([]);
  const failed = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const changed = () => {
    id.value = crypto.randomUUID();
    failed.value = null;
  };
  const take = (code: Code) => {
    const text = (parse(code.text, code.symbology).serialNo ?? code.text).trim();
    const isKnown = units.value.some(unit => unit.toLowerCase() === text.toLowerCase());
    if (text && !isTaken(text) && !isKnown) units.value = [text, ...units.value];
    changed();
    feedback(isKnown || !text ? "warning" : "kept");
  };
  useLayoutEffect(() => {
    if (isReady) for (const code of early.current.splice(0)) take(code);
  });
  useCodes(code => (isReady ? take(code) : early.current.push(code)));
  const content = () => ({ serial_nos: units.value.toReversed(), ...nameGoods(goods.value) });
  const send: ScannedGoods["send"] = async (kind, more) => {
    isBusy.value = true;
    failed.value = null;
    try {
      const done = await act(kind, { id: id.value, ...content(), ...more });
      feedback("kept");
      return { voucherId: done?.voucher?.id ?? null };
    } catch (caught) {
      // A refused action is over; the next attempt is another one.
      id.value = crypto.randomUUID();
      failed.value = caught;
      feedback("refused");
      return null;
    } finally {
      isBusy.value = false;
    }
  };
  const drop = (unit: string) => {
    units.value = units.value.filter(each => each !== unit);
    changed();
  };
  const isEmpty = units.value.length + goods.value.length === 0;
  return { id, units, goods, failed, isBusy, isEmpty, changed, drop, content, send };
}

const asGoods = (goods: Goods[]) => ({
  goods: goods.map(({ item_id, batch_no, qty }) => ({ item_id, batch_no, qty })),
});
