/** Stock counts as the API shows them. */
export type CountOutcome = "counted" | "misplaced" | "unknown" | "duplicate" | "undone" | "refused";

export interface Shelf {
  id: number;
  code: string;
  path: string;
  counted: number;
  /** Null in a blind count. */
  expected: number | null;
}

export interface CountCard {
  id: string;
  number: string;
  status: "draft" | "submitted" | "closed" | "cancelled";
  place: { id: number; code: string; path: string };
  remark: string | null;
  round: number;
  is_blind: boolean;
  rounds: { round: number; by: string; started_at: string; submitted_at: string | null }[];
  approved_by: string | null;
  opened_at: string;
}

export interface KeptScan {
  id: string;
  location_id: number;
  text: string;
  qty: number;
  outcome: CountOutcome;
  message: string;
  serial_no: string | null;
  recorded_at: string;
  by: string;
}

export interface Count extends CountCard {
  shelves: Shelf[];
  scans: KeptScan[];
}

export interface Outcome {
  id: string;
  status: CountOutcome;
  message: string;
  serial_no: string | null;
  code: string | null;
}

export const KINDS = ["missing", "misplaced", "surplus", "unknown", "moved", "found"] as const;
export type Kind = (typeof KINDS)[number];

export interface Review {
  totals: Record<Kind, number>;
  lines: {
    kind: Kind;
    text: string;
    qty: number;
    unit_id: number | null;
    item_code: string | null;
    batch_no: string | null;
    book: string | null;
    shelf: string | null;
    note: string;
    posted: boolean;
  }[];
}
