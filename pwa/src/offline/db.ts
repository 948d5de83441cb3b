import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Outcome, Scan } from "../api-types";

/** A scan on this device that the server has not answered yet. */
export interface OutboxRow extends Scan {
  /** Who scanned; only sent in this user's session. */
  user: string;
  stored_at: string;
  /** Set when the server refuses to take the row as such; it waits for a person. */
  stuck: string | null;
}

/** The server's answer to a scan of this device. */
export interface AnsweredScan {
  id: string;
  scan: OutboxRow;
  outcome: Outcome;
  answered_at: string;
  /** 1 while a person has still to look at it, else 0 (IndexedDB has no index over booleans). */
  open: 0 | 1;
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

export interface Schema extends DBSchema {
  outbox: { key: number; value: OutboxRow; indexes: { by_voucher: string } };
  answers: { key: string; value: AnsweredScan; indexes: { by_voucher: string; by_open: number } };
  pictures: { key: string; value: KeptPicture };
  /** `counter`: number, `device`: Device. */
  meta: { key: string; value: number | Device };
  /** Last answers of the server by their address, to read on while there is no network. */
  snapshots: { key: string; value: { value: unknown; askedAt: string } };
}

export type Database = IDBPDatabase<Schema>;

let opened: Promise<Database> | null = null;

/** Everything that this device keeps. One connection for the whole page. */
export function database(): Promise<Database> {
  opened ??= openDB<Schema>("serialtrail", 2, {
    upgrade(db, from) {
      if (from < 2) db.createObjectStore("pictures", { keyPath: "id" });
      if (from > 0) return;
      const outbox = db.createObjectStore("outbox", { keyPath: "n" });
      outbox.createIndex("by_voucher", "voucher_id");
      const answers = db.createObjectStore("answers", { keyPath: "id" });
      answers.createIndex("by_voucher", "scan.voucher_id");
      answers.createIndex("by_open", "open");
      db.createObjectStore("meta");
      db.createObjectStore("snapshots");
    },
    // A newer build in another tab wants to upgrade: let it, and open again when needed.
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      opened = null;
    },
    terminated() {
      opened = null;
    },
  });
  opened.catch(() => {
    opened = null;
  });
  return opened;
}

/** Closes the connection, so that a test can start with an empty device. */
export async function closeDatabase(): Promise<void> {
  (await opened)?.close();
  opened = null;
}
