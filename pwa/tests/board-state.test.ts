import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BoardState } from "../src/board/board-state";
import { json, serve } from "./fake-server";
import { FakeSocket } from "./fake-socket";

const made = vi.hoisted(() => ({ socket: null as unknown }));
vi.mock("socket.io-client", () => ({ io: () => made.socket }));

const picture = (head: number) => ({
  site: { id: 1, code: "HQ", name: "House" },
  head,
  receipts: [],
  stream: [],
});

let socket: FakeSocket;
let board: BoardState;
let stop: () => void;
let readings: number;
let readingsAtStart: number;
/** Where the server is. */
let head: number;

const shown = () => board.latest.value?.head;
const happen = (seq: number) => {
  head = seq;
  socket.say("events", { site: 1, head: seq, events: [{ seq, kind: "unit_accepted" }] });
};
const show = (seq: number, more: object = {}) =>
  socket.say("board", { site: 1, kind: "receiving", dock: null, picture: picture(seq), ...more });

/** As the screen does. */
function start(each: BoardState): () => void {
  const ends = [each.follow(), each.listen()];
  return () => {
    for (const end of ends) end();
  };
}

beforeEach(async () => {
  vi.useFakeTimers();
  socket = new FakeSocket();
  made.socket = socket;
  head = 10;
  readings = 0;
  serve(call => {
    if (call.path.startsWith("/api/boards")) readings += 1;
    return json(
      call.path.startsWith("/api/feed") ? { events: [], next: head, head, more: false } : picture(head),
    );
  });
  board = new BoardState("receiving", 1);
  stop = start(board);
  await vi.dynamicImportSettled();
  socket.say("connect");
  await vi.advanceTimersByTimeAsync(600);
  readingsAtStart = readings;
  readings = 0;
});

afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a board", () => {
  it("watches its own kind, and is live", () => {
    expect(socket.asked).toEqual({ site: 1, board: "receiving", dock: null });
    expect([shown(), board.live.value]).toEqual([10, "live"]);
  });

  it("reads once at its start when the feed has nothing newer", () => {
    expect(readingsAtStart).toBe(1);
  });

  it("shows what it is shown, and asks for nothing", async () => {
    for (const seq of [11, 12, 13]) {
      happen(seq);
      show(seq);
      await vi.advanceTimersByTimeAsync(400);
    }
    expect([shown(), board.live.value, readings]).toEqual([13, "live", 0]);
  });

  it("asks for the picture of what it heard and was not shown within a second", async () => {
    happen(11);
    await vi.advanceTimersByTimeAsync(900);
    expect(readings).toBe(0);
    await vi.advanceTimersByTimeAsync(200);
    expect([shown(), readings]).toEqual([11, 1]);
  });

  it("does not ask while pictures come, though something new is always on its way", async () => {
    for (let seq = 11; seq <= 30; seq += 1) {
      happen(seq);
      show(seq - 1);
      await vi.advanceTimersByTimeAsync(250);
    }
    expect([shown(), readings]).toEqual([29, 0]);
  });

  it("reads after a gap, as what was missed is not shown any more", async () => {
    socket.say("disconnect");
    expect(board.live.value).toBe("not_live");
    head = 22;
    socket.head = 22;
    socket.say("connect");
    await vi.advanceTimersByTimeAsync(500);
    expect([shown(), board.live.value]).toEqual([22, "live"]);
    expect(readings).toBeGreaterThan(0);
  });

  it("of one dock is told heads alone, and reads its picture, never the site's events", async () => {
    stop();
    const dock = new BoardState("receiving", 1, 7);
    stop = start(dock);
    await vi.dynamicImportSettled();
    socket.say("connect");
    await vi.advanceTimersByTimeAsync(600);
    expect(socket.asked).toEqual({ site: 1, board: "receiving", dock: 7 });
    const calls = serve(() => json(picture(head)));
    socket.say("events", { site: 1, head: 14, events: [] });
    show(14, { dock: 7 });
    show(50);
    show(50, { dock: 8 });
    await vi.advanceTimersByTimeAsync(1500);
    expect([dock.latest.value?.head, dock.live.value, calls.length]).toEqual([14, "live", 0]);

    head = 22;
    socket.head = 22;
    socket.say("disconnect");
    socket.say("connect");
    await vi.advanceTimersByTimeAsync(600);
    expect([dock.latest.value?.head, dock.live.value]).toEqual([22, "live"]);
    expect(new Set(calls.map(call => call.path))).toEqual(new Set(["/api/boards/receiving?site=1&dock=7"]));
  });

  it("never goes back to an older picture, nor shows that of another site or kind", async () => {
    show(9);
    show(50, { site: 2 });
    show(50, { kind: "stock" });
    expect(shown()).toBe(10);
  });
});
