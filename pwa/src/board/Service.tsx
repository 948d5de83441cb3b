import { date, number, t, time, tOr } from "../i18n/t";
import { Link } from "../ui/Link";
import { Bars } from "./Bars";
import { type Column, Rows } from "./Rows";
import { claimsBy } from "./totals";
import type { ServiceBoard } from "./types";

type Claim = ServiceBoard["claims"][number];
type Visit = ServiceBoard["overdue"][number];

// A function: the texts come with the code, but not before it.
const columns = (): Column<Claim>[] => [
  { head: t("board_claim"), cell: row => row.number },
  {
    head: t("board_unit"),
    cell: row => (
      <>
        <strong class="key-data">{row.serial_no}</strong> {row.item_code}
      </>
    ),
  },
  { head: t("customer"), cell: row => row.customer },
  { head: t("board_complaint"), cell: row => row.complaint },
  { head: t("board_decision"), cell: row => tOr(`board_decision_${row.decision}`, row.decision) },
  { head: t("board_technician"), cell: row => row.technician ?? t("board_nobody") },
  { head: t("board_since"), cell: row => <time dateTime={row.opened_at}>{time(row.opened_at)}</time> },
];

const visits = (): Column<Visit>[] => [
  { head: t("board_unit"), cell: row => <Link to={`/unit/${row.unit_id}`}>{row.serial_no}</Link> },
  { head: t("item"), cell: row => row.item_code },
  { head: t("board_visit"), cell: row => row.name },
  { head: t("board_technician"), cell: row => row.technician ?? t("board_nobody") },
  { head: t("board_due"), cell: row => date(row.due_on) },
  { head: t("board_days_late"), cell: row => number(row.days_late), isNumber: true },
];

/** Open claims and overdue visits, and who is on them. */
export function Service({ shown }: { shown: ServiceBoard }) {
  return (
    <div class="board-parts">
      <Rows
        title={t("board_open_claims")}
        rows={shown.claims}
        columns={columns()}
        keyOf={row => row.id}
        empty={t("board_no_claims")}
        isBad={row => row.technician === null}
      />
      <Bars
        title={t("board_claims_by")}
        bars={claimsBy(shown.claims).map(({ technician, claims }) => ({
          label: technician ?? t("board_nobody"),
          value: claims,
        }))}
        valueHead={t("board_open_claims")}
      />
      <Rows
        title={t("board_overdue")}
        rows={shown.overdue}
        columns={visits()}
        keyOf={row => row.id}
        empty={t("board_nothing_overdue")}
        isBad={row => row.technician === null}
      />
    </div>
  );
}
