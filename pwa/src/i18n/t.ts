import { configure } from "../api";
import first from "./en/first.json";
import type late from "./en/late";
import { isArabic, isolated, language, locale } from "./language";

type Catalogue = Record<string, string>;
type Base<Key extends string> = Key extends `${infer Stem}_one` | `${infer Stem}_other` ? Stem : Key;
export type TextKey = Base<keyof typeof first | keyof typeof late>;
export type TextFacts = Record<string, string | number>;

const catalogue: Catalogue = { ...first };
/** Those of the screens that come late. */
let lateCatalogue: Catalogue = {};
const textOf = (key: string): string | undefined => lateCatalogue[key] ?? catalogue[key];

/** Gets the texts of the screens whose code comes when they first show (see `late`). */
export async function addLateTexts(): Promise<void> {
  lateCatalogue = (await (isArabic ? import("./ar/late") : import("./en/late"))).default;
}

/** Gets what the first screen needs in another language than English, which comes with the code. */
export async function addFirstTexts(): Promise<void> {
  if (!isArabic) return;
  const { default: first } = await import("./ar/first");
  Object.assign(catalogue, first.texts);
  configure({ translate: first.translate(isolated) });
}

/** Text from data with a direction of its own, so that a serial number or a date turns nothing around it. */
const apart = (text: string): string => (isArabic ? isolated(text) : text);

const plural = new Intl.PluralRules(language);

/**
 * The text of `key` with `{name}` filled in from `facts`. A key with `_one` and `_other` forms is chosen
 * by `facts.count`.
 */
export function t(key: TextKey, facts: TextFacts = {}): string {
  const form = typeof facts.count === "number" ? `${key}_${plural.select(facts.count)}` : key;
  const text = textOf(form) ?? textOf(`${key}_other`) ?? textOf(key) ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const fact = facts[name];
    if (fact === undefined) return whole;
    return typeof fact === "number" ? number(fact) : apart(fact);
  });
}

/** The text of a key that is made from data, such as a unit's state; the data itself when nobody wrote a text. */
export function tOr(key: string, fallback: string): string {
  return textOf(key) ?? fallback;
}

/** Made when it is first needed. A browser's first formatter of all takes 20 to 50 ms, the others next to nothing. */
function lazily<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
const dates = (options: Intl.DateTimeFormatOptions) => lazily(() => new Intl.DateTimeFormat(locale, options));

const numbers = lazily(() => new Intl.NumberFormat(locale ?? language));
/** Those without a thousand, a sign and a fraction are written alike in all our languages. */
export const number = (value: number): string =>
  Number.isInteger(value) && value >= 0 && value < 1000 ? String(value) : numbers().format(value);

const plainDay = dates({ dateStyle: "medium", timeZone: "UTC" });
const minutes = dates({ timeStyle: "short" });
const seconds = dates({ timeStyle: "medium" });
const both = dates({ dateStyle: "medium", timeStyle: "medium" });

/** Has the browser make its first formatter, while there is nothing else to do. */
export const prepareDates = (): void => void plainDay();

/** A date without a time, such as an expiry; never shifted by the time zone. */
export const date = (iso: string): string =>
  apart(plainDay().format(new Date(`${iso.slice(0, 10)}T00:00:00Z`)));

export const dateTime = (iso: string): string => apart(both().format(new Date(iso)));

/** The time alone when it is today, else with its date. */
export function time(iso: string, to: "minute" | "second" = "minute"): string {
  const moment = new Date(iso);
  if (moment.toDateString() !== new Date().toDateString()) return dateTime(iso);
  return apart((to === "minute" ? minutes : seconds)().format(moment));
}

/** "4 s", "3 min", "2 h": how long something is ago. */
export function age(ms: number): string {
  const inSeconds = Math.max(0, Math.round(ms / 1000));
  if (inSeconds < 90) return t("age_seconds", { n: inSeconds });
  const inMinutes = Math.round(inSeconds / 60);
  return inMinutes < 90
    ? t("age_minutes", { n: inMinutes })
    : t("age_hours", { n: Math.round(inMinutes / 60) });
}
