/** Stock transfers as the API shows them. */
export interface SitePlace {
  id: number;
  code: string;
  path: string;
  site: string;
}

export interface Destination extends SitePlace {
  kind: string;
  is_here: boolean;
}

export interface TransferCard {
  id: string;
  number: string;
  status: "submitted" | "closed" | "cancelled";
  from: SitePlace;
  to: SitePlace;
  by: string;
  at: string;
  qty: number;
  received: number;
}

export interface TransferLine {
  id: number;
  item_code: string;
  name: string;
  batch_no: string | null;
  by_serial: boolean;
  qty: number;
  received: number;
}

export interface Transfer extends TransferCard {
  lines: TransferLine[];
  units: { id: number; serial_no: string; item_code: string; in_transit: boolean; place: string }[];
}
