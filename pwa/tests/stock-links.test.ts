import { h, render } from "preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Alert, placeOf } from "../src/alerts/types";
import type { Site, Unit } from "../src/api-types";
import { LowStock } from "../src/board/LowStock";
import type { StockBoard } from "../src/board/types";
import { navigate } from "../src/router";
import { PlaceStock } from "../src/screens/PlaceStock";
import { Stock } from "../src/screens/Stock";
import { Voucher } from "../src/screens/Voucher";
import { Facts } from "../src/service/UnitFacts";
import { chooseSite, session } from "../src/session";
import { atSite } from "../src/stock/filters";
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

test("a link to stock carries the site that it speaks of, unless the person has no right there", () => {
  const alert = { voucher: null, batch_id: 4, item_id: null } as unknown as Alert;
  expect(placeOf(alert, 2)).toBe("/batches/4?site=2");
  expect(placeOf({ ...alert, batch_id: null, item_id: 5 }, 2)).toBe("/items/5?site=2");
  expect(atSite("/items/5", 7)).toBe("/items/5");
  expect(atSite("/items/5", undefined)).toBe("/items/5");
});

const ITEM = { id: 5, item_code: "FAN-80", name: "Fan" };
const BATCH = { id: 4, batch_no: "B-1" };
const PLACE = { id: 9, code: "S-1", path: "South / S-1" };
const hrefs = () => [...page.querySelectorAll("a")].map(each => each.getAttribute("href"));

test("a voucher of another site leads to the stock of that site", async () => {
  const line = { id: 1, item: ITEM, batch: BATCH, place: PLACE, qty: 2 };
  const voucher = {
    id: "v",
    type: "stock_entry",
    number: "SE-1",
    status: "submitted",
    site_id: 2,
    lines: [line],
  };
  const lists = {
    movements: [line],
    acts: [],
    sources: [],
    follow_ups: [],
    party: null,
    dated_on: "2026-01-05",
  };
  serve(({ path }) =>
    json(path.endsWith("/v") ? { ...voucher, ...lists } : { units: [], next_cursor: null }),
  );
  render(h(Voucher, { id: "v" }), page);
  await vi.waitFor(() => expect(hrefs()).toContain("/items/5?site=2"));
  expect(hrefs()).toContain("/batches/4?site=2");
  expect(hrefs()).not.toContain("/items/5");
});

test("the card of a unit leads to the stock of its site", async () => {
  const unit = { site_id: 2, location: PLACE, batch: BATCH, supplier: null, received: null };
  render(h(Facts, { unit: unit as unknown as Unit }), page);
  expect(hrefs()).toEqual(["/places/9?site=2", "/batches/4?site=2"]);
});

test("the board of stock leads to the stock of its site", () => {
  const low = [{ ...ITEM, qty: 0, reorder_level: 2 }];
  const shown = { site: { id: 2 }, low, expiring: [], days: 30 } as unknown as StockBoard;
  render(h(LowStock, { shown }), page);
  expect(hrefs()).toEqual(["/items/5?site=2"]);
});

test("a place shows the stock of its own site, whatever the link says", async () => {
  const place = {
    place: { ...PLACE, kind: "warehouse" },
    site_id: 2,
    name: "South",
    parent: null,
    inside: [],
  };
  const calls = serve(({ path }) =>
    json(path.includes("/places/") ? place : { lines: [], totals: {}, next_cursor: null }),
  );
  navigate("/places/9");
  render(h(PlaceStock, { id: "9" }), page);
  await vi.waitFor(() => expect(location.search).toBe("?site=2"));
  await vi.waitFor(() => expect(calls.length).toBeGreaterThan(1));
  expect(sitesAsked(calls.filter(call => call.path.startsWith("/api/stock?")))).toEqual(new Set(["2"]));
});
