/** The rule of backend/domain/warranty.py, in the same words; tests/data/warranty_cases.json keeps the two together. */

export type WarrantyStatus =
  | "none"
  | "not_started"
  | "under"
  | "out"
  | "paused"
  | "void"
  | "under_amc"
  | "out_of_amc";
export type Basis = "delivery" | "installation" | "registration";

/** A day of the calendar as ISO 8601 has it (2026-01-15): no time and no time zone. */
export type Day = string;

/** A service contract (AMC): its number, first and last day. */
export interface Contract {
  number: string;
  start: Day;
  end: Day;
}

/** What is known of a unit's warranty and contracts, in the names that the API has for it. */
export interface Terms {
  start: Day | null;
  /** The last day, which counts. */
  end: Day | null;
  /** The item's period, in whatever unit; null where the item has no warranty. */
  period_days: number | null;
  void_reason?: string | null;
  /** The day of the return that stopped it; a return after the last day stops nothing. */
  paused_on?: Day | null;
  /** What starts it; the delivery if not given. */
  basis?: Basis;
  /** Whether somebody outside has the unit. */
  is_sold?: boolean;
  contracts?: Contract[];
}

/** The answer: days left are null unless something covers or waits. By code and facts the message is translated. */
export interface Coverage {
  status: WarrantyStatus;
  days_left: number | null;
  code: string;
  message: string;
  facts: Record<string, string | number>;
}

const MS_A_DAY = 86_400_000;
/** A warranty that was extended to the end of the calendar ends there. */
const LAST_DAY: Day = "9999-12-31";

/** What to say about a unit on a day; its warranty wins over its service contracts. */
export function coverage(terms: Terms, today: Day): Coverage {
  const warranty = ofWarranty(terms, today);
  if (warranty.status === "under" || warranty.status === "paused") return warranty;
  const contracts = terms.contracts ?? [];
  const running = latest(contracts.filter(each => each.start <= today && today <= each.end));
  if (running) {
    const left = daysBetween(today, running.end);
    const message = `Under AMC: ${inDays(left)} left, until ${running.end} by ${running.number}.`;
    const facts = { days: left, day: running.end, contract: running.number };
    return { status: "under_amc", days_left: left, code: "coverage_under_amc", message, facts };
  }
  const ended = latest(contracts.filter(each => each.end < today));
  if (ended && (terms.end === null || ended.end > terms.end)) {
    const days = daysBetween(ended.end, today);
    const message = `Out of AMC: ${ended.number} expired ${inDays(days)} ago, on ${ended.end}.`;
    return uncovered("out_of_amc", "out_of_amc", message, { days, day: ended.end, contract: ended.number });
  }
  return warranty;
}

/** The last day of a warranty that starts on a day; a month ends on its last day where it is too short. */
export function endOf(start: Day, days: number | null, months: number | null = null): Day {
  const from = new Date(start);
  if (months !== null) {
    const dayOfMonth = from.getUTCDate();
    // Day 0 of the month after is the last one of the month that is meant.
    const last = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0)).getUTCDate();
    from.setUTCDate(1);
    from.setUTCMonth(from.getUTCMonth() + months);
    from.setUTCDate(Math.min(dayOfMonth, last));
  }
  return dayOf(from.getTime() + (days ?? 0) * MS_A_DAY);
}

/** The last day of a warranty that goes on after a pause: the days that were left are left. */
export function movedEnd(end: Day, pausedOn: Day, resumedOn: Day): Day {
  const moved = Date.parse(resumedOn) + Math.max(daysBetween(pausedOn, end), 0) * MS_A_DAY;
  return dayOf(Math.min(moved, Date.parse(LAST_DAY)));
}

function ofWarranty(terms: Terms, today: Day): Coverage {
  const { start, end, period_days, void_reason, paused_on, basis = "delivery", is_sold = false } = terms;
  if (void_reason != null) {
    return uncovered("void", "void", `Warranty void: ${void_reason}`, { reason: void_reason });
  }
  if (start === null || end === null) {
    if (period_days === null) return uncovered("none", "none", "No warranty: the item has none.");
    const awaited = is_sold ? basis : "delivery";
    const why = awaited === "delivery" ? "the unit is not sold" : `it begins with the ${awaited}`;
    return uncovered("not_started", `begins_with_${awaited}`, `Warranty not started: ${why}.`);
  }
  if (today < start) {
    return uncovered("not_started", "begins_on", `Warranty not started: it begins on ${start}.`, {
      day: start,
    });
  }
  if (paused_on != null && paused_on <= today && paused_on <= end) {
    const left = daysBetween(paused_on, end);
    const message = `Warranty paused since ${paused_on}: ${inDays(left)} left.`;
    const facts = { days: left, day: paused_on };
    return { status: "paused", days_left: left, code: "coverage_paused", message, facts };
  }
  if (today > end) {
    const days = daysBetween(end, today);
    return uncovered("out", "out", `Out of Warranty: expired ${inDays(days)} ago, on ${end}.`, {
      days,
      day: end,
    });
  }
  const left = daysBetween(today, end);
  const message = `Under Warranty: ${inDays(left)} left, until ${end}.`;
  return {
    status: "under",
    days_left: left,
    code: "coverage_under",
    message,
    facts: { days: left, day: end },
  };
}

function uncovered(
  status: WarrantyStatus,
  what: string,
  message: string,
  facts: Coverage["facts"] = {},
): Coverage {
  return { status, days_left: null, code: `coverage_${what}`, message, facts };
}

/** The first of those that end last, like Python's max(). */
function latest(contracts: Contract[]): Contract | undefined {
  let last: Contract | undefined;
  for (const each of contracts) if (!last || each.end > last.end) last = each;
  return last;
}

/** Days of the calendar; read as UTC, so that the change to summer time neither adds nor takes one. */
function daysBetween(from: Day, to: Day): number {
  return (Date.parse(to) - Date.parse(from)) / MS_A_DAY;
}

function dayOf(time: number): Day {
  return new Date(time).toISOString().slice(0, 10);
}

function inDays(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}
