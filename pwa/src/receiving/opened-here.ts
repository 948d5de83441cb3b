import type { Location, PurchaseOrder, Receipt } from "../api-types";
import { username } from "../session";

/** A receipt as it is until the server has it: of all that the order still expects, and without a number. */
export function openedHere(id: string, order: PurchaseOrder, { id: placeId, code, path }: Location): Receipt {
  const lines = order.lines.map(line => ({
    id: line.id,
    item: line.item,
    expected: line.qty,
    received_before: line.received,
    scanned_elsewhere: line.scanned ?? 0,
    allowed: line.allowed ?? null,
    accepted: 0,
    rejected: 0,
  }));
  return {
    id,
    kind: "purchase_receipt",
    number: order.number,
    status: "draft",
    site_id: order.site_id,
    purchase_order: { id: String(order.id), number: order.number },
    supplier: order.supplier,
    location: { id: placeId, code, path },
    reject_location: null,
    opened_by: username.value ?? "",
    opened_at: new Date().toISOString(),
    submitted_by: null,
    submitted_at: null,
    counts: { expected: lines.reduce((sum, line) => sum + line.expected, 0), accepted: 0, rejected: 0 },
    lines,
    units: [],
  };
}
