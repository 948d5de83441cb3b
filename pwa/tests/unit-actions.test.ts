import { expect, test } from "vitest";
import type { Unit } from "../src/api-types";
import { actionsFor } from "../src/service/unit-actions";
import { partOf } from "../src/service/VisitParts";

const unit = (changes: Partial<Unit>) =>
  ({ id: 7, state: "sold", repair: null, part_of: null, components: [], ...changes }) as unknown as Unit;
const to = (changes: Partial<Unit>, ...permissions: string[]) =>
  actionsFor(unit(changes), asked => permissions.includes(asked)).map(action => action.to);

test("what may be done next fits the state of the unit and the rights of the person", () => {
  expect(to({ state: "sold" }, "service")).toEqual([
    "/service/visits/new?unit=7",
    "/service/repairs/new?unit=7",
    "/claims/new?unit=7",
  ]);
  const repair = { id: "r" } as Unit["repair"];
  expect(to({ state: "in_repair", repair }, "service")).toEqual([
    "/service/repairs/r",
    "/service/visits/new?unit=7",
    "/claims/new?unit=7",
  ]);
  const claim = { id: "c" } as Unit["claim"];
  expect(to({ state: "sold", claim }, "service")).toContain("/claims/c");
  const returned = { id: "b" } as Unit["returned"];
  expect(to({ state: "returned", returned }, "override")).toEqual(["/returns/b"]);
  expect(to({ state: "in_stock" }, "service")).toEqual([]);
  expect(to({ state: "in_stock" }, "move")).toEqual(["/transfers/new"]);
  expect(to({ state: "sold" }, "units.read", "move")).toEqual([]);
});

test("a scanned part that is inside comes out, any other goes in", () => {
  const components = [
    { serial_no: "F-9", removed_at: null },
    { serial_no: "F-1", removed_at: "2026-01-05T10:00:00Z" },
  ] as Unit["components"];
  expect(partOf(unit({ components }), "f-9").way).toBe("out");
  expect(partOf(unit({ components }), "F-1").way).toBe("in");
  expect(partOf(unit({ components }), "F-31").way).toBe("in");
});
