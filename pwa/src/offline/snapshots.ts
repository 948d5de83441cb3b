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

/**
 * What a screen that is also told of changes does with a reading. Asked for before `lastAnswer`, it may or may not hold
 * that one: ask again. Asked for before what is shown, it comes late and tells what was.
 */
export function standing(
  { askedAt, isRemembered }: Read<unknown>,
  lastAnswer: string,
  shownAskedAt = "",
): "newest" | "uncertain" | "outdated" {
  if (isRemembered) return "newest";
  if (lastAnswer > askedAt) return "uncertain";
  return askedAt < shownAskedAt ? "outdated" : "newest";
}

export const snapshotKey = (path: string) => `${username.value ?? ""} ${path}`;

/** A network that takes everything and answers nothing looks like a slow one for longer than a picker waits. */
const PATIENCE_MS = 3000;

/**
 * Reads `path`; without a network gives what this device keeps of it, and throws only when that is nothing.
 * An answer that takes its time goes to `late`, after the last one was given in its place.
 */
export async function read<T>(
  path: string,
  late: (read: Read<T>) => void,
  signal?: AbortSignal,
): Promise<Read<T>> {
  const askedAt = new Date().toISOString();
  const asked = get<T>(path, signal ? { signal } : {}).then(async value => {
    await remember(path, value, askedAt);
    return { value, askedAt, isRemembered: false };
  });
  const patience = new Promise<null>(resolve => setTimeout(resolve, PATIENCE_MS, null));
  try {
    const first = await Promise.race([asked, patience]);
    if (first) return first;
  } catch (error) {
    const kept = isNetworkFailure(error) && (await remembered<T>(path));
    if (kept) return kept;
    throw error;
  }
  const kept = await remembered<T>(path);
  if (!kept) return asked;
  asked.then(late, () => {});
  return kept;
}

const remembered = async <T>(path: string) => (await import("./remembered")).remembered<T>(path);

/** Keeps an answer, also one that came by another way than `read`, such as the receipt that was just opened. */
export async function remember(
  path: string,
  value: unknown,
  askedAt = new Date().toISOString(),
): Promise<void> {
  await (await database()).put("snapshots", { value, askedAt }, snapshotKey(path));
}
