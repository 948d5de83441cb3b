import { number, t, time } from "../i18n/t";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Progress } from "../ui/Progress";
import { Bars } from "./Bars";
import { type Column, Rows } from "./Rows";
import { pickedBy } from "./totals";
import type { PickingBoard } from "./types";

type PickList = PickingBoard["pick_lists"][number];

// A function: the texts come with the code, but not before it.
const columns = (): Column<PickList>[] => [
  { head: t("pick_list"), cell: row => <Link to={`/pick/${row.id}`}>{row.number}</Link> },
  { head: t("customer"), cell: row => row.customers.join(", ") },
  { head: t("board_by"), cell: row => row.by },
  {
    head: t("board_picked"),
    cell: row => (
      <span class="board-progress">
        {number(row.picked)} / {number(row.qty)}
        <Progress
          value={row.picked}
          max={row.qty}
          label={t("board_picked_of", { number: row.number, picked: row.picked, qty: row.qty })}
        />
      </span>
    ),
  },
  {
    head: t("board_since"),
    cell: row => (
      <>
        <time dateTime={row.opened_at}>{time(row.opened_at)}</time>
        {row.is_late && (
          <span class="state state-refused">
            <Icon name="clock" />
            {t("board_late")}
          </span>
        )}
      </>
    ),
  },
];

/** What is being fetched, what waits to be shipped, and what is late. */
export function Picking({ shown }: { shown: PickingBoard }) {
  const of = (status: PickList["status"]) => shown.pick_lists.filter(row => row.status === status);
  const rest = {
    columns: columns(),
    keyOf: (row: PickList) => row.id,
    isBad: (row: PickList) => row.is_late,
  };
  return (
    <div class="board-parts">
      <Rows title={t("board_being_picked")} rows={of("draft")} empty={t("board_nothing_to_pick")} {...rest} />
      <Rows title={t("board_to_ship")} rows={of("submitted")} empty={t("board_nothing_to_ship")} {...rest} />
      <Bars
        title={t("board_picked_by")}
        bars={pickedBy(shown.pick_lists)}
        valueHead={t("board_picked")}
        ofHead={t("board_to_pick")}
      />
      <p class="board-note">{t("board_shipped_today", { count: shown.shipped_today })}</p>
    </div>
  );
}
