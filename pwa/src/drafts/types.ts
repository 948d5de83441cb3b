import type { Permission } from "../api-types";
import { may } from "../session";

/** Drafts of the vouchers that are posted in one request, as the API shows them. */
export const ADDRESSES = {
  stock_transfer: "/transfers/new",
  supplier_return: "/supplier-returns/new",
  stock_entry: "/stock-entries/new",
  delivery_note: "/delivery-notes/new",
  sales_invoice: "/sales-invoices/new",
} as const;

export type DraftKind = keyof typeof ADDRESSES;

/** What posting it asks for, and so its draft. */
const PERMISSIONS: Record<DraftKind, Permission> = {
  stock_transfer: "move",
  supplier_return: "move",
  stock_entry: "move",
  delivery_note: "deliver",
  sales_invoice: "orders.manage",
};

/** Whether the person may go on with drafts of some kind here. */
export const mayDraft = (kind: DraftKind | null): boolean =>
  kind ? may(PERMISSIONS[kind]) : Object.values(PERMISSIONS).some(may);

export interface DraftCard {
  id: string;
  kind: DraftKind;
  status: "draft" | "submitted" | "discarded";
  revision: number;
  entries: number;
  remark: string | null;
  changed_by: string;
  changed_at: string;
}

export interface NamedGoods {
  item_id?: number;
  item_code?: string;
  batch_no?: string | null;
  qty: number;
}

/** What a form holds, each field as its route takes it; what is not filled in yet is missing. */
export type DraftBody = Record<string, unknown> & {
  serial_nos?: string[];
  goods?: NamedGoods[];
  lines?: NamedGoods[];
};

export interface Draft extends DraftCard {
  body: DraftBody;
  voucher: { id: string; number: string } | null;
}

/** The address of the form that goes on with a draft. */
export const addressOf = (draft: Pick<DraftCard, "id" | "kind">): string =>
  `${ADDRESSES[draft.kind]}?draft=${draft.id}`;
