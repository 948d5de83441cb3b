import type { ReceiptLine } from "../api-types";
import type { ScanEntry } from "../offline/db";
import { join, parse, type ScannedCode } from "../scan/gs1";

/** Two scans this close after each other may be two codes of one label. */
const TOGETHER_MS = 8000;

/** A code together with the one before it. */
export interface Joined {
  code: ScannedCode;
  /** The scans of the code before. */
  rows: ScanEntry[];
  /** The serial number came before, so this code only adds to it. */
  isLate: boolean;
}

/**
 * The label in the hand: the GTIN or the batch may stand in one code and the serial number in another, in
 * either order, so two scans within a few seconds join where they complete and do not contradict each other.
 */
export class Label {
  #last: { code: ScannedCode; rows: ScanEntry[]; at: number } | null = null;

  constructor(readonly now: () => number = () => performance.now()) {}

  /** The code and the one before as one; null where it stands for itself. */
  joined(code: ScannedCode): Joined | null {
    const before = this.#last;
    if (!before || this.now() - before.at > TOGETHER_MS) return null;
    const both = join(before.code, code);
    return both && { code: both, rows: before.rows, isLate: before.code.serialNo !== null };
  }

  /** A scan was stored; `code` is what is known of its label with it. */
  note(code: ScannedCode, rows: ScanEntry[]): void {
    this.#last = { code, rows, at: this.now() };
  }
}

/** What the server will miss in the stored scan of a serial number, as far as this device can know. */
export function isMissing(row: ScanEntry, lines: ReceiptLine[]): { item: boolean; batch: boolean } {
  const { gtin, batchNo } = parse(row.text, row.symbology);
  const withSerials = lines.filter(({ item }) => item.tracking.includes("serial"));
  const line =
    lines.find(({ item }) => gtin !== null && item.gtins.includes(gtin)) ??
    lines.find(({ item }) => item.id === row.item_id) ??
    (withSerials.length === 1 ? withSerials[0] : undefined);
  const hasBatches = line === undefined || line.item.tracking.includes("batch");
  return { item: line === undefined, batch: hasBatches && (batchNo ?? row.batch_no) === null };
}
