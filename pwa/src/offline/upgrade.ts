import type { IDBPDatabase, IDBPTransaction, StoreNames } from "idb";
import type { OutboxEntry, Schema } from "./db";

type Upgrading = IDBPTransaction<Schema, StoreNames<Schema>[], "versionchange">;

/**
 * Brings what an older build kept to the present shape; one transaction, so that it happens whole or not at
 * all. Nothing that waits is ever left out: an id and its content stay what the server may have seen.
 */
export async function upgrade(
  db: IDBPDatabase<Schema>,
  from: number,
  _to: number | null,
  tx: Upgrading,
): Promise<void> {
  if (from < 1) {
    const outbox = db.createObjectStore("outbox", { keyPath: "n" });
    outbox.createIndex("by_voucher", "voucher_id");
    const answers = db.createObjectStore("answers", { keyPath: "id" });
    answers.createIndex("by_voucher", "scan.voucher_id");
    answers.createIndex("by_open", "open");
    db.createObjectStore("meta");
    db.createObjectStore("snapshots");
  }
  if (from < 2) db.createObjectStore("pictures", { keyPath: "id" });
  if (from < 3) {
    db.createObjectStore("attachments", { keyPath: "id" });
    if (from > 0) await nameKinds(tx);
  }
}

/** Until version 2 everything in the outbox was a scan. */
async function nameKinds(tx: Upgrading): Promise<void> {
  for await (const cursor of tx.objectStore("outbox")) {
    await cursor.update({ ...cursor.value, kind: "scan" } as OutboxEntry);
  }
}
