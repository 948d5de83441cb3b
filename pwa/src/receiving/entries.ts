import type { Outcome, Receipt } from "../api-types";
import { t } from "../i18n/t";
import type { AnsweredScan, ScanEntry } from "../offline/db";
import { parse } from "../scan/gs1";

export type EntryState = "waiting" | "accepted" | "rejected" | "refused" | "needs_review";

/** One line of the list of scans in a receipt. */
export interface Entry {
  scanId: string;
  /** Only a scan can be undone by itself; what came by a list or a file came with the rest of it. */
  isScan: boolean;
  state: EntryState;
  /** Serial number where it is known, else the text as scanned. */
  title: string;
  itemCode: string | null;
  batchNo: string | null;
  expiresOn: string | null;
  reason: string | null;
  message: string | null;
  by: string;
  at: string;
  isUndoWaiting: boolean;
  answered: AnsweredScan | null;
}

/** The receipt as the server gave it, and when this device asked for it (ISO time). */
export interface ReadReceipt {
  receipt: Receipt;
  askedAt: string;
}

interface Sortable {
  entry: Entry;
  recordedAt: string;
  n: number;
}

/** Later than every time, for what the server has not seen yet. */
const NOT_YET = "9999";

/**
 * The list of a receipt, newest first: what waits on this device, what this device's answers say that the
 * last reading cannot know yet, what a person has still to look at, and the units that the server has.
 */
export function entriesOf(read: ReadReceipt, waiting: ScanEntry[], answers: AnsweredScan[]): Entry[] {
  const found = new Map<string, Sortable>();
  const undoWaiting = new Set(waiting.filter(row => row.purpose === "undo").map(row => row.undoes));

  for (const unit of read.receipt.units) {
    const key = unit.scan_id ?? `unit ${unit.id}`;
    const entry: Entry = {
      scanId: key,
      isScan: unit.scan_id !== null,
      state: unit.condition,
      title: unit.serial_no ?? (unit.qty === 1 ? unit.item_code : `${unit.qty} × ${unit.item_code}`),
      itemCode: unit.item_code,
      batchNo: unit.batch_no,
      expiresOn: unit.expires_on,
      reason: unit.reason,
      message: unit.is_unexpected ? t("not_on_list") : null,
      by: unit.by,
      at: unit.scanned_at ?? unit.recorded_at,
      isUndoWaiting: undoWaiting.has(key),
      answered: null,
    };
    found.set(key, { entry, recordedAt: unit.recorded_at, n: 0 });
  }
  for (const answered of answers) {
    const { outcome, scan } = answered;
    const isNewer = answered.answered_at >= read.askedAt;
    if (scan.purpose === "undo") {
      if (outcome.status === "accepted" && isNewer && scan.undoes) found.delete(scan.undoes);
      continue;
    }
    const isTaken = outcome.status === "accepted" && isNewer && !isUndone(scan.id, answers);
    if (!isTaken && answered.open === 0) continue;
    const entry = { ...fromAnswer(answered), isUndoWaiting: undoWaiting.has(scan.id) };
    found.set(scan.id, { entry, recordedAt: outcome.recorded_at, n: scan.n });
  }
  for (const row of waiting) {
    if (row.purpose === "receive")
      found.set(row.id, { entry: fromRow(row, undoWaiting), recordedAt: NOT_YET, n: row.n });
  }
  return [...found.values()].sort(newestFirst).map(each => each.entry);
}

function isUndone(scanId: string, answers: AnsweredScan[]): boolean {
  return answers.some(({ scan, outcome }) => scan.undoes === scanId && outcome.status === "accepted");
}

function fromAnswer(answered: AnsweredScan): Entry {
  const { outcome, scan } = answered;
  const { unit } = outcome;
  return {
    scanId: scan.id,
    isScan: true,
    state: outcome.status === "accepted" ? (unit?.condition ?? scan.condition) : reviewState(answered),
    title: unit?.serial_no ?? unit?.item_code ?? titleOf(scan),
    itemCode: unit?.item_code ?? null,
    batchNo: unit?.batch_no ?? scan.batch_no,
    expiresOn: unit?.expires_on ?? scan.expires_on,
    reason: scan.reason,
    message: outcome.status === "accepted" ? null : outcome.message,
    by: scan.user,
    at: scan.scanned_at,
    isUndoWaiting: false,
    answered,
  };
}

/** The server takes such a scan as soon as it comes again with its batch or expiry. */
export const lacksDetails = ({ code }: Outcome): boolean =>
  code === "batch_required" || code === "expiry_required";

/** The server takes such a scan with what the other code of its label says. */
export const isAskedFor = ({ outcome }: AnsweredScan): boolean =>
  lacksDetails(outcome) || outcome.code === "ambiguous_item";

/** Nothing is wrong with the unit: its serial number is in the other code of the label. */
export const isHalf = ({ code }: Outcome): boolean => code === "code_without_serial";

function reviewState({ outcome }: AnsweredScan): EntryState {
  const isQuestion = outcome.status === "needs_review" || lacksDetails(outcome) || isHalf(outcome);
  return isQuestion ? "needs_review" : "refused";
}

/** Each row is read once: the list is put together again at every scan. */
const titles = new WeakMap<ScanEntry, string>();

function fromRow(row: ScanEntry, undoWaiting: Set<string | null>): Entry {
  const title = titles.get(row) ?? titleOf(row);
  titles.set(row, title);
  return {
    scanId: row.id,
    isScan: true,
    state: "waiting",
    title,
    itemCode: null,
    batchNo: row.batch_no,
    expiresOn: row.expires_on,
    reason: row.reason,
    message: row.stuck,
    by: row.user,
    at: row.scanned_at,
    isUndoWaiting: undoWaiting.has(row.id),
    answered: null,
  };
}

/** The serial number that the text holds, or the text itself. */
export function titleOf({ text, symbology }: Pick<ScanEntry, "text" | "symbology">): string {
  return parse(text, symbology).serialNo ?? text;
}

function newestFirst(a: Sortable, b: Sortable): number {
  if (a.recordedAt !== b.recordedAt) return a.recordedAt < b.recordedAt ? 1 : -1;
  if (a.entry.at !== b.entry.at) return a.entry.at < b.entry.at ? 1 : -1;
  return b.n - a.n;
}
