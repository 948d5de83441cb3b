/** What is wrong with a code, or to be known of it. */
import type { Element } from "./gs1-elements";

export type Severity = "refuse" | "review" | "note";

export interface Problem {
  code: string;
  message: string;
  severity: Severity;
  facts: Record<string, unknown>;
}

const MAX_SERIAL_LENGTH = 64;
export const MAX_GS1_SERIAL_LENGTH = 20;
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;

export const isDigits = (text: string) => /^[0-9]+$/.test(text);

export function problem(
  code: string,
  message: string,
  severity: Severity,
  facts: Record<string, unknown> = {},
): Problem {
  return { code, message, severity, facts };
}

export function misshapen({ ai, value }: Element, severity: Severity): Problem {
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

export function hasRightCheckDigit(number: string): boolean {
  return (
    number.length > 1 && isDigits(number) && expectedCheckDigit(number.slice(0, -1)) === Number(number.at(-1))
  );
}

export function wrongCheckDigit(code: string, what: string, number: string, severity: Severity): Problem {
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

export function serialProblems(serialNo: string, limit = MAX_SERIAL_LENGTH): Problem[] {
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

export function repeated(elements: Element[]): Problem[] {
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

export function brokenPairs(identifiers: string[]): Problem[] {
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
