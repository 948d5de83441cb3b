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

/** Reads `path`; without a network gives this user's last answer for it, and throws only when there is none. */
export async function read<T>(path: string, signal?: AbortSignal): Promise<Read<T>> {
  const db = await database();
  const name = key(path);
  const askedAt = new Date().toISOString();
  try {
    const value = await get<T>(path, signal ? { signal } : {});
    await db.put("snapshots", { value, askedAt }, name);
    return { value, askedAt, isRemembered: false };
  } catch (error) {
    if (!isNetworkFailure(error)) throw error;
    const snapshot = await db.get("snapshots", name);
    if (snapshot === undefined) throw error;
    return { value: snapshot.value as T, askedAt: snapshot.askedAt, isRemembered: true };
  }
}

/** Keeps an answer that came by another way than `read`, such as the receipt that was just opened. */
export async function remember(path: string, value: unknown): Promise<void> {
  await (await database()).put("snapshots", { value, askedAt: new Date().toISOString() }, key(path));
}
