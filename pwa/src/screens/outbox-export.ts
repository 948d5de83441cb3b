import { type Answered, entryOf, type OutboxEntry } from "../offline/db";
import { timeOfEntry, titleOfEntry } from "../offline/said";

/** The columns of the table, for people who open it in a spreadsheet; the JSON file has everything. */
const COLUMNS = ["n", "id", "kind", "user", "at", "what", "state", "reason"] as const;

/** Saves what is stuck as a CSV file. */
export function exportTable(waiting: OutboxEntry[], open: Answered[]): void {
  const rows = [
    ...waiting.map(entry => [...told(entry), "waiting", entry.stuck ?? ""]),
    ...open.map(each => [...told(entryOf(each)), each.outcome.status, each.outcome.message]),
  ];
  const content = [[...COLUMNS], ...rows].map(row => row.map(cell).join(",")).join("\r\n");
  save(`${content}\r\n`, "text/csv", "csv");
}

const told = (entry: OutboxEntry): string[] => [
  String(entry.n),
  entry.id,
  entry.kind,
  entry.user,
  timeOfEntry(entry),
  titleOfEntry(entry),
];

/** Quoted, and never a formula: a label may hold anything. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${plain.replaceAll('"', '""')}"`;
}

/** Saves what is stuck on this device as a JSON file, so that it can be handed over when nothing else helps. */
export function exportFile(waiting: OutboxEntry[], open: Answered[]): void {
  const content = JSON.stringify({ exported_at: new Date().toISOString(), waiting, open }, null, 2);
  save(content, "application/json", "json");
}

function save(content: string, type: string, ending: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `serialtrail-outbox-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
