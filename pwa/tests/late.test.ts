import { h, render } from "preact";
import { expect, test } from "vitest";
import { late } from "../src/ui/late";

const never = () => new Promise<() => null>(() => {});
const shown = (isMostlyNothing?: boolean): Element => {
  const page = document.createElement("main");
  render(h(late(never, isMostlyNothing), {}), page);
  return page;
};

test("what comes late shows that it comes, but takes no room where it mostly is nothing", () => {
  expect(shown().childElementCount).toBe(1);
  expect(shown(true).childElementCount).toBe(0);
});
