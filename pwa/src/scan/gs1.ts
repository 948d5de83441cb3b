/**
 * What a scanned text means, as the server will understand it: the twin of scanner/gs1.py.
 *
 * Both read the cases of tests/data/gs1_cases.json. The phone needs the meaning at once and offline: to say
 * "this is the product code, scan the serial" while the person still holds the label.
 */

import {
  compose,
  cut,
  cutBracketed,
  DATES,
  dayOf,
  type Element,
  GS,
  isDate,
  isKnown,
  isSound,
  TRAILING_GS,
} from "./gs1-elements";
import { waysToCut } from "./gs1-lost-separator";
import {
  brokenPairs,
  hasRightCheckDigit,
  isDigits,
  MAX_GS1_SERIAL_LENGTH,
  misshapen,
  type Problem,
  problem,
  repeated,
  serialProblems,
  wrongCheckDigit,
} from "./gs1-problems";

export type Kind = "empty" | "plain" | "gtin" | "gs1" | "digital_link" | "sscc";
export interface ScannedCode {
  /** The text without symbology identifier, separators as U+001D. */
  text: string;
  symbology: string;
  kind: Kind;
  /** 14 digits, check digit right. */
  gtin: string | null;
  batchNo: string | null;
  serialNo: string | null;
  sscc: string | null;
  /** ISO 8601 dates. */
  manufacturedOn: string | null;
  bestBefore: string | null;
  expiresOn: string | null;
  count: number | null;
  locations: Record<string, string>;
  /** Every other application identifier as it came. */
  extra: Record<string, string>;
  problems: Problem[];
  /** How the code would read with the lost separator back in its place. */
  proposal: ScannedCode | null;
}

const LEADING_GS = new RegExp(`^${GS}+`);
const OUTER_SPACE = "[ \\t\\r\\n\\f\\v\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000\\ufeff]+";
const OUTER_SPACES = new RegExp(`^${OUTER_SPACE}|${OUTER_SPACE}$`, "g");
const IDENTIFIER = /^\][A-IK-PRSTXYQJUdesz][0-9A-Za-z]/;
const GS1_IDENTIFIERS = "]C1 ]d2 ]d5 ]d8 ]e0 ]e1 ]e2 ]J1 ]Q3 ]Q4 ]z1".split(" ");
const RETAIL_IDENTIFIERS = "]E0 ]E1 ]E2 ]E3 ]E4".split(" ");
const WRITTEN_SEPARATOR = /<GS>|\{GS\}|\[GS\]|<FNC1>|\{FNC1\}|\u241d|\u2194|<?\{?ALT\s?\+\s?0{0,2}29\}?>?/gi;
const GTIN_LENGTHS = [8, 12, 13, 14];

const trim = (text: string) => text.replace(OUTER_SPACES, "");

/** Say what a scanned or typed text means; never throws for what the text holds. */
export function parse(text: string, symbology = ""): ScannedCode {
  let body = trim(text);
  const typed = IDENTIFIER.exec(body)?.[0];
  const identifier = typed ?? trim(symbology);
  body = trim(body.slice(typed?.length ?? 0).replace(WRITTEN_SEPARATOR, GS)).replace(TRAILING_GS, "");
  const ledBySeparator = body.startsWith(GS);
  body = trim(body.replace(LEADING_GS, ""));

  if (body === "") return { ...blank("", identifier, "empty"), problems: serialProblems("") };
  return (
    asDigitalLink(body, identifier) ??
    asGtin(body, identifier) ??
    asElementStrings(body, identifier, ledBySeparator) ?? {
      ...blank(body, identifier, "plain"),
      serialNo: body,
      problems: serialProblems(body),
    }
  );
}

/** Two codes of one label as one, or null where they contradict each other or one adds nothing. */
export function join(first: ScannedCode, second: ScannedCode): ScannedCode | null {
  const usable = (code: ScannedCode) =>
    code.kind !== "empty" && code.problems.every(problem => problem.severity === "note");
  if (!usable(first) || !usable(second)) return null;
  const one = fieldsOf(first);
  const other = fieldsOf(second);
  const both = Object.keys(one).filter(ai => ai in other);
  const sizes = [Object.keys(one).length, Object.keys(other).length];
  if (both.some(ai => one[ai] !== other[ai]) || sizes.includes(both.length)) return null;

  const order = ["00", "01", "02", "11", "15", "17", "10", "21"];
  const place = (ai: string) => (order.includes(ai) ? order.indexOf(ai) : order.length);
  const elements = Object.entries({ ...one, ...other })
    .map(([ai, value]) => ({ ai, value }))
    .sort((a, b) => place(a.ai) - place(b.ai) || (a.ai < b.ai ? -1 : 1));
  const symbology = first.symbology === second.symbology ? first.symbology : "";
  const joined = interpret(elements, compose(elements), symbology, "gs1");
  return {
    ...joined,
    problems: joined.problems.filter(problem => problem.severity === "note"),
    proposal: null,
  };
}

function blank(text: string, symbology: string, kind: Kind): ScannedCode {
  return {
    text,
    symbology,
    kind,
    gtin: null,
    batchNo: null,
    serialNo: null,
    sscc: null,
    manufacturedOn: null,
    bestBefore: null,
    expiresOn: null,
    count: null,
    locations: {},
    extra: {},
    problems: [],
    proposal: null,
  };
}

// --- forms of a code

function asDigitalLink(body: string, symbology: string): ScannedCode | null {
  const address = /^https?:\/\/[^/?#]*([^?#]*)(?:\?([^#]*))?/i.exec(body);
  if (!address) return null;
  const parts = (address[1] ?? "").replace(/\/+$/, "").split("/");
  const start = parts.findIndex((_, at) => beginsWithKey(parts.slice(at)));
  if (start < 0) return null;

  const elements: Element[] = [];
  const add = (ai: string, value: string) => {
    if (/^[0-9]{2,4}$/.test(ai)) elements.push({ ai, value });
  };
  for (let at = start; at + 1 < parts.length; at += 2) add(parts[at] ?? "", decode(parts[at + 1] ?? ""));
  for (const pair of (address[2] ?? "").split("&").filter(Boolean)) {
    const [ai = "", ...value] = pair.split("=");
    add(decode(ai.replace(/\+/g, " ")), decode(value.join("=").replace(/\+/g, " ")));
  }
  for (const element of elements) {
    const shortened =
      element.ai === "01" && isDigits(element.value) && GTIN_LENGTHS.includes(element.value.length);
    if (shortened) element.value = element.value.padStart(14, "0");
  }
  return interpret(elements, body, symbology, "digital_link");
}

function beginsWithKey(path: string[]): boolean {
  const [key = "", value = ""] = path;
  const numeric = /^(?:00|01|402|414|417|8006|8017|8018)$/.test(key);
  if (!numeric && !/^(?:253|255|401|8003|8004|8010|8013)$/.test(key)) return false;
  if (path.length % 2 !== 0 || value === "" || (numeric && !isDigits(value))) return false;
  return path.every((part, at) => at % 2 === 1 || /^[0-9]{2,4}$/.test(part));
}

/** Percent-decoding that leaves a stray "%" alone instead of throwing. */
function decode(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, escaped => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      return "\ufffd";
    }
  });
}

function asGtin(body: string, symbology: string): ScannedCode | null {
  const number = symbology === "]E3" ? (body.split(/\s+/)[0] ?? "") : body;
  if (GS1_IDENTIFIERS.includes(symbology) || !isDigits(number) || !GTIN_LENGTHS.includes(number.length)) {
    return null;
  }
  const code = blank(body, symbology, "gtin");
  if (hasRightCheckDigit(number)) return { ...code, gtin: number.padStart(14, "0") };
  if (!RETAIL_IDENTIFIERS.includes(symbology)) return null;
  return { ...code, problems: [wrongCheckDigit("gtin_check_digit", "GTIN", number, "refuse")] };
}

function asElementStrings(body: string, symbology: string, ledBySeparator: boolean): ScannedCode | null {
  const bracketed = body.startsWith("(");
  const elements = bracketed ? cutBracketed(body) : cut(body);
  const first = elements?.[0];
  if (!elements || !first) return null;
  const keyed = ["00", "01", "02"].includes(first.ai) && isSound(first) && hasRightCheckDigit(first.value);
  const sound = elements.every(isSound);
  let believed: boolean;
  if (bracketed) believed = isKnown(first);
  else if (GS1_IDENTIFIERS.includes(symbology)) believed = true;
  else if (ledBySeparator || body.includes(GS)) believed = sound || keyed;
  else believed = keyed || (first.ai === "01" && elements.length > 1 && sound);
  return believed ? interpret(elements, body, symbology, "gs1") : null;
}

// --- meaning

// --- meaning

function interpret(elements: Element[], text: string, symbology: string, kind: Kind): ScannedCode {
  const code = blank(text, symbology, kind);
  const counts: Record<string, number> = {};
  for (const element of elements) take(element, code, counts);
  code.count = counts["30"] ?? counts["37"] ?? null;
  if (code.sscc !== null && code.gtin === null) code.kind = "sscc";
  code.problems.push(...repeated(elements), ...brokenPairs(elements.map(element => element.ai)));
  const separatorsMayBeLost = kind === "gs1" && !text.includes(GS) && !text.startsWith("(");
  if (separatorsMayBeLost) propose(code, elements);
  return code;
}

function take(element: Element, code: ScannedCode, counts: Record<string, number>): void {
  const { ai, value } = element;
  const sound = isSound(element);
  const keep = () => {
    code.extra[ai] ??= value;
  };
  if (!isKnown(element)) {
    keep();
    code.problems.push(
      problem(
        "unknown_ai",
        `Application identifier ${ai} is not in the GS1 dictionary; its field is kept as it came.`,
        "note",
        { ai },
      ),
    );
  } else if (ai === "00" || ai === "01") {
    takeKey(element, code);
  } else if (ai === "21") {
    const problems = serialProblems(value, MAX_GS1_SERIAL_LENGTH);
    code.problems.push(...(problems.length || sound ? problems : [misshapen(element, "note")]));
    code.serialNo ??= value;
  } else if (isDate(ai)) {
    const name = DATES[ai];
    const day = sound ? dayOf(value) : null;
    if (day === null) {
      keep();
      const message = `Application identifier ${ai} holds ${value}, which is not a date.`;
      code.problems.push(problem("bad_date", message, "refuse", { ai, value }));
    } else if (name) code[name] ??= day;
    else keep();
  } else if (!sound && ai !== "10") {
    keep();
    code.problems.push(misshapen(element, "note"));
  } else if (ai === "10" && value) {
    code.batchNo ??= value;
    if (!sound) code.problems.push(misshapen(element, "note"));
  } else if ((ai === "30" || ai === "37") && value) {
    counts[ai] ??= Number(value);
  } else if (ai.startsWith("41")) {
    code.locations[ai] ??= value;
    if (!hasRightCheckDigit(value)) {
      code.problems.push(wrongCheckDigit("gln_check_digit", "Location number", value, "note"));
    }
  } else keep();
}

function takeKey(element: Element, code: ScannedCode): void {
  const { ai, value } = element;
  if (!isSound(element)) code.problems.push(misshapen(element, "refuse"));
  else if (!hasRightCheckDigit(value)) {
    const [name, what] = ai === "01" ? ["gtin_check_digit", "GTIN"] : ["sscc_check_digit", "SSCC"];
    code.problems.push(wrongCheckDigit(name as string, what as string, value, "refuse"));
  } else if (ai === "01") code.gtin ??= value;
  else code.sscc ??= value;
}

/** The guard for a lost separator: batch ABC12321SN0001 may be batch ABC123 and serial number SN0001. */
function propose(code: ScannedCode, elements: Element[]): void {
  const host = elements.at(-1);
  if (!host) return;
  const before = elements.slice(0, -1);
  const proposals = waysToCut(host, before).map(way => {
    const all = [...before, ...way];
    return interpret(all, compose(all), code.symbology, "gs1");
  });
  const likeliest = proposals[0];
  if (!likeliest) return;
  const isSerial = host.ai === "21";
  const candidates = proposals.map(({ batchNo, serialNo }) => ({ batch_no: batchNo, serial_no: serialNo }));
  const what = isSerial ? "Serial number" : host.ai === "10" ? "Batch" : `Field ${host.ai},`;
  const hidden = isSerial ? "another field" : "a serial number";
  const message = `${what} ${host.value} may hold ${hidden}: the separator between the two is missing.`;
  // A serial number that is too long only because it holds another field is not refused for its length.
  code.problems = code.problems.filter(each => !isSerial || each.code !== "serial_too_long");
  code.problems.push(problem("separator_missing", message, "review", { ...candidates[0], candidates }));
  code.proposal = likeliest;
}

function fieldsOf(code: ScannedCode): Record<string, string> {
  const yymmdd = (day: string | null) => (day === null ? null : day.slice(2).replaceAll("-", ""));
  const named: [string, string | null][] = [
    ["00", code.sscc],
    ["01", code.gtin],
    ["11", yymmdd(code.manufacturedOn)],
    ["15", yymmdd(code.bestBefore)],
    ["17", yymmdd(code.expiresOn)],
    [code.sscc === null ? "30" : "37", code.count === null ? null : String(code.count)],
    ["10", code.batchNo],
    ["21", code.serialNo],
  ];
  const present = named.filter((field): field is [string, string] => field[1] !== null);
  return { ...Object.fromEntries(present), ...code.locations, ...code.extra };
}
