import type { Unit } from "../api-types";
import type { UnitWarranty } from "../claims/types";
import { coverage, type Day } from "../service/coverage";
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
  return coverage(
    {
      ...terms,
      contracts: contracts.map(({ number, start_on, end_on }) => ({ number, start: start_on, end: end_on })),
    },
    today,
  );
}

/** The server counts days by UTC, too. */
const dayNow = (): Day => new Date().toISOString().slice(0, 10);
