import { get, isNetworkFailure } from "../api";
import { username } from "../session";
import { database } from "./db";

export interface Read<T> {
  value: T;
  /** When this device asked for it (ISO time): what happened later may not be in it. */
  askedAt: string;
  /** True when the network is away and this is what the server said last time. */
  isRemembered: boolean;
}

const key = (path: string) => `${username.value ?? ""} ${path}`;

/** A network that takes everything and answers nothing looks like a slow one for longer than a picker waits. */
const PATIENCE_MS = 3000;

/**
 * Reads `path`; without a network gives this user's last answer for it, and throws only when there is none.
 * An answer that takes its time goes to `late`, after the last one was given in its place.
 */
export async function read<T>(
  path: string,
  late: (read: Read<T>) => void,
  signal?: AbortSignal,
): Promise<Read<T>> {
  const db = await database();
  const name = key(path);
  const askedAt = new Date().toISOString();
  const asked = get<T>(path, signal ? { signal } : {}).then(async value => {
    await db.put("snapshots", { value, askedAt }, name);
    return { value, askedAt, isRemembered: false };
  });
  // Whoever awaits it below hears of a failure; until then it is not an unhandled one.
  asked.catch(() => {});
  const snapshot = await db.get("snapshots", name);
  if (snapshot === undefined) return asked;
  const remembered = { value: snapshot.value as T, askedAt: snapshot.askedAt, isRemembered: true };
  const patience = new Promise<Read<T>>(resolve => setTimeout(resolve, PATIENCE_MS, remembered));
  try {
    const first = await Promise.race([asked, patience]);
    if (first.isRemembered) asked.then(late, () => {});
    return first;
  } catch (error) {
    if (!isNetworkFailure(error)) throw error;
    return remembered;
  }
}

/** Keeps an answer that came by another way than `read`, such as the receipt that was just opened. */
export async function remember(path: string, value: unknown): Promise<void> {
  await (await database()).put("snapshots", { value, askedAt: new Date().toISOString() }, key(path));
}
