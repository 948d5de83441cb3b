import { post } from "../api";
import type { ParsedList } from "./adding-types";

const LINES_AT_ONCE = 1000;

/** Reads a typed or pasted list by parts, so that one sees how far it is; `onPart` gets the part done, 0 to 1. */
export async function readList(
  text: string,
  ranges: boolean,
  onPart: (done: number) => void,
): Promise<ParsedList> {
  const lines = text.split(/\r\n|\r|\n/);
  const whole: ParsedList = { serial_nos: [], secondary_serials: [], refused: [], possible_ranges: [] };
  const firstLine = new Map<string, number>();
  for (let start = 0; start < lines.length; start += LINES_AT_ONCE) {
    const part = lines.slice(start, start + LINES_AT_ONCE).join("\n");
    const read = await post<ParsedList>("/api/serial-lists/parse", { text: part, ranges });
    for (const entry of read.refused) whole.refused.push({ ...entry, line: entry.line + start });
    const isNew = (serial: string) => !firstLine.has(serial.toLowerCase());
    whole.secondary_serials.push(...read.secondary_serials.filter(each => isNew(each.serial_no)));
    for (const serial of read.serial_nos) {
      const key = serial.toLowerCase();
      // The server knows of repetitions within a part only.
      if (!isNew(serial)) whole.refused.push(repeated(serial, start));
      else whole.serial_nos.push(serial);
      firstLine.set(key, start);
    }
    whole.possible_ranges.push(...read.possible_ranges);
    onPart(Math.min(1, (start + LINES_AT_ONCE) / lines.length));
  }
  return whole;
}

const repeated = (text: string, start: number) => ({
  line: start + 1,
  text,
  code: "duplicate_in_list",
  message: `${text} is in the list already, further up.`,
  next_step: "",
});

/** How many entries a text has, for the count beside the field while one types. */
export function countEntries(text: string): number {
  let count = 0;
  for (const entry of text.split(/[\n\r,\t]+/)) if (entry.trim() !== "") count += 1;
  return count;
}
