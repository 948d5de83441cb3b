import type { ScannedCode } from "../scan/gs1";
import { lookUpKey } from "../scan/look-up-key";
import type { PickLine } from "./types";
import type { UnitNow } from "./units-now";

/** What the phone can say of a pick before the server has answered. */
export type PickJudgement =
  /** It is the one that was asked for, or goods of the list. */
  | { kind: "wanted" }
  /** Another unit than those proposed: the server says whether it may take the place of one. */
  | { kind: "not_proposed" }
  | { kind: "empty" }
  | { kind: "already_picked"; unit: UnitNow }
  | { kind: "product_code"; itemCode: string }
  | { kind: "doubtful"; message: string }
  | { kind: "unreadable"; message: string };

/** Judges a code against the pick list; only the tone and the words at once depend on it, the server decides. */
export function judgePick(code: ScannedCode, units: UnitNow[], lines: PickLine[]): PickJudgement {
  if (code.kind === "empty") return { kind: "empty" };
  const problem = code.problems.find(each => each.severity === "refuse");
  if (problem) return { kind: "unreadable", message: problem.message };
  const line = lines.find(({ item }) => code.gtin !== null && item.gtins.includes(code.gtin));
  const isTracked = line ? line.item.tracking.includes("serial") : true;
  const doubt = code.problems.find(each => each.severity === "review");
  if (doubt && isTracked) return { kind: "doubtful", message: doubt.message };
  if (!isTracked) return { kind: "wanted" };
  if (code.serialNo === null) {
    return line ? { kind: "product_code", itemCode: line.item.item_code } : { kind: "not_proposed" };
  }
  const unit = units.find(each => lookUpKey(each.serialNo) === lookUpKey(code.serialNo ?? ""));
  if (!unit) return { kind: "not_proposed" };
  return unit.state === "proposed" || unit.isUndoWaiting
    ? { kind: "wanted" }
    : { kind: "already_picked", unit };
}

/** Whether a code in view is one of the units that are still to be fetched. */
export function isProposed(code: ScannedCode, units: UnitNow[]): boolean {
  const { serialNo } = code;
  if (serialNo === null) return false;
  return units.some(unit => unit.state === "proposed" && lookUpKey(unit.serialNo) === lookUpKey(serialNo));
}
