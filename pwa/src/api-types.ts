import type { Hold } from "./stock/types";

/** Shapes of the JSON under `/api`, as the OpenAPI document of the server describes them. Times are ISO 8601 UTC. */

import type { SecondarySerial } from "./masters/types";
import type { WarrantyStatus } from "./service/coverage";
import type { JobCard, Plan, RepairCard } from "./service/types";

export type Permission = string;

export interface Site {
  id: number;
  code: string;
  name: string;
  /** IANA name of the zone whose days count there. */
  time_zone: string;
  roles: string[];
  permissions: Permission[];
}

/** Nobody is logged in. */
export interface Nobody {
  user: null;
}

export interface Session {
  user: { username: string; name: string };
  csrf_token: string;
  expires_at: string;
  sites: Site[];
}

export interface Location {
  id: number;
  code: string;
  name: string;
  kind: string;
  parent_id: number | null;
  path: string;
  receivable: boolean;
}

export type Tracking = "none" | "serial" | "batch" | "serial_batch";

export interface OrderLine {
  id: number;
  idx: number;
  item: { id: number; item_code: string; name: string; tracking: Tracking; gtins: string[] };
  qty: number;
  received: number;
  /** On open receipts, and the most that may come in; an order remembered from before has neither. */
  scanned?: number;
  allowed?: number;
}

export interface PurchaseOrder {
  id: number;
  number: string;
  status: "draft" | "submitted" | "closed" | "cancelled";
  remark: string | null;
  supplier: { code: string; name: string };
  ordered_on: string;
  site_id: number;
  lines: OrderLine[];
  open_receipts: { id: string; number: string; opened_by: string }[];
}

export interface Counts {
  expected: number;
  accepted: number;
  rejected: number;
}

export type Condition = "accepted" | "rejected";

export interface ReceiptLine {
  id: number;
  item: {
    id: number;
    item_code: string;
    name: string;
    tracking: Tracking;
    gtins: string[];
    secondary_kinds?: string[];
  };
  expected: number;
  received_before: number;
  /** The most that may come in; null where nothing was ordered, absent in a receipt remembered from before. */
  allowed?: number | null;
  /** On other open receipts of the order. */
  scanned_elsewhere?: number;
  accepted: number;
  rejected: number;
}

export interface ReceiptUnit {
  id: number;
  /** Null for a unit that came by a list, a file or a number. */
  scan_id: string | null;
  qty: number;
  is_unexpected: boolean;
  /** Its IMEI, MAC and the like; a receipt remembered from before has none. */
  secondary_serials?: { kind: string; secondary_no: string }[];
  item_code: string;
  /** None for items that are only counted. */
  serial_no: string | null;
  batch_no: string | null;
  expires_on: string | null;
  condition: Condition;
  reason: string | null;
  by: string;
  device: string | null;
  scanned_at: string;
  recorded_at: string;
}

export interface ReceiptSummary {
  id: string;
  number: string;
  status: "draft" | "submitted" | "cancelled";
  site_id: number;
  kind: "purchase_receipt" | "opening_stock";
  /** Null for opening stock. */
  purchase_order: { id: string; number: string } | null;
  supplier: { code: string; name: string } | null;
  location: { id: number; code: string; path: string };
  opened_by: string;
  opened_at: string;
  counts: Counts;
}

export interface Receipt extends ReceiptSummary {
  reject_location: { id: number; code: string } | null;
  submitted_by: string | null;
  submitted_at: string | null;
  lines: ReceiptLine[];
  /** Newest first. */
  units: ReceiptUnit[];
}

export type ScanSource = "camera" | "wedge" | "typed" | "server";

export interface Scan {
  /** Made on the device; the server counts an id once, however often it arrives. */
  id: string;
  /** Counter of this device, from 1 without gaps. */
  n: number;
  purpose: "receive" | "pick" | "undo";
  voucher_id: string;
  text: string;
  /** Base64 of the bytes in the symbol, when a camera read it. */
  raw: string | null;
  /** ISO/IEC 15424 symbology identifier such as `]d2`, or "" when the source does not tell. */
  symbology: string;
  source: ScanSource;
  scanned_at: string;
  batch_no: string | null;
  expires_on: string | null;
  item_id: number | null;
  condition: Condition;
  reason: string | null;
  undoes: string | null;
  /** How much of goods without serial numbers was picked; one when not said. */
  qty?: number | null;
  /** Where they were taken from. */
  location_id?: number | null;
  /** The person says to take a unit that is not on the supplier's list. */
  takes_unexpected?: boolean;
}

export interface OutcomeAction {
  kind: string;
  [fact: string]: unknown;
}

export interface Outcome {
  id: string;
  status: "accepted" | "duplicate" | "refused" | "needs_review";
  replayed: boolean;
  code: string;
  message: string;
  next_step: string | null;
  actions: OutcomeAction[];
  unit: {
    item_id: number;
    item_code: string;
    item_name: string;
    serial_no: string | null;
    batch_no: string | null;
    expires_on: string | null;
    condition: Condition;
  } | null;
  facts: Record<string, unknown>;
  /** What an action made or changed. */
  voucher: { id: string; type: string; number: string; status: string } | null;
  counts: Counts | null;
  first: { at: string; by: string } | null;
  recorded_at: string;
}

/** What never arrived from this device: some of its numbers, or whatever it had when its browser cleared its storage. */
export type CounterGap = { message: string; next_step: string } & (
  | { code: "counter_gap" }
  | {
      code: "storage_cleared";
      facts: { device: string; by: string; last_seen_at: string; unsent: number };
    }
);

export interface SyncAnswer {
  server_time: string;
  clock_skew_ms: number;
  clock_off: boolean;
  last_counter: number | null;
  /** Entries of this device that never arrived. */
  gap: CounterGap | null;
  outcomes: Outcome[];
}

export interface Place {
  id: number;
  code: string;
  path: string;
}

export interface UnitSummary {
  id: number;
  item: { id: number; item_code: string; name: string };
  serial_no: string;
  state: string;
  /** What may be expected of it: available, reserved, on hold; of those elsewhere where they are. */
  availability: string;
  location: Place | null;
  batch_no: string | null;
}

export interface AnnouncedUnit {
  item: { item_code: string; name: string };
  serial_no: string;
  supplier: { code: string; name: string };
  purchase_order: { id: string; number: string };
  ordered_on: string;
}

export interface UnitMatches {
  matches: UnitSummary[];
  /** On the list of a supplier, not here yet. */
  expected: AnnouncedUnit[];
  suggestions: UnitSummary[];
  message?: string | null;
  code?: string | null;
}

export interface HistoryLine {
  seq: number;
  what: string;
  qty: number;
  from: Place | null;
  to: Place | null;
  voucher: { id: string; type: string; number: string } | null;
  actor: string;
  device: string | null;
  scanned_at: string | null;
  posted_at: string;
}

export interface Unit extends UnitSummary {
  /** Where it is, or was before it left; a card that was kept before a version does not say. */
  site_id?: number;
  secondary_kinds: string[];
  secondary_serials: SecondarySerial[];
  batch: {
    id: number;
    batch_no: string;
    manufactured_on: string | null;
    expires_on: string | null;
    state: string;
  } | null;
  reserved: {
    voucher_id: string;
    number: string;
    order_number: string | null;
    by: string;
    at: string;
  } | null;
  holds: Hold[];
  supplier: { code: string; name: string } | null;
  received: { voucher_id: string; number: string; on: string; purchase_order: string | null } | null;
  sold: { voucher_id: string; number: string; on: string } | null;
  owner: { code: string; name: string } | null;
  warranty: {
    status: WarrantyStatus;
    start: string | null;
    end: string | null;
    days_left: number | null;
    message: string;
  } | null;
  correction: { serial_no: string; reason: string; by: string; at: string } | null;
  components: {
    unit_id: number | null;
    serial_no: string | null;
    item_code: string;
    qty: number;
    number: string;
    removed_at: string | null;
  }[];
  part_of: { unit_id: number; serial_no: string; item_code: string } | null;
  technician: string | null;
  /** The recall that runs on it. */
  recall: { id: string; number: string; reason: string | null; started_on: string } | null;
  /** The claim for it that is open. */
  claim: { id: string; number: string; technician: string | null } | null;
  /** The customer return that it waits to be inspected on. */
  returned: { id: string; number: string; on: string; customer: { code: string; name: string } } | null;
  /** The repair order that it is here on. */
  repair: RepairCard | null;
  /** Past jobs, newest first. */
  services: JobCard[];
  plans: Plan[];
  /** Oldest first. */
  history: HistoryLine[];
}

export interface FeedEvent {
  seq: number;
  kind: string;
  voucher_id: string | null;
  scan_id: string | null;
  unit_id: number | null;
  at: string;
}

export interface Feed {
  events: FeedEvent[];
  next: number;
  head: number;
  more: boolean;
}

export interface BoardDevice {
  name: string;
  last_seen_at: string;
  is_quiet: boolean;
  /** Null when it never said. */
  unsent: number | null;
}

export interface BoardRow {
  id: string;
  number: string;
  status: "draft" | "submitted" | "cancelled";
  purchase_order_number: string;
  supplier: string;
  location: string;
  expected: number;
  accepted: number;
  rejected: number;
  refused: number;
  scans_per_minute: number;
  last_scan: { at: string; by: string; device: string | null; text: string } | null;
  opened_by: string;
  opened_at: string;
  submitted_at: string | null;
  /** Scans that wait for somebody to say what they are. */
  needs_review: number;
  estimated_finish: string | null;
  people: string[];
  devices: BoardDevice[];
  /** [seconds since 1970, accepted up to then]. */
  curve: [number, number][];
}

export interface BoardScan {
  scan_id: string;
  at: string;
  receipt_number: string;
  by: string;
  device: string | null;
  serial_no: string | null;
  item_code: string | null;
  condition: Condition | null;
  /** The text as scanned, printable and shortened. */
  text: string;
  status: Outcome["status"];
  code: string;
  message: string;
}

/** A place at which something is received, with all that lies in it. */
interface Dock {
  id: number;
  path: string;
  name: string;
}

export interface ReceivingBoard {
  site: { id: number; code: string; name: string };
  head: number;
  server_time: string;
  open_alerts: number;
  /** The one that is shown; null for all. */
  dock: Dock | null;
  docks: Dock[];
  receipts: BoardRow[];
  /** Newest first. */
  stream: BoardScan[];
}
