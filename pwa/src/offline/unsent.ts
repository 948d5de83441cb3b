import { signal } from "@preact/signals";
import { listen } from "./channel";
import { database } from "./db";
import { keptPictures } from "./pictures";

/** Scans on this device that the server has not answered. */
export const unsentCount = signal(0);
/** Answers that a person has still to look at, and kept pictures that were read or could not be. */
export const openCount = signal(0);
/** Kept pictures that wait for the server to read them. */
export const pictureCount = signal(0);

async function count(): Promise<void> {
  const db = await database();
  const [entries, answers, pictures] = await Promise.all([
    db.count("outbox"),
    db.countFromIndex("answers", "by_open", 1),
    keptPictures(),
  ]);
  const unread = pictures.filter(picture => picture.state === "waiting");
  unsentCount.value = entries;
  openCount.value = answers + pictures.length - unread.length;
  pictureCount.value = unread.length;
}

/** Keeps the counts right in this tab, whichever tab scans or sends. */
export function countUnsent(): void {
  listen(() => void count());
  void count();
}
