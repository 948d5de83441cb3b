import { signal } from "@preact/signals";
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Outcome, Scan } from "../api-types";
import { upgrade } from "./upgrade";

/** What an entry of the outbox carries beside what the server is told. */
interface Kept {
  /** Whose it is; only sent in this user's session. */
  user: string;
  stored_at: string;
  /** Set when the server refuses to take the entry as such; it waits for a person. */
  stuck: string | null;
}

/** A scan on this device that the server has not answered yet. */
export interface ScanEntry extends Scan, Kept {
  kind: "scan";
}

/** Anything else that a person did: what the route of that action takes, to be sent in its turn. */
export interface ActionEntry extends Kept {
  id: string;
  /** Counter of this device, shared with the scans. */
  n: number;
  /** As the server's table of actions names it, such as `stock_transfer` or `pick_list.submit`. */
  kind: string;
  done_at: string;
  /** The voucher that it is done to, if it is there already. */
  voucher_id: string | null;
  site_id: number | null;
  body: Record<string, unknown>;
  /** Ids of the photos and signatures that the body names; they go out before it. */
  attachments: string[];
}

export type OutboxEntry = ScanEntry | ActionEntry;

export const isScan = (entry: OutboxEntry): entry is ScanEntry => entry.kind === "scan";

interface AnsweredBase {
  id: string;
  outcome: Outcome;
  answered_at: string;
  /** 1 while a person has still to look at it, else 0 (IndexedDB has no index over booleans). */
  open: 0 | 1;
}

/** The server's answer to a scan of this device. */
export interface AnsweredScan extends AnsweredBase {
  scan: ScanEntry;
}

/** The server's answer to another action. */
export interface AnsweredAction extends AnsweredBase {
  action: ActionEntry;
}

export type Answered = AnsweredScan | AnsweredAction;

export const isAnsweredScan = (answered: Answered): answered is AnsweredScan => "scan" in answered;
/** A pick that met another person's: it is settled on the pick list. */
export const isConflict = ({ outcome }: Answered): boolean =>
  outcome.actions.some(action => action.kind === "leave_short");
export const entryOf = (answered: Answered): OutboxEntry =>
  isAnsweredScan(answered) ? answered.scan : answered.action;

/** A photo or a signature, until the action that names it was answered. */
export interface Attachment {
  id: string;
  user: string;
  kind: string;
  note: string | null;
  /** Not a Blob, which some phones lose with the process that made it. */
  bytes: ArrayBuffer;
  is_sent: boolean;
}

/** A picture of a label that nobody could read while there was no network, until a person says what becomes of it. */
export interface KeptPicture {
  id: string;
  /** Who kept it; only read in this user's session. */
  user: string;
  /** The receipt that it was kept for; null when a unit was looked for. */
  receipt: { id: string; number: string } | null;
  taken_at: string;
  /** A JPEG. Not a Blob, which some phones lose with the process that made it. */
  jpeg: ArrayBuffer;
  state: "waiting" | "read" | "unreadable";
  /** What the server read in it. */
  codes: { text: string; raw: string; symbology: string }[];
  /** Why it could not be read, in the server's words. */
  reason: string | null;
}

export interface Device {
  id: string;
  name: string;
}

/** What the server last answered for an address. */
export interface Snapshot {
  value: unknown;
  askedAt: string;
  /** Of a list that the catalogue has by its members: their addresses, by the name of the list. */
  parts?: Record<string, string[]>;
}

/** What this device has of the catalogue of its user; the answers themselves are snapshots. */
export interface KeptCatalogue {
  user: string;
  siteId: number;
  /** By the server's clock, when it was last found to be whole. */
  asOf: string;
  /** How much more there is than a device keeps. */
  leftOut: number;
  /** Of each chosen customer whose units are here: how many more there are. */
  leftOutOf?: Record<string, number>;
  /** The version of each answer, by its address. */
  versions: Record<string, string>;
}

export interface Schema extends DBSchema {
  outbox: { key: number; value: OutboxEntry; indexes: { by_voucher: string } };
  /** The index by voucher holds scans only. */
  answers: { key: string; value: Answered; indexes: { by_voucher: string; by_open: number } };
  attachments: { key: string; value: Attachment };
  pictures: { key: string; value: KeptPicture };
  /** `counter`: number, `device`: Device, `catalogue`: KeptCatalogue. */
  meta: { key: string; value: number | Device | KeptCatalogue };
  /** Answers of the server by user and address, to read on while there is no network. */
  snapshots: { key: string; value: Snapshot };
}

export type Database = IDBPDatabase<Schema>;

/** Raised with every change of the stores or of what lies in them; `upgrade` brings older ones along. */
const VERSION = 3;

/** True when a newer build in another tab has taken the database over: this tab must be loaded again. */
export const isOutdated = signal(false);

let opened: Promise<Database> | null = null;

/** Everything that this device keeps. One connection for the whole page. */
export function database(): Promise<Database> {
  opened ??= openDB<Schema>("serialtrail", VERSION, {
    upgrade,
    // A newer build in another tab wants to upgrade: let it. Its rows are not ours to change any more.
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      opened = null;
      isOutdated.value = true;
    },
    terminated() {
      opened = null;
    },
  });
  opened.catch((error: DOMException) => {
    opened = null;
    if (error.name === "VersionError") isOutdated.value = true;
  });
  return opened;
}

/** Closes the connection, so that a test can start with an empty device. */
export async function closeDatabase(): Promise<void> {
  (await opened)?.close();
  opened = null;
}
