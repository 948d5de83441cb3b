export type ColumnKind = "text" | "number" | "percent" | "day" | "moment" | "hour";
export type FilterName = "from" | "to" | "item" | "batch" | "place" | "party" | "serial" | "days" | "act";
export type Cell = string | number | null;

export interface ReportColumn {
  key: string;
  title: string;
  kind: ColumnKind;
  /** What the keys of the words begin with that stand for the codes in it. */
  words: string | null;
}

/** What the bars of a report are, by the keys of its columns. */
export interface ReportChart {
  /** What names the bars; null where each is named by a column. */
  by: string | null;
  /** What they are; null where rows are counted. */
  value: string | null;
  of: string | null;
  /** What goes the other way. */
  against: string | null;
  order: "longest" | "hours" | "months" | "days";
}

export interface ReportCard {
  key: string;
  title: string;
  about: string;
  filters: FilterName[];
  columns: ReportColumn[];
  /** The kinds of acts that it can be narrowed to. */
  acts: string[];
  chart: ReportChart | null;
}

export interface ReportPage extends ReportCard {
  rows: Cell[][];
  total: number;
  bars: { label: string; value: number; of: number | null; against: number | null }[];
}
