import { signal } from "@preact/signals";
import { listen } from "./channel";
import { openAnswers, waiting } from "./outbox";

/** Scans on this device that the server has not answered. */
export const unsentCount = signal(0);
/** Answers that a person has still to look at. */
export const openCount = signal(0);

async function count(): Promise<void> {
  const [rows, answers] = await Promise.all([waiting(), openAnswers()]);
  unsentCount.value = rows.length;
  openCount.value = answers.length;
}

/** Keeps the two counts right in this tab, whichever tab scans or sends. */
export function countUnsent(): void {
  listen(() => void count());
  void count();
}
