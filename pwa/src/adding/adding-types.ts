/** What the server says of many serial numbers at once. */
export interface ParsedList {
  serial_nos: string[];
  secondary_serials: NumberOfUnit[];
  refused: RefusedEntry[];
  possible_ranges: string[];
}

/** A further number, such as an IMEI, that stands behind a serial number of the list. */
export interface NumberOfUnit {
  serial_no: string;
  kind: string;
  text: string;
}

export interface RefusedEntry {
  line: number;
  text: string;
  code: string;
  message: string;
  next_step: string;
}

/** One serial number of a list that was refused whole. */
export interface RefusedSerial {
  index: number;
  serial_no: string;
  code: string;
  message: string;
}

export interface RowAnswer {
  row: number;
  serial_no: string;
  /** Of goods without serial numbers, as it stands in the file. */
  qty: string | null;
  outcome: string;
  code: string;
  message: string;
  next_step: string;
}

export interface UploadAnswer {
  committed: boolean;
  counts: Record<string, number>;
  ignored_columns: string[];
  rows: RowAnswer[];
}

export interface AddItem {
  id: number;
  item_code: string;
  name: string;
  tracking: string;
  /** Kinds of further numbers that its units have. */
  secondary_kinds?: string[];
}

/** What holds for all units that are put on at once. */
export interface AddDetails {
  batch_no: string | null;
  manufactured_on: string | null;
  expires_on: string | null;
}

/** To which voucher, of which item, with what. */
export interface Adding {
  /** Address of the voucher at the server. */
  path: string;
  item: AddItem;
  details: AddDetails;
  /** The server has taken so many. */
  onAdded: (count: number) => void;
}
