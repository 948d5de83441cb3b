import { type Signal, signal } from "@preact/signals";
import type { ReadingLine } from "./Readings";
import type { VisitResult } from "./types";
import type { PartLine } from "./VisitParts";

/** What the technician has written of a visit; kept on the phone until it is closed. */
export interface Draft {
  id: string;
  work_done: string;
  result: VisitResult;
  next_visit_on: string;
  plan_id: string;
  signer_name: string;
  unsigned_reason: string;
  parts: PartLine[];
  readings: ReadingLine[];
}

const KEY = "serialtrail.visit.";

const empty = (): Draft => ({
  id: crypto.randomUUID(),
  work_done: "",
  result: "fixed",
  next_visit_on: "",
  plan_id: "",
  signer_name: "",
  unsigned_reason: "",
  parts: [],
  readings: [],
});

/** The visit to a unit that was begun on this phone, or a new one. */
export function draftOf(unitId: number): Draft {
  try {
    return { ...empty(), ...JSON.parse(localStorage.getItem(KEY + unitId) ?? "{}") };
  } catch {
    return empty();
  }
}

export const keepDraft = (unitId: number, draft: Draft): void =>
  localStorage.setItem(KEY + unitId, JSON.stringify(draft));

export const dropDraft = (unitId: number): void => localStorage.removeItem(KEY + unitId);

/** One field of a signal, as a signal of its own for a part of the form. */
export function field<Key extends keyof Draft>(draft: Signal<Draft>, key: Key): Signal<Draft[Key]> {
  const own = signal(draft.value[key]);
  own.subscribe(value => {
    if (draft.peek()[key] !== value) draft.value = { ...draft.peek(), [key]: value };
  });
  return own;
}
