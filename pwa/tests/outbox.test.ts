import { afterEach, describe, expect, it, vi } from "vitest";
import type { Outcome } from "../src/api-types";
import { closeDatabase, database, entryOf, isScan, type OutboxEntry } from "../src/offline/db";
import * as outbox from "../src/offline/outbox";
import { accepted, aScan } from "./factories";

afterEach(closeDatabase);

const outcomesFor = (rows: OutboxEntry[], status: Outcome["status"] = "accepted") =>
  rows.map(row => accepted(row.id, { status }));

describe("keeping a scan", () => {
  it("numbers scans from 1 without gaps, also when they come at once", async () => {
    const rows = await Promise.all(Array.from({ length: 20 }, (_, i) => outbox.keep(aScan(`NB25-${i}`))));

    expect(rows.map(row => row.n)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect((await outbox.waiting()).filter(isScan).map(row => row.text)).toEqual(rows.map(row => row.text));
    expect(new Set(rows.map(row => row.id)).size).toBe(20);
  });

  it("writes row and counter in one strict transaction", async () => {
    const transaction = vi.spyOn(await database(), "transaction");

    await outbox.keep(aScan("NB25-0001"));

    expect(transaction.mock.calls).toEqual([[["meta", "outbox"], "readwrite", { durability: "strict" }]]);
  });

  it("uses no number when the row cannot be stored", async () => {
    await outbox.keep(aScan("NB25-0001"));
    const unstorable = { ...aScan("NB25-0002"), reason: (() => {}) as unknown as string };

    await expect(outbox.keep(unstorable)).rejects.toThrow();

    expect((await outbox.keep(aScan("NB25-0003"))).n).toBe(2);
  });

  it("goes on counting after the page was closed", async () => {
    await outbox.keep(aScan("NB25-0001"));
    await closeDatabase();

    expect((await outbox.keep(aScan("NB25-0002"))).n).toBe(2);
  });
});

describe("choosing what to send", () => {
  it("takes the oldest rows of one user, in the order of scanning", async () => {
    for (const [user, text] of [
      ["ana", "A-1"],
      ["ben", "B-1"],
      ["ana", "A-2"],
      ["ana", "A-3"],
    ] as const) {
      await outbox.keep(aScan(text, { user }));
    }

    expect((await outbox.oldest("ana", 2)).filter(isScan).map(row => row.text)).toEqual(["A-1", "A-2"]);
    expect((await outbox.oldest("ben", 50)).filter(isScan).map(row => row.text)).toEqual(["B-1"]);
  });

  it("passes over a row that was set aside until it is let go again", async () => {
    const first = await outbox.keep(aScan("NB25-0001"));
    await outbox.keep(aScan("NB25-0002"));

    await outbox.setAside(first, "cannot be read");
    expect((await outbox.oldest("ana", 50)).filter(isScan).map(row => row.text)).toEqual(["NB25-0002"]);

    await outbox.retryStuck();
    expect((await outbox.oldest("ana", 50)).filter(isScan).map(row => row.text)).toEqual([
      "NB25-0001",
      "NB25-0002",
    ]);
  });
});

describe("settling answers", () => {
  it("lets only those rows go that were answered", async () => {
    const rows = [await outbox.keep(aScan("NB25-0001")), await outbox.keep(aScan("NB25-0002"))];

    const settled = await outbox.settle(rows, outcomesFor(rows.slice(1)));

    expect((await outbox.waiting()).filter(isScan).map(row => row.text)).toEqual(["NB25-0001"]);
    expect(settled.map(entryOf)).toMatchObject([{ text: "NB25-0002" }]);
  });

  it("ignores an answer to a scan that was not asked about", async () => {
    const row = await outbox.keep(aScan("NB25-0001"));

    expect(await outbox.settle([row], [accepted("somebody-else")])).toEqual([]);
    expect(await outbox.waiting()).toHaveLength(1);
  });

  it("keeps refused scans and those to review open until a person closes them", async () => {
    const rows = [];
    for (const text of ["refused", "needs_review", "duplicate", "accepted"])
      rows.push(await outbox.keep(aScan(text)));
    await outbox.settle(
      rows,
      rows.map(row => accepted(row.id, { status: row.text as Outcome["status"] })),
    );

    const open = await outbox.openAnswers();
    expect(open.map(each => each.outcome.status).sort()).toEqual(["needs_review", "refused"]);

    await outbox.close(open.map(each => each.id));
    expect(await outbox.openAnswers()).toEqual([]);
    expect(await outbox.answersFor("receipt-1")).toHaveLength(4);
  });

  it("forgets old closed answers, never open ones", async () => {
    const rows = [await outbox.keep(aScan("old refused")), await outbox.keep(aScan("old accepted"))];
    await outbox.settle(rows, [...outcomesFor(rows.slice(0, 1), "refused"), ...outcomesFor(rows.slice(1))]);

    await outbox.forgetOld(Date.now() + 31 * 86_400_000);

    expect((await outbox.answersFor("receipt-1")).map(each => each.scan.text)).toEqual(["old refused"]);
  });
});
