import { date, t } from "../i18n/t";
import { Link } from "../ui/Link";
import { Progress } from "../ui/Progress";
import { type Column, Rows } from "./Rows";
import type { RecallsBoard } from "./types";

type Recall = RecallsBoard["recalls"][number];

// A function: the texts come with the code, but not before it.
const columns = (): Column<Recall>[] => [
  { head: t("recall"), cell: row => <Link to={`/recalls/${row.id}`}>{row.number}</Link> },
  { head: t("board_scope"), cell: row => row.scope },
  { head: t("reason"), cell: row => row.reason },
  { head: t("board_since"), cell: row => date(row.opened_at) },
  {
    head: t("board_progress"),
    cell: row => {
      const label = t("resolved_of", { resolved: row.resolved, total: row.total });
      return (
        <span class="board-progress">
          {label}
          <Progress value={row.resolved} max={row.total} label={`${row.number}: ${label}`} />
        </span>
      );
    },
  },
];

/** The recalls that run, and how far they have come. */
export function RunningRecalls({ shown }: { shown: RecallsBoard }) {
  return (
    <div class="board-parts">
      <Rows
        title={t("board_running_recalls")}
        rows={shown.recalls}
        columns={columns()}
        keyOf={row => row.id}
        empty={t("board_no_recalls")}
      />
    </div>
  );
}
