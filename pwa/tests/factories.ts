import type { Outcome, ScanAnswer } from "../src/api-types";
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
    counts: null,
    first: null,
    recorded_at: "2026-01-05T10:02:00Z",
    ...change,
  };
}

export function anAnswer(outcomes: Outcome[]): ScanAnswer {
  return {
    server_time: "2026-01-05T10:02:00Z",
    clock_skew_ms: 0,
    clock_off: false,
    last_counter: 1,
    gaps: [],
    outcomes,
  };
}
