import type { AnsweredScan, ScanEntry } from "../offline/db";
import { parse } from "../scan/gs1";
import { lookUpKey } from "../scan/look-up-key";
import type { PickLine, PickList } from "./types";

/** The pick list as the server gave it, and when this device asked for it (ISO time). */
export interface ReadPickList {
  pickList: PickList;
  askedAt: string;
}

/** A unit of a pick list, with what this device knows of it beyond the last reading. */
export interface UnitNow {
  serialNo: string;
  itemCode: string | null;
  batchNo: string | null;
  expiresOn: string | null;
  place: string | null;
  /** The number of the sales order that it is fetched for; null until the server says it. */
  order: string | null;
  /** `waiting`: fetched on this device and not answered yet. */
  state: "proposed" | "waiting" | "chosen" | "posted";
  scanId: string | null;
  by: string | null;
  at: string | null;
  isUndoWaiting: boolean;
}

/** What the server says of a pick: more than of a receipt's unit. */
interface PickedUnit {
  item_code: string;
  serial_no: string | null;
  batch_no: string | null;
  expires_on: string | null;
  location?: string | null;
  instead_of?: string | null;
}

/**
 * The units of a pick list in walking order: the last reading, changed by the answers that came since, and by
 * what waits on this device.
 */
export function unitsNow(read: ReadPickList, waiting: ScanEntry[], answers: AnsweredScan[]): UnitNow[] {
  const units = new Map<string, UnitNow>();
  const orders = new Map(read.pickList.lines.map(line => [line.id, line.sales_order]));
  for (const unit of read.pickList.units) {
    units.set(lookUpKey(unit.serial_no), {
      serialNo: unit.serial_no,
      itemCode: unit.item_code,
      batchNo: unit.batch_no,
      expiresOn: unit.expires_on,
      place: unit.location.path,
      order: orders.get(unit.line_id) ?? null,
      state: unit.status,
      scanId: unit.scan_id,
      by: unit.by,
      at: unit.scanned_at ?? unit.at,
      isUndoWaiting: false,
    });
  }
  const since = answers.filter(
    each => each.answered_at >= read.askedAt && each.outcome.status === "accepted",
  );
  for (const answered of since.sort((a, b) => a.scan.n - b.scan.n)) apply(units, answered);
  for (const row of waiting) wait(units, row);
  return [...units.values()];
}

function apply(units: Map<string, UnitNow>, { scan, outcome }: AnsweredScan): void {
  if (scan.purpose === "undo") {
    for (const unit of units.values())
      if (unit.scanId === scan.undoes) Object.assign(unit, { state: "proposed", scanId: null });
    return;
  }
  const picked = outcome.unit as PickedUnit | null;
  if (!picked?.serial_no) return;
  const replaced = picked.instead_of ? units.get(lookUpKey(picked.instead_of)) : undefined;
  if (picked.instead_of) units.delete(lookUpKey(picked.instead_of));
  const before = units.get(lookUpKey(picked.serial_no));
  units.set(lookUpKey(picked.serial_no), {
    serialNo: picked.serial_no,
    itemCode: picked.item_code,
    batchNo: picked.batch_no,
    expiresOn: picked.expires_on,
    place: before?.place ?? picked.location ?? null,
    order: replaced?.order ?? before?.order ?? null,
    state: "chosen",
    scanId: scan.id,
    by: scan.user,
    at: scan.scanned_at,
    isUndoWaiting: false,
  });
}

function wait(units: Map<string, UnitNow>, row: ScanEntry): void {
  if (row.purpose === "undo") {
    for (const unit of units.values()) if (unit.scanId === row.undoes) unit.isUndoWaiting = true;
    return;
  }
  const { serialNo } = parse(row.text, row.symbology);
  if (row.item_id !== null || serialNo === null) return;
  const before = units.get(lookUpKey(serialNo));
  if (before && before.state !== "proposed") return;
  units.set(lookUpKey(serialNo), {
    serialNo: before?.serialNo ?? serialNo,
    itemCode: before?.itemCode ?? null,
    batchNo: before?.batchNo ?? null,
    expiresOn: before?.expiresOn ?? null,
    place: before?.place ?? null,
    order: before?.order ?? null,
    state: "waiting",
    scanId: row.id,
    by: row.user,
    at: row.scanned_at,
    isUndoWaiting: false,
  });
}

/** What is fetched next: the first unit on the way, else the first goods that are only counted. */
export type Next =
  | { kind: "unit"; unit: UnitNow; left: number }
  | { kind: "goods"; line: PickLine; left: number }
  | null;

export function nextOf(units: UnitNow[], lines: PickLine[]): Next {
  const proposed = units.filter(unit => unit.state === "proposed");
  const goods = lines.filter(isOpenGoods);
  const left = proposed.length + goods.length;
  const [unit] = proposed;
  if (unit) return { kind: "unit", unit, left };
  const [line] = goods;
  return line ? { kind: "goods", line, left } : null;
}

/** Goods without serial numbers, of which some are still to be fetched from a place. */
export const isOpenGoods = (line: PickLine): boolean =>
  !line.item.tracking.includes("serial") && line.location !== null && line.picked < line.qty;

/** How many units no place has: asked for, and neither proposed nor fetched. */
export function shortOf(units: UnitNow[], lines: PickLine[]): number {
  const isTracked = ({ item }: PickLine) => item.tracking.includes("serial");
  const asked = lines.filter(isTracked).reduce((sum, line) => sum + line.qty, 0);
  const goods = lines.filter(line => !isTracked(line) && line.location === null);
  return Math.max(0, asked - units.length) + goods.reduce((sum, line) => sum + line.qty - line.picked, 0);
}
