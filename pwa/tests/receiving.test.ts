import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Outcome, Receipt } from "../src/api-types";
import { closeDatabase, isScan } from "../src/offline/db";
import { waiting } from "../src/offline/outbox";
import { send, startSending } from "../src/offline/sender";
import { entriesOf } from "../src/receiving/entries";
import { judge } from "../src/receiving/judge";
import { Kept } from "../src/receiving/kept";
import { OpenReceipt } from "../src/receiving/open-receipt";
import * as feedback from "../src/scan/feedback";
import { parse } from "../src/scan/gs1";
import { session, sessionState } from "../src/session";
import { accepted, aLine, anAnswer, aPumpLine, aReceipt, aUnit } from "./factories";
import { type Call, json, noNetwork, type Reply, readInReverse, serve } from "./fake-server";

const read = (receipt: Receipt) => ({ receipt, askedAt: "2026-01-05T10:10:00.000Z" });
const entries = (...serials: string[]) =>
  entriesOf(read(aReceipt(serials.map(serial => aUnit(serial)))), [], []);

describe("what the phone says before the server does", () => {
  const verdict = (text: string, symbology = "") =>
    judge(parse(text, symbology), entries("NB25-10", "NB25-0003"), [aLine()]).kind;

  it.each([
    ["NB25-0003", "already_scanned"],
    [" NB25-0003 ", "already_scanned"],
    ["nb25-0003", "already_scanned"],
    ["010950600013435221NB25-0003", "already_scanned"],
    ["NB25-1", "new"],
    ["NB25-100", "new"],
    ["", "empty"],
    ["   ", "empty"],
    ["9506000134352", "product_code"],
    ["9506000134369", "new"],
    ["010950600013435321SN1", "unreadable"],
    ["]C10109506000134352", "product_code"],
    ["]C110ABC123", "half"],
    ["]d2010950600013435221SN1\u001d21SN2", "doubtful"],
    ["]d2010950600013435210ABC12321SN0001", "doubtful"],
  ])("of %j: %s", (text, kind) => {
    expect(verdict(text)).toBe(kind);
  });

  it("counts an item without serial numbers by its product code, each time", () => {
    const cable = { ...aLine(), item: { ...aLine().item, tracking: "none" as const } };
    const counted = entriesOf(read(aReceipt([aUnit("", { serial_no: null, item_code: "LAP-15" })])), [], []);

    expect(judge(parse("9506000134352"), counted, [cable]).kind).toBe("new");
    expect(counted[0]?.title).toBe("LAP-15");
  });

  it("takes a batch alone where the chosen item has no serial numbers", () => {
    const screws = { ...aPumpLine(), item: { ...aPumpLine().item, tracking: "batch" as const } };

    expect(judge(parse("]C110ABC123"), [], [aLine(), screws], screws.item.id).kind).toBe("new");
  });

  it("lets two items have the same serial number", () => {
    const ofPump = parse("010950600013436921NB25-0003");

    expect(judge(ofPump, entries("NB25-0003"), [aLine(), aPumpLine()]).kind).toBe("new");
  });
});

describe("batch and expiry that are asked for once", () => {
  it("stay over a reload, each with its item, until they are cleared", () => {
    new Kept("receipt-1").set(1, { batch_no: "B-1", expires_on: null });
    const again = new Kept("receipt-1");

    expect([again.of(1).batch_no, again.of(2).batch_no, again.of(null).batch_no]).toEqual([
      "B-1",
      null,
      null,
    ]);
    again.clear(1);
    expect(new Kept("receipt-1").of(1).batch_no).toBeNull();
  });

  it("do not pass to another receipt", () => {
    new Kept("receipt-1").set(1, { batch_no: "B-1", expires_on: null });

    expect(new Kept("receipt-2").of(1).batch_no).toBeNull();
  });
});

describe("an open receipt", () => {
  let open: OpenReceipt;
  let stops: (() => void)[];
  let tones: string[];

  /** Answers the receipt, and each scan by its text; texts that are not named are accepted. */
  const server =
    (byText: Record<string, Partial<Outcome>> = {}, receipt = aReceipt()): Reply =>
    ({ path, body }) =>
      path === "/api/sync"
        ? json(anAnswer(body.entries.map(scan => accepted(scan.id, byText[scan.text] ?? {}))))
        : json(receipt);

  const scan = (text: string) => open.take({ text, raw: null, symbology: "", source: "wedge" });
  const states = () => open.entries.value.map(entry => [entry.title, entry.state]);
  const sent = () => send({ isUrgent: true });

  async function begin(reply: Reply) {
    const calls = serve(reply);
    stops.push(open.follow());
    await vi.waitFor(() => expect(open.receipt.value).not.toBeNull());
    return calls;
  }

  beforeEach(() => {
    session.value = { user: { username: "ana", name: "Ana" }, sites: [], csrf_token: "t" };
    sessionState.value = "in";
    tones = [];
    vi.spyOn(feedback, "feedback").mockImplementation(tone => {
      tones.push(tone);
    });
    open = new OpenReceipt("receipt-1");
    stops = [startSending(() => "ana")];
  });

  afterEach(async () => {
    for (const stop of stops) stop();
    await sent();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    await closeDatabase();
  });

  it("answers a scan at once from the device, then with the server's word, in one tone", async () => {
    await begin(server());

    await scan("NB25-0001");
    expect(tones).toEqual(["kept"]);
    expect(open.announcement.value).toMatchObject({ word: "kept", title: "NB25-0001" });
    expect(states()).toEqual([["NB25-0001", "waiting"]]);

    await sent();
    expect(tones).toEqual(["kept"]);
    expect(open.announcement.value).toMatchObject({ word: "accepted" });
    expect(states()).toEqual([["NB25-0001", "accepted"]]);
  });

  it("sounds again when the server says otherwise", async () => {
    await begin(server({ "NB25-0001": { status: "refused", code: "serial_sold", message: "sold to ACME" } }));

    await scan("NB25-0001");
    await sent();

    expect(tones).toEqual(["kept", "refused"]);
    expect(open.announcement.value).toMatchObject({ tone: "refused", text: "sold to ACME" });
    expect(states()).toEqual([["NB25-0001", "refused"]]);
  });

  it("says a duplicate once, though phone and server both find it", async () => {
    const message = "NB25-0001 already scanned in this receipt at 10:02 by ana";
    await begin(server({ "NB25-0001": { status: "duplicate", message } }, aReceipt([aUnit("NB25-0001")])));

    await scan("NB25-0001");
    expect(open.announcement.value?.text).toMatch(/NB25-0001 is already scanned in this receipt.*ana/);
    await sent();

    expect(tones).toEqual(["warning"]);
    expect(open.announcement.value?.text).toBe(message);
    expect(states()).toEqual([["NB25-0001", "accepted"]]);
  });

  it("lets a refusal stand until somebody has seen it", async () => {
    await begin(server({ bad: { status: "refused" } }));
    // Both lie in one batch: the second was scanned before anybody could see what became of the first.
    await scan("bad");
    await scan("NB25-0002");
    await sent();
    expect(open.announcement.value).toMatchObject({ tone: "refused", title: "bad" });

    open.acknowledge();
    expect(open.announcement.value).toBeNull();
    expect(states()).toContainEqual(["bad", "refused"]);
  });

  it("lets the next accepted scan take a refusal's place", async () => {
    await begin(server({ bad: { status: "refused" } }));
    await scan("bad");
    await sent();
    await new Promise(resolve => setTimeout(resolve, 5));

    await scan("NB25-0002");
    expect(open.announcement.value).toMatchObject({ title: "bad" });
    await sent();
    expect(open.announcement.value).toMatchObject({ word: "accepted", title: "NB25-0002" });
  });

  it("keeps scanning without a network", async () => {
    const calls = await begin(server());
    serve(noNetwork);
    for (const text of ["NB25-0001", "NB25-0002", "NB25-0003"]) await scan(text);
    await sent();

    expect(states().map(([, state]) => state)).toEqual(["waiting", "waiting", "waiting"]);
    expect(states()[0]?.[0]).toBe("NB25-0003");
    expect(calls.filter(call => call.path === "/api/sync")).toEqual([]);

    serve(server());
    await sent();
    expect(await waiting()).toEqual([]);
    expect(states().map(([, state]) => state)).toEqual(["accepted", "accepted", "accepted"]);
  });

  it("never stores an empty code", async () => {
    await begin(server());

    await scan("  ");

    expect(await waiting()).toEqual([]);
    expect(tones).toEqual(["refused"]);
  });

  it("takes no scan once it is posted", async () => {
    await begin(server({}, aReceipt([], { status: "submitted" })));

    await scan("NB25-0001");

    expect(await waiting()).toEqual([]);
    expect(open.announcement.value?.tone).toBe("refused");
  });

  it("says so when the device could not store a scan", async () => {
    await begin(server());
    vi.spyOn(console, "error").mockImplementation(() => {});
    vi.spyOn(crypto, "randomUUID").mockImplementation(() => {
      throw new DOMException("disk full", "QuotaExceededError");
    });

    await scan("NB25-0001");

    expect(tones).toEqual(["refused"]);
    expect(open.announcement.value).toMatchObject({ title: "NB25-0001", word: "refused" });
  });

  it("sends scans again with the batch that they lacked, and keeps it for the next", async () => {
    const actions = [{ kind: "enter_batch", item_id: 1 }];
    const lacks = { status: "refused", code: "batch_required", actions } as const;
    await begin(server({ "P1-01": lacks, "P1-02": lacks }));
    await scan("P1-01");
    await scan("P1-02");
    await sent();
    expect(open.lacking.value?.item.item_code).toBe("LAP-15");
    expect(open.lacking.value?.scans.map(each => each.scan.text)).toEqual(["P1-01", "P1-02"]);
    expect(new Set(tones)).toEqual(new Set(["kept", "warning"]));

    const calls = serve(server());
    open.kept.set(1, { batch_no: "P1", expires_on: null });
    for (const answered of open.lacking.value?.scans ?? []) await open.correct(answered, { batch_no: "P1" });
    await scan("P1-03");
    await sent();

    const scans = calls.flatMap(call => call.body.entries ?? []);
    expect(scans.map(each => [each.text, each.batch_no])).toEqual([
      ["P1-01", "P1"],
      ["P1-02", "P1"],
      ["P1-03", "P1"],
    ]);
    expect(open.lacking.value).toBeNull();
    expect(states().map(([, state]) => state)).toEqual(["accepted", "accepted", "accepted"]);
  });

  it("does not ask again for a scan that was on its way when the batch was given", async () => {
    const lacks: Partial<Outcome> = {
      status: "refused",
      code: "batch_required",
      actions: [{ kind: "enter_batch", item_id: 1 }],
    };
    const calls = serve(({ path, body }) => {
      if (path !== "/api/sync") return json(aReceipt());
      const outcomes = body.entries.map(each => accepted(each.id, each.batch_no === null ? lacks : {}));
      if (body.entries.some(each => each.batch_no === null))
        open.kept.set(1, { batch_no: "P1", expires_on: null });
      return json(anAnswer(outcomes));
    });
    stops.push(open.follow());
    await vi.waitFor(() => expect(open.receipt.value).not.toBeNull());

    await scan("P1-02");
    await vi.waitFor(() => expect(states()).toEqual([["P1-02", "accepted"]]));

    const scans = calls.flatMap(call => call.body.entries ?? []);
    expect(scans.map(each => [each.text, each.batch_no])).toEqual([
      ["P1-02", null],
      ["P1-02", "P1"],
    ]);
    expect(open.lacking.value).toBeNull();
    expect(tones).not.toContain("warning");
  });

  describe("with two codes on a label", () => {
    const twoLines = aReceipt([], { lines: [aLine(), aPumpLine()] });
    const productCode = { status: "refused", code: "item_code_not_serial" } as const;
    const noSerial = { status: "refused", code: "code_without_serial" } as const;
    const ofScans = (calls: Call[]) =>
      calls.flatMap(call => call.body.entries ?? []).map(each => [each.text, each.item_id, each.batch_no]);

    it.each([
      ["answered in between", true],
      ["offline in between", false],
    ])("takes the product code, the batch and then the serial number, %s", async (_, isSent) => {
      const calls = await begin(
        server({ "9506000134369": productCode, "]C11726123110P9": noSerial }, twoLines),
      );
      await scan("9506000134369");
      if (isSent) await sent();
      await scan("]C11726123110P9");
      if (isSent) await sent();
      await scan("P9-01");
      await sent();

      expect(ofScans(calls)).toEqual([
        ["9506000134369", null, null],
        ["]C11726123110P9", 2, "P9"],
        ["P9-01", 2, "P9"],
      ]);
      await vi.waitFor(() => expect(states()).toEqual([["P9-01", "accepted"]]));
      expect(open.announcement.value).toMatchObject({ word: "accepted", title: "P9-01" });
    });

    it.each([
      ["answered in between", true],
      ["offline in between", false],
    ])("sends a serial number again with what the next code adds, %s", async (_, isSent) => {
      const ambiguous = { status: "refused", code: "ambiguous_item" } as const;
      const calls = await begin(call => {
        const isFirst = call.body.entries?.[0]?.item_id === null;
        return server(isFirst ? { "P9-01": ambiguous } : {}, twoLines)(call);
      });
      await scan("P9-01");
      if (isSent) await sent();
      await scan("]C1010950600013436910P9");
      if (!isSent) {
        expect((await waiting()).filter(isScan).map(row => [row.text, row.item_id, row.batch_no])).toEqual([
          ["P9-01", null, null],
          ["P9-01", 2, "P9"],
        ]);
        return;
      }
      await sent();

      expect(ofScans(calls)).toEqual([
        ["P9-01", null, null],
        ["P9-01", 2, "P9"],
      ]);
      await vi.waitFor(() => expect(states()).toEqual([["P9-01", "accepted"]]));
    });

    it("joins no codes that contradict each other, or that are far apart in time", async () => {
      const calls = await begin(server({ "9506000134369": productCode }, twoLines));
      await scan("9506000134369");
      await scan("010950600013435210B-1\u001d21SN1");
      const now = performance.now();
      await scan("]C110P9");
      vi.spyOn(performance, "now").mockReturnValue(now + 60_000);
      await scan("P9-07");
      await sent();

      expect(ofScans(calls)).toEqual([
        ["9506000134369", null, null],
        ["010950600013435210B-1\u001d21SN1", null, null],
        ["]C110P9", null, null],
        ["P9-07", null, null],
      ]);
    });

    it("says the product code as such when nothing was missing before it", async () => {
      const calls = await begin(server({ "9506000134352": productCode }));
      await scan("NB25-0001");
      await sent();
      await scan("9506000134352");
      await sent();

      expect(ofScans(calls).map(([text]) => text)).toEqual(["NB25-0001", "9506000134352"]);
      expect(open.announcement.value?.tone).toBe("refused");
    });
  });

  it("takes back a unit by a scan of its own", async () => {
    await begin(server({ "": { code: "undone" } }, aReceipt([aUnit("NB25-0001")])));
    const [entry] = open.entries.value;
    if (!entry) throw new Error("no entry");
    const calls = serve(server({ "": { code: "undone" } }));

    await open.undo(entry);
    expect(open.entries.value[0]).toMatchObject({ isUndoWaiting: true });
    await sent();

    expect(calls[0]?.body.entries[0]).toMatchObject({
      purpose: "undo",
      undoes: "scan of NB25-0001",
      text: "",
    });
    expect(states()).toEqual([]);
  });

  it("sends rejected units with their reason", async () => {
    const calls = await begin(server());
    open.condition.value = "rejected";
    open.reason.value = "Damaged";

    await scan("NB25-0001");
    await sent();

    const scans = calls.flatMap(call => call.body.entries ?? []);
    expect(scans).toMatchObject([{ condition: "rejected", reason: "Damaged" }]);
  });

  it("takes the batch of the item that the label names, not of the line that was chosen", async () => {
    const calls = await begin(server({}, aReceipt([], { lines: [aLine(), aPumpLine()] })));
    open.itemId.value = 1;
    open.kept.set(1, { batch_no: "B-LAPTOP", expires_on: null });
    open.kept.set(2, { batch_no: "B-PUMP", expires_on: "2026-09-30" });

    await scan("010950600013436921P1-01");
    await scan("NB25-0001");
    await sent();

    const scans = calls.flatMap(call => call.body.entries ?? []);
    expect(scans.map(each => each.batch_no)).toEqual(["B-PUMP", "B-LAPTOP"]);
  });
});

describe("the list of a receipt", () => {
  it("does not show a unit again that another device has taken back since", () => {
    const receipt = aReceipt([]);
    const scan = { ...aReceiptScan("NB25-0001"), n: 1 };
    const answered = {
      id: scan.id,
      scan,
      outcome: accepted(scan.id),
      answered_at: "2026-01-05T10:05:00.000Z",
      open: 0 as const,
    };

    expect(entriesOf({ receipt, askedAt: "2026-01-05T10:04:00.000Z" }, [], [answered])).toHaveLength(1);
    expect(entriesOf({ receipt, askedAt: "2026-01-05T10:06:00.000Z" }, [], [answered])).toHaveLength(0);
  });

  it("is newest first by the server's time, with what waits on top", () => {
    const receipt = aReceipt([
      aUnit("second", { recorded_at: "2026-01-05T10:03:00.000Z" }),
      aUnit("first", { recorded_at: "2026-01-05T10:02:00.000Z", scanned_at: "2026-01-07T00:00:00.000Z" }),
    ]);

    const list = entriesOf(read(receipt), [aReceiptScan("waiting 1", 1), aReceiptScan("waiting 2", 2)], []);

    expect(list.map(entry => entry.title)).toEqual(["waiting 2", "waiting 1", "second", "first"]);
  });
});

function aReceiptScan(text: string, n = 1) {
  return {
    id: `id of ${text}`,
    n,
    user: "ana",
    purpose: "receive" as const,
    voucher_id: "receipt-1",
    text,
    raw: null,
    symbology: "",
    source: "wedge" as const,
    scanned_at: "2026-01-05T10:04:30.000Z",
    stored_at: "2026-01-05T10:04:30.000Z",
    stuck: null,
    kind: "scan" as const,
    batch_no: null,
    expires_on: null,
    item_id: null,
    condition: "accepted" as const,
    reason: null,
    undoes: null,
  };
}

it("an open receipt does not go back to what was when an earlier reading comes later than the next", async () => {
  const open = new OpenReceipt("receipt-2");
  await readInReverse(open, number => ({ ...aReceipt(), number }));
  expect(open.receipt.value?.number).toBe("as it is");
});
