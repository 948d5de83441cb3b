import { t, tOr } from "../i18n/t";
import { type ActionEntry, isScan, type OutboxEntry } from "./db";

/** What an entry of the outbox is, in one line: a scan's text, or what was done and to what. */
export function titleOfEntry(entry: OutboxEntry): string {
  if (isScan(entry)) return entry.purpose === "undo" ? t("undo") : entry.text;
  const name = tOr(`action_${entry.kind.replaceAll(".", "_")}`, entry.kind);
  const subject = subjectOf(entry);
  return subject ? `${name}: ${subject}` : name;
}

export const timeOfEntry = (entry: OutboxEntry): string => (isScan(entry) ? entry.scanned_at : entry.done_at);

/** What the action is about, as far as its body says it: serial numbers before anything else. */
function subjectOf({ body }: ActionEntry): string {
  const serials = Array.isArray(body.serial_nos) ? body.serial_nos : [body.serial_no ?? body.text];
  const [first, ...more] = serials.filter(each => typeof each === "string" && each !== "");
  if (first === undefined) return "";
  return more.length > 0 ? `${first} + ${more.length}` : String(first);
}
