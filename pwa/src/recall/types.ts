/** Shapes of recalls under `/api`. */
import type { ItemRef, PlaceRef } from "../stock/types";

export const OUTCOMES = ["found", "returned", "repaired", "destroyed"] as const;
export type Outcome = (typeof OUTCOMES)[number] | "open";

export const SHOWN = ["open", "not_accounted_for", "at_customer", "resolved", "all"] as const;
export type Shown = (typeof SHOWN)[number];

export interface RecallCard {
  id: string;
  number: string;
  status: "submitted" | "closed" | "cancelled";
  scope: string;
  reason: string;
  opened_by: string;
  opened_at: string;
  close_reason: string | null;
  total: number;
  resolved: number;
  percent: number;
}

export interface Recall extends RecallCard {
  counts: Record<Shown, number>;
}

export interface LocatedUnit {
  id: number;
  serial_no: string;
  item: ItemRef;
  batch: { id: number; batch_no: string; expires_on: string | null } | null;
  supplier: { code: string; name: string } | null;
  receipt: { id: string; number: string; dated_on: string; purchase_order: string | null } | null;
  inside: { unit_id: number; serial_no: string; item_code: string } | null;
  state: string;
  is_accounted_for: boolean;
  place: PlaceRef;
  customer: { code: string; name: string; contact: string | null } | null;
  voucher: { id: string; type: string; number: string };
  since: string;
}

export interface RecalledUnit {
  recall_unit_id: number;
  serial_no: string;
  outcome: Outcome;
  via: string | null;
  unit: LocatedUnit | null;
  is_accounted_for: boolean;
  steps: { outcome: Outcome; note: string | null; by: string; done_at: string }[];
}

export interface RecalledUnits {
  units: RecalledUnit[];
  next_cursor: string | null;
}

export interface Preview {
  scope: string;
  total: number;
  by_state: Record<string, number>;
  units: LocatedUnit[];
  unknown_serial_nos: string[];
  elsewhere: number;
}

export interface Scope {
  origin: "batch" | "serials" | "receipt" | "dates" | "component";
  batch_id?: number;
  serial_nos?: string[];
  receipt_id?: string;
  supplier?: string;
  item_id?: number;
  from_on?: string;
  to_on?: string;
  component?: string;
}

interface Link {
  unit_id: number;
  serial_no: string;
  removed_at: string | null;
}

export interface TracedUnit extends LocatedUnit {
  is_asked_for: boolean;
  built_into: Link[];
  parts: Link[];
}
