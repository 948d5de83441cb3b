import type { ReceiptLine, Unit, UnitMatches } from "../api-types";
import { addLateTexts, t } from "../i18n/t";
import { parse } from "../scan/gs1";
import { lookUpKey } from "../scan/look-up-key";
import { database } from "./db";
import { snapshotKey } from "./snapshots";

type KeptUnit = Unit & {
  secondary_serials: { secondary_no: string }[];
  correction: { serial_no: string } | null;
};

/** The look-up of a unit among those that this device keeps; `path` is the address that the server answers. */
export async function findKept(path: string): Promise<UnitMatches> {
  const query = new URLSearchParams(path.slice(path.indexOf("?")));
  const text = query.get("q") ?? "";
  const code = parse(text, query.get("symbology") ?? "");
  const wanted = lookUpKey(code.serialNo ?? text);
  const itemIds = code.gtin === null ? null : await itemsOf(code.gtin, query.get("site") ?? "");
  const units = (await keptUnits()).filter(unit => itemIds?.has(unit.item.id) ?? true);
  const by = (namesOf: (unit: KeptUnit) => string[]) =>
    units.filter(unit => namesOf(unit).some(name => lookUpKey(name) === wanted));
  let matches = by(unit => [unit.serial_no]);
  if (matches.length === 0) matches = by(unit => unit.secondary_serials.map(each => each.secondary_no));
  if (matches.length === 0) matches = by(unit => (unit.correction ? [unit.correction.serial_no] : []));
  const isFound = matches.length > 0;
  if (!isFound) await addLateTexts();
  return {
    matches,
    expected: [],
    suggestions: [],
    code: isFound ? null : "not_kept",
    message: isFound ? null : t("unit_not_kept", { text: code.serialNo ?? text }),
  };
}

/** All cards of units on this device: some hundreds at most. */
export async function keptUnits(): Promise<KeptUnit[]> {
  const first = snapshotKey("/api/units/");
  const range = IDBKeyRange.bound(first, `${first}\uffff`);
  const db = await database();
  const [names, found] = await Promise.all([
    db.getAllKeys("snapshots", range),
    db.getAll("snapshots", range),
  ]);
  return found.filter((_, at) => /\/units\/\d+$/.test(names[at] ?? "")).map(each => each.value as KeptUnit);
}

/** The items that a GTIN stands for; null, which is any, where the items are not kept. */
async function itemsOf(gtin: string, siteId: string): Promise<Set<number> | null> {
  const kept = await (await database()).get("snapshots", snapshotKey(`/api/items?site=${siteId}`));
  if (!kept) return null;
  const { items } = kept.value as { items: ReceiptLine["item"][] };
  return new Set(items.filter(item => item.gtins.includes(gtin)).map(item => item.id));
}
