import { describe, expect, test } from "vitest";
import cases from "../../tests/data/gs1_cases.json";
import { join, parse, type ScannedCode } from "../src/scan/gs1";

interface Expected {
  [field: string]: unknown;
  problems?: string[];
  proposal?: Record<string, unknown>;
  facts?: Record<string, unknown>;
}

/** The answer in the words of the table, which are the server's. */
function inServerWords(code: ScannedCode): Record<string, unknown> {
  return {
    symbology: code.symbology,
    kind: code.kind,
    gtin: code.gtin,
    batch_no: code.batchNo,
    serial_no: code.serialNo,
    sscc: code.sscc,
    manufactured_on: code.manufacturedOn,
    best_before: code.bestBefore,
    expires_on: code.expiresOn,
    count: code.count,
    locations: code.locations,
    extra: code.extra,
    problems: code.problems.map(problem => `${problem.code}:${problem.severity}`).sort(),
  };
}

const NOTHING = {
  symbology: "",
  gtin: null,
  batch_no: null,
  serial_no: null,
  sscc: null,
  manufactured_on: null,
  best_before: null,
  expires_on: null,
  count: null,
  locations: {},
  extra: {},
};

function expectMeaning(code: ScannedCode, { problems = [], proposal, facts, ...fields }: Expected) {
  expect(inServerWords(code)).toEqual({ ...NOTHING, ...fields, problems: [...problems].sort() });
  if (facts) expect(code.problems[0]?.facts).toMatchObject(facts);
  if (proposal) expect(inServerWords(code.proposal as ScannedCode)).toMatchObject(proposal);
  else expect(code.proposal).toBeNull();
}

describe("a text means", () => {
  test.each(cases.parse.map(one => [one.name, one] as const))("%s", (_, one) => {
    expectMeaning(parse(one.text, "symbology" in one ? one.symbology : ""), one.expect as Expected);
  });
});

describe("two codes of a label mean", () => {
  test.each(cases.join.map(one => [one.name, one] as const))("%s", (_, one) => {
    const joined = join(parse(one.first), parse(one.second));
    if (one.expect === null) expect(joined).toBeNull();
    else expectMeaning(joined as ScannedCode, one.expect as Expected);
  });
});

test("a stray percent sign in a link is not fatal", () => {
  expect(parse("https://id.example/01/09506000134352/21/5%").serialNo).toBe("5%");
});
