import { date, number, t } from "../i18n/t";
import { atSite } from "../stock/filters";
import { Link } from "../ui/Link";
import { Bars } from "./Bars";
import { type Column, Rows } from "./Rows";
import { endingIn, type Span } from "./totals";
import type { StockBoard } from "./types";

type Low = StockBoard["low"][number];
type Expiring = StockBoard["expiring"][number];

// A function: the texts come with the code, but not before it.
const low = (siteId: number): Column<Low>[] => [
  { head: t("item"), cell: row => <Link to={atSite(`/items/${row.id}`, siteId)}>{row.item_code}</Link> },
  { head: t("name"), cell: row => row.name },
  { head: t("board_in_house"), cell: row => number(row.qty), isNumber: true },
  { head: t("board_reorder_at"), cell: row => number(row.reorder_level), isNumber: true },
];

// A function: the texts come with the code, but not before it.
const expiring = (siteId: number): Column<Expiring>[] => [
  { head: t("batch"), cell: row => <Link to={atSite(`/batches/${row.id}`, siteId)}>{row.batch_no}</Link> },
  { head: t("item"), cell: row => row.item_code },
  { head: t("board_expires"), cell: row => date(row.expires_on) },
  { head: t("board_days_left"), cell: row => number(row.days_left), isNumber: true },
  { head: t("board_in_house"), cell: row => number(row.qty), isNumber: true },
];

function spanOf(span: Span): string {
  if (span === -1) return t("board_expired");
  return span === "later" ? t("board_later") : t("board_within_days", { days: span });
}

/** What runs low, and what expires soon. */
export function LowStock({ shown }: { shown: StockBoard }) {
  return (
    <div class="board-parts">
      <Rows
        title={t("board_low")}
        rows={shown.low}
        columns={low(shown.site.id)}
        keyOf={row => row.id}
        empty={t("board_nothing_low")}
        isBad={row => row.qty === 0}
      />
      <Rows
        title={t("board_expiring", { days: shown.days })}
        rows={shown.expiring}
        columns={expiring(shown.site.id)}
        keyOf={row => row.id}
        empty={t("board_nothing_expires")}
        isBad={row => row.days_left < 0}
      />
      <Bars
        title={t("board_ending")}
        bars={endingIn(shown.expiring).map(({ span, qty }) => ({ label: spanOf(span), value: qty }))}
        valueHead={t("board_in_house")}
      />
    </div>
  );
}
