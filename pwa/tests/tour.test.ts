import { describe, expect, test } from "vitest";
import late from "../src/i18n/en/late";
import { screenAt } from "../src/routes";
import { TOURS } from "../src/tour/steps";
import { goTo, tour } from "../src/tour/tour";

describe.each(Object.entries(TOURS))("the tour %s", (_, { steps }) => {
  test("ends with a real scan, and has no other before", () => {
    expect(steps.map(step => step.done === "scan")).toEqual([false, false, true]);
  });

  test("leads to screens that there are, which end the step", () => {
    for (const { to, done } of steps) {
      if (to === undefined) continue;
      expect(screenAt(to), to).not.toBeNull();
      // The picker finds the order on the first screen; everywhere else to be there is all that is asked.
      if (done !== "scan" && to !== "/") expect(done.test(to), to).toBe(true);
    }
  });

  test("says in words what to do", () => {
    for (const { text } of steps) expect(late).toHaveProperty(text);
  });
});

test("a tour is kept on the device until it is left", () => {
  goTo({ name: "picker", step: 1 });
  expect(JSON.parse(localStorage.getItem("serialtrail.tour") ?? "")).toEqual({ name: "picker", step: 1 });
  goTo(null);
  expect([tour.value, localStorage.getItem("serialtrail.tour")]).toEqual([null, null]);
});
