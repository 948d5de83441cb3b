import "../styles/stock.css";
import { date, number, t, tOr } from "../i18n/t";
import { navigate } from "../router";
import { session, site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Remembered } from "../ui/Remembered";
import { UnitState } from "../ui/UnitState";
import { asked, atSameSite, type Fixed, filter, useSiteInLink, withFilters } from "./filters";
import { StateCounts } from "./StateCounts";
import type { StockLine, StockLines, StockUnit, StockUnits } from "./types";
import { usePages } from "./use-pages";

/** The stock of what a page is about: how much of it is what, and the list by quantity or by unit; at one site. */
export function StockList({ fixed = {}, at }: { fixed?: Fixed; at?: number }) {
  const isUnits = filter("view") === "units";
  const siteId = useSiteInLink(at);
  if (siteId === null) return null;
  const other = siteId !== site.value?.id && session.value?.sites.find(each => each.id === siteId);
  return (
    <section class="stock-list" aria-label={t("stock")}>
      {other && <p class="notice">{t("stock_of_site", { name: other.name })}</p>}
      <Totals siteId={siteId} fixed={fixed} />
      <div class="stock-tools">
        <fieldset class="stock-views" aria-label={t("show_as")}>
          <Link to={withFilters({ view: "" })} class="button" isCurrent={!isUnits}>
            {t("by_quantity")}
          </Link>
          <Link to={withFilters({ view: "units" })} class="button" isCurrent={isUnits}>
            {t("by_unit")}
          </Link>
        </fieldset>
        <Expiring />
        <a
          class="button"
          download
          href={`/api/stock/${isUnits ? "units" : "lines"}.csv?${asked(siteId, fixed, ...(isUnits ? ["older_than"] : []))}`}
        >
          <Icon name="download" />
          {t("export_csv")}
        </a>
      </div>
      {isUnits ? <Units siteId={siteId} fixed={fixed} /> : <Lines siteId={siteId} fixed={fixed} />}
    </section>
  );
}

interface Props {
  siteId: number;
  fixed: Fixed;
}

/** The totals of everything that the other filters leave, whatever state is chosen. */
function Totals({ siteId, fixed }: Props) {
  const query = asked(siteId, fixed);
  query.delete("state");
  query.set("limit", "1");
  const { pages } = usePages<StockLines>(`/api/stock?${query}`);
  return <StateCounts totals={pages[0]?.totals} />;
}

function Expiring() {
  return (
    <label class="stock-select">
      <span class="visually-hidden">{t("expiry")}</span>
      <select
        value={filter("expires_within")}
        onChange={event => navigate(withFilters({ expires_within: event.currentTarget.value }))}
      >
        <option value="">{t("any_expiry")}</option>
        {[30, 90, 180].map(days => (
          <option key={days} value={String(days)}>
            {t("expires_within", { days })}
          </option>
        ))}
      </select>
    </label>
  );
}

function Lines({ siteId, fixed }: Props) {
  const list = usePages<StockLines>(`/api/stock?${asked(siteId, fixed)}`);
  const lines = list.pages.flatMap(page => page.lines);
  return (
    <Listed list={list} isEmpty={lines.length === 0}>
      <ul class="lines">
        {lines.map(line => (
          <li key={`${line.item.id} ${line.place.id} ${line.batch?.id}`} class="stock-line">
            <LineRow line={line} />
          </li>
        ))}
      </ul>
    </Listed>
  );
}

function LineRow({ line }: { line: StockLine }) {
  const reasons = Object.entries(line.states).filter(([state]) => state !== "available");
  return (
    <>
      <Link to={atSameSite(`/items/${line.item.id}`)} class="stock-cell stock-main">
        <strong>{line.item.item_code}</strong>
        <small>{line.item.name}</small>
      </Link>
      <p class="stock-qty">
        <strong>{number(line.qty)}</strong>
        {reasons.map(([state, qty]) => (
          <span key={state} class={`state state-${state}`}>
            {number(qty)} {tOr(`state_${state}`, state)}
          </span>
        ))}
      </p>
      {line.batch && (
        <Link to={atSameSite(`/batches/${line.batch.id}`)} class="stock-cell">
          <Icon name="boxes" />
          <span>
            {line.batch.batch_no}
            {line.batch.expires_on && <small>{t("expires_on", { date: date(line.batch.expires_on) })}</small>}
          </span>
        </Link>
      )}
      <Link to={atSameSite(`/places/${line.place.id}`)} class="stock-cell stock-place">
        <Icon name="place" />
        <span>{line.place.path}</span>
      </Link>
    </>
  );
}

function Units({ siteId, fixed }: Props) {
  const list = usePages<StockUnits>(`/api/stock/units?${asked(siteId, fixed, "older_than")}`);
  const units = list.pages.flatMap(page => page.units);
  return (
    <Listed list={list} isEmpty={units.length === 0}>
      <ul class="lines">
        {units.map(unit => (
          <li key={unit.id} class="stock-line">
            <UnitRow unit={unit} />
          </li>
        ))}
      </ul>
    </Listed>
  );
}

function UnitRow({ unit }: { unit: StockUnit }) {
  const why = unit.hold_reason ?? (unit.reserved_for && t("reserved_for", { number: unit.reserved_for }));
  return (
    <>
      <Link to={`/unit/${unit.id}`} class="stock-cell stock-main">
        <strong>{unit.serial_no}</strong>
        <small>{unit.item.item_code}</small>
      </Link>
      <p class="stock-qty">
        <UnitState state={unit.availability} />
        <small>{why || t("since", { at: date(unit.received_at) })}</small>
      </p>
      {unit.batch_id && (
        <Link to={atSameSite(`/batches/${unit.batch_id}`)} class="stock-cell">
          <Icon name="boxes" />
          <span>
            {unit.batch_no}
            {unit.expires_on && <small>{t("expires_on", { date: date(unit.expires_on) })}</small>}
          </span>
        </Link>
      )}
      <Link to={atSameSite(`/places/${unit.location.id}`)} class="stock-cell stock-place">
        <Icon name="place" />
        <span>{unit.location.path}</span>
      </Link>
    </>
  );
}

interface ListedProps {
  list: ReturnType<typeof usePages<StockLines | StockUnits>>;
  isEmpty: boolean;
  children: preact.ComponentChildren;
}

function Listed({ list, isEmpty, children }: ListedProps) {
  return (
    <>
      {list.error !== null && <Failure error={list.error} retry={list.reload} />}
      {list.isRemembered && <Remembered at={list.askedAt} />}
      {list.pages.length === 0 && list.error === null && <Busy />}
      {list.pages.length > 0 && isEmpty && <p class="empty">{t("no_stock")}</p>}
      {!isEmpty && children}
      {list.more && (
        <button type="button" class="button" disabled={list.isBusy} onClick={list.more}>
          {t("show_next")}
        </button>
      )}
    </>
  );
}
