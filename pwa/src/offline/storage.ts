import { signal } from "@preact/signals";

/** Scans must always find room: a person is warned long before the storage is full. */
export const FULL_SHARE = 0.8;

/** `short`: almost full. `not_kept`: the browser has not promised to keep it. */
export const storage = signal<"fine" | "short" | "not_kept">("fine");

/** Whether so many more bytes would take the storage beyond its share; unknown counts as room. */
export async function isStorageShort(bytes = 0): Promise<boolean> {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return quota > 0 && usage + bytes > quota * FULL_SHARE;
}

/** Asks the browser to keep what is stored, and looks how much room there is: at the start and now and then. */
export async function watchStorage(): Promise<void> {
  const isKept = (await navigator.storage?.persist?.()) ?? true;
  const look = async () => {
    storage.value = (await isStorageShort()) ? "short" : isKept ? "fine" : "not_kept";
  };
  await look();
  setInterval(() => void look(), 60_000);
}
