/** What this device says by itself, of what it keeps: with the words, and by the rules, of the server. */
import { brought } from "./brought";
import { database, type KeptCatalogue } from "./db";
import { findKept } from "./find";
import { type Read, snapshotKey } from "./snapshots";

/** The answer of an address as far as it is kept; null when nothing of it is. */
export async function remembered<T>(path: string): Promise<Read<T> | null> {
  const found = await keptAt(path);
  return found && { value: found.value as T, askedAt: found.askedAt, isRemembered: true };
}

async function keptAt(path: string): Promise<{ value: unknown; askedAt: string } | null> {
  const db = await database();
  const catalogue = (await db.get("meta", "catalogue")) as KeptCatalogue | undefined;
  if (path.startsWith("/api/units?")) {
    return { value: await findKept(path), askedAt: catalogue?.asOf ?? new Date().toISOString() };
  }
  const snapshot = await db.get("snapshots", snapshotKey(path));
  if (!snapshot) return null;
  // The catalogue was whole at its time: nothing of what it holds had changed until then.
  const asOf = catalogue?.versions[path] === undefined ? "" : catalogue.asOf;
  const askedAt = asOf > snapshot.askedAt ? asOf : snapshot.askedAt;
  if (snapshot.parts) return { value: await together(snapshot.parts), askedAt };
  return { value: await brought(path, snapshot.value), askedAt };
}

/** A list, put together of its members. */
async function together(parts: Record<string, string[]>): Promise<Record<string, unknown[]>> {
  const db = await database();
  const lists: Record<string, unknown[]> = {};
  for (const [name, paths] of Object.entries(parts)) {
    const members = await Promise.all(paths.map(path => db.get("snapshots", snapshotKey(path))));
    lists[name] = members.flatMap(member => (member ? [member.value] : []));
  }
  return lists;
}
