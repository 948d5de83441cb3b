import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { configure } from "../src/api";
import { listen, type OutboxNews } from "../src/offline/channel";
import { closeDatabase, isScan } from "../src/offline/db";
import { keep, oldest, waiting } from "../src/offline/outbox";
import { backOff, clockIsOff, send, sending, startSending } from "../src/offline/sender";
import { accepted, anAnswer, aScan } from "./factories";
import { batches, html, json, noNetwork, problem, serve, takesAll } from "./fake-server";

let user: string | null = "ana";
let stop: () => void;

/** Starts the sender on an empty outbox and waits until its own first look is over. */
async function start(): Promise<void> {
  stop = startSending(() => user);
  await send({ isUrgent: true });
}

const keepAll = async (...texts: string[]) => {
  for (const text of texts) await keep(aScan(text));
};
const left = async () => (await waiting()).filter(isScan).map(row => row.text);
const sendNow = () => send({ isUrgent: true });

beforeEach(async () => {
  user = "ana";
  serve(takesAll);
  await start();
});

afterEach(async () => {
  stop();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await closeDatabase();
});

describe("in good weather", () => {
  it("sends oldest first in batches of at most 50", async () => {
    const texts = Array.from({ length: 120 }, (_, i) => `NB25-${i}`);
    await keepAll(...texts);
    const calls = serve(takesAll);

    await send();

    expect(batches(calls).map(batch => batch.length)).toEqual([50, 50, 20]);
    expect(batches(calls).flat()).toEqual(texts);
    expect(await left()).toEqual([]);
    expect(sending.value).toBe("idle");
  });

  it("names device and counter, and nothing that is only this device's business", async () => {
    await keepAll("NB25-0001");
    const [call] = [serve(takesAll)];

    await send();

    const body = call[0]?.body;
    expect(body).toMatchObject({
      device_id: expect.stringMatching(/^[\da-f-]{36}$/),
      device_name: expect.any(String),
    });
    expect(body?.entries[0]).toMatchObject({ n: 1, text: "NB25-0001" });
    expect(Object.keys(body?.entries[0] ?? {})).not.toEqual(
      expect.arrayContaining(["user", "stored_at", "stuck"]),
    );
  });

  it("does not forget a scan that is stored while a batch is under way", async () => {
    await keepAll("first");
    let arrive = () => {};
    const arrived = new Promise<void>(resolve => {
      arrive = resolve;
    });
    let goOn = () => {};
    const paused = new Promise<void>(resolve => {
      goOn = resolve;
    });
    const calls = serve(async call => {
      arrive();
      await paused;
      return takesAll(call);
    }, takesAll);

    const sendingFirst = send();
    await arrived;
    await keepAll("second");
    const sendingSecond = send();
    goOn();
    await Promise.all([sendingFirst, sendingSecond]);

    expect(batches(calls)).toEqual([["first"], ["second"]]);
    expect(await left()).toEqual([]);
  });

  it("does not drop a call that comes while the sender is just giving its lock back", async () => {
    await keepAll("first");
    serve(noNetwork);
    let calls: ReturnType<typeof serve> = [];
    let lateCall: Promise<void> | undefined;
    const stopListening = listen(() => {
      if (lateCall) return;
      calls = serve(takesAll);
      lateCall = send();
    });

    await send();
    await lateCall;
    stopListening();

    expect(batches(calls)).toEqual([["first"]]);
  });

  it("has one sender at a time over two tabs, and posts nothing twice", async () => {
    await keepAll("a", "b", "c");
    let underWay = 0;
    let most = 0;
    const calls = serve(async call => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise(resolve => setTimeout(resolve, 20));
      underWay -= 1;
      return takesAll(call);
    });
    vi.resetModules();
    const otherTab = await import("../src/offline/sender");
    const stopOther = otherTab.startSending(() => "ana");

    await Promise.all([send(), otherTab.send()]);
    stopOther();
    await (await import("../src/offline/db")).closeDatabase();

    expect(most).toBe(1);
    expect(batches(calls).flat()).toEqual(["a", "b", "c"]);
  });

  it("tells every listener what the server answered", async () => {
    await keepAll("NB25-0001");
    const heard: OutboxNews[] = [];
    const stopListening = listen(news => heard.push(news));
    serve(({ body }) =>
      json(anAnswer([accepted(body.entries[0]?.id ?? "", { status: "duplicate", code: "already_scanned" })])),
    );

    await send();
    stopListening();

    expect(heard.map(news => news.kind)).toEqual(["heard", "answered", "drained"]);
    expect(heard[1]).toMatchObject({ answered: [{ outcome: { code: "already_scanned" } }] });
  });

  it("says when the clock of the device is far off", async () => {
    await keepAll("NB25-0001");
    serve(({ body }) => json({ ...anAnswer(body.entries.map(scan => accepted(scan.id))), clock_off: true }));

    await send();

    expect(clockIsOff.value).toBe(true);
  });
});

describe("in bad weather", () => {
  it.each([
    ["no network", noNetwork, "no_network"],
    ["a captive portal that answers 200 in HTML", () => html(200), "no_network"],
    ["a captive portal that answers 200 in JSON of its own", () => json({ welcome: "hotel" }), "no_network"],
    ["a foreign 403 page", () => html(403), "no_network"],
    ["an ended session", () => problem(401, "not_logged_in"), "not_logged_in"],
    ["too many requests", () => problem(429, "too_many_requests", { "Retry-After": "7" }), "wait"],
    ["a server error", () => problem(500, "internal_error"), "server_error"],
    ["a gateway error in HTML", () => html(502), "server_error"],
    ["an answer without outcomes for our scans", () => json(anAnswer([])), "server_error"],
  ] as const)("keeps everything in order on %s", async (_name, reply, state) => {
    await keepAll("one", "two", "three");
    serve(reply);

    await send();

    expect(await left()).toEqual(["one", "two", "three"]);
    expect(sending.value).toBe(state);
    const calls = serve(takesAll);
    await sendNow();
    expect(batches(calls)).toEqual([["one", "two", "three"]]);
  });

  it("sends again only what was not answered when the answer is partial", async () => {
    await keepAll("one", "two", "three");
    const calls = serve(
      ({ body }) => json(anAnswer(body.entries.slice(0, 2).map(scan => accepted(scan.id)))),
      takesAll,
    );

    await send();

    expect(batches(calls)).toEqual([["one", "two", "three"], ["three"]]);
    expect(await left()).toEqual([]);
  });

  it("keeps the ids of scans over a lost answer, so that the server can count them once", async () => {
    await keepAll("one");
    const [row] = await oldest("ana", 1);
    const lost = serve(noNetwork);
    await send();
    const again = serve(takesAll);
    await sendNow();

    expect([lost, again].map(calls => calls[0]?.body.entries[0]?.id)).toEqual([row?.id, row?.id]);
  });

  it("waits as long as the server asks before it tries again, unless a person asks", async () => {
    await keepAll("one");
    serve(() => problem(429, "too_many_requests", { "Retry-After": "7" }));
    await send();
    const calls = serve(takesAll);

    await send();
    expect(calls).toHaveLength(0);

    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 7001);
    await send();
    expect(batches(calls)).toEqual([["one"]]);
  });

  it("asks for a log-in on 401 and does not try by itself meanwhile", async () => {
    const onNotLoggedIn = vi.fn();
    configure({
      credentials: () => ({ user: "ana", csrfToken: "t" }),
      renew: async () => false,
      onNotLoggedIn,
    });
    const later = vi.spyOn(globalThis, "setTimeout");
    await keepAll("one");
    serve(() => problem(401, "not_logged_in"));

    await send();

    expect(onNotLoggedIn).toHaveBeenCalledOnce();
    expect(later.mock.calls.filter(([work]) => /send/.test(String(work)))).toEqual([]);
  });

  it("sets the one scan aside that the server cannot read, and sends those around it", async () => {
    await keepAll("good 1", "poison", "good 2");
    serve(call =>
      call.body.entries.some(scan => scan.text === "poison")
        ? problem(422, "invalid_request")
        : takesAll(call),
    );

    await send();

    expect(await waiting()).toMatchObject([{ text: "poison", stuck: "said invalid_request" }]);
    expect(sending.value).toBe("idle");
  });

  it("leaves the rows of another user alone until that user is back", async () => {
    await keep(aScan("of ana"));
    await keep(aScan("of ben", { user: "ben" }));
    user = "ben";
    const calls = serve(takesAll);

    await send();
    expect(batches(calls)).toEqual([["of ben"]]);
    expect(await left()).toEqual(["of ana"]);

    user = "ana";
    await send();
    expect(batches(calls)).toEqual([["of ben"], ["of ana"]]);
  });

  it("stops in the middle when the user changes", async () => {
    await keepAll(...Array.from({ length: 60 }, (_, i) => `NB25-${i}`));
    const calls = serve(call => {
      user = "ben";
      return takesAll(call);
    });

    await send();

    expect(batches(calls).map(batch => batch.length)).toEqual([50]);
    expect(await left()).toHaveLength(10);
  });

  it("sends nothing while nobody is logged in", async () => {
    await keepAll("one");
    user = null;
    const calls = serve(takesAll);

    await send();

    expect(calls).toEqual([]);
  });

  it("tries again when the network comes back", async () => {
    await keepAll("one");
    serve(noNetwork);
    await send();
    const calls = serve(takesAll);

    dispatchEvent(new Event("online"));
    await send();

    expect(batches(calls)).toEqual([["one"]]);
  });
});

describe("back-off", () => {
  it("doubles from one second to at most a minute", () => {
    expect([1, 2, 3, 7, 50].map(count => backOff(count, 1))).toEqual([1000, 2000, 4000, 60_000, 60_000]);
  });

  it("spreads devices over half of the wait", () => {
    expect(backOff(3, 0)).toBe(2000);
  });
});
