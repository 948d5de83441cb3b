import { describe, expect, test } from "vitest";
import cases from "../../tests/data/warranty_cases.json";
import { coverage, endOf, movedEnd, type Terms } from "../src/service/coverage";

const NOTHING: Terms = { start: null, end: null, period_days: null };

describe("the phone says what the server says", () => {
  test.each(cases.coverage)("of a unit: $name", ({ unit, on, expect: answer }) => {
    expect(coverage({ ...NOTHING, ...(unit as Partial<Terms>) }, on)).toEqual(answer);
  });

  test.each(cases.end_of)("of the last day: $name", ({ start, days, months, expect: end }) => {
    expect(endOf(start, days, months)).toBe(end);
  });

  test.each(cases.moved_end)("of the last day after a pause: $name", each => {
    expect(movedEnd(each.end, each.paused_on, each.resumed_on)).toBe(each.expect);
  });
});
