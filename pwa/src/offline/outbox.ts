import type { IDBPObjectStore } from "idb";
import type { Outcome, Scan } from "../api-types";
import {
  type ActionEntry,
  type Answered,
  type AnsweredScan,
  type Attachment,
  database,
  isAnsweredScan,
  isScan,
  type KeptPicture,
  type OutboxEntry,
  type ScanEntry,
  type Schema,
} from "./db";

/** What a caller knows of a scan; the outbox adds the id, the counter and the time. */
export type NewScan = Omit<Scan, "id" | "n" | "scanned_at"> & { user: string };

/** What a caller knows of another action; the outbox adds the counter. */
export type NewAction = Omit<ActionEntry, "n" | "stored_at" | "stuck">;

/**
 * Stores a scan and gives its row once it is on the disk.
 *
 * The counter and the row are one strict transaction: a number is used exactly when its row exists, and
 * a phone that loses power after the beep still has the scan.
 */
export async function keep(scan: NewScan, scannedAt = new Date()): Promise<ScanEntry> {
  const tx = (await database()).transaction(["meta", "outbox"], "readwrite", { durability: "strict" });
  const [row, stored] = await store(tx.objectStore("meta"), tx.objectStore("outbox"), made(scan, scannedAt));
  await Promise.all([stored, tx.done]);
  rememberCounter(row.n);
  return row;
}

/** Stores an action with its photos and signatures: all of it is on the disk afterwards, or nothing. */
export async function keepEntry(action: NewAction, attachments: Attachment[] = []): Promise<ActionEntry> {
  const tx = (await database()).transaction(["meta", "outbox", "attachments"], "readwrite", {
    durability: "strict",
  });
  const [row, stored] = await store(tx.objectStore("meta"), tx.objectStore("outbox"), action);
  const added = attachments.map(each => tx.objectStore("attachments").add(each));
  await Promise.all([stored, ...added, tx.done]);
  rememberCounter(row.n);
  return row;
}

/**
 * Stores the scan that a kept picture came to, in place of the picture: there is always exactly one of the
 * two. Null when the picture is gone, as another tab has used or dropped it.
 */
export async function keepFromPicture(scan: NewScan, picture: KeptPicture): Promise<ScanEntry | null> {
  const db = await database();
  const tx = db.transaction(["meta", "outbox", "pictures"], "readwrite", { durability: "strict" });
  const pictures = tx.objectStore("pictures");
  if (!(await pictures.getKey(picture.id))) return null;
  const whole = made(scan, new Date(picture.taken_at));
  const [row, stored] = await store(tx.objectStore("meta"), tx.objectStore("outbox"), whole);
  await Promise.all([stored, pictures.delete(picture.id), tx.done]);
  rememberCounter(row.n);
  return row;
}

const made = (scan: NewScan, at: Date) => ({
  ...scan,
  kind: "scan" as const,
  id: crypto.randomUUID(),
  scanned_at: at.toISOString(),
});

type Store<Name extends "meta" | "outbox"> = IDBPObjectStore<
  Schema,
  ("meta" | "outbox" | "pictures" | "attachments")[],
  Name,
  "readwrite"
>;

async function store<New extends object>(
  meta: Store<"meta">,
  outbox: Store<"outbox">,
  entry: New,
): Promise<[New & { n: number; stored_at: string; stuck: null }, Promise<unknown>]> {
  const n = Math.max(((await meta.get("counter")) as number | undefined) ?? 0, highestCounter()) + 1;
  const row = { ...entry, n, stored_at: new Date().toISOString(), stuck: null };
  // The row first: if it cannot be stored, this throws before the number counts as used.
  const added = outbox.add(row as unknown as OutboxEntry);
  return [row, Promise.all([added, meta.put(n, "counter")])];
}

/** The counter goes on where it was when the browser has cleared the database: the server sees what is missing. */
const COUNTER = "serialtrail.counter";

export const highestCounter = (): number => Number(localStorage.getItem(COUNTER)) || 0;

function rememberCounter(n: number): void {
  if (n > highestCounter()) localStorage.setItem(COUNTER, String(n));
}

/** The oldest entries of `user` that can be sent, at most `limit`, in the order in which they were made. */
export async function oldest(user: string, limit: number): Promise<OutboxEntry[]> {
  const rows: OutboxEntry[] = [];
  const tx = (await database()).transaction("outbox");
  for await (const cursor of tx.store) {
    if (cursor.value.user === user && cursor.value.stuck === null) rows.push(cursor.value);
    if (rows.length === limit) break;
  }
  return rows;
}

/** Every entry that waits, of every user, oldest first. */
export async function waiting(): Promise<OutboxEntry[]> {
  return (await database()).getAll("outbox");
}

/** The counters of all entries on this device but these, as spans from the first to the last. */
export async function heldBeside(entries: OutboxEntry[]): Promise<[number, number][]> {
  const sent = new Set(entries.map(entry => entry.n));
  const spans: [number, number][] = [];
  for (const n of await (await database()).getAllKeys("outbox")) {
    const last = spans.at(-1);
    if (sent.has(n)) continue;
    if (last && last[1] === n - 1) last[1] = n;
    else spans.push([n, n]);
  }
  return spans;
}

/** The scans that wait for a voucher. */
export async function waitingFor(voucherId: string): Promise<ScanEntry[]> {
  return (await (await database()).getAllFromIndex("outbox", "by_voucher", voucherId)).filter(isScan);
}

/** The other actions that wait, oldest first. */
export async function waitingActions(): Promise<ActionEntry[]> {
  return (await waiting()).filter((entry): entry is ActionEntry => !isScan(entry));
}

/**
 * Takes the entries that the server answered for out of the outbox and keeps the answers.
 * One without an answer stays, whatever else the response said.
 */
export async function settle(entries: OutboxEntry[], outcomes: Outcome[]): Promise<Answered[]> {
  const answers = new Map(outcomes.map(outcome => [outcome.id, outcome]));
  const db = await database();
  const tx = db.transaction(["outbox", "answers", "attachments"], "readwrite", { durability: "strict" });
  const settled: Answered[] = [];
  const changes: Promise<unknown>[] = [];
  for (const entry of entries) {
    const outcome = answers.get(entry.id);
    if (!outcome) continue;
    const isDone = outcome.status === "accepted" || outcome.status === "duplicate";
    const answered: Answered = {
      id: entry.id,
      ...(isScan(entry) ? { scan: entry } : { action: entry }),
      outcome,
      answered_at: new Date().toISOString(),
      open: isDone ? 0 : 1,
    };
    changes.push(tx.objectStore("outbox").delete(entry.n), tx.objectStore("answers").put(answered));
    if (isDone && !isScan(entry)) {
      changes.push(...entry.attachments.map(id => tx.objectStore("attachments").delete(id)));
    }
    settled.push(answered);
  }
  await Promise.all([...changes, tx.done]);
  return settled;
}

/** Sets an entry aside that the server does not take at all, so that those behind it can go. */
export async function setAside(entry: OutboxEntry, why: string): Promise<void> {
  await (await database()).put("outbox", { ...entry, stuck: why });
}

/** Lets entries that were set aside be tried again. */
export async function retryStuck(): Promise<void> {
  const tx = (await database()).transaction("outbox", "readwrite");
  for await (const cursor of tx.store) {
    if (cursor.value.stuck !== null) await cursor.update({ ...cursor.value, stuck: null });
  }
  await tx.done;
}

/** What was answered to the scans of a voucher. */
export async function answersFor(voucherId: string): Promise<AnsweredScan[]> {
  const found = await (await database()).getAllFromIndex("answers", "by_voucher", voucherId);
  return found.filter(isAnsweredScan);
}

/** Answers that a person has still to look at: what was refused or is to be reviewed. */
export async function openAnswers(): Promise<Answered[]> {
  return (await database()).getAllFromIndex("answers", "by_open", 1);
}

/** A person has seen these answers; they stay on the device but ask for nothing any more. */
export async function close(ids: string[]): Promise<void> {
  const tx = (await database()).transaction(["answers", "attachments"], "readwrite", {
    durability: "strict",
  });
  const answers = tx.objectStore("answers");
  for (const id of ids) {
    const answered = await answers.get(id);
    if (!answered) continue;
    await answers.put({ ...answered, open: 0 });
    if (isAnsweredScan(answered)) continue;
    for (const each of answered.action.attachments) await tx.objectStore("attachments").delete(each);
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
