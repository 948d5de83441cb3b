import { describe, expect, it } from "vitest";
import type { Outcome } from "../src/api-types";
import type { AnsweredScan, ScanEntry } from "../src/offline/db";
import { isProposed, judgePick } from "../src/picking/judge";
import { OpenPickList } from "../src/picking/open-pick-list";
import type { PickLine, PickList } from "../src/picking/types";
import { nextOf, shortOf, unitsNow } from "../src/picking/units-now";
import { parse } from "../src/scan/gs1";
import { readInReverse } from "./fake-server";

const place = { id: 1, code: "MAIN", path: "MAIN" };
const line: PickLine = {
  id: 1,
  item: { id: 1, item_code: "LAP-15", name: "Laptop", tracking: "serial_batch", gtins: ["09506000134352"] },
  qty: 3,
  picked: 0,
  delivered: 0,
  sales_order: "SO-9",
  batch_no: null,
  expires_on: null,
  location: null,
};
const cables: PickLine = {
  ...line,
  id: 2,
  item: { id: 2, item_code: "CAB-2", name: "Cable", tracking: "none", gtins: ["09506000134376"] },
  location: place,
};

const unit = (serial_no: string, status: "proposed" | "chosen" = "proposed") => ({
  ...{
    unit_id: 1,
    line_id: 1,
    item_id: 1,
    item_code: "LAP-15",
    serial_no,
    batch_no: "B-1",
    expires_on: null,
  },
  ...{
    location: place,
    status,
    scan_id: null,
    by: "ana",
    device: null,
    at: "",
    scanned_at: null,
    reason: null,
  },
});

const read = (...units: PickList["units"]) => ({
  pickList: { lines: [line], units, replaced: [], released: [] } as unknown as PickList,
  askedAt: "2026-01-05T10:00:00Z",
});

const row = (text: string, more: Partial<ScanEntry> = {}): ScanEntry =>
  ({
    ...{ id: text, n: 1, purpose: "pick", voucher_id: "pl", text, raw: null, symbology: "", source: "wedge" },
    ...{ scanned_at: "2026-01-05T10:01:00Z", batch_no: null, expires_on: null, item_id: null, user: "ana" },
    ...{ condition: "accepted", reason: null, undoes: null, stored_at: "", stuck: null },
    ...more,
  }) as ScanEntry;

const answer = (scan: ScanEntry, outcome: Partial<Outcome>, at = "2026-01-05T10:02:00Z"): AnsweredScan => ({
  ...{ id: scan.id, scan, answered_at: at, open: 0 },
  outcome: { status: "accepted", code: "ok", unit: null, ...outcome } as Outcome,
});

const states = (...given: Parameters<typeof unitsNow>) =>
  unitsNow(...given).map(each => `${each.serialNo} ${each.state}`);

describe("the units of a pick list", () => {
  it("wait as soon as they are scanned, and are fetched when the server says so", () => {
    const given = read(unit("N-1"), unit("N-2"));
    expect(states(given, [row("n-1 ")], [])).toEqual(["N-1 waiting", "N-2 proposed"]);
    const picked = { item_code: "LAP-15", serial_no: "N-1" } as Outcome["unit"];
    expect(states(given, [], [answer(row("N-1"), { unit: picked })])).toEqual(["N-1 chosen", "N-2 proposed"]);
  });

  it("lose the one in whose place another was taken", () => {
    const picked = { item_code: "LAP-15", serial_no: "N-9", instead_of: "N-2" } as unknown as Outcome["unit"];
    const given = read(unit("N-1"), unit("N-2"));
    expect(states(given, [], [answer(row("N-9"), { unit: picked })])).toEqual(["N-1 proposed", "N-9 chosen"]);
  });

  it("are for the order of their line, also what was taken in place of another", () => {
    const picked = { item_code: "LAP-15", serial_no: "N-9", instead_of: "N-2" } as unknown as Outcome["unit"];
    const given = read(unit("N-1"), { ...unit("N-2"), line_id: 3 });
    given.pickList.lines.push({ ...line, id: 3, sales_order: "SO-10" });
    const orders = (...more: [ScanEntry[], AnsweredScan[]]) =>
      unitsNow(given, ...more).map(each => `${each.serialNo} ${each.order}`);
    expect(orders([], [])).toEqual(["N-1 SO-9", "N-2 SO-10"]);
    expect(orders([row("N-7")], [answer(row("N-9"), { unit: picked })])).toEqual([
      "N-1 SO-9",
      "N-9 SO-10",
      "N-7 null",
    ]);
  });

  it("are not changed by an answer that the reading knows already", () => {
    const picked = { item_code: "LAP-15", serial_no: "N-1" } as Outcome["unit"];
    const old = answer(row("N-1"), { unit: picked }, "2026-01-05T09:59:00Z");
    expect(states(read(unit("N-1")), [], [old])).toEqual(["N-1 proposed"]);
  });

  it("are to be fetched again when the scan was taken back", () => {
    const given = read({ ...unit("N-1", "chosen"), scan_id: "s-1" });
    const undo = row("", { id: "u", purpose: "undo", undoes: "s-1" });
    expect(unitsNow(given, [undo], [])[0]?.isUndoWaiting).toBe(true);
    expect(states(given, [], [answer(undo, {})])).toEqual(["N-1 proposed"]);
  });

  it("say what comes next and how many no place has", () => {
    const units = unitsNow(read(unit("N-1", "chosen"), unit("N-2")), [], []);
    expect(nextOf(units, [line, cables])).toMatchObject({ kind: "unit", left: 2 });
    expect(nextOf([], [line, cables])).toMatchObject({ kind: "goods", left: 1 });
    expect(nextOf([], [line])).toBeNull();
    expect(shortOf(units, [line])).toBe(1);
  });
});

describe("a code at the pick list", () => {
  const units = unitsNow(read(unit("N-1", "chosen"), unit("N-2")), [], []);
  const kind = (text: string) => judgePick(parse(text), units, [line, cables]).kind;

  it("is wanted, picked already, another unit, or no serial number", () => {
    expect(kind("N-2")).toBe("wanted");
    expect(kind("n-1")).toBe("already_picked");
    expect(kind("N-22")).toBe("not_proposed");
    expect(kind("0109506000134352")).toBe("product_code");
    expect(kind("0109506000134376")).toBe("wanted");
    expect(kind("")).toBe("empty");
  });

  it("is outlined only where it is still to be fetched", () => {
    expect(isProposed(parse("N-2"), units)).toBe(true);
    expect(isProposed(parse("N-1"), units)).toBe(false);
    expect(isProposed(parse("N-22"), units)).toBe(false);
  });
});

describe("an open pick list", () => {
  it("does not go back to what was when an earlier reading comes later than the next", async () => {
    const open = new OpenPickList("pl");
    await readInReverse(open, number => ({ id: "pl", number, units: [], lines: [] }));
    expect(open.pickList.value?.number).toBe("as it is");
  });
});
