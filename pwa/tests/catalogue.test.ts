import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { forget, keepUp, keptCatalogue, startKeeping } from "../src/offline/catalogue";
import { chooseCustomer, chosenCustomers, leaveOutCustomer, MOST_CUSTOMERS } from "../src/offline/chosen";
import { closeDatabase, database } from "../src/offline/db";
import { keep, waiting } from "../src/offline/outbox";
import { read, remember } from "../src/offline/snapshots";
import { session, sessionState } from "../src/session";
import { siteNews } from "../src/ui/use-live";
import { aScan } from "./factories";
import { type Call, json, noNetwork, serve } from "./fake-server";

const UNIT = {
  id: 7,
  item: { id: 1, item_code: "LAP-15", name: "Laptop" },
  serial_no: "NB25-0017",
  secondary_serials: [{ secondary_no: "356938035643809" }],
  correction: { serial_no: "NB25-OO17" },
  warranty: { status: "under", start: "2026-01-05", end: "2026-02-05", days_left: 31, message: "old words" },
};
const WARRANTY = {
  unit_id: 7,
  start: "2026-01-05",
  end: "2026-02-05",
  basis: "delivery",
  period_days: 31,
  void_reason: null,
  paused_on: null,
  is_sold: true,
  contracts: [],
  message: "old words",
};
const ORDER = { id: "o1", number: "PO-1" };
const LIST = "/api/purchase-orders?site=1&status=open";
const ANSWERS = [
  { path: "/api/units/7", version: "u1", body: UNIT, parts: null },
  { path: "/api/units/7/warranty", version: "u1", body: WARRANTY, parts: null },
  {
    path: "/api/items?site=1",
    version: "i1",
    body: { items: [{ id: 1, gtins: ["09506000134352"] }] },
    parts: null,
  },
  { path: "/api/purchase-orders/o1", version: "p1", body: ORDER, parts: null },
  { path: LIST, version: "l1", body: null, parts: { purchase_orders: ["/api/purchase-orders/o1"] } },
];
const page = (more: object = {}) =>
  json({ as_of: "2026-01-10T08:10:00Z", answers: [], gone: [], more: false, left_out: 0, ...more });

function logIn(name = "tom", time_zone = "UTC"): void {
  session.value = {
    user: { username: name, name },
    sites: [{ id: 1, code: "HQ", name: "HQ", time_zone, permissions: [], roles: [] }],
    csrf_token: "x",
  } as unknown as typeof session.value;
  sessionState.value = "in";
}

const readOffline = async (path: string) => {
  serve(noNetwork);
  return read<Record<string, unknown>>(path, () => {});
};
const keepAll = () => {
  serve(() => page({ answers: ANSWERS }));
  return keepUp();
};
const held = (calls: Call[], at: number) => calls[at]?.body.held;

beforeEach(async () => {
  await closeDatabase();
  keptCatalogue.value = null;
  logIn();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the catalogue", () => {
  it("asks for the units of the customers that the technician chose, and knows when they are here", async () => {
    chooseCustomer({ code: "ACME", name: "ACME Hospital" });
    const calls = serve(() => page({ left_out_of: { ACME: 3 } }));
    await keepUp();

    expect(calls[0]?.body.customers).toEqual(["ACME"]);
    expect(keptCatalogue.value?.leftOutOf).toEqual({ ACME: 3 });

    leaveOutCustomer("ACME");
    const later = serve(() => page({ left_out_of: {} }));
    await keepUp();
    expect(later[0]?.body.customers).toEqual([]);
    expect(keptCatalogue.value?.leftOutOf).toEqual({});
  });

  it("keeps the choice of each person apart, and no more of it than the server takes", () => {
    for (let each = 0; each < MOST_CUSTOMERS + 2; each++) chooseCustomer({ code: `C${each}`, name: "" });
    expect(chosenCustomers()).toHaveLength(MOST_CUSTOMERS);
    logIn("kim");
    expect(chosenCustomers()).toEqual([]);
  });

  it("comes in pages, and then as changes", async () => {
    const calls = serve(
      () => page({ answers: ANSWERS.slice(0, 3), more: true }),
      () => page({ answers: ANSWERS.slice(3) }),
      () => page({ answers: [{ ...ANSWERS[3], version: "p2" }], gone: ["/api/units/7"] }),
      () => page(),
    );
    await keepUp();
    expect(keptCatalogue.value?.asOf).toBe("2026-01-10T08:10:00Z");
    await keepUp();
    await keepUp();

    expect(held(calls, 1)).toEqual({
      "/api/units/7": "u1",
      "/api/units/7/warranty": "u1",
      "/api/items?site=1": "i1",
    });
    expect(held(calls, 3)).toMatchObject({ "/api/purchase-orders/o1": "p2" });
    expect(held(calls, 3)).not.toHaveProperty(["/api/units/7"]);
    await expect(readOffline("/api/units/7")).rejects.toThrow();
  });

  it("comes along with what a live screen hears of others, one reading for a burst", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
    const calls = serve(() => page());
    const stop = startKeeping();
    vi.advanceTimersByTime(1000);
    await vi.waitFor(() => expect(calls).toHaveLength(1));

    for (let scan = 0; scan < 5; scan++) siteNews.value += 1;
    vi.advanceTimersByTime(9000);
    expect(calls).toHaveLength(1);
    vi.advanceTimersByTime(1000);
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    stop();
  });

  it("is what screens read without a network, as of the server's time", async () => {
    await keepAll();

    const order = await readOffline("/api/purchase-orders/o1");
    expect(order).toEqual({ value: ORDER, askedAt: "2026-01-10T08:10:00Z", isRemembered: true });
    expect((await readOffline(LIST)).value).toEqual({ purchase_orders: [ORDER] });
  });

  it("asks again for a list that a screen has read whole", async () => {
    await keepAll();
    await remember(LIST, { purchase_orders: [] });
    const calls = serve(() => page());
    await keepUp();

    expect(held(calls, 0)).not.toHaveProperty([LIST]);
  });

  it.each(["nb25-0017 ", "356938035643809", "NB25-OO17", "(01)09506000134352(21)NB25-0017"])(
    "finds a unit by %s",
    async text => {
      await keepAll();
      const query = new URLSearchParams({ site: "1", q: text });
      const { value } = await readOffline(`/api/units?${query}`);
      expect((value as { matches: { id: number }[] }).matches.map(each => each.id)).toEqual([7]);
    },
  );

  it("says of a unit that it does not keep that it needs the network", async () => {
    await keepAll();
    const { value } = await readOffline("/api/units?site=1&q=NB25-9999");
    expect(value).toMatchObject({ matches: [], code: "not_kept" });
    expect(String(value.message)).toContain("NB25-9999");
  });

  it("counts the days of the warranty by the clock of the site", async () => {
    logIn("tom", "Pacific/Auckland");
    await keepAll();
    vi.useFakeTimers({ now: new Date("2026-02-05T12:00:00Z"), toFake: ["Date"] });
    expect((await readOffline("/api/units/7/warranty")).value).toMatchObject({ status: "out" });
    logIn("tom", "America/Lima");
    expect((await readOffline("/api/units/7/warranty")).value).toMatchObject({
      status: "under",
      days_left: 0,
    });
  });

  it("says of the warranty what holds today, in the server's words", async () => {
    await keepAll();
    vi.useFakeTimers({ now: new Date("2026-02-10T10:00:00Z"), toFake: ["Date"] });

    const words = "Out of Warranty: expired 5 days ago, on 2026-02-05.";
    expect((await readOffline("/api/units/7/warranty")).value).toMatchObject({
      status: "out",
      message: words,
    });
    expect((await readOffline("/api/units/7")).value.warranty).toMatchObject({
      status: "out",
      message: words,
    });
  });

  it("is forgotten at log-out and when somebody else logs in; what waits to be sent stays", async () => {
    await keepAll();
    await keep({ ...aScan("NB25-0001"), user: "tom" });
    logIn("ana");
    const calls = serve(() => page());
    await keepUp();
    expect(held(calls, 0)).toEqual({});
    expect(await (await database()).count("snapshots")).toBe(0);

    logIn("tom");
    await keepAll();
    await forget(null);
    expect(await (await database()).count("snapshots")).toBe(0);
    expect(keptCatalogue.value).toBeNull();
    expect(await waiting()).toHaveLength(1);
  });
});
