/** Shapes of stock, batches, holds and vouchers under `/api`. */
import type { Place, Tracking } from "../api-types";

export interface ItemRef {
  id: number;
  item_code: string;
  name: string;
}

export interface BatchRef {
  id: number;
  batch_no: string;
}

export type PlaceRef = Place;

/** Quantities by availability; those that are 0 are left out. */
export type States = Record<string, number>;

export interface StockLine {
  item: ItemRef & { tracking: Tracking };
  batch: (BatchRef & { expires_on: string | null }) | null;
  place: PlaceRef & { kind: string };
  qty: number;
  states: States;
}

export interface StockLines {
  lines: StockLine[];
  totals: States;
  next_cursor: string | null;
}

export interface StockUnit {
  id: number;
  serial_no: string;
  item: ItemRef;
  availability: string;
  location: PlaceRef;
  batch_id: number | null;
  batch_no: string | null;
  expires_on: string | null;
  received_at: string;
  reserved_for: string | null;
  hold_reason: string | null;
}

export interface StockUnits {
  units: StockUnit[];
  next_cursor: string | null;
}

export interface ItemStock {
  item: ItemRef & { tracking: Tracking };
  totals: States;
  batches: (BatchRef & { expires_on: string | null; qty: number; state: string })[];
}

export interface PlaceStock {
  place: PlaceRef & { kind: string };
  site_id: number;
  name: string;
  parent: PlaceRef | null;
  inside: { id: number; code: string; name: string; qty: number }[];
  totals: States;
}

export type HoldKind = "hold" | "recall";

export interface Hold {
  id: number;
  kind: HoldKind;
  reason: string;
  batch_id: number | null;
  serial_id: number | null;
  placed_by: string;
  placed_at: string;
  lifted_by: string | null;
  lifted_at: string | null;
  lift_reason: string | null;
}

export interface Batch extends BatchRef {
  item: ItemRef & { tracking: Tracking };
  manufactured_on: string | null;
  expires_on: string | null;
  supplier: { code: string; name: string } | null;
  state: string;
  places: (PlaceRef & { site_id: number; state: string; qty: number })[];
  holds: Hold[];
  changes: {
    manufactured_before: string | null;
    expires_before: string | null;
    manufactured_on: string | null;
    expires_on: string | null;
    reason: string;
    changed_by: string;
    changed_at: string;
  }[];
}

export interface VoucherCard {
  id: string;
  type: string;
  number: string;
  status: string;
  dated_on: string;
  opened_by: string;
  opened_at: string;
  party: { code: string; name: string } | null;
}

export interface VoucherPage extends Omit<VoucherCard, "opened_by" | "opened_at"> {
  site_id: number;
  place: PlaceRef | null;
  to_place: PlaceRef | null;
  reject_place: PlaceRef | null;
  remark: string | null;
  cancel_reason: string | null;
  acts: { what: "opened" | "submitted" | "cancelled"; by: string; at: string }[];
  sources: VoucherCard[];
  follow_ups: VoucherCard[];
  lines: {
    id: number;
    item: ItemRef;
    qty: number;
    batch: BatchRef | null;
    place: PlaceRef | null;
    accepted: number;
    rejected: number;
    received: number;
  }[];
  movements: { item: ItemRef; batch: BatchRef | null; place: PlaceRef; qty: number }[];
}

export interface VoucherUnit {
  unit_id: number | null;
  serial_no: string;
  item: ItemRef;
  batch: BatchRef | null;
  place: PlaceRef | null;
  what: string;
  by: string;
  at: string;
}
