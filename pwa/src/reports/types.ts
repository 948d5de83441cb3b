export type ColumnKind = "text" | "number" | "percent" | "day" | "moment";
export type FilterName = "from" | "to" | "item" | "batch" | "place" | "party" | "serial" | "days";
export type Cell = string | number | null;

export interface ReportColumn {
  key: string;
  title: string;
  kind: ColumnKind;
}

export interface ReportCard {
  key: string;
  title: string;
  about: string;
  filters: FilterName[];
  columns: ReportColumn[];
  /** The column that the bars of its chart are named by. */
  chart_by: string | null;
}

export interface ReportPage extends ReportCard {
  rows: Cell[][];
  total: number;
  chart: { label: string; value: number }[];
}
