/**
 * A picture that another app shared with this one. service-worker.js takes it in and puts it into a small
 * database of its own, as it knows nothing of the app's.
 */
import { type DBSchema, openDB } from "idb";

interface Schema extends DBSchema {
  pictures: { key: number; value: { type: string; bytes: ArrayBuffer } };
}

/** The last shared picture, which is then forgotten; null when there is none. */
export async function takeSharedPicture(): Promise<Blob | null> {
  const db = await openDB<Schema>("serialtrail-shared", 1, {
    upgrade: fresh => void fresh.createObjectStore("pictures", { autoIncrement: true }),
  });
  try {
    const tx = db.transaction("pictures", "readwrite");
    const shared = (await tx.store.getAll()).at(-1);
    await tx.store.clear();
    await tx.done;
    return shared ? new Blob([shared.bytes], { type: shared.type }) : null;
  } finally {
    db.close();
  }
}
