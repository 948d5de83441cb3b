import { h, render } from "preact";
import { expect, test, vi } from "vitest";
import { addFirstTexts, addLateTexts } from "../src/i18n/t";
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

test("what is not on the device says so, and is tried again", async () => {
  await addFirstTexts();
  const load = vi.fn<() => Promise<() => string>>();
  load.mockRejectedValueOnce(new TypeError("Failed to fetch dynamically imported module"));
  load.mockResolvedValueOnce(() => "here");
  const page = document.createElement("main");
  render(h(late(load), {}), page);
  await vi.waitFor(() => expect(page.textContent).toContain("needs the network"));
  page.querySelector("button")?.click();
  await vi.waitFor(() => expect(page.textContent).toBe("here"));
});

test("what came ahead is drawn at once, and asked for once", async () => {
  const load = vi.fn(async () => () => "here");
  const Screen = late(load);
  Screen.ahead();
  await vi.waitFor(() => expect(load).toHaveResolved());
  await addLateTexts();
  const page = document.createElement("main");
  render(h(Screen, {}), page);
  expect(page.textContent).toBe("here");
  expect(load).toHaveBeenCalledOnce();
});
