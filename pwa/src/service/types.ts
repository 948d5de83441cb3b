/** Repairs, visits and maintenance as the server tells of them. */
import type { Claim } from "../claims/types";

export interface JobUnit {
  id: number;
  serial_no: string;
  item_code: string;
  item_name: string;
}

interface Named {
  code: string;
  name: string;
}

export interface RepairCard {
  id: string;
  number: string;
  status: string;
  on: string;
  unit: JobUnit;
  customer: Named | null;
  complaint: string;
  technician: string | null;
  outcome: "given_back" | "scrapped" | null;
  by: string;
}

export interface Part {
  unit_id: number | null;
  serial_no: string | null;
  item_code: string | null;
  qty: number;
}

export type VisitResult = "fixed" | "not_fixed" | "needs_part";

export interface JobCard {
  id: string;
  number: string;
  status: string;
  on: string;
  technician: string;
  work_done: string;
  result: VisitResult;
  next_visit_on: string | null;
  parts_in: Part[];
  parts_out: Part[];
}

export interface Attachment {
  id: string;
  kind: "photo" | "reading" | "signature";
  note: string | null;
  by: string;
  done_at: string;
}

export interface Repair extends RepairCard {
  /** What it came from: a claim, or a return that was inspected. */
  claim: { id: string; number: string } | null;
  customer_return: { id: string; number: string } | null;
  accessories: string | null;
  end_remark: string | null;
  ended_by: string | null;
  ended_at: string | null;
  visits: JobCard[];
  attachments: Attachment[];
}

export interface ReadingTaken {
  name: string;
  value: string;
  unit: string | null;
}

export interface Visit extends JobCard {
  unit: JobUnit;
  customer: Named | null;
  repair_order: { id: string; number: string } | null;
  plan: { id: string; name: string } | null;
  readings: ReadingTaken[];
  signer_name: string | null;
  unsigned_reason: string | null;
  done_at: string;
  posted_at: string;
  by: string;
  attachments: Attachment[];
}

export interface Plan {
  id: string;
  name: string;
  contract: { id: string; number: string } | null;
  every: number;
  period: "days" | "months";
  starts_on: string;
  next_due_on: string;
  technician: string | null;
  unit: JobUnit;
}

export interface DueVisit {
  kind: "plan" | "promise";
  id: string;
  name: string;
  due_on: string;
  overdue_days: number;
  unit: JobUnit;
  customer: Named | null;
  technician: string | null;
}

export interface MyWork {
  claims: Claim[];
  repairs: RepairCard[];
  due: DueVisit[];
}
