import { language, locale } from "../i18n/language";
import { date, dateTime, number, t, tOr } from "../i18n/t";
import type { Cell, ReportChart, ReportColumn } from "./types";

/** How the heads of all columns are said, in the files' words where a language lacks its own. */
export const head = ({ key, title }: Pick<ReportColumn, "key" | "title">): string =>
  tOr(`report_column_${key}`, title);

export const isRight = ({ kind }: ReportColumn): boolean => kind === "number" || kind === "percent";

/** A cell as a person reads it. */
export function said(cell: Cell, { key, kind, words }: ReportColumn): string {
  if (cell === null) return "";
  if (typeof cell === "number")
    return kind === "percent" ? t("report_percent", { value: cell }) : number(cell);
  if (kind === "day") return date(cell);
  if (kind === "moment") return dateTime(cell);
  if (kind === "hour") return hourOf(cell, longHours);
  // What an act is about may be a kind of voucher, or anything that has a name of its own.
  return words ? tOr(`${words}_${cell}`, key === "subject" ? cell : cell.replaceAll("_", " ")) : cell;
}

const months = new Intl.DateTimeFormat(locale ?? language, {
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});
const days = new Intl.DateTimeFormat(locale ?? language, { day: "numeric", month: "short", timeZone: "UTC" });
const hours = new Intl.DateTimeFormat(locale ?? language, {
  day: "numeric",
  month: "short",
  hour: "numeric",
  timeZone: "UTC",
});
const longHours = new Intl.DateTimeFormat(locale ?? language, {
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "UTC",
});

/** An hour as the clock of the site showed it, wherever it is read; its offset tells apart one that came twice. */
function hourOf(iso: string, format: Intl.DateTimeFormat): string {
  const hour = format.format(new Date(`${iso.slice(0, 16)}Z`));
  return t("report_hour", { hour, offset: `UTC${iso.slice(16)}` });
}

/** The name of a bar: a cell of the column that names them, or the head of a column that is a bar itself. */
export function nameOf(
  label: string,
  by: ReportColumn | undefined,
  order: ReportChart["order"],
  columns: readonly ReportColumn[],
): string {
  if (!by) {
    const column = columns.find(({ key }) => key === label);
    return column ? head(column) : label;
  }
  if (order === "days") return days.format(new Date(label));
  if (order === "hours") return hourOf(label, hours);
  if (order === "longest") return said(label, by);
  return label === "earlier" ? t("report_earlier") : months.format(new Date(label));
}
