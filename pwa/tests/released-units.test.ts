import { h, render } from "preact";
import { afterEach, expect, test } from "vitest";
import { ReleasedUnits } from "../src/picking/ReleasedUnits";
import type { PickList, ReleasedUnit } from "../src/picking/types";

const page = document.createElement("main");
afterEach(() => render(null, page));

const missing: ReleasedUnit = {
  ...{ serial_no: "NB25-0003", item_code: "LAP-15", batch_no: "B-1", kind: "missing", reason: "SC-1" },
  ...{ by: "ben", at: "2026-01-05T10:00:00Z", was_picked: false, instead: "NB25-0007" },
};
const rows = () => [...page.querySelectorAll("li")].map(row => row.textContent);
const show = (...released: ReleasedUnit[]) =>
  render(h(ReleasedUnits, { pickList: { released } as unknown as PickList }), page);

test("a unit that a count took off the list says so, by whom, and what to fetch in its place", () => {
  show(missing, { ...missing, serial_no: "NB25-0002", kind: "misplaced", was_picked: true, instead: null });
  expect(rows()[0]).toMatch(/^NB25-0003 is_missing_in_count.*proposed_instead NB25-0007ben · /);
  expect(rows()[1]).toMatch(/^NB25-0002 is_elsewhere_in_count.*put_it_aside nothing_instead/);
});

test("a list from which nothing was taken says nothing", () => {
  show();
  expect(page.textContent).toBe("");
});
