import { afterEach, describe, expect, test, vi } from "vitest";
import cases from "../../tests/data/device_cases.json";
import type { Location, PurchaseOrder, ReceiptLine } from "../src/api-types";
import { closeDatabase, database } from "../src/offline/db";
import { knownSerials, lineNow, refusedAtPick, refusedAtReceipt } from "../src/offline/known-serials";
import { snapshotKey } from "../src/offline/snapshots";
import { openedHere } from "../src/receiving/opened-here";

const LAPTOP = 1;
const ANOTHER = 2;
const ORDER = "an order";

const anOrder = (): Omit<PurchaseOrder, "lines"> => ({
  id: 1,
  number: "PO-1",
  status: "submitted",
  remark: null,
  supplier: { code: "S", name: "Supplier" },
  ordered_on: "2026-01-05",
  site_id: 1,
  open_receipts: [],
});

describe("without a network the phone refuses what the server refuses", () => {
  test.each(cases.receive)("received: $name", each => {
    const unit = { item_id: LAPTOP, batch_no: null, expires_on: null, availability: "available" };
    const known = {
      units: each.in_stock.map(serial_no => ({ ...unit, serial_no })),
      announced: each.announced.map(serial_no => ({ serial_no, item_id: LAPTOP, purchase_order_id: ORDER })),
      is_whole: true,
    };
    const line = { itemId: LAPTOP, taken: each.taken, allowed: each.allowed };
    expect(refusedAtReceipt(each.serial_no, line, ORDER, known)).toBe(each.expect);
  });

  test.each(cases.line)("one more on a line of a receipt opened here: $name", each => {
    const { ordered: qty, received, scanned, allowed } = each;
    const item = { id: LAPTOP, item_code: "LAP-15", name: "Laptop", tracking: "serial" as const, gtins: [] };
    const lines = [{ id: 1, idx: 1, item, qty, received, scanned, allowed }];
    const order = { ...anOrder(), lines };
    const place = { id: 1, code: "MAIN", path: "MAIN" } as Location;
    const [line] = openedHere("a receipt", order, place).lines as [ReceiptLine];
    const known = { units: [], announced: [], is_whole: true };
    const waiting = Array.from({ length: each.waiting }, (_, index) => `NB25-100${index}`);
    const now = lineNow(line, waiting, ORDER, known);
    expect(refusedAtReceipt("NB25-0009", now, ORDER, known)).toBe(each.expect);
  });

  test("what waits and will be refused leaves its place to the next one", () => {
    const unit = { serial_no: "OLD", item_id: LAPTOP, batch_no: null, expires_on: null };
    const known = { units: [{ ...unit, availability: "available" }], announced: [], is_whole: true };
    const item = { id: LAPTOP, item_code: "LAP-15", name: "Laptop", tracking: "serial" as const, gtins: [] };
    const line = { id: 1, item, expected: 2, received_before: 0, accepted: 0, rejected: 0, allowed: 2 };
    expect(lineNow(line, ["NEW-1", "OLD", "NEW-2", "NEW-3"], ORDER, known).taken).toBe(2);
  });

  test.each(cases.pick)("picked: $name", each => {
    const { availability, expires_on } = each;
    const unit = { serial_no: "P1-01", item_id: LAPTOP, batch_no: "P1", availability, expires_on };
    const left = new Map([[each.is_of_list ? LAPTOP : ANOTHER, each.left]]);
    const known = { units: [unit], announced: [], is_whole: true };
    expect(refusedAtPick(" p1-01", left, known, each.today)?.code ?? null).toBe(each.expect);
  });

  test("a list that was cut short refuses nobody for not being on it", () => {
    const announced = [{ serial_no: "A", item_id: LAPTOP, purchase_order_id: ORDER }];
    const known = { units: [], announced, is_whole: false };
    expect(refusedAtReceipt("B", { itemId: LAPTOP, taken: 0, allowed: 1 }, ORDER, known)).toBe(null);
  });

  test("a text of two items is not judged", () => {
    const unit = { serial_no: "X", batch_no: null, expires_on: null, availability: "recalled" };
    const units = [LAPTOP, ANOTHER].map(item_id => ({ ...unit, item_id }));
    const left = new Map([LAPTOP, ANOTHER].map(item_id => [item_id, 1]));
    expect(refusedAtPick("X", left, { units, announced: [], is_whole: true }, "2026-01-01")).toBe(null);
  });
});

describe("what is kept of a site", () => {
  afterEach(async () => {
    vi.restoreAllMocks();
    await closeDatabase();
  });

  test("is read from the disk once for a burst of scans, and again after it", async () => {
    const db = await database();
    const none = { units: [], announced: [], is_whole: true };
    await db.put(
      "snapshots",
      { value: none, askedAt: "2026-01-05T10:00:00Z" },
      snapshotKey("serial-numbers?site=1"),
    );
    const get = vi.spyOn(IDBObjectStore.prototype, "get");
    const reads = () => get.mock.calls.filter(([key]) => String(key).includes("serial-numbers")).length;

    for (let scan = 0; scan < 5; scan++) expect((await knownSerials(1))?.known).toEqual(none);
    expect(reads()).toBe(1);
    expect(await knownSerials(2)).toBeNull();
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 5001);
    await knownSerials(2);
    expect(reads()).toBe(3);
  });
});
