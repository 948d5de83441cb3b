import { date, dateTime, number, tOr } from "../i18n/t";
import type { Cell, ReportColumn } from "./types";

/** Columns whose texts are words of ours, to be said in the language of the screen. */
const WORDS: Record<string, string> = {
  voucher_type: "type",
  status: "voucher",
  state: "state",
  what: "act",
  basis: "basis",
  result: "count_kind",
};

export const isRight = ({ kind }: ReportColumn): boolean => kind === "number" || kind === "percent";

/** A cell as a person reads it. */
export function said(cell: Cell, { key, kind }: ReportColumn): string {
  if (cell === null) return "";
  if (typeof cell === "number") return kind === "percent" ? `${number(cell)} %` : number(cell);
  if (kind === "day") return date(cell);
  if (kind === "moment") return dateTime(cell);
  const prefix = WORDS[key];
  return prefix ? tOr(`${prefix}_${cell}`, cell.replaceAll("_", " ")) : cell;
}
