import { translated } from "../api";
import type { Unit } from "../api-types";
import type { UnitWarranty } from "../claims/types";
import { coverage, type Day } from "../service/coverage";
import { site } from "../session";
import { database } from "./db";
import { snapshotKey } from "./snapshots";

const UNIT = /^\/api\/units\/\d+(\/warranty)?$/;

/** Brings a kept answer to today: what covers a unit changes with the day, not with the network. */
export async function brought(path: string, value: unknown, today = dayNow()): Promise<unknown> {
  const match = UNIT.exec(path);
  if (!match) return value;
  if (match[1]) return { ...(value as UnitWarranty), ...covered(value as UnitWarranty, today) };
  const kept = await (await database()).get("snapshots", snapshotKey(`${path}/warranty`));
  const unit = value as Unit;
  if (!kept || !unit.warranty) return value;
  return { ...unit, warranty: { ...unit.warranty, ...covered(kept.value as UnitWarranty, today) } };
}

function covered(warranty: UnitWarranty, today: Day) {
  const { contracts, ...terms } = warranty;
  const periods = contracts.map(({ number, start_on, end_on }) => ({ number, start: start_on, end: end_on }));
  return translated(coverage({ ...terms, contracts: periods }, today));
}

/** The day at the person's site, as the server counts it. Swedes write days as ISO 8601 does. */
function dayNow(): Day {
  // A log-in that an older build remembered says no zone.
  const timeZone = site.value?.time_zone ?? "UTC";
  return new Intl.DateTimeFormat("sv-SE", { timeZone }).format(new Date());
}
