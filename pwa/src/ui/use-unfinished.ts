import { effect, type ReadonlySignal, type Signal, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { site, username } from "../session";

/** A form of which something is filled in: it stays on this device until it is posted, or given up. */
export interface Unfinished {
  /** When it was left, if the form was opened as it was left. */
  since: ReadonlySignal<string | null>;
  /** What is in the form now is nothing to keep: it was posted, kept elsewhere, or not filled in by the person. */
  settle: () => void;
}

interface Left {
  id: string;
  at: string;
  content: unknown;
}

const PREFIX = "serialtrail.unfinished.";
const KEPT_MS = 14 * 86_400_000;

const keyOf = (address: string): string => `${PREFIX}${username.value}.${site.value?.id}.${address}`;

function leftAt(key: string): Left | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** Those of forms that nobody has come back to. */
function forgetOld(): void {
  const limit = new Date(Date.now() - KEPT_MS).toISOString();
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && (leftAt(key)?.at ?? "") < limit) localStorage.removeItem(key);
  }
}

/**
 * Keeps what a person fills in of a form, so that a reload, the way back or an empty battery loses nothing, and fills it
 * in again where the same person opens the same form. The id that it would be posted under is kept with it: posted in
 * two tabs, or again after a reload, it is one voucher.
 *
 * @param address Of the form; where it changes, the form is another one.
 * @param id What the form is posted under; another one with every change that the person makes.
 * @param content What is filled in, as JSON can hold it.
 * @param fill Puts it into the form.
 */
export function useUnfinished<T>(
  address: string,
  id: Signal<string>,
  content: () => T,
  fill: (content: T) => void,
): Unfinished {
  const since = useSignal<string | null>(null);
  const settled = useRef(id.peek());
  const settle = () => {
    settled.current = id.peek();
    since.value = null;
    localStorage.removeItem(keyOf(address));
  };
  useLayoutEffect(() => {
    forgetOld();
    const left = leftAt(keyOf(address));
    if (left) {
      fill(left.content as T);
      id.value = left.id;
    }
    settled.current = id.peek();
    since.value = left?.at ?? null;
    // At once with every change: a page that goes away waits for nothing.
    return effect(() => {
      if (id.value === settled.current) return;
      const now: Left = { id: id.value, at: new Date().toISOString(), content: content() };
      try {
        localStorage.setItem(keyOf(address), JSON.stringify(now));
      } catch (error) {
        console.warn("What is filled in is not kept: this device has no room", error);
      }
    });
  }, [address]);
  return { since, settle };
}
