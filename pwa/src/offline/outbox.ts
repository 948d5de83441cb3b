import type { IDBPObjectStore } from "idb";
import type { Outcome, Scan } from "../api-types";
import { type AnsweredScan, database, type KeptPicture, type OutboxRow, type Schema } from "./db";

/** What a caller knows of a scan; the outbox adds the id, the counter and the time. */
export type NewScan = Omit<Scan, "id" | "n" | "scanned_at"> & { user: string };

/**
 * Stores a scan and gives its row once it is on the disk.
 *
 * The counter and the row are one strict transaction: a number is used exactly when its row exists, and
 * a phone that loses power after the beep still has the scan.
 */
export async function keep(scan: NewScan, scannedAt = new Date()): Promise<OutboxRow> {
  const tx = (await database()).transaction(["meta", "outbox"], "readwrite", { durability: "strict" });
  const [row, stored] = await store(tx.objectStore("meta"), tx.objectStore("outbox"), scan, scannedAt);
  await Promise.all([stored, tx.done]);
  return row;
}

/**
 * Stores the scan that a kept picture came to, in place of the picture: there is always exactly one of the
 * two. Null when the picture is gone, as another tab has used or dropped it.
 */
export async function keepFromPicture(scan: NewScan, picture: KeptPicture): Promise<OutboxRow | null> {
  const db = await database();
  const tx = db.transaction(["meta", "outbox", "pictures"], "readwrite", { durability: "strict" });
  const pictures = tx.objectStore("pictures");
  if (!(await pictures.getKey(picture.id))) return null;
  const at = new Date(picture.taken_at);
  const [row, stored] = await store(tx.objectStore("meta"), tx.objectStore("outbox"), scan, at);
  await Promise.all([stored, pictures.delete(picture.id), tx.done]);
  return row;
}

type Store<Name extends "meta" | "outbox"> = IDBPObjectStore<
  Schema,
  ("meta" | "outbox" | "pictures")[],
  Name,
  "readwrite"
>;

async function store(
  meta: Store<"meta">,
  outbox: Store<"outbox">,
  scan: NewScan,
  scannedAt: Date,
): Promise<[OutboxRow, Promise<unknown>]> {
  const n = (((await meta.get("counter")) as number | undefined) ?? 0) + 1;
  const row: OutboxRow = {
    ...scan,
    id: crypto.randomUUID(),
    n,
    scanned_at: scannedAt.toISOString(),
    stored_at: new Date().toISOString(),
    stuck: null,
  };
  // The row first: if it cannot be stored, this throws before the number counts as used.
  const added = outbox.add(row);
  return [row, Promise.all([added, meta.put(n, "counter")])];
}

/** The oldest rows of `user` that can be sent, at most `limit`, in the order in which they were scanned. */
export async function oldest(user: string, limit: number): Promise<OutboxRow[]> {
  const rows: OutboxRow[] = [];
  const tx = (await database()).transaction("outbox");
  for await (const cursor of tx.store) {
    if (cursor.value.user === user && cursor.value.stuck === null) rows.push(cursor.value);
    if (rows.length === limit) break;
  }
  return rows;
}

/** Every row that waits, of every user, oldest first. */
export async function waiting(): Promise<OutboxRow[]> {
  return (await database()).getAll("outbox");
}

export async function waitingFor(voucherId: string): Promise<OutboxRow[]> {
  return (await database()).getAllFromIndex("outbox", "by_voucher", voucherId);
}

/**
 * Takes the rows that the server answered for out of the outbox and keeps the answers.
 * A row without an answer stays, whatever else the response said.
 */
export async function settle(rows: OutboxRow[], outcomes: Outcome[]): Promise<AnsweredScan[]> {
  const answers = new Map(outcomes.map(outcome => [outcome.id, outcome]));
  const db = await database();
  const tx = db.transaction(["outbox", "answers"], "readwrite", { durability: "strict" });
  const settled: AnsweredScan[] = [];
  const changes: Promise<unknown>[] = [];
  for (const row of rows) {
    const outcome = answers.get(row.id);
    if (!outcome) continue;
    const answered: AnsweredScan = {
      id: row.id,
      scan: row,
      outcome,
      answered_at: new Date().toISOString(),
      open: outcome.status === "accepted" || outcome.status === "duplicate" ? 0 : 1,
    };
    changes.push(tx.objectStore("outbox").delete(row.n), tx.objectStore("answers").put(answered));
    settled.push(answered);
  }
  await Promise.all([...changes, tx.done]);
  return settled;
}

/** Sets a row aside that the server does not take at all, so that those behind it can go. */
export async function setAside(row: OutboxRow, why: string): Promise<void> {
  await (await database()).put("outbox", { ...row, stuck: why });
}

/** Lets rows that were set aside be tried again. */
export async function retryStuck(): Promise<void> {
  const tx = (await database()).transaction("outbox", "readwrite");
  for await (const cursor of tx.store) {
    if (cursor.value.stuck !== null) await cursor.update({ ...cursor.value, stuck: null });
  }
  await tx.done;
}

export async function answersFor(voucherId: string): Promise<AnsweredScan[]> {
  return (await database()).getAllFromIndex("answers", "by_voucher", voucherId);
}

/** Answers that a person has still to look at: refused scans and those to review. */
export async function openAnswers(): Promise<AnsweredScan[]> {
  return (await database()).getAllFromIndex("answers", "by_open", 1);
}

/** A person has seen these answers; they stay on the device but ask for nothing any more. */
export async function close(ids: string[]): Promise<void> {
  const tx = (await database()).transaction("answers", "readwrite", { durability: "strict" });
  for (const id of ids) {
    const answered = await tx.store.get(id);
    if (answered) await tx.store.put({ ...answered, open: 0 });
  }
  await tx.done;
}

/** Forgets closed answers older than a month, so that the device does not fill up. */
export async function forgetOld(now = Date.now()): Promise<void> {
  const limit = new Date(now - 30 * 86_400_000).toISOString();
  const tx = (await database()).transaction("answers", "readwrite");
  for await (const cursor of tx.store) {
    if (cursor.value.open === 0 && cursor.value.answered_at < limit) await cursor.delete();
  }
  await tx.done;
}
