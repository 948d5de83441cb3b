import type { BoardRow } from "../api-types";
import { number, t } from "../i18n/t";
import { type Column, Rows } from "./Rows";
import { type ReceivingTotal, totalsBy } from "./totals";

// A function: the texts come with the code, but not before it.
const columns = (head: string): Column<ReceivingTotal>[] => [
  { head, cell: row => <strong>{row.name}</strong> },
  { head: t("board_expected"), cell: row => number(row.expected), isNumber: true },
  { head: t("accepted"), cell: row => number(row.accepted), isNumber: true },
  { head: t("rejected"), cell: row => number(row.rejected), isNumber: true },
  { head: t("board_unknown"), cell: row => number(row.unknown), isNumber: true },
  { head: t("rate"), cell: row => number(Math.round(row.perMinute * 10) / 10), isNumber: true },
];

/** How far each dock and each order is: with one receipt alone its own panel says all. */
export function ReceivingTotals({ rows }: { rows: readonly BoardRow[] }) {
  if (rows.length < 2) return null;
  const rest = {
    keyOf: (row: ReceivingTotal) => row.name,
    empty: "",
    isBad: (row: ReceivingTotal) => row.unknown > 0,
  };
  return (
    <div class="board-totals">
      <Rows
        title={t("board_by_dock")}
        rows={totalsBy(rows, "location")}
        columns={columns(t("board_dock"))}
        {...rest}
      />
      <Rows
        title={t("board_by_order")}
        rows={totalsBy(rows, "purchase_order_number")}
        columns={columns(t("board_order"))}
        {...rest}
      />
    </div>
  );
}
