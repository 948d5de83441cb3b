/** Shapes of claims, returns, contracts and warranties under `/api`. */
import type { Basis, WarrantyStatus } from "../service/coverage";
import type { Attachment } from "../service/types";

interface Party {
  code: string;
  name: string;
}

export interface UnitRef {
  id: number;
  serial_no: string;
  item_code: string;
  item_name: string;
}

export type ClaimOutcome = "repair" | "replace" | "refund" | "reject";

export interface Claim {
  id: string;
  number: string;
  /** A draft is held for review, a closed one has its outcome. */
  status: "draft" | "submitted" | "closed";
  site: number;
  claimed_on: string;
  customer: Party;
  unit: UnitRef | null;
  serial_text: string;
  complaint: string;
  decision: "accepted" | "goodwill" | "held";
  decision_code: string;
  decision_reason: string;
  goodwill_reason: string | null;
  technician: string | null;
  outcome: ClaimOutcome | null;
  outcome_remark: string | null;
  entered_by: string;
  entered_at: string;
  ended_by: string | null;
  ended_at: string | null;
}

export interface ClaimDetails extends Claim {
  attachments: Attachment[];
  repair_order: { id: string; number: string; status: string } | null;
}

export interface Claims {
  claims: Claim[];
  technicians: { username: string; name: string }[];
}

export type InspectionOutcome = "restock" | "repair" | "replace" | "scrap";

export interface ReturnedUnit extends UnitRef {
  warranty_left: number | null;
  outcome: InspectionOutcome | null;
  remark: string | null;
  inspected_by: string | null;
  inspected_at: string | null;
  replacement: UnitRef | null;
  outcome_voucher: { id: string; number: string } | null;
}

export interface CustomerReturn {
  id: string;
  number: string;
  status: string;
  site: number;
  returned_on: string;
  customer: Party;
  place: string | null;
  reason: string | null;
  taken_by: string;
  units: ReturnedUnit[];
  goods: { item_code: string; item_name: string; batch_no: string | null; qty: number }[];
}

export interface Contract {
  id: string;
  number: string;
  site: number;
  customer: Party;
  start_on: string;
  end_on: string;
  remark: string | null;
  end_reason: string | null;
  made_by: string;
  units: UnitRef[];
  events: ContractEvent[];
}

export interface ContractEvent {
  kind: "made" | "changed" | "ended";
  start_on: string;
  end_on: string;
  units_added: string[];
  units_removed: string[];
  reason: string | null;
  by: string;
  at: string;
}

export interface UnitWarranty {
  unit_id: number;
  status: WarrantyStatus;
  days_left: number | null;
  message: string;
  start: string | null;
  end: string | null;
  basis: Basis;
  /** Whether there is one that can be extended or voided. */
  is_standing: boolean;
  /** The item's period, in whatever unit; null where the item has no warranty. */
  period_days: number | null;
  void_reason: string | null;
  paused_on: string | null;
  is_sold: boolean;
  contracts: { id: string; number: string; start_on: string; end_on: string }[];
  events: WarrantyEvent[];
}

export interface WarrantyEvent {
  kind: string;
  on: string;
  end_on: string;
  reason: string | null;
  by: string | null;
  at: string;
  other: { id: number; serial_no: string } | null;
}
