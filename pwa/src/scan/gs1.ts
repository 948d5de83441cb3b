/**
 * What a scanned text means, as the server will understand it: the twin of scanner/gs1.py.
 *
 * Both read the cases of tests/data/gs1_cases.json. The phone needs the meaning at once and offline: to say
 * "this is the product code, scan the serial" while the person still holds the label.
 */

export type Kind = "empty" | "plain" | "gtin" | "gs1" | "digital_link" | "sscc";
export type Severity = "refuse" | "review" | "note";

export interface Problem {
  code: string;
  message: string;
  severity: Severity;
  facts: Record<string, unknown>;
}

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

interface Element {
  ai: string;
  value: string;
}

const GS = "\u001d";
const LEADING_GS = new RegExp(`^${GS}+`);
const TRAILING_GS = new RegExp(`${GS}+$`);
const AROUND_FIELD = new RegExp(`^[ ${GS}]+|[ ${GS}]+$`, "g");
const OUTER_SPACE = "[ \\t\\r\\n\\f\\v\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000\\ufeff]+";
const OUTER_SPACES = new RegExp(`^${OUTER_SPACE}|${OUTER_SPACE}$`, "g");
const IDENTIFIER = /^\][A-IK-PRSTXYQJUdesz][0-9A-Za-z]/;
const GS1_IDENTIFIERS = "]C1 ]d2 ]d5 ]d8 ]e0 ]e1 ]e2 ]J1 ]Q3 ]Q4 ]z1".split(" ");
const RETAIL_IDENTIFIERS = "]E0 ]E1 ]E2 ]E3 ]E4".split(" ");
const WRITTEN_SEPARATOR = /<GS>|\{GS\}|\[GS\]|<FNC1>|\{FNC1\}|\u241d|\u2194|<?\{?ALT\s?\+\s?0{0,2}29\}?>?/gi;
const GTIN_LENGTHS = [8, 12, 13, 14];
const MAX_SERIAL_LENGTH = 64;
const MAX_GS1_SERIAL_LENGTH = 20;
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;

const trim = (text: string) => text.replace(OUTER_SPACES, "");
const isDigits = (text: string) => /^[0-9]+$/.test(text);

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

// --- element strings

function cut(text: string): Element[] | null {
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

function cutBracketed(text: string): Element[] | null {
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

function compose(elements: Element[]): string {
  const parts = elements.map(({ ai, value }) => ai + value + (rowAt(ai)?.length ? "" : GS));
  return parts.join("").replace(TRAILING_GS, "");
}

/** Length of an identifier that the dictionary does not know (General Specifications, figure 7.8.4-2). */
function unknownLength(text: string): number {
  const four = /^(?:3[1-69]|43|7[02]|8[0-2])[0-9]{2}/.test(text);
  return four ? 4 : /^(?:2[345]|4[012]|71)[0-9]/.test(text) ? 3 : 2;
}

function isKnown({ ai }: Element): boolean {
  return rowAt(ai)?.ai === ai;
}

/** Whether the field is what the dictionary asks for. */
function isSound(element: Element): boolean {
  const row = rowAt(element.ai);
  if (row?.ai !== element.ai || !row.field.test(element.value)) return false;
  return !isDate(element.ai) || dayOf(element.value) !== null;
}

// --- meaning

const DATES: Record<string, "manufacturedOn" | "bestBefore" | "expiresOn" | null> = {
  "11": "manufacturedOn",
  "12": null,
  "13": null,
  "15": "bestBefore",
  "16": null,
  "17": "expiresOn",
  "7003": "expiresOn",
};
const isDate = (ai: string) => ai in DATES;

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

/**
 * Without separators the first field of variable length takes all that follows it, so only the last field can
 * hold another. A serial number is asked only where it is longer than GS1 allows: in one of lawful length "10"
 * or "17" is so common that a warning would be noise.
 */
function waysToCut(host: Element, before: Element[]): Element[][] {
  if (host.ai === "21") return host.value.length > MAX_GS1_SERIAL_LENGTH ? behindSerial(host.value) : [];
  const isOpenEnded = isKnown(host) && !rowAt(host.ai)?.length;
  return !isOpenEnded || before.some(element => element.ai === "21") ? [] : beforeSerial(host);
}

const DATES_BETWEEN = ["11", "13", "15", "16", "17"];

/** Scanners that send Alt+029 to a page that swallows the Alt key leave the three digits behind. */
const withoutAltRemains = (value: string) => value.replace(/(.)029$/, "$1");

function beforeSerial({ ai, value }: Element): Element[][] {
  const ways: Element[][] = [];
  for (let at = 1; at < value.length - 2; at += 1) {
    const serial = { ai: "21", value: value.slice(at + 2) };
    if (value.slice(at, at + 2) !== "21" || !isSound(serial)) continue;
    const rest = withoutAltRemains(value.slice(0, at));
    const date = { ai: rest.slice(-8, -6), value: rest.slice(-6) };
    const dated = rest.length > 8 && DATES_BETWEEN.includes(date.ai) && isSound(date);
    const first = { ai, value: dated ? withoutAltRemains(rest.slice(0, -8)) : rest };
    if (isSound(first)) ways.push(dated ? [first, date, serial] : [first, serial]);
  }
  return ways;
}

function behindSerial(value: string): Element[][] {
  const ways: Element[][] = [];
  for (let at = 1; at < value.length - 2; at += 1) {
    if (!["10", ...DATES_BETWEEN].includes(value.slice(at, at + 2))) continue;
    const behind = cut(value.slice(at));
    if (!behind) continue;
    const fields = [{ ai: "21", value: withoutAltRemains(value.slice(0, at)) }, ...behind];
    const isLikely = ({ ai }: Element) => ["10", "21", ...DATES_BETWEEN].includes(ai);
    if (fields.every(field => isLikely(field) && isSound(field))) ways.push(fields);
  }
  return ways;
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

// --- judgements

function problem(
  code: string,
  message: string,
  severity: Severity,
  facts: Record<string, unknown> = {},
): Problem {
  return { code, message, severity, facts };
}

function misshapen({ ai, value }: Element, severity: Severity): Problem {
  return problem("bad_field", `Application identifier ${ai} does not allow the field "${value}".`, severity, {
    ai,
    value,
  });
}

function expectedCheckDigit(digits: string): number {
  const weighted = [...digits]
    .reverse()
    .reduce((sum, digit, at) => sum + Number(digit) * (at % 2 ? 1 : 3), 0);
  return (10 - (weighted % 10)) % 10;
}

function hasRightCheckDigit(number: string): boolean {
  return (
    number.length > 1 && isDigits(number) && expectedCheckDigit(number.slice(0, -1)) === Number(number.at(-1))
  );
}

function wrongCheckDigit(code: string, what: string, number: string, severity: Severity): Problem {
  const expected = expectedCheckDigit(number.slice(0, -1));
  const given = Number(number.at(-1));
  return problem(
    code,
    `${what} ${number} has the check digit ${given}, it should be ${expected}.`,
    severity,
    {
      number,
      expected,
      given,
      position: number.length,
    },
  );
}

function serialProblems(serialNo: string, limit = MAX_SERIAL_LENGTH): Problem[] {
  if (serialNo === "") return [problem("serial_empty", "The serial number is empty.", "refuse")];
  const characters = [...serialNo];
  const problems: Problem[] = [];
  if (characters.length > limit) {
    const message = `The serial number has ${characters.length} characters, at most ${limit} are allowed.`;
    problems.push(problem("serial_too_long", message, "refuse", { length: characters.length, limit }));
  }
  const at = characters.findIndex(character => HIDDEN.test(character));
  if (at >= 0) {
    const character = `U+${(characters[at]?.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
    const message = `The serial number has a hidden or control character at position ${at + 1}.`;
    problems.push(
      problem("serial_has_control_characters", message, "refuse", { position: at + 1, character }),
    );
  }
  return problems;
}

/** A YYMMDD date as ISO 8601, day 00 as the last of the month; behind it may stand hours and minutes. */
function dayOf(value: string): string | null {
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

/** What a unit is known by. Two of one kind and nobody can tell which one is meant. */
const PLURALS: Record<string, string> = {
  "00": "pallet numbers (SSCC)",
  "01": "product codes (GTIN)",
  "10": "batches",
  "11": "dates of manufacture",
  "15": "best-before dates",
  "17": "expiry dates",
  "21": "serial numbers",
  "30": "counts",
  "37": "counts",
  "7003": "expiry dates",
};

function repeated(elements: Element[]): Problem[] {
  const seen = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { ai, value } of elements) {
    const first = seen.get(ai) ?? value;
    seen.set(ai, first);
    if (first === value) continue;
    const what = PLURALS[ai];
    const said = what ? `two ${what}` : `application identifier ${ai} twice`;
    const message = `The code holds ${said}: ${first} and ${value}.`;
    problems.push(problem("repeated_ai", message, what ? "review" : "note", { ai, values: [first, value] }));
  }
  return problems;
}

const NEEDS: Record<string, string> = {
  "02": "37",
  "10": "01 02 03 8006 8026",
  "11": "01 02 03 8006 8026",
  "13": "01 02 03 8006 8026",
  "15": "01 02 03 8006 8026",
  "16": "01 02 03 8006 8026",
  "17": "01 02 03 255 8006 8026",
  "20": "01 02 03 8006 8026",
  "21": "01 03 8006",
  "22": "01",
  "30": "01 02",
  "37": "00 02 8026",
  "240": "01 02 8006 8026",
  "241": "01 02 8006 8026",
  "250": "01 8006",
  "7003": "01 02",
};
const EXCLUDES = ["01 02", "01 37", "21 235", "402 403"];

function brokenPairs(identifiers: string[]): Problem[] {
  const missing = Object.entries(NEEDS)
    .map(([ai, needs]) => ({ ai, needs: needs.split(" ") }))
    .filter(({ ai, needs }) => identifiers.includes(ai) && !needs.some(need => identifiers.includes(need)))
    .map(({ ai, needs }) =>
      problem(
        "pair_rule",
        `Application identifier ${ai} needs ${needs.join(" or ")} on the same label.`,
        "note",
        { ai, needs },
      ),
    );
  const excluded = EXCLUDES.map(pair => pair.split(" "))
    .filter(pair => pair.every(ai => identifiers.includes(ai)))
    .map(([ai, excludes]) =>
      problem("pair_rule", `Application identifiers ${ai} and ${excludes} exclude each other.`, "note", {
        ai,
        excludes,
      }),
    );
  return [...missing, ...excluded];
}

// --- the dictionary

interface Row {
  ai: string;
  /** Characters of a field of predefined length; 0 where a separator ends it. */
  length: number;
  field: RegExp;
}

/**
 * Identifiers, field, predefined length: the GS1 dictionary. X stands for a character of set 82.
 * tests/scanner/test_gs1_dictionaries.py compares it with biip's.
 */
const DICTIONARY: [string, string, number?][] = [
  ["00", "\\d{18}", 18],
  ["0[1-3]", "\\d{14}", 14],
  ["10|2[12]|243|254|420|4318|702[0-2]|71[0-7]|7240|80[01]2", "X{1,20}"],
  ["1[123567]", "(\\d{2}(?:0\\d|1[0-2])(?:[0-2]\\d|3[01]))", 6],
  ["20", "\\d{2}", 2],
  ["235", "X{1,28}"],
  ["2[45][01]|40[013]|4308|4319|7002|7023|8004|90", "X{1,30}"],
  ["242", "\\d{1,6}"],
  ["253", "(\\d{13})(X{0,17})"],
  ["255", "(\\d{13})(\\d{0,12})"],
  ["30", "\\d{0,8}"],
  ["31[0-6][0-5]|32[0-9][0-5]|33[0-7][0-5]|34[0-9][0-5]|35[0-7][0-5]|36[0-9][0-5]", "\\d{6}", 6],
  ["37", "\\d{1,8}"],
  ["39[02][0-9]", "\\d{1,15}"],
  ["39[13][0-9]", "(\\d{3})(\\d{1,15})"],
  ["394[0-3]|8111", "\\d{4}"],
  ["395[0-5]|4326|7006|8005", "\\d{6}"],
  ["402", "\\d{17}"],
  ["41[0-7]", "\\d{13}", 13],
  ["421", "(\\d{3})(X{1,9})"],
  ["42[246]", "\\d{3}"],
  ["42[35]", "((?:\\d{3}){1,5})"],
  ["427|7008", "X{1,3}"],
  ["43[01][01]|4320", "((?:X|%[0-9A-Fa-f][0-9A-Fa-f]%[0-9A-Fa-f][0-9A-Fa-f]){1,35})"],
  ["43[01][2-6]|7257", "((?:X|%[0-9A-Fa-f][0-9A-Fa-f]%[0-9A-Fa-f][0-9A-Fa-f]){1,70})"],
  ["43[01]7", "([A-Z0-9]{2})"],
  ["4309", "\\d{20}"],
  ["432[1-3]", "([01])"],
  ["432[45]|7003", "\\d{10}"],
  ["433[0-3]", "(\\d{6}[-]?)"],
  ["7001", "\\d{13}"],
  ["7004", "\\d{0,4}"],
  ["7005", "X{1,12}"],
  ["7007", "(\\d{6})(\\d{6})?"],
  ["7009", "X{1,10}"],
  ["7010", "X{1,2}"],
  ["7011", "(\\d{6})(\\d{4})?"],
  ["703[0-9]", "(\\d{3})(X{1,27})"],
  ["7040", "(\\d)(X)(X)(X)"],
  ["7041", "X{1,4}"],
  ["723[0-9]", "X{3,30}"],
  ["7241", "\\d{2}"],
  ["7242|801[34]|8020", "X{1,25}"],
  ["7250", "(\\d{4}(?:0\\d|1[0-2])(?:[0-2]\\d|3[01]))"],
  ["7251", "(\\d{4}(?:0\\d|1[0-2])(?:[0-2]\\d|3[01])(?:[01]\\d|2[0-3])(?:[0-5]\\d))"],
  ["7252", "\\d{1}"],
  ["725[349]", "((?:X|%[0-9A-Fa-f][0-9A-Fa-f]%[0-9A-Fa-f][0-9A-Fa-f]){1,40})"],
  ["7255", "((?:X|%[0-9A-Fa-f][0-9A-Fa-f]%[0-9A-Fa-f][0-9A-Fa-f]){1,10})"],
  ["7256", "((?:X|%[0-9A-Fa-f][0-9A-Fa-f]%[0-9A-Fa-f][0-9A-Fa-f]){1,90})"],
  ["7258", "(\\d[/]\\d)"],
  ["8001", "(\\d{4})(\\d{5})(\\d{3})(\\d{1})(\\d{1})"],
  ["8003", "(0)(\\d{13})(X{0,16})"],
  ["80[02]6", "(\\d{14})(\\d{4})"],
  ["8007", "X{1,34}"],
  ["8008", "(\\d{2}(?:0\\d|1[0-2])(?:[0-2]\\d|3[01])(?:[01]\\d|2[0-3]))((?:[0-5]\\d)(?:[0-5]\\d)?)?"],
  ["8009", "X{1,50}"],
  ["8010", "([A-Z0-9/#-]{5,30})"],
  ["8011", "\\d{1,12}"],
  ["801[78]", "\\d{18}"],
  ["8019", "\\d{1,10}"],
  ["8030", "([0-9A-Za-z_-]{1,90})"],
  ["804[01]", "\\d{15}"],
  ["8042", "\\d{32}"],
  ["8043", "\\d{18,20}"],
  ["811[02]|8200", "X{1,70}"],
  ["9[1-9]", "X{1,90}"],
];
const ROWS = DICTIONARY.map(([identifiers, field, length = 0]) => ({
  identifiers: new RegExp(`^(?:${identifiers})`),
  field: new RegExp(`^(?:${field.replaceAll("X", "[!%-?A-Z_a-z\\x22]")})$`),
  length,
}));

function rowAt(text: string): Row | null {
  for (const { identifiers, field, length } of ROWS) {
    const ai = identifiers.exec(text)?.[0];
    if (ai !== undefined) return { ai, field, length };
  }
  return null;
}
