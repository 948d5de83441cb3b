/** Masters as the API gives them. */
export type MasterKind = "items" | "parties" | "places";

export interface Edited {
  id: number;
  version: number;
  retired_at: string | null;
  edited_at: string | null;
  edited_by: string | null;
}

export interface Barcode {
  id: number;
  code: string;
  is_gtin: boolean;
}

export interface ItemFields {
  name: string;
  tracking: string;
  profile: string | null;
  serial_no_series: string | null;
  batch_no_series: string | null;
  serial_length: number | null;
  serial_pattern: string | null;
  serial_standard: string | null;
  secondary_kinds: string[];
  shelf_life_days: number | null;
  expiry_required: boolean;
  warranty_days: number | null;
  warranty_months: number | null;
  warranty_basis: string;
  pick_rule: string;
  over_receipt_percent: number;
  reorder_level: number | null;
  verify_returns: boolean;
}

export interface ItemLine {
  id: number;
  item_code: string;
  name: string;
  tracking: string;
  profile: string | null;
  gtins: string[];
  has_picture: boolean;
  retired_at: string | null;
}

export interface Item extends ItemLine, ItemFields, Edited {
  name: string;
  tracking: string;
  profile: string | null;
  retired_at: string | null;
  id: number;
  barcodes: Barcode[];
  picture_at: string | null;
  has_units: boolean;
  gaps: { field: string; message: string }[];
}

export interface Profile {
  name: string;
  rule: string;
  defaults: Partial<ItemFields>;
}

export interface Party extends Edited {
  code: string;
  kind: "supplier" | "customer";
  name: string;
  contact: string | null;
  has_vouchers?: boolean;
}

export interface Place extends Edited {
  code: string;
  name: string;
  kind: string;
  parent_id: number | null;
  path: string;
  walk_order: number;
  places_inside: number;
  has_stock?: boolean;
  way?: { id: number; code: string; name: string }[];
}

export interface Series {
  kind: string;
  usual: string;
  own: string | null;
  next: string;
  edited_by: string | null;
}

export interface RowAnswer {
  row: number;
  key: string;
  outcome: "new" | "changed" | "same" | "duplicate_in_file" | "refused";
  message: string;
  next_step: string;
}

export interface UploadAnswer {
  committed: boolean;
  counts: Record<RowAnswer["outcome"], number>;
  ignored_columns: string[];
  rows: RowAnswer[];
}

/** IMEI, MAC, VIN or component of a unit. */
export interface SecondarySerial {
  id: number;
  kind: string;
  secondary_no: string;
}
