import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import warranties from "../../tests/data/warranty_cases.json";
import { isolated } from "../src/i18n/language";
import { translating } from "../src/i18n/translating";

type Texts = Record<string, string>;

const FOLDER = "src/i18n";
/** The server speaks English itself, so only other languages have texts for its codes. */
const ANSWERS = "answers.json";

const read = (path: string): Texts => JSON.parse(readFileSync(`${FOLDER}/${path}`, "utf8"));
const filesOf = (language: string): string[] =>
  readdirSync(`${FOLDER}/${language}`).filter(name => name.endsWith(".json") && name !== ANSWERS);
const others = readdirSync(FOLDER, { withFileTypes: true })
  .filter(each => each.isDirectory() && each.name !== "en")
  .map(each => each.name);

const FORM = /_(zero|one|two|few|many|other)$/;
const placeholders = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].sort();
const withoutCount = (names: string[]): string[] => names.filter(name => name !== "{count}");

/** The stems of texts that go by a number; `x_one` alone is a name that ends so, such as "choose_one". */
function countedStems(texts: Texts): Set<string> {
  const ends = Object.keys(texts).filter(key => key.endsWith("_other"));
  return new Set(ends.map(key => key.replace(FORM, "")));
}

function stems(texts: Texts): string[] {
  const counted = countedStems(texts);
  const stemOf = (key: string) => (counted.has(key.replace(FORM, "")) ? key.replace(FORM, "") : key);
  return [...new Set(Object.keys(texts).map(stemOf))].sort();
}

describe.each(others)("%s beside English", language => {
  test("has the same files", () => {
    expect(filesOf(language)).toEqual(filesOf("en"));
  });

  test.each(filesOf("en"))("has every text of %s, and no other", name => {
    expect(stems(read(`${language}/${name}`))).toEqual(stems(read(`en/${name}`)));
  });

  test.each(filesOf("en"))("names the same facts in %s", name => {
    const english = read(`en/${name}`);
    const counted = countedStems(english);
    const wrong = Object.entries(read(`${language}/${name}`)).filter(([key, text]) => {
      const stem = key.replace(FORM, "");
      if (!FORM.test(key) || !counted.has(stem))
        return String(placeholders(text)) !== String(placeholders(english[key] ?? ""));
      const form = key.match(FORM)?.[1];
      // "One scan" needs no figure; who, where and what are never left out.
      const asked = placeholders(english[`${stem}_${form === "one" ? "one" : "other"}`] ?? "");
      return form === "one" || form === "two"
        ? String(withoutCount(placeholders(text))) !== String(withoutCount(asked))
        : String(placeholders(text)) !== String(asked);
    });
    expect(wrong).toEqual([]);
  });

  test.each(filesOf("en"))("has in %s one form for all numbers, or each that the language knows", name => {
    const texts = read(`${language}/${name}`);
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const stem of countedStems(texts)) {
      const forms = needed.filter(form => `${stem}_${form}` in texts && form !== "zero");
      const all = needed.filter(form => form !== "zero");
      expect(forms.length === 1 ? all : forms, stem).toEqual(all);
    }
  });

  test("answers with codes that the server has", () => {
    const known = new Set([
      ...[...readFileSync("../docs/errors.md", "utf8").matchAll(/^\| `(\w+)`/gm)].map(row => row[1]),
      ...warranties.coverage.map(each => each.expect.code),
    ]);
    const codes = Object.keys(read(`${language}/${ANSWERS}`)).map(key => key.replace(/_next$/, ""));
    expect(codes.filter(code => !known.has(code))).toEqual([]);
  });

  test("has the texts of no other language", () => {
    const english = filesOf("en").flatMap(name => Object.entries(read(`en/${name}`)));
    const texts: Texts = Object.assign({}, ...filesOf(language).map(name => read(`${language}/${name}`)));
    const same = english.filter(([key, text]) => texts[key] === text && /[a-z]{3,} [a-z]{2,}/i.test(text));
    expect(same).toEqual([]);
  });
});

describe("what is said of a warranty", () => {
  test.each(others)("has its words in %s, with every fact", language => {
    const answers = read(`${language}/${ANSWERS}`);
    for (const { expect: said } of warranties.coverage) {
      const facts = Object.keys(said.facts).map(name => `{${name}}`);
      expect(placeholders(answers[said.code] ?? ""), said.code).toEqual(facts.sort());
    }
  });
});

describe("the server's answers by their codes", () => {
  const texts = { serial_in_stock: "في {location}", serial_in_stock_next: "تحقق" };
  const translate = translating(texts, isolated);
  const english = { code: "serial_in_stock", message: "It is in A-01.", next_step: "Check it." };

  test("are put into words wherever they stand", () => {
    const answer = { outcomes: [{ ...english, facts: { location: "A-01" } }] };
    translate(answer);
    expect(answer.outcomes[0]).toMatchObject({ message: `في ${isolated("A-01")}`, next_step: "تحقق" });
  });

  test("stay as they are without a fact that the text names, and for other codes", () => {
    const lacking = { ...english, facts: {} };
    const other = { code: "A-01", detail: "A place", facts: {} };
    translate([lacking, other]);
    expect(lacking.message).toBe("It is in A-01.");
    expect(other.detail).toBe("A place");
  });
});
