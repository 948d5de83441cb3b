/** Keeps on this device what its user needs to go on without the server: the first time whole, then changes. */
import { effect, signal } from "@preact/signals";
import { isNetworkFailure, post } from "../api";
import { session, sessionState, site, username } from "../session";
import { siteNews } from "../ui/use-live";
import { listen } from "./channel";
import { chosenCustomers } from "./chosen";
import { database, type KeptCatalogue } from "./db";

interface Page {
  as_of: string;
  answers: {
    path: string;
    version: string;
    body: Record<string, unknown> | null;
    parts: Record<string, string[]> | null;
  }[];
  gone: string[];
  more: boolean;
  left_out: number;
  left_out_of: Record<string, number>;
}

/** What is kept at the moment; null until it is whole for the first time. */
export const keptCatalogue = signal<KeptCatalogue | null>(null);

const LOCK = "serialtrail-catalogue";
/** A start, a log-in and a network that is back come in bursts, and the screens read first. */
const SETTLE_MS = 1000;
const REGULAR_MS = 5 * 60_000;
/** What others do comes along while a screen hears of it, but a busy site is not read at every scan. */
const NEWS_MS = 10_000;
/** The server bounds its pages and their number; whatever answers in its place may not keep a phone busy. */
const MOST_PAGES = 50;

/** Follows the session: keeps what its user needs, and forgets what another one did. Ends with what it gives. */
export function startKeeping(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void keepUp(), SETTLE_MS);
  };
  const whenVisible = () => document.visibilityState === "visible" && isDue() && soon();
  const stopWatching = effect(() => {
    if (sessionState.value === "out") void forget(null);
    // Without a token the session is only remembered: there was no server to ask.
    else if (session.value?.csrf_token && site.value) soon();
  });
  let newsTimer: ReturnType<typeof setTimeout> | undefined;
  const stopHearing = effect(() => {
    if (siteNews.value === 0) return;
    newsTimer ??= setTimeout(() => {
      newsTimer = undefined;
      void keepUp();
    }, NEWS_MS);
  });
  // What this device did is in the catalogue only after the server has it.
  const stopListening = listen(news => news.kind === "drained" && keptCatalogue.value && soon());
  addEventListener("online", soon);
  document.addEventListener("visibilitychange", whenVisible);
  const regular = setInterval(whenVisible, REGULAR_MS);
  return () => {
    stopWatching();
    stopHearing();
    stopListening();
    removeEventListener("online", soon);
    document.removeEventListener("visibilitychange", whenVisible);
    clearInterval(regular);
    clearTimeout(timer);
    clearTimeout(newsTimer);
  };
}

const isList = (path: string) => path.includes("&status=");

const isDue = () => Date.now() - Date.parse(keptCatalogue.value?.asOf ?? "1970-01-01") > REGULAR_MS / 2;

/** Gets what has changed; one tab at a time. Without a network all stays as it is. */
export function keepUp(): Promise<void> {
  return navigator.locks.request(LOCK, async () => {
    const user = username.value;
    const siteId = site.value?.id;
    if (user === null || siteId === undefined || sessionState.value !== "in") return;
    await forget(user);
    try {
      for (let page = 0; page < MOST_PAGES; page++) if (await keepPage(user, siteId)) return;
    } catch (error) {
      if (!isNetworkFailure(error)) console.warn("The catalogue was not kept", error);
    }
  });
}

/** Gets one page and keeps it whole or not at all; true when nothing is missing any more. */
async function keepPage(user: string, siteId: number): Promise<boolean> {
  const db = await database();
  const before = (await db.get("meta", "catalogue")) as KeptCatalogue | undefined;
  const held = { ...before?.versions };
  // A screen has read it whole meanwhile: from then on it would miss what becomes of its members.
  for (const path of Object.keys(held).filter(isList)) {
    const list = await db.get("snapshots", `${user} ${path}`);
    if (!list?.parts) delete held[path];
  }
  const customers = chosenCustomers().map(each => each.code);
  const wanted = { site: siteId, held, customers };
  const page = await post<Page>("/api/offline-catalogue", wanted, { timeoutMs: 60_000 });
  if (username.value !== user || !Array.isArray(page.answers)) return true;
  const versions = { ...held };
  const tx = db.transaction(["snapshots", "meta"], "readwrite");
  const snapshots = tx.objectStore("snapshots");
  for (const { path, version, body, parts } of page.answers) {
    versions[path] = version;
    void snapshots.put({ value: body, askedAt: page.as_of, ...(parts && { parts }) }, `${user} ${path}`);
  }
  for (const path of page.gone) {
    delete versions[path];
    void snapshots.delete(`${user} ${path}`);
  }
  const asOf = page.more ? (before?.asOf ?? "") : page.as_of;
  // What is not whole yet is not here yet.
  const leftOutOf = page.more ? before?.leftOutOf : page.left_out_of;
  const now: KeptCatalogue = { user, siteId, asOf, leftOut: page.left_out, leftOutOf, versions };
  void tx.objectStore("meta").put(now, "catalogue");
  await tx.done;
  if (!page.more) keptCatalogue.value = now;
  return !page.more;
}

/** Forgets what this device keeps to read, unless it is this user's. What waits to be sent stays. */
export async function forget(exceptOf: string | null): Promise<void> {
  const db = await database();
  const catalogue = (await db.get("meta", "catalogue")) as KeptCatalogue | undefined;
  if (exceptOf !== null && catalogue?.user === exceptOf) {
    keptCatalogue.value ??= catalogue.asOf ? catalogue : null;
    return;
  }
  const tx = db.transaction(["snapshots", "meta"], "readwrite");
  const snapshots = tx.objectStore("snapshots");
  for (const name of await snapshots.getAllKeys()) {
    if (exceptOf === null || !name.startsWith(`${exceptOf} `)) void snapshots.delete(name);
  }
  void tx.objectStore("meta").delete("catalogue");
  await tx.done;
  keptCatalogue.value = null;
}
