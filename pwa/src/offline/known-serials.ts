/** What this device can refuse by itself while the server is away: by its rules, in their order, with its codes. */
import type { ReceiptLine } from "../api-types";
import { lookUpKey } from "../scan/look-up-key";
import { type Database, database, type KeptCatalogue } from "./db";
import { snapshotKey } from "./snapshots";

/** The serial numbers of what is open at a site, as the catalogue brought them. */
export interface KnownSerials {
  units: KnownUnit[];
  /** What suppliers announced, by order. */
  announced: { serial_no: string; item_id: number; purchase_order_id: string }[];
  /** Whether all are there; else what is missing says nothing. */
  is_whole: boolean;
}

export interface KnownUnit {
  serial_no: string;
  item_id: number;
  batch_no: string | null;
  expires_on: string | null;
  availability: string;
}

/** Goods that come in on a line: how many came so far, on whatever receipt, and the most that may (null: any number). */
export interface LineNow {
  itemId: number;
  taken: number;
  allowed: number | null;
}

export type ReceiptRefusal = "serial_in_stock" | "serial_not_expected" | "over_receipt";
export type PickRefusal =
  | "serial_of_other_item"
  | "unit_recalled"
  | "unit_on_hold"
  | "batch_expired"
  | "serial_reserved"
  | "over_pick";

/**
 * How far a line of a receipt is, with the serial numbers that wait on this device, oldest first. One that will be
 * refused takes nothing.
 */
export function lineNow(
  line: ReceiptLine,
  waiting: string[],
  orderId: string | null,
  known: KnownSerials,
): LineNow {
  const posted = line.received_before + (line.scanned_elsewhere ?? 0);
  const now = {
    itemId: line.item.id,
    taken: posted + line.accepted + line.rejected,
    allowed: line.allowed ?? null,
  };
  for (const serialNo of waiting) if (!refusedAtReceipt(serialNo, now, orderId, known)) now.taken += 1;
  return now;
}

interface KeptSerials {
  known: KnownSerials;
  asOf: string;
}

/** Thousands of serial numbers are not read from the disk at every scan of a burst: the beep waits for it. */
const BURST_MS = 5000;
let lastRead: { db: Database; key: string; at: number; kept: KeptSerials | null } | null = null;

/** What is kept of a site, and the time of it; null when nothing is. */
export async function knownSerials(siteId: number): Promise<KeptSerials | null> {
  const db = await database();
  const key = snapshotKey(`serial-numbers?site=${siteId}`);
  if (lastRead?.db === db && lastRead.key === key && Date.now() - lastRead.at < BURST_MS)
    return lastRead.kept;
  const snapshot = await db.get("snapshots", key);
  const catalogue = (await db.get("meta", "catalogue")) as KeptCatalogue | undefined;
  const kept = snapshot
    ? { known: snapshot.value as KnownSerials, asOf: catalogue?.asOf ?? snapshot.askedAt }
    : null;
  lastRead = { db, key, at: Date.now(), kept };
  return kept;
}

/** Of each list of units, by what serial numbers are compared by: made once and not at every scan. */
const indexes = new WeakMap<KnownUnit[], Map<string, KnownUnit[]>>();

function numbered(units: KnownUnit[], serialNo: string): KnownUnit[] {
  let index = indexes.get(units);
  if (!index) {
    index = new Map();
    for (const unit of units) {
      const key = lookUpKey(unit.serial_no);
      index.set(key, [...(index.get(key) ?? []), unit]);
    }
    indexes.set(units, index);
  }
  return index.get(lookUpKey(serialNo)) ?? [];
}

/** Why a unit cannot be received, as far as it is known here. */
export function refusedAtReceipt(
  serialNo: string,
  line: LineNow,
  orderId: string | null,
  known: KnownSerials,
): ReceiptRefusal | null {
  const isIt = (each: { serial_no: string; item_id: number }) =>
    each.item_id === line.itemId && lookUpKey(each.serial_no) === lookUpKey(serialNo);
  if (numbered(known.units, serialNo).some(unit => unit.item_id === line.itemId)) return "serial_in_stock";
  const announced = known.announced.filter(
    each => each.item_id === line.itemId && each.purchase_order_id === orderId,
  );
  if (known.is_whole && announced.length > 0 && !announced.some(isIt)) return "serial_not_expected";
  return line.allowed !== null && line.taken + 1 > line.allowed ? "over_receipt" : null;
}

/** Why a unit cannot be picked, as far as it is known here; `left` is how many of each item are still asked for. */
export function refusedAtPick(
  serialNo: string,
  left: ReadonlyMap<number, number>,
  known: KnownSerials,
  today: string,
): { code: PickRefusal; unit: KnownUnit } | null {
  const matches = numbered(known.units, serialNo);
  const ofList = matches.filter(each => left.has(each.item_id));
  const [unit, ...others] = ofList.length > 0 ? ofList : matches;
  // Where two items share the text the server asks which one is meant.
  if (!unit || others.length > 0) return null;
  const code = pickRefusal(unit, left.get(unit.item_id), today);
  return code && { code, unit };
}

function pickRefusal(unit: KnownUnit, left: number | undefined, today: string): PickRefusal | null {
  if (left === undefined) return "serial_of_other_item";
  if (unit.availability === "recalled") return "unit_recalled";
  if (unit.availability === "on_hold") return "unit_on_hold";
  if (unit.expires_on !== null && unit.expires_on < today) return "batch_expired";
  if (unit.availability === "reserved") return "serial_reserved";
  return left <= 0 ? "over_pick" : null;
}
