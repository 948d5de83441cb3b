import { afterEach, expect, it, vi } from "vitest";
import { readList } from "../src/adding/read-list";
import { json, serve } from "./fake-server";

afterEach(() => vi.unstubAllGlobals());

it("reads a long list by parts, and keeps the further numbers of what was not there before", async () => {
  const part = (serial: string, imei: string) => () =>
    json({
      serial_nos: [serial],
      secondary_serials: [{ serial_no: serial, kind: "imei", text: imei }],
      refused: [],
      possible_ranges: [],
    });
  const calls = serve(part("NB-1", "354178036859789"), part("nb-1", "490154203237518"), part("NB-2", "1"));
  const text = `NB-1 imei=354178036859789${"\n".repeat(1000)}nb-1 imei=490154203237518${"\n".repeat(1000)}NB-2`;

  const read = await readList(text, false, () => {});

  expect(calls).toHaveLength(3);
  expect(read.serial_nos).toEqual(["NB-1", "NB-2"]);
  expect(read.secondary_serials.map(each => each.text)).toEqual(["354178036859789", "1"]);
  expect(read.refused.map(each => [each.line, each.code])).toEqual([[1001, "duplicate_in_list"]]);
});
