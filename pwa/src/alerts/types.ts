import { atSite } from "../stock/filters";

export interface Alert {
  id: number;
  kind: string;
  message: string;
  voucher: { id: string; type: string; number: string } | null;
  batch_id: number | null;
  item_id: number | null;
  raised_at: string;
  acknowledged_by: string | null;
  acknowledged_at: string | null;
  remark: string | null;
  email: string | null;
  mail_status: "none" | "waiting" | "sent" | "dead";
  mail_answer: string | null;
}

export interface AlertRule {
  id: string;
  kind: string;
  threshold: number | null;
  email: string | null;
  made_by: string;
  made_at: string;
  alerts: number;
}

/** What can be watched, and the number that it needs; without a unit it needs none. */
export interface AlertKind {
  kind: string;
  unit: "percent" | "minutes" | "hours" | "days" | "entries" | null;
  least: number | null;
  most: number | null;
  usual: number | null;
}

/** Where an alert of a site leads: to the voucher, batch or item that it is about; null when it is about none. */
export function placeOf({ voucher, batch_id, item_id }: Alert, siteId: number | undefined): string | null {
  if (voucher) return voucher.type === "warranty_claim" ? `/claims/${voucher.id}` : `/vouchers/${voucher.id}`;
  if (batch_id !== null) return atSite(`/batches/${batch_id}`, siteId);
  return item_id !== null ? atSite(`/items/${item_id}`, siteId) : null;
}
