/** Scans that the server takes as soon as it is told their batch or expiry. */
import type { ReceiptLine } from "../api-types";
import type { AnsweredScan } from "../offline/db";
import { lacksDetails } from "./entries";

export interface Lacking {
  item: ReceiptLine["item"];
  scans: AnsweredScan[];
}

/** Those of one item, oldest first; null when none lacks anything. */
export function lackingOf(answers: AnsweredScan[], lines: ReceiptLine[]): Lacking | null {
  const open = answers.filter(each => each.open === 1 && lacksDetails(each.outcome));
  const itemId = open[0] && itemAskedAbout(open[0]);
  const item = lines.find(line => line.item.id === itemId)?.item;
  if (!item) return null;
  const scans = open.filter(each => itemAskedAbout(each) === itemId).sort((a, b) => a.scan.n - b.scan.n);
  return { item, scans };
}

/** The item whose batch or expiry the server asks for. */
export function itemAskedAbout({ outcome }: AnsweredScan): number | null {
  const itemId = outcome.actions.find(action => action.item_id)?.item_id;
  return typeof itemId === "number" ? itemId : null;
}

/** Whether what is kept by now gives what the server asked for and the scan did not have. */
export function isSettledBy(
  kept: { batch_no: string | null; expires_on: string | null },
  { scan, outcome, open }: AnsweredScan,
): boolean {
  if (open === 0 || !lacksDetails(outcome)) return false;
  return outcome.code === "batch_required"
    ? scan.batch_no === null && kept.batch_no !== null
    : scan.expires_on === null && kept.expires_on !== null;
}
