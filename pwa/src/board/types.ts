import type { ReceivingBoard } from "../api-types";

export const BOARDS = ["receiving", "picking", "stock", "service", "decisions", "recalls"] as const;
export type BoardKind = (typeof BOARDS)[number];

/** What every board says: of which site it is, and as of which event and moment. */
interface Frame {
  site: { id: number; code: string; name: string };
  head: number;
  server_time: string;
  open_alerts: number;
}

export interface PickingBoard extends Frame {
  pick_lists: {
    id: string;
    number: string;
    status: "draft" | "submitted";
    customers: string[];
    by: string;
    qty: number;
    picked: number;
    opened_at: string;
    is_late: boolean;
  }[];
  shipped_today: number;
}

export interface StockBoard extends Frame {
  low: { id: number; item_code: string; name: string; qty: number; reorder_level: number }[];
  expiring: {
    id: number;
    batch_no: string;
    item_code: string;
    name: string;
    expires_on: string;
    days_left: number;
    qty: number;
  }[];
  days: number;
}

export interface ServiceBoard extends Frame {
  claims: {
    id: string;
    number: string;
    serial_no: string;
    item_code: string | null;
    customer: string | null;
    complaint: string;
    decision: "accepted" | "goodwill" | "held";
    technician: string | null;
    opened_at: string;
  }[];
  overdue: {
    id: string;
    name: string;
    due_on: string;
    days_late: number;
    unit_id: number;
    serial_no: string;
    item_code: string;
    technician: string | null;
  }[];
}

export interface Decision {
  kind: "conflict" | "count" | "claim" | "override" | "over_receipt";
  voucher_id: string;
  number: string;
  subject: string | null;
  by: string;
  at: string;
  reason: string | null;
}

export interface DecisionsBoard extends Frame {
  waiting: Decision[];
  passed: Decision[];
}

export interface RecallsBoard extends Frame {
  recalls: {
    id: string;
    number: string;
    scope: string;
    reason: string | null;
    opened_at: string;
    resolved: number;
    total: number;
  }[];
}

export type AnyBoard =
  | ReceivingBoard
  | PickingBoard
  | StockBoard
  | ServiceBoard
  | DecisionsBoard
  | RecallsBoard;
