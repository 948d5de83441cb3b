import "../styles/board-rows.css";
import type { ComponentChild } from "preact";
import { number } from "../i18n/t";

export interface Column<Row> {
  head: string;
  cell: (row: Row) => ComponentChild;
  isNumber?: boolean;
}

interface Props<Row> {
  title: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string | number;
  /** What to say when there is no row: that is good news on a board. */
  empty: string;
  isBad?: (row: Row) => boolean;
}

/** A part of a board: how many there are in large figures, and each in a line; on a phone a line is a card. */
export function Rows<Row>({ title, rows, columns, keyOf, empty, isBad }: Props<Row>) {
  return (
    <section class="panel board-rows" aria-label={title}>
      <header class="panel-head">
        <h2>{title}</h2>
        <strong class="board-count">{number(rows.length)}</strong>
      </header>
      {rows.length === 0 ? (
        <p class="empty">{empty}</p>
      ) : (
        <table>
          <thead>
            <tr>
              {columns.map(column => (
                <th key={column.head} scope="col" class={column.isNumber ? "cell-number" : ""}>
                  {column.head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <tr key={keyOf(row)} class={isBad?.(row) ? "row-bad" : ""}>
                {columns.map(column => (
                  <td key={column.head} data-head={column.head} class={column.isNumber ? "cell-number" : ""}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
