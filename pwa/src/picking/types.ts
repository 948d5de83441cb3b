import type { Counts, Tracking } from "../api-types";

/** Shapes of the JSON of pick lists, as the OpenAPI document of the server describes them. */

export interface PlaceRef {
  id: number;
  code: string;
  path: string;
}

export interface PickLine {
  id: number;
  item: { id: number; item_code: string; name: string; tracking: Tracking; gtins: string[] };
  qty: number;
  picked: number;
  delivered: number;
  sales_order: string | null;
  batch_no: string | null;
  expires_on: string | null;
  /** Of counted goods: where they are; null for what is short. */
  location: PlaceRef | null;
}

export interface PickUnit {
  unit_id: number;
  line_id: number;
  item_id: number;
  item_code: string;
  serial_no: string;
  batch_no: string | null;
  expires_on: string | null;
  location: PlaceRef;
  status: "proposed" | "chosen" | "posted";
  scan_id: string | null;
  by: string;
  device: string | null;
  at: string;
  scanned_at: string | null;
  reason: string | null;
}

export interface PickListSummary {
  id: string;
  number: string;
  status: "draft" | "submitted" | "closed" | "cancelled";
  site_id: number;
  location: PlaceRef;
  opened_by: string;
  opened_at: string;
  submitted_by: string | null;
  submitted_at: string | null;
  cancel_reason: string | null;
  sales_orders: { id: string; number: string; customer: { code: string; name: string } }[];
  counts: Counts;
  lines: PickLine[];
}

/** What a hold, a recall or a count took off the list; without a serial number it is goods that are only counted. */
export interface ReleasedUnit {
  serial_no: string | null;
  item_code: string;
  batch_no: string | null;
  kind: "hold" | "recall" | "missing" | "misplaced";
  /** Of a count its number. */
  reason: string;
  by: string;
  at: string;
  was_picked: boolean;
  /** What is proposed in its place. */
  instead: string | null;
}

export interface PickList extends PickListSummary {
  /** In walking order. */
  units: PickUnit[];
  replaced: { serial_no: string; taken: string; by: string; at: string }[];
  released: ReleasedUnit[];
}
