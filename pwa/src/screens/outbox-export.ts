import type { Answered, OutboxEntry } from "../offline/db";

/** Saves what is stuck on this device as a JSON file, so that it can be handed over when nothing else helps. */
export function exportFile(waiting: OutboxEntry[], open: Answered[]): void {
  const content = JSON.stringify({ exported_at: new Date().toISOString(), waiting, open }, null, 2);
  const address = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `serialtrail-outbox-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
