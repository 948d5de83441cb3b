/** The words for what this device refuses by itself while the server is away. */
import type { Receipt, ReceiptLine } from "../api-types";
import { addLateTexts, date, t, time } from "../i18n/t";
import type { PickLine } from "../picking/types";
import type { UnitNow } from "../picking/units-now";
import type { Entry } from "../receiving/entries";
import { knownSerials, lineNow, refusedAtPick, refusedAtReceipt } from "./known-serials";

interface Refused {
  kind: "unreadable";
  message: string;
}

/** Why a unit cannot be received on a line of a receipt; `entries` are what is on the receipt beside it. */
export async function refusedOnReceipt(
  serialNo: string,
  line: ReceiptLine,
  receipt: Receipt,
  entries: Entry[],
): Promise<Refused | null> {
  const kept = await knownSerials(receipt.site_id);
  if (!kept) return null;
  const isOnly = receipt.lines.length === 1;
  const waiting = entries.filter(
    entry =>
      entry.state === "waiting" && !entry.isUndoWaiting && (isOnly || entry.itemCode === line.item.item_code),
  );
  const orderId = receipt.purchase_order?.id ?? null;
  const oldestFirst = waiting.map(entry => entry.title).reverse();
  const now = lineNow(line, oldestFirst, orderId, kept.known);
  const code = refusedAtReceipt(serialNo, now, orderId, kept.known);
  if (!code) return null;
  await addLateTexts();
  const facts = { serial: serialNo, item: line.item.item_code, expected: line.expected, taken: now.taken };
  return refused(t(`here_${code}`, facts), kept.asOf);
}

/** Why a unit cannot be picked; `units` are those of the list beside it. */
export async function refusedOnPickList(
  serialNo: string,
  siteId: number,
  lines: PickLine[],
  units: UnitNow[],
): Promise<Refused | null> {
  const kept = await knownSerials(siteId);
  if (!kept) return null;
  const left = new Map<number, number>();
  for (const { item, qty } of lines) left.set(item.id, (left.get(item.id) ?? 0) + qty);
  for (const { item } of new Map(lines.map(line => [line.item.id, line])).values()) {
    const fetched = units.filter(
      unit => unit.state !== "proposed" && (left.size === 1 || unit.itemCode === item.item_code),
    );
    left.set(item.id, (left.get(item.id) ?? 0) - fetched.length);
  }
  const found = refusedAtPick(serialNo, left, kept.known, new Date().toISOString().slice(0, 10));
  if (!found) return null;
  await addLateTexts();
  const { batch_no, expires_on } = found.unit;
  const facts = { serial: serialNo, batch: batch_no ?? "", date: expires_on ? date(expires_on) : "" };
  return refused(t(`here_${found.code}`, facts), kept.asOf);
}

const refused = (text: string, asOf: string): Refused => ({
  kind: "unreadable",
  message: `${text} ${t("here_as_of", { at: time(asOf) })}`,
});
