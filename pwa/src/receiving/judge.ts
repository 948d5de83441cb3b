import type { ReceiptLine } from "../api-types";
import type { ScannedCode } from "../scan/gs1";
import type { Entry } from "./entries";

/** What the phone can say of a scan before the server has answered. */
export type Judgement =
  | { kind: "new" }
  | { kind: "empty" }
  | { kind: "already_scanned"; first: Entry }
  | { kind: "product_code"; itemCode: string }
  | { kind: "unreadable"; message: string };

/**
 * Judges a code against what this receipt already has. Only the tone and the words at once depend on it; the
 * scan goes to the server in any case, and the server decides.
 */
export function judge(code: ScannedCode, entries: Entry[], lines: ReceiptLine[]): Judgement {
  if (code.kind === "empty") return { kind: "empty" };
  const problem = code.problems.find(each => each.severity === "refuse");
  if (problem) return { kind: "unreadable", message: problem.message };
  const line = lineOf(code, lines);
  if (code.kind === "gtin" && line?.item.tracking.includes("serial"))
    return { kind: "product_code", itemCode: line.item.item_code };
  const { serialNo } = code;
  if (serialNo === null) return { kind: "new" };
  const first = entries.find(entry => isInReceipt(entry) && isSame(entry, serialNo, line));
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
function isSame(entry: Entry, serialNo: string, line: ReceiptLine | undefined): boolean {
  const isOtherItem = line && entry.itemCode !== null && entry.itemCode !== line.item.item_code;
  return lookUpKey(entry.title) === lookUpKey(serialNo) && !isOtherItem;
}

/** Case, outer space and compatibility forms are ignored, as the server does. */
const lookUpKey = (serialNo: string): string => serialNo.trim().normalize("NFKC").toLowerCase();
