/** Pictures that a person kept for later, as there was no network and this device could not read them. */
import { ApiError, isRefusal } from "../api";
import { readByServer } from "../frames";
import { announce } from "./channel";
import { database, type KeptPicture } from "./db";
import { isStorageShort } from "./storage";

export const MOST_PICTURES = 20;
const MOST_BYTES = 10 * 1024 * 1024;

/** Why a picture is not kept. */
export type NoRoom = "too_many" | "too_large" | "storage_short";

export class PictureNotKept extends Error {
  override name = "PictureNotKept";
  constructor(readonly why: NoRoom) {
    super(why);
  }
}

/** Keeps a picture until the server can read it; throws `PictureNotKept` when there is no room for it. */
export async function keepPicture(
  picture: Blob,
  user: string,
  receipt: KeptPicture["receipt"],
  takenAt = new Date(),
): Promise<void> {
  const jpeg = await picture.arrayBuffer();
  if (await isStorageShort(jpeg.byteLength)) throw new PictureNotKept("storage_short");
  const tx = (await database()).transaction("pictures", "readwrite", { durability: "strict" });
  const kept = await tx.store.getAll();
  const why = noRoomFor(jpeg.byteLength, kept);
  if (why) throw new PictureNotKept(why);
  const id = crypto.randomUUID();
  const added = tx.store.add({
    id,
    user,
    receipt,
    taken_at: takenAt.toISOString(),
    jpeg,
    state: "waiting",
    codes: [],
    reason: null,
  });
  await Promise.all([added, tx.done]);
  announce({ kind: "pictures" });
}

function noRoomFor(bytes: number, kept: KeptPicture[]): NoRoom | null {
  if (kept.length >= MOST_PICTURES) return "too_many";
  const sum = kept.reduce((all, { jpeg }) => all + jpeg.byteLength, bytes);
  return sum > MOST_BYTES ? "too_large" : null;
}

/** Every kept picture on this device, oldest first. */
export async function keptPictures(): Promise<KeptPicture[]> {
  const pictures = await (await database()).getAll("pictures");
  return pictures.sort((a, b) => a.taken_at.localeCompare(b.taken_at));
}

/** A person decided: the picture is not needed any more. */
export async function dropPicture(id: string): Promise<void> {
  await (await database()).delete("pictures", id);
  announce({ kind: "pictures" });
}

/** Lets the server look once more at a picture that it could not read. */
export async function readAgain(picture: KeptPicture): Promise<void> {
  await change(picture.id, { state: "waiting", reason: null });
}

/**
 * Has the server read the oldest waiting picture of `user`; false when none waits. What comes of it stays
 * with the picture until a person decides. Throws what keeps it from being read now.
 */
export async function readOldestPicture(user: string): Promise<boolean> {
  const next = (await keptPictures()).find(each => each.state === "waiting" && each.user === user);
  if (!next) return false;
  try {
    const { codes, reason } = await readByServer([new Blob([next.jpeg], { type: "image/jpeg" })]);
    const read = codes.map(({ text, raw, symbology }) => ({ text, raw, symbology }));
    if (read.length > 0) await change(next.id, { state: "read", codes: read });
    else await change(next.id, { state: "unreadable", reason: reason?.message ?? "" });
  } catch (error) {
    const isForbidden = error instanceof ApiError && error.status === 403;
    if (!isRefusal(error) && !isForbidden) throw error;
    await change(next.id, { state: "unreadable", reason: error.message });
  }
  return true;
}

/** Changes a picture that is still there. */
async function change(id: string, to: Partial<KeptPicture>): Promise<void> {
  const tx = (await database()).transaction("pictures", "readwrite", { durability: "strict" });
  const picture = await tx.store.get(id);
  if (picture) await tx.store.put({ ...picture, ...to });
  await tx.done;
  announce({ kind: "pictures" });
}
