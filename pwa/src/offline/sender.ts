import { signal } from "@preact/signals";
import { ApiError, isNetworkFailure, isRefusal, post } from "../api";
import type { CounterGap, Outcome, SyncAnswer } from "../api-types";
import { AttachmentRefused, sendAttachment, unsentOf } from "./attachments";
import { wakeLater } from "./background-sync";
import { announce, listen, type OutboxNews } from "./channel";
import { type ActionEntry, isScan, type OutboxEntry } from "./db";
import { thisDevice } from "./device";
import { heldBeside, oldest, setAside, settle } from "./outbox";
import { readOldestPicture } from "./pictures";

/** Why the outbox is not going out, or `idle` / `sending` when nothing is in the way. */
export type SendingState = "idle" | "sending" | "no_network" | "not_logged_in" | "wait" | "server_error";

export const sending = signal<SendingState>("idle");
/** True when the server found this device's clock far off. */
export const clockIsOff = signal(false);
/** What the server says never arrived from this device: the browser has thrown it away. */
export const lost = signal<CounterGap | null>(null);

const BATCH = 50;
const MAX_WAIT_MS = 60_000;
export const LOCK = "serialtrail-outbox";

let currentUser: () => string | null = () => null;
let queued: Promise<void> | null = null;
let failures = 0;
let notBefore = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Sends what waits, oldest first, one sender over all tabs: scans, then pictures to be read.
 *
 * The lock is queued, not "if available": a scan stored while another tab is just finishing would else
 * wait for the next occasion. Calls that come before the queued one has started share it, as it will read
 * their rows too. After a 429 or 5xx nothing goes out before the wait is over, unless a person asks (`isUrgent`).
 */
export function send({ isUrgent = false } = {}): Promise<void> {
  if (!isUrgent && Date.now() < notBefore) return Promise.resolve();
  queued ??= navigator.locks.request(LOCK, async () => {
    queued = null;
    clearTimeout(timer);
    await drain();
  });
  return queued;
}

/** Back-off after `count` failures in a row: up to 1, 2, 4 … 60 s, at random so that phones do not come in step. */
export function backOff(count: number, random = Math.random()): number {
  return Math.min(MAX_WAIT_MS, 1000 * 2 ** (count - 1)) * (0.5 + random / 2);
}

/** Sends once for a user who is logged in, in a worker that has no tab to ask. */
export async function sendFor(user: string): Promise<void> {
  currentUser = () => user;
  await send({ isUrgent: true });
  clearTimeout(timer);
}

async function drain(): Promise<void> {
  const user = currentUser();
  if (user === null) return;
  notBefore = 0;
  let limit = BATCH;
  try {
    while (currentUser() === user) {
      const rows = await oldest(user, limit);
      // Scans first; after each picture they are looked for again, as a picture takes its time.
      if (rows.length === 0) {
        if (await readOldestPicture(user)) continue;
        break;
      }
      sending.value = "sending";
      try {
        await sendSome(rows);
        failures = 0;
      } catch (error) {
        if (!isRefusal(error) && !(error instanceof AttachmentRefused)) throw error;
        // Something in the batch keeps the server from reading it at all: find it, let the others go.
        const [first] = rows as [OutboxEntry];
        if (limit === 1 || error instanceof AttachmentRefused) await setAside(first, error.message);
        limit = limit === 1 ? BATCH : 1;
      }
    }
    sending.value = "idle";
  } catch (error) {
    sending.value = reason(error);
    if (sending.value === "not_logged_in") return;
    failures += 1;
    const asked = error instanceof ApiError ? (error.retryAfter ?? 0) * 1000 : 0;
    const wait = Math.max(asked, backOff(failures));
    // Without a network a try costs the server nothing, so the next scan may try at once.
    if (sending.value !== "no_network") notBefore = Date.now() + wait;
    else if (typeof document !== "undefined") void wakeLater();
    timer = setTimeout(() => void send({ isUrgent: true }), wait);
  } finally {
    announce({ kind: "drained" });
  }
}

/** Sends the entries up to the first one with photos that are not out yet; when that is the first, its photos. */
async function sendSome(rows: OutboxEntry[]): Promise<void> {
  const ready: OutboxEntry[] = [];
  for (const row of rows) {
    const photos = await unsentOf(row);
    if (photos.length === 0) {
      ready.push(row);
      continue;
    }
    if (ready.length > 0) break;
    for (const photo of photos) await sendAttachment(photo, row as ActionEntry);
    return;
  }
  await sendBatch(ready);
}

async function sendBatch(rows: OutboxEntry[]): Promise<void> {
  const answer = await tell(rows);
  const faults = new Map(answer.outcomes.filter(isOfNobody).map(each => [each.id, each.message]));
  for (const row of rows) if (faults.has(row.id)) await setAside(row, faults.get(row.id) ?? "");
  const answered = await settle(
    rows,
    answer.outcomes.filter(each => !isOfNobody(each)),
  );
  if (answered.length + faults.size === 0) throw new ApiError("problem", 500);
  announce({ kind: "answered", answered });
}

/** Says to the server which device this is, and gives it some entries; tells the tabs what it says of the device. Under `LOCK`. */
export async function tell(rows: OutboxEntry[]): Promise<SyncAnswer> {
  const device = await thisDevice();
  const answer = await post<SyncAnswer>("/api/sync", {
    device_id: device.id,
    device_name: device.name,
    sent_at: new Date().toISOString(),
    holds: await heldBeside(rows),
    entries: rows.map(toSend),
  });
  // JSON, but not ours: somebody else answers in the server's place.
  if (!Array.isArray(answer?.outcomes)) throw new ApiError("network", 200);
  announce({ kind: "heard", isClockOff: answer.clock_off === true, gap: answer.gap ?? null });
  return answer;
}

/** The server could not judge it: neither the person's fault nor an answer, so it stays and is tried again. */
const isOfNobody = ({ code }: Outcome): boolean => code === "internal_error" || code === "kind_unknown";

function toSend(entry: OutboxEntry) {
  const { user: _user, stored_at: _stored, stuck: _stuck, ...told } = entry;
  if (isScan(entry)) return told;
  const { attachments: _attachments, ...action } = told as ActionEntry;
  return action;
}

function reason(error: unknown): SendingState {
  if (isNetworkFailure(error)) return "no_network";
  if (error instanceof ApiError && error.status === 401) return "not_logged_in";
  if (error instanceof ApiError && error.status === 429) return "wait";
  return "server_error";
}

/** The gap is remembered over a restart: nothing may come to be sent for long after it. */
const LOST = "serialtrail.lost";

function hear(news: OutboxNews): void {
  if (news.kind !== "heard") return;
  // Another tab or the worker has reached the server.
  if (sending.value === "no_network" || sending.value === "server_error") sending.value = "idle";
  clockIsOff.value = news.isClockOff;
  lost.value = news.gap;
  localStorage.setItem(LOST, JSON.stringify(news.gap));
}

/** Starts sending for whoever `user` names, at every occasion that may have brought the network back. */
export function startSending(user: () => string | null): () => void {
  currentUser = user;
  lost.value = JSON.parse(localStorage.getItem(LOST) ?? "null");
  const stopListening = listen(hear);
  const now = () => void send();
  const whenVisible = () => {
    if (document.visibilityState === "visible") now();
  };
  addEventListener("online", now);
  addEventListener("focus", now);
  addEventListener("pageshow", now);
  document.addEventListener("visibilitychange", whenVisible);
  // Phones that come back from sleep raise none of these events at times.
  const regular = setInterval(now, 30_000);
  now();
  return () => {
    stopListening();
    removeEventListener("online", now);
    removeEventListener("focus", now);
    removeEventListener("pageshow", now);
    document.removeEventListener("visibilitychange", whenVisible);
    clearInterval(regular);
    clearTimeout(timer);
    failures = 0;
    notBefore = 0;
    currentUser = () => null;
  };
}
