import type { Outcome, Receipt, ReceiptLine, ReceiptUnit, SyncAnswer } from "../src/api-types";
import type { NewScan } from "../src/offline/outbox";

/** A scan by ana into receipt-1, as the screen hands it to the outbox. */
export function aScan(text: string, change: Partial<NewScan> = {}): NewScan {
  return {
    user: "ana",
    purpose: "receive",
    voucher_id: "receipt-1",
    text,
    raw: null,
    symbology: "",
    source: "wedge",
    batch_no: null,
    expires_on: null,
    item_id: null,
    condition: "accepted",
    reason: null,
    undoes: null,
    ...change,
  };
}

export function accepted(id: string, change: Partial<Outcome> = {}): Outcome {
  return {
    id,
    status: "accepted",
    replayed: false,
    code: "ok",
    message: "accepted",
    next_step: null,
    actions: [],
    unit: null,
    facts: {},
    voucher: null,
    counts: null,
    first: null,
    recorded_at: "2026-01-05T10:02:00Z",
    ...change,
  };
}

export function anAnswer(outcomes: Outcome[]): SyncAnswer {
  return {
    server_time: "2026-01-05T10:02:00Z",
    clock_skew_ms: 0,
    clock_off: false,
    last_counter: 1,
    gap: null,
    outcomes,
  };
}

const LAPTOP = {
  id: 1,
  item_code: "LAP-15",
  name: "Laptop",
  tracking: "serial_batch",
  gtins: ["09506000134352"],
} as const;
const PUMP = {
  id: 2,
  item_code: "PUMP-1",
  name: "Pump",
  tracking: "serial_batch",
  gtins: ["09506000134369"],
} as const;

export function aLine(item: typeof LAPTOP | typeof PUMP = LAPTOP): ReceiptLine {
  return {
    id: item.id,
    item: { ...item, gtins: [...item.gtins] },
    expected: 50,
    received_before: 0,
    accepted: 0,
    rejected: 0,
  };
}

export const aPumpLine = () => aLine(PUMP);

export function aUnit(serial: string, change: Partial<ReceiptUnit> = {}): ReceiptUnit {
  return {
    id: 1,
    qty: 1,
    is_unexpected: false,
    scan_id: `scan of ${serial}`,
    item_code: "LAP-15",
    serial_no: serial,
    batch_no: null,
    expires_on: null,
    condition: "accepted",
    reason: null,
    by: "ana",
    device: null,
    scanned_at: "2026-01-05T10:02:00.000Z",
    recorded_at: "2026-01-05T10:02:01.000Z",
    ...change,
  };
}

export function aReceipt(units: ReceiptUnit[] = [], change: Partial<Receipt> = {}): Receipt {
  return {
    id: "receipt-1",
    number: "PR-2026-00001",
    status: "draft",
    site_id: 1,
    kind: "purchase_receipt",
    purchase_order: { id: "order-1", number: "PO-1" },
    supplier: { code: "NS", name: "NorthStar" },
    location: { id: 1, code: "MAIN", path: "MAIN" },
    reject_location: { id: 9, code: "REJECT" },
    opened_by: "ana",
    opened_at: "2026-01-05T10:00:00.000Z",
    submitted_by: null,
    submitted_at: null,
    counts: { expected: 50, accepted: units.length, rejected: 0 },
    lines: [aLine()],
    units,
    ...change,
  };
}
