import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FeedEvent } from "../src/api-types";
import { LiveFeed, type LiveState } from "../src/live";
import { type Call, json, noNetwork, serve } from "./fake-server";
import { FakeSocket } from "./fake-socket";

const made = vi.hoisted(() => ({ socket: null as unknown, options: null as unknown }));
vi.mock("socket.io-client", () => ({
  io: (options: unknown) => {
    made.options = options;
    return made.socket;
  },
}));

const event = (seq: number): FeedEvent => ({
  seq,
  kind: "unit_accepted",
  voucher_id: "receipt-1",
  scan_id: null,
  unit_id: null,
  at: "2026-01-05T10:02:00Z",
});

let socket: FakeSocket;
let feed: LiveFeed;
let states: LiveState[];
let changes: number;
let refusals: string[];

const settled = () => vi.advanceTimersByTimeAsync(0);
const sinces = (calls: Call[]) => calls.map(call => new URL(call.path, "http://x").searchParams.get("since"));

beforeEach(async () => {
  vi.useFakeTimers();
  socket = new FakeSocket();
  made.socket = socket;
  states = [];
  changes = 0;
  refusals = [];
  feed = new LiveFeed(1, {
    onState: state => states.push(state),
    onChange: () => {
      changes += 1;
    },
    onRefused: code => refusals.push(code),
  });
  socket.say("connect");
  await settled();
});

afterEach(() => {
  feed.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a board's line to the server", () => {
  it("uses websockets only, as no server keeps a polling client to itself", () => {
    expect(made.options).toMatchObject({ transports: ["websocket"], path: "/socket.io" });
  });

  it("comes back after 1 to 5 s by chance, so that a server is not met by all at once", () => {
    const options = () =>
      made.options as {
        reconnectionDelay: number;
        randomizationFactor: number;
        reconnectionDelayMax: number;
      };
    const { reconnectionDelay, randomizationFactor } = options();
    const deviation = reconnectionDelay * randomizationFactor;
    expect([reconnectionDelay - deviation, reconnectionDelay + deviation]).toEqual([1000, 4000]);
    const longest = [0, 1].map(drawn => {
      vi.spyOn(Math, "random").mockReturnValueOnce(drawn);
      new LiveFeed(1, { onState() {}, onChange() {}, onRefused() {} }).stop();
      return options().reconnectionDelayMax;
    });
    expect(longest).toEqual([3000, 5000]);
  });

  it("is live once the server has let it watch", () => {
    expect(states.at(-1)).toBe("live");
    expect(changes).toBe(1);
  });

  it("asks for a new reading at each message, without the feed when nothing is missing", async () => {
    const calls = serve(() => json({ events: [], next: 12, head: 12, more: false }));

    socket.say("events", { site: 1, head: 11, events: [event(11)] });
    socket.say("events", { site: 1, head: 12, events: [event(12)] });
    await settled();

    expect(changes).toBe(3);
    expect(calls).toEqual([]);
  });

  it("reads the feed from where it was when messages are missing", async () => {
    const calls = serve(
      () => json({ events: [event(11)], next: 11, head: 14, more: true }),
      () => json({ events: [event(12)], next: 14, head: 14, more: false }),
    );

    socket.say("events", { site: 1, head: 14, events: [event(14)] });
    await settled();

    expect(sinces(calls)).toEqual(["10", "11"]);
    expect(states.slice(-2)).toEqual(["catching_up", "live"]);
  });

  it("finds out after a reconnect what happened meanwhile, and is not live before", async () => {
    socket.say("disconnect");
    expect(states.at(-1)).toBe("not_live");
    socket.head = 22;
    const calls = serve(() => json({ events: [], next: 22, head: 22, more: false }));

    socket.say("connect");
    await settled();

    expect(sinces(calls)).toEqual(["10"]);
    expect(states.slice(-2)).toEqual(["catching_up", "live"]);
  });

  it("notices within seconds that nobody answers, though nothing closed the line", async () => {
    socket.isDeaf = true;

    await vi.advanceTimersByTimeAsync(5000);

    expect(states.at(-1)).toBe("not_live");
  });

  it("connects anew to a server that was silent twice in a row", async () => {
    const silent = async (isDeaf: boolean) => {
      socket.isDeaf = isDeaf;
      await vi.advanceTimersByTimeAsync(5000);
      return socket.hungUp;
    };

    expect([await silent(true), await silent(false), await silent(true), await silent(true)]).toEqual([
      0, 0, 0, 1,
    ]);
  });

  it("is not live while the feed cannot be read", async () => {
    socket.head = 22;
    serve(noNetwork);

    socket.say("connect");
    await settled();

    expect(states.at(-1)).toBe("not_live");
  });

  it("ignores what belongs to another site", async () => {
    socket.say("events", { site: 2, head: 99, events: [event(99)] });
    await settled();

    expect(changes).toBe(1);
  });

  it("says when it may not watch, or its session is revoked", async () => {
    socket.refusal = "forbidden";
    socket.say("connect");
    await settled();
    expect(states.at(-1)).toBe("not_live");

    socket.say("revoked");
    expect(refusals).toEqual(["forbidden", "not_logged_in"]);
  });
});
