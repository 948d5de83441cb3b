import type { Entry } from "./entries";

/** What the phone can say of a scan before the server has answered. */
export type Judgement = { kind: "new" } | { kind: "empty" } | { kind: "already_scanned"; first: Entry };

/**
 * Judges `text` against what this receipt already has. Only the tone and the words at once depend on it;
 * the scan goes to the server in any case, and the server decides.
 */
export function judge(text: string, entries: Entry[]): Judgement {
  const wanted = text.trim();
  if (wanted === "") return { kind: "empty" };
  // The same text, whole: NB25-1 is not NB25-10.
  const first = entries.find(entry => isInReceipt(entry) && isSame(entry, wanted));
  return first ? { kind: "already_scanned", first } : { kind: "new" };
}

function isInReceipt(entry: Entry): boolean {
  return !entry.isUndoWaiting && ["waiting", "accepted", "rejected"].includes(entry.state);
}

function isSame(entry: Entry, text: string): boolean {
  return entry.title.trim() === text || entry.answered?.scan.text.trim() === text;
}
