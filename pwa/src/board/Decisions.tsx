import { t, time, tOr } from "../i18n/t";
import { Link } from "../ui/Link";
import { type Column, Rows } from "./Rows";
import type { Decision, DecisionsBoard } from "./types";

// A function: the texts come with the code, but not before it.
const columns = (): Column<Decision>[] => [
  { head: t("board_what"), cell: row => t(`board_kind_${row.kind}`) },
  { head: t("voucher"), cell: row => <Link to={placeOf(row)}>{row.number}</Link> },
  { head: t("board_subject"), cell: row => row.subject },
  { head: t("board_by"), cell: row => row.by },
  { head: t("board_since"), cell: row => <time dateTime={row.at}>{time(row.at)}</time> },
  { head: t("reason"), cell: row => row.reason !== null && tOr(row.reason, row.reason) },
];

/** Where it is decided. */
function placeOf({ kind, voucher_id }: Decision): string {
  if (kind === "conflict") return "/conflicts";
  return kind === "count" ? `/counts/${voucher_id}` : `/vouchers/${voucher_id}`;
}

const keyOf = (row: Decision) => `${row.kind} ${row.voucher_id} ${row.subject} ${row.at}`;

/** What waits for a supervisor, and which rules were passed today. */
export function Decisions({ shown }: { shown: DecisionsBoard }) {
  return (
    <div class="board-parts">
      <Rows
        title={t("board_waiting")}
        rows={shown.waiting}
        columns={columns()}
        keyOf={keyOf}
        empty={t("board_nothing_waits")}
      />
      <Rows
        title={t("board_passed")}
        rows={shown.passed}
        columns={columns()}
        keyOf={keyOf}
        empty={t("board_nothing_passed")}
      />
    </div>
  );
}
