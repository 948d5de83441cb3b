import { describe, expect, test } from "vitest";
import type { BoardRow } from "../src/api-types";
import { claimsBy, endingIn, pickedBy, totalsBy } from "../src/board/totals";

const row = (order: string, location: string, more: Partial<BoardRow>): BoardRow =>
  ({
    purchase_order_number: order,
    location,
    expected: 50,
    accepted: 0,
    rejected: 0,
    needs_review: 0,
    scans_per_minute: 0,
    ...more,
  }) as BoardRow;

describe("the receiving board sums up", () => {
  const rows = [
    row("PO-2", "DOCK-1", { accepted: 7, rejected: 1, scans_per_minute: 2 }),
    row("PO-1", "DOCK-1", { accepted: 10, needs_review: 2, scans_per_minute: 1.5 }),
    row("PO-1", "DOCK-2", { accepted: 5 }),
    row("PO-1", "DOCK-2", { accepted: 1 }),
  ];

  test("by order, which is expected once however many receipts it comes with", () => {
    expect(totalsBy(rows, "purchase_order_number")).toEqual([
      { name: "PO-1", receipts: 3, expected: 50, accepted: 16, rejected: 0, unknown: 2, perMinute: 1.5 },
      { name: "PO-2", receipts: 1, expected: 50, accepted: 7, rejected: 1, unknown: 0, perMinute: 2 },
    ]);
  });

  test("by dock, where two orders are expected each", () => {
    const [first, second] = totalsBy(rows, "location");
    expect(first).toMatchObject({ name: "DOCK-1", receipts: 2, expected: 100, accepted: 17, perMinute: 3.5 });
    expect(second).toMatchObject({ name: "DOCK-2", receipts: 2, expected: 50, accepted: 6 });
  });
});

test("who has most to pick comes first", () => {
  const list = (by: string, qty: number, picked: number) => ({ by, qty, picked }) as never;
  expect(pickedBy([list("ana", 10, 9), list("ben", 4, 0), list("ana", 2, 2)])).toEqual([
    { label: "ben", value: 0, of: 4 },
    { label: "ana", value: 11, of: 12 },
  ]);
});

test("stock ends in spans whose last day counts", () => {
  const batch = (days_left: number, qty: number) => ({ days_left, qty }) as never;
  const batches = [batch(-1, 1), batch(0, 2), batch(7, 4), batch(8, 8), batch(30, 16), batch(31, 32)];
  expect(endingIn(batches)).toEqual([
    { span: -1, qty: 1 },
    { span: 7, qty: 6 },
    { span: 14, qty: 8 },
    { span: 30, qty: 16 },
    { span: "later", qty: 32 },
  ]);
});

test("claims are counted by technician, and those of nobody too", () => {
  const claim = (technician: string | null) => ({ technician }) as never;
  expect(claimsBy([claim("tom"), claim(null), claim(null)])).toEqual([
    { technician: null, claims: 2 },
    { technician: "tom", claims: 1 },
  ]);
});
