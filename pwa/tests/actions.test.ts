import { IDBFactory } from "fake-indexeddb";
import { openDB } from "idb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Outcome } from "../src/api-types";
import { act, keepAction } from "../src/offline/actions";
import { closeDatabase, database, entryOf, isOutdated, type Schema } from "../src/offline/db";
import { keep, oldest, openAnswers, retryStuck, waiting } from "../src/offline/outbox";
import { send, sending, startSending } from "../src/offline/sender";
import { accepted, anAnswer, aScan } from "./factories";
import { type Call, json, noNetwork, problem, type Reply, serve, takesAll } from "./fake-server";

const transfer = (id: string = crypto.randomUUID()) => ({
  id,
  location_id: 1,
  to_location_id: 2,
  serial_nos: ["NB25-0001"],
});
const answering =
  (change: Partial<Outcome>): Reply =>
  ({ body }) =>
    json(anAnswer(body.entries.map(entry => accepted(entry.id, change))));
const kinds = (calls: Call[]) =>
  calls.map(({ path, body }) => (path === "/api/sync" ? body.entries.map(entry => entry.kind) : path));
const aPhoto = (id: string) => ({
  id,
  kind: "photo",
  picture: new Blob(["picture"], { type: "image/jpeg" }),
});

let stop: () => void;

beforeEach(async () => {
  serve(takesAll);
  stop = startSending(() => "");
  await send({ isUrgent: true });
});

afterEach(async () => {
  stop();
  vi.unstubAllGlobals();
  await closeDatabase();
});

describe("an action", () => {
  it("is on the disk before it is confirmed, with its photos, in one strict transaction", async () => {
    serve(noNetwork);
    const transaction = vi.spyOn(await database(), "transaction");

    const { entry, answer } = await keepAction(
      "service_visit",
      { note: "fan" },
      { attachments: [aPhoto("p1")] },
    );

    expect(transaction.mock.calls[0]).toEqual([
      ["meta", "outbox", "attachments"],
      "readwrite",
      { durability: "strict" },
    ]);
    expect(await (await database()).count("attachments")).toBe(1);
    expect(entry).toMatchObject({ n: 1, kind: "service_visit", body: { note: "fan" } });
    expect(answer.value).toBeNull();
  });

  it("travels in one order with the scans, under the id of its body", async () => {
    serve(noNetwork);
    await keep(aScan("NB25-0001", { user: "" }));
    const { entry } = await keepAction("stock_transfer", transfer("7d4f0000-0000-4000-8000-000000000001"));
    await keep(aScan("NB25-0002", { user: "" }));
    await send({ isUrgent: true });
    const calls = serve(takesAll);

    await send({ isUrgent: true });

    expect(kinds(calls)).toEqual([["scan", "stock_transfer", "scan"]]);
    expect(calls[0]?.body.entries[1]).toEqual({
      id: "7d4f0000-0000-4000-8000-000000000001",
      n: 2,
      kind: "stock_transfer",
      done_at: entry.done_at,
      voucher_id: null,
      site_id: null,
      body: entry.body,
    });
    expect(await waiting()).toEqual([]);
  });

  it("sends its photos one by one before itself, and each once", async () => {
    serve(noNetwork);
    await keep(aScan("NB25-0001", { user: "" }));
    await keepAction("service_visit", {}, { attachments: [aPhoto("p1"), aPhoto("p2")] });
    let failed = false;
    const calls = serve(call => {
      if (call.path === "/api/sync") return takesAll(call);
      if ((call.body as unknown as { id: string }).id === "p2" && !failed) {
        failed = true;
        return noNetwork(call);
      }
      return json({});
    });

    await send({ isUrgent: true });
    await send({ isUrgent: true });

    expect(kinds(calls)).toEqual([
      ["scan"],
      "/api/attachments",
      "/api/attachments",
      "/api/attachments",
      ["service_visit"],
    ]);
    expect(calls.slice(1, 4).map(call => (call.body as unknown as { id: string }).id)).toEqual([
      "p1",
      "p2",
      "p2",
    ]);
    expect(await (await database()).count("attachments")).toBe(0);
  });

  it("waits for a person when the server does not want its photo, and lets the others go", async () => {
    serve(noNetwork);
    await keepAction("service_visit", {}, { attachments: [aPhoto("p1")] });
    await keep(aScan("NB25-0002", { user: "" }));
    serve(call => (call.path === "/api/sync" ? takesAll(call) : problem(413, "image_too_large")));

    await send({ isUrgent: true });

    expect(await waiting()).toMatchObject([{ kind: "service_visit", stuck: "said image_too_large" }]);
  });

  it("stays when the fault is the server's, under its id, and is tried again", async () => {
    serve(answering({ status: "refused", code: "internal_error", message: "Something went wrong" }));
    const { entry } = await keepAction("stock_transfer", transfer());
    await send({ isUrgent: true });
    expect(await waiting()).toMatchObject([{ id: entry.id, stuck: "Something went wrong" }]);
    expect(await openAnswers()).toEqual([]);

    const calls = serve(takesAll);
    await retryStuck();
    await send({ isUrgent: true });
    expect(calls[0]?.body.entries.map(each => each.id)).toEqual([entry.id]);
  });
});

describe("an action that cannot be stored", () => {
  it("is refused in words that say what to do, and uses no number", async () => {
    const add = vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(() => {
      throw new DOMException("disk full", "QuotaExceededError");
    });
    await expect(keepAction("stock_transfer", transfer())).rejects.toMatchObject({
      code: "not_stored",
      message: expect.stringContaining("Free some space"),
    });
    add.mockRestore();

    expect(await waiting()).toEqual([]);
    expect((await keepAction("stock_transfer", transfer())).entry.n).toBe(1);
  });
});

describe("the answer", () => {
  it("arrives on the signal of whoever kept the action", async () => {
    const voucher = { id: "v", type: "stock_transfer", number: "ST-1", status: "closed" };
    serve(answering({ voucher }));

    const kept = await keepAction("stock_transfer", transfer());

    expect((await kept.answered())?.voucher).toEqual(voucher);
    expect(kept.answer.value?.status).toBe("accepted");
  });

  it("is null without a network, at once and not after a pause", async () => {
    serve(noNetwork);

    expect(await act("stock_transfer", transfer())).toBeNull();
    expect(sending.value).toBe("no_network");
  });

  it("throws a refusal that the person sees at once, with its next step, and leaves nothing to look at", async () => {
    serve(
      answering({ status: "refused", code: "same_place", message: "It is there.", next_step: "Leave it." }),
    );

    await expect(act("stock_transfer", transfer())).rejects.toMatchObject({
      code: "same_place",
      message: "It is there.",
      problem: { next_step: "Leave it." },
    });
    expect(await openAnswers()).toEqual([]);
  });

  it("of an action that waited is kept for the person to look at when it is no", async () => {
    serve(noNetwork);
    await act("stock_transfer", transfer());
    serve(answering({ status: "refused", code: "same_place" }));

    await send({ isUrgent: true });

    expect((await openAnswers()).map(entryOf)).toMatchObject([{ kind: "stock_transfer" }]);
  });
});

describe("what an older build kept", () => {
  it("is brought along whole: rows, answers, pictures and the counter", async () => {
    stop();
    await closeDatabase();
    globalThis.indexedDB = new IDBFactory();
    const old = await openDB("serialtrail", 2, {
      upgrade(db) {
        db.createObjectStore("outbox", { keyPath: "n" }).createIndex("by_voucher", "voucher_id");
        const answers = db.createObjectStore("answers", { keyPath: "id" });
        answers.createIndex("by_voucher", "scan.voucher_id");
        answers.createIndex("by_open", "open");
        for (const name of ["meta", "snapshots"]) db.createObjectStore(name);
        db.createObjectStore("pictures", { keyPath: "id" });
      },
    });
    const row = (n: number) => ({
      ...aScan(`NB25-${n}`),
      id: `scan ${n}`,
      n,
      scanned_at: "2026-01-05T10:00:00Z",
      stuck: null,
    });
    for (let n = 1; n <= 500; n++) await old.put("outbox", row(n));
    await old.put("answers", { id: "a", scan: row(0), outcome: accepted("a"), answered_at: "", open: 1 });
    await old.put("meta", 500, "counter");
    await old.put("pictures", { id: "p" });
    old.close();

    const entries = await oldest("ana", 1000);

    expect(entries).toHaveLength(500);
    expect(entries.every(entry => entry.kind === "scan")).toBe(true);
    expect(entries.map(entry => entry.id)).toEqual(Array.from({ length: 500 }, (_, i) => `scan ${i + 1}`));
    expect((await openAnswers()).map(each => each.id)).toEqual(["a"]);
    expect((await keep(aScan("next"))).n).toBe(501);
    const stores = [...(await database()).objectStoreNames] as (keyof Schema)[];
    expect(stores).toContain("pictures");
  });
});

describe("a newer build in another tab", () => {
  it("is let through, and this tab is told to load again", async () => {
    await keep(aScan("NB25-0001"));
    const newer = await openDB("serialtrail", 99);

    expect(isOutdated.value).toBe(true);
    await expect(keep(aScan("NB25-0002"))).rejects.toMatchObject({ name: "VersionError" });
    expect(await newer.count("outbox")).toBe(1);
    newer.close();
    isOutdated.value = false;
  });
});
