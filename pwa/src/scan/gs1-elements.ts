/** Element strings: cut into fields, put together again, each field judged by the dictionary. */
import { rowAt } from "./gs1-dictionary";

export interface Element {
  ai: string;
  value: string;
}

export const GS = "\u001d";
export const TRAILING_GS = new RegExp(`${GS}+$`);
const AROUND_FIELD = new RegExp(`^[ ${GS}]+|[ ${GS}]+$`, "g");

export function cut(text: string): Element[] | null {
  const elements: Element[] = [];
  for (const segment of text.split(GS).filter(Boolean)) {
    let rest = segment;
    while (rest) {
      if (!/^[0-9]{2}/.test(rest)) return null;
      const row = rowAt(rest);
      const ai = row ? row.ai : rest.slice(0, unknownLength(rest));
      const end = row?.length ? ai.length + row.length : rest.length;
      elements.push({ ai, value: rest.slice(ai.length, end) });
      rest = rest.slice(end);
    }
  }
  return elements.length ? elements : null;
}

export function cutBracketed(text: string): Element[] | null {
  const marks = [...text.matchAll(/\(([0-9]{2,4})\)/g)];
  if (marks[0]?.index !== 0) return null;
  const elements: Element[] = [];
  marks.forEach((mark, at) => {
    const ai = mark[1] ?? "";
    const value = text.slice(mark.index + mark[0].length, marks[at + 1]?.index).replace(AROUND_FIELD, "");
    const last = elements.at(-1);
    if (last && !(value && isKnown({ ai, value }))) last.value += mark[0] + value;
    else elements.push({ ai, value });
  });
  return elements;
}

export function compose(elements: Element[]): string {
  const parts = elements.map(({ ai, value }) => ai + value + (rowAt(ai)?.length ? "" : GS));
  return parts.join("").replace(TRAILING_GS, "");
}

/** Length of an identifier that the dictionary does not know (General Specifications, figure 7.8.4-2). */
function unknownLength(text: string): number {
  const four = /^(?:3[1-69]|43|7[02]|8[0-2])[0-9]{2}/.test(text);
  return four ? 4 : /^(?:2[345]|4[012]|71)[0-9]/.test(text) ? 3 : 2;
}

export function isKnown({ ai }: Element): boolean {
  return rowAt(ai)?.ai === ai;
}

/** Whether the field is what the dictionary asks for. */
export function isSound(element: Element): boolean {
  const row = rowAt(element.ai);
  if (row?.ai !== element.ai || !row.field.test(element.value)) return false;
  return !isDate(element.ai) || dayOf(element.value) !== null;
}

export const DATES: Record<string, "manufacturedOn" | "bestBefore" | "expiresOn" | null> = {
  "11": "manufacturedOn",
  "12": null,
  "13": null,
  "15": "bestBefore",
  "16": null,
  "17": "expiresOn",
  "7003": "expiresOn",
};
export const isDate = (ai: string) => ai in DATES;

/** A YYMMDD date as ISO 8601, day 00 as the last of the month; behind it may stand hours and minutes. */
export function dayOf(value: string): string | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = (value.match(/[0-9]{2}/g) ?? []).map(Number);
  const untimed = hour === 99 && minute === 99;
  if (month < 1 || month > 12 || (!untimed && (hour > 23 || minute > 59))) return null;
  const full = year + centuryOf(year);
  const last = new Date(Date.UTC(full, month, 0)).getUTCDate();
  if (day > last) return null;
  const pad = (number: number) => String(number).padStart(2, "0");
  return `${full}-${pad(month)}-${pad(day || last)}`;
}

/** 49 years back to 50 years ahead (General Specifications, section 7.12). */
function centuryOf(year: number): number {
  const now = new Date().getUTCFullYear();
  const century = now - (now % 100);
  const ahead = year - (now % 100);
  return ahead > 50 ? century - 100 : ahead < -49 ? century + 100 : century;
}
