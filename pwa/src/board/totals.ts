/** What the boards sum up of their rows. */
import type { BoardRow } from "../api-types";
import type { PickingBoard, ServiceBoard, StockBoard } from "./types";

export interface ReceivingTotal {
  name: string;
  receipts: number;
  expected: number;
  accepted: number;
  rejected: number;
  unknown: number;
  perMinute: number;
}

/** How far each order or dock is. An order that comes with several receipts is expected once. */
export function totalsBy(
  rows: readonly BoardRow[],
  by: "location" | "purchase_order_number",
): ReceivingTotal[] {
  const totals = new Map<string, ReceivingTotal>();
  const seen = new Set<string>();
  for (const row of rows) {
    const name = row[by];
    const total = totals.get(name) ?? {
      name,
      receipts: 0,
      expected: 0,
      accepted: 0,
      rejected: 0,
      unknown: 0,
      perMinute: 0,
    };
    const order = `${name}\n${row.purchase_order_number}`;
    total.receipts += 1;
    total.expected += seen.has(order) ? 0 : row.expected;
    total.accepted += row.accepted;
    total.rejected += row.rejected;
    total.unknown += row.needs_review;
    total.perMinute += row.scans_per_minute;
    seen.add(order);
    totals.set(name, total);
  }
  return [...totals.values()].toSorted((a, b) => a.name.localeCompare(b.name));
}

interface Sum {
  label: string;
  value: number;
  of: number;
}

/** Units that each person has picked, of those that are on their lists; who has most to do first. */
export function pickedBy(lists: PickingBoard["pick_lists"]): Sum[] {
  const sums = new Map<string, Sum>();
  for (const { by, picked, qty } of lists) {
    const sum = sums.get(by) ?? { label: by, value: 0, of: 0 };
    sums.set(by, { label: by, value: sum.value + picked, of: sum.of + qty });
  }
  return [...sums.values()].toSorted((a, b) => b.of - b.value - (a.of - a.value));
}

/** Last days left of a range; what is expired has fewer than none. */
const SPANS = [-1, 7, 14, 30] as const;
export type Span = (typeof SPANS)[number] | "later";

/** How much of the stock ends in which time, the next first. */
export function endingIn(batches: StockBoard["expiring"]): { span: Span; qty: number }[] {
  const sums = new Map<Span, number>([...SPANS, "later" as const].map(span => [span, 0]));
  for (const { days_left, qty } of batches) {
    const span = SPANS.find(each => days_left <= each) ?? "later";
    sums.set(span, (sums.get(span) ?? 0) + qty);
  }
  return [...sums].filter(([, qty]) => qty > 0).map(([span, qty]) => ({ span, qty }));
}

/** Open claims of each technician, the most first; those of nobody under null. */
export function claimsBy(claims: ServiceBoard["claims"]): { technician: string | null; claims: number }[] {
  const counts = new Map<string | null, number>();
  for (const { technician } of claims) counts.set(technician, (counts.get(technician) ?? 0) + 1);
  return [...counts]
    .map(([technician, count]) => ({ technician, claims: count }))
    .toSorted((a, b) => b.claims - a.claims);
}
