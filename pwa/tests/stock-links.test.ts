import { h, render } from "preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Site } from "../src/api-types";
import { navigate } from "../src/router";
import { Stock } from "../src/screens/Stock";
import { chooseSite, session } from "../src/session";
import { json, problem, serve } from "./fake-server";

const page = document.createElement("main");
const aSite = (id: number, name: string): Site =>
  ({ id, code: name, name, permissions: ["units.read"], roles: [] }) as unknown as Site;

beforeEach(() => {
  const user = { username: "sue", name: "Sue" };
  session.value = { user, sites: [aSite(1, "North"), aSite(2, "South")], csrf_token: null };
  chooseSite(1);
});

afterEach(() => {
  render(null, page);
  session.value = null;
  navigate("/");
  vi.unstubAllGlobals();
});

const sitesAsked = (calls: { path: string }[]) =>
  new Set(calls.map(call => new URL(call.path, location.origin).searchParams.get("site")));

test("the address of a stock page carries its site beside its filters", async () => {
  const calls = serve(() => json({ lines: [], totals: {}, next_cursor: null }));
  navigate("/stock?state=available");
  render(h(Stock, {}), page);
  await vi.waitFor(() => expect(location.search).toBe("?state=available&site=1"));
  expect(page.querySelector("a[href*='view=units']")?.getAttribute("href")).toContain("site=1");
  expect(sitesAsked(calls)).toEqual(new Set(["1"]));
});

test("whoever is sent the link sees the stock of its site and is told so, and works on where they did", async () => {
  const calls = serve(() => json({ lines: [], totals: {}, next_cursor: null }));
  navigate("/stock?site=2&q=b-1");
  render(h(Stock, {}), page);
  await vi.waitFor(() => expect(calls).not.toHaveLength(0));
  expect(sitesAsked(calls)).toEqual(new Set(["2"]));
  expect(page.textContent).toContain("stock_of_site");
  expect(localStorage.getItem("serialtrail.site")).toBe("1");
});

test("who has no right at the site of the link is told what the server says", async () => {
  serve(() => problem(403, "forbidden"));
  navigate("/stock?site=7");
  render(h(Stock, {}), page);
  await vi.waitFor(() => expect(page.querySelector("[role=alert]")?.textContent).toContain("said forbidden"));
});
