import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { closeDatabase, isScan } from "../src/offline/db";
import { keep, keepFromPicture, waiting } from "../src/offline/outbox";
import { dropPicture, keepPicture, keptPictures, MOST_PICTURES, readAgain } from "../src/offline/pictures";
import { send, sending, startSending } from "../src/offline/sender";
import { aScan } from "./factories";
import { type Call, json, noNetwork, problem, type Reply, serve, takesAll } from "./fake-server";

const RECEIPT = { id: "receipt-1", number: "PR-2026-00001" };
const READ = {
  codes: [
    { text: "NB25-0017", raw: "4e42", symbology_identifier: "]d1", corners: [], frame: 0, confidence: {} },
  ],
  reason: null,
};
const UNREAD = { codes: [], reason: { code: "blurred", message: "The picture is blurred." } };

const aPicture = (bytes = 100) => new Blob(["x".repeat(bytes)], { type: "image/jpeg" });
const keepOne = (user = "ana", takenAt = new Date("2026-01-05T10:00:00Z")) =>
  keepPicture(aPicture(), user, RECEIPT, takenAt);

/** Answers pictures with `reply`, and takes all scans. */
const reads =
  (reply: Reply): Reply =>
  call =>
    call.path === "/api/frames" ? reply(call) : takesAll(call);

let stop = () => {};

async function online(...replies: Reply[]): Promise<Call[]> {
  const calls = serve(...replies);
  stop = startSending(() => "ana");
  await send({ isUrgent: true });
  return calls;
}

beforeEach(closeDatabase);
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("a kept picture", () => {
  it("waits with what it was kept for", async () => {
    await keepOne();

    const [picture] = await keptPictures();
    expect(picture).toMatchObject({ user: "ana", receipt: RECEIPT, state: "waiting", codes: [] });
    expect(picture?.jpeg.byteLength).toBe(100);
    expect(picture?.taken_at).toBe("2026-01-05T10:00:00.000Z");
  });

  it("is read by the server, after the scans, and stays until a person decides", async () => {
    await keepOne();
    await keep(aScan("NB25-0001"));

    const calls = await online(reads(() => json(READ)));

    expect(calls.map(call => call.path)).toEqual(["/api/sync", "/api/frames"]);
    const [picture] = await keptPictures();
    expect(picture?.state).toBe("read");
    expect(picture?.codes).toEqual([{ text: "NB25-0017", raw: btoa("NB"), symbology: "]d1" }]);
    expect(await waiting()).toEqual([]);
  });

  it("lets a scan pass that comes while others are read", async () => {
    await keepOne("ana", new Date(1000));
    await keepOne("ana", new Date(2000));
    let isFirst = true;
    const calls = await online(
      reads(async () => {
        if (isFirst) await keep(aScan("NB25-0001"));
        isFirst = false;
        return json(READ);
      }),
    );

    expect(calls.map(call => call.path)).toEqual(["/api/frames", "/api/sync", "/api/frames"]);
  });

  it("says why it could not be read, and may be tried again", async () => {
    await keepOne();
    await online(reads(() => json(UNREAD)));
    const [picture] = await keptPictures();
    expect(picture).toMatchObject({ state: "unreadable", reason: "The picture is blurred." });

    stop();
    if (picture) await readAgain(picture);
    await online(reads(() => json(READ)));

    expect((await keptPictures())[0]?.state).toBe("read");
  });

  it.each([413, 415, 422, 403])("is set aside when the server refuses it with %i", async status => {
    await keepOne();
    await online(reads(() => problem(status, "no")));

    expect((await keptPictures())[0]).toMatchObject({ state: "unreadable", reason: "said no" });
    expect(sending.value).toBe("idle");
  });

  it.each([
    [noNetwork, "no_network"],
    [() => problem(429, "decoder_busy", { "Retry-After": "2" }), "wait"],
    [() => problem(503, "busy"), "server_error"],
  ] as [Reply, string][])("goes on waiting when it cannot be read now", async (reply, state) => {
    await keepOne();
    await online(reads(reply));

    expect((await keptPictures())[0]?.state).toBe("waiting");
    expect(sending.value).toBe(state);
  });

  it("of somebody else waits for them", async () => {
    await keepOne("ben");
    const calls = await online(reads(() => json(READ)));

    expect(calls).toEqual([]);
    expect((await keptPictures())[0]?.state).toBe("waiting");
  });

  it("becomes one scan, whoever adds it first", async () => {
    await keepOne();
    const [picture] = await keptPictures();
    if (!picture) throw new Error("no picture");
    const both = [keepFromPicture(aScan("NB25-0017"), picture), keepFromPicture(aScan("NB25-0017"), picture)];

    const rows = await Promise.all(both);

    expect(rows.map(row => row?.n)).toEqual([1, undefined]);
    expect((await waiting()).filter(isScan).map(row => row.scanned_at)).toEqual(["2026-01-05T10:00:00.000Z"]);
    expect(await keptPictures()).toEqual([]);
  });

  it("is gone when a person drops it, also for a scan in another tab", async () => {
    await keepOne();
    const [picture] = await keptPictures();
    if (!picture) throw new Error("no picture");
    await dropPicture(picture.id);

    expect(await keepFromPicture(aScan("NB25-0017"), picture)).toBeNull();
    expect(await waiting()).toEqual([]);
  });
});

describe("room for pictures", () => {
  it("is refused for one more than enough, and nothing of the kept ones is lost", async () => {
    for (let i = 0; i < MOST_PICTURES; i++) await keepOne();

    await expect(keepOne()).rejects.toMatchObject({ name: "PictureNotKept", why: "too_many" });
    expect(await keptPictures()).toHaveLength(MOST_PICTURES);
  });

  it("is refused where the pictures together are too large", async () => {
    await keepPicture(aPicture(9 * 1024 * 1024), "ana", null);

    await expect(keepPicture(aPicture(2 * 1024 * 1024), "ana", null)).rejects.toMatchObject({
      why: "too_large",
    });
  });

  it("is left to the scans where storage is short", async () => {
    const estimate = async () => ({ usage: 81, quota: 100 });
    Object.defineProperty(navigator, "storage", { value: { estimate }, configurable: true });

    await expect(keepOne()).rejects.toMatchObject({ why: "storage_short" });
    Reflect.deleteProperty(navigator, "storage");
  });
});
