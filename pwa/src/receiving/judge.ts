import type { ReceiptLine } from "../api-types";
import type { ScannedCode } from "../scan/gs1";
import { lookUpKey } from "../scan/look-up-key";
import type { Entry } from "./entries";

/** What the phone can say of a scan before the server has answered. */
export type Judgement =
  | { kind: "new" }
  | { kind: "empty" }
  | { kind: "already_scanned"; first: Entry }
  | { kind: "product_code"; itemCode: string }
  /** A batch or a date without a serial number: the other code of the label has that. */
  | { kind: "half"; batchNo: string | null }
  /** Two readings are possible; a person has to say which one is right. */
  | { kind: "doubtful"; message: string }
  | { kind: "unreadable"; message: string };

/**
 * Judges a code against what this receipt already has. Only the tone and the words at once depend on it; the
 * scan goes to the server in any case, and the server decides.
 */
export function judge(
  code: ScannedCode,
  entries: Entry[],
  lines: ReceiptLine[],
  chosenItemId: number | null = null,
): Judgement {
  if (code.kind === "empty") return { kind: "empty" };
  const problem = code.problems.find(each => each.severity === "refuse");
  if (problem) return { kind: "unreadable", message: problem.message };
  const line = lineOf(code, lines);
  const named = line ? [line] : lines.filter(({ item }) => item.id === (chosenItemId ?? item.id));
  const mayHaveSerials = named.some(({ item }) => item.tracking.includes("serial"));
  const doubt = code.problems.find(each => each.severity === "review");
  if (doubt && (mayHaveSerials || doubt.code !== "separator_missing" || code.batchNo !== null))
    return { kind: "doubtful", message: doubt.message };
  const { serialNo } = code;
  if (serialNo === null) {
    if (!mayHaveSerials || code.kind === "sscc") return { kind: "new" };
    if (line) return { kind: "product_code", itemCode: line.item.item_code };
    return code.gtin === null ? { kind: "half", batchNo: code.batchNo } : { kind: "new" };
  }
  const key = lookUpKey(serialNo);
  const first = entries.find(entry => isInReceipt(entry) && isSame(entry, key, line));
  return first ? { kind: "already_scanned", first } : { kind: "new" };
}

/** The item of this receipt that the code names by its GTIN. */
export function itemOf(code: ScannedCode, lines: ReceiptLine[]): number | null {
  return lineOf(code, lines)?.item.id ?? null;
}

function lineOf({ gtin }: ScannedCode, lines: ReceiptLine[]): ReceiptLine | undefined {
  return gtin === null ? undefined : lines.find(line => line.item.gtins.includes(gtin));
}

function isInReceipt(entry: Entry): boolean {
  return !entry.isUndoWaiting && ["waiting", "accepted", "rejected"].includes(entry.state);
}

/** The same serial number, whole (NB25-1 is not NB25-10), and not known to be of another item. */
function isSame(entry: Entry, key: string, line: ReceiptLine | undefined): boolean {
  const isOtherItem = line && entry.itemCode !== null && entry.itemCode !== line.item.item_code;
  return lookUpKey(entry.title) === key && !isOtherItem;
}
