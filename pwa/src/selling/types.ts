import type { Tracking } from "../api-types";
import type { Named } from "../ui/PartyChoice";

/** Shapes of the JSON of sales orders, deliveries and invoices, as the OpenAPI document of the server has them. */

interface ItemRef {
  id: number;
  item_code: string;
  name: string;
  tracking: Tracking;
}

interface MadeVoucher {
  id: string;
  number: string;
  status: string;
}

export interface SalesOrderLine {
  id: number;
  item: ItemRef;
  qty: number;
  delivered: number;
  on_pick_lists: number;
  picked: number;
  to_fetch: number;
}

export interface ReservedUnit {
  line_id: number;
  serial_no: string;
  batch_no: string | null;
  place: string;
  status: "proposed" | "chosen" | "posted" | "released";
  reason: string | null;
  by: string;
  at: string;
}

export interface SalesOrderSummary {
  id: string;
  number: string;
  status: "draft" | "submitted" | "closed" | "cancelled";
  site_id: number;
  customer: Named;
  ordered_on: string;
  opened_by: string;
  remark: string | null;
  cancel_reason: string | null;
  lines: SalesOrderLine[];
  pick_lists: MadeVoucher[];
  delivery_notes: MadeVoucher[];
}

export interface SalesOrder extends SalesOrderSummary {
  reserved: ReservedUnit[];
}

export interface SoldGoodsSummary {
  id: string;
  number: string;
  status: "submitted" | "cancelled";
  site_id: number;
  customer: Named;
  dated_on: string;
  submitted_by: string | null;
  submitted_at: string | null;
  source: { id: string; number: string; type: string } | null;
  qty: number;
}

export interface SoldGoods extends SoldGoodsSummary {
  remark: string | null;
  cancel_reason: string | null;
  lines: {
    id: number;
    item: ItemRef;
    qty: number;
    batch_no: string | null;
    units: {
      id: number;
      serial_no: string;
      batch_no: string | null;
      expires_on: string | null;
      warranty_until: string | null;
    }[];
  }[];
  sales_orders: { id: string; number: string }[];
  sales_invoices: MadeVoucher[];
}
