import { describe, expect, test } from "vitest";
import { everyNth, nameInLines } from "../src/charts/names";
import { addLateTexts } from "../src/i18n/t";
import { nameOf, said } from "../src/reports/cells";

describe("the names under the bars of a chart", () => {
  test("stand in two lines, broken at a space where there is one", () => {
    expect(nameInLines("LAP-15", 8)).toBe("LAP-15");
    expect(nameInLines("NorthStar Devices", 9)).toBe("NorthStar\nDevices");
    expect(nameInLines("PUMP-2000-XL", 5)).toBe("PUMP-\n2000…");
  });

  test("have nothing that turns a direction or steers a printer", () => {
    expect(nameInLines("NB25\u202e-1000\u001b\u200b", 20)).toBe("NB25-1000");
  });

  test("are left out where they would touch", () => {
    expect(everyNth(24, 240, 60)).toBe(6);
    expect(everyNth(3, 1200, 60)).toBe(1);
  });
});

describe("what the bars are named by", () => {
  const column = (key: string, kind: "day" | "hour" | "text", words: string | null = null) => ({
    key,
    title: key,
    kind,
    words,
  });

  test("is the head of a column where each is a bar", () => {
    const older = { key: "of_no_text", title: "Over 365 Days", kind: "number" as const, words: null };
    expect(nameOf("of_no_text", undefined, "longest", [older])).toBe("Over 365 Days");
  });

  test("is a month, all before the first one, or a cell of the table", () => {
    expect(nameOf("2026-03-01", column("expires_on", "day"), "months", [])).toBe("Mar 2026");
    expect(nameOf("2026-03-01", column("posted_at", "day"), "days", [])).toBe("Mar 1");
    expect(nameOf("earlier", column("expires_on", "day"), "months", [])).not.toBe("earlier");
    expect(nameOf("LAP_15", column("item_code", "text"), "longest", [])).toBe("LAP_15");
  });

  test("is an hour of the site, whichever the clock of the reader, and one that comes twice has two names", async () => {
    await addLateTexts();
    const named = (iso: string) => nameOf(iso, column("hour", "hour"), "hours", []).replace(/\s/g, " ");
    expect(named("2026-10-25T02:00+02:00")).toBe("Oct 25, 2 AM (UTC+02:00)");
    expect(named("2026-10-25T02:00+01:00")).toBe("Oct 25, 2 AM (UTC+01:00)");
    const inTable = said("2026-01-05T15:00+05:30", column("hour", "hour")).replace(/\s/g, " ");
    expect(inTable).toBe("Jan 5, 2026, 3:00 PM (UTC+05:30)");
  });

  test("keeps the name of a thing that an act was about", () => {
    expect(said("NB_25", column("subject", "text", "type"))).toBe("NB_25");
    expect(said("some_result", column("result", "text", "count_kind"))).toBe("some result");
  });
});
