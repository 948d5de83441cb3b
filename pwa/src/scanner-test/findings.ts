import { parse } from "../scan/gs1";
import { LONGEST_GAP_MS, MEAN_GAP_MS, SHORTEST } from "../scan/wedge";
import type { Heard } from "./recorder";
import { TEST_TEXT } from "./test-code";

/** What a finding is about: each has a text `scanner_…` and, unless it is good, `scanner_…_do`, what to change. */
export type About =
  | "gs_kept"
  | "gs_lost"
  | "gs_written"
  | "gs_alt"
  | "gs_maybe_lost"
  | "content_right"
  | "case_changed"
  | "layout"
  | "incomplete"
  | "affixes"
  | "not_taken_slow"
  | "not_taken_short"
  | "as_text"
  | "ends_with_key"
  | "ends_by_silence"
  | "symbology_sent"
  | "no_symbology";

export interface Finding {
  tone: "accepted" | "note" | "warning";
  about: About;
  facts: Record<string, string | number>;
}

const GS = "\u001d";
const IDENTIFIER = /^\][A-Za-z][0-9A-Za-z]/;
/** How scanners write a separator that they do not send as one. */
const WRITTEN = /<GS>|\{GS\}|\[GS\]|<FNC1>|\{FNC1\}|\u241d|\u2194/i;
const WITHOUT_GS = TEST_TEXT.replace(GS, "");

/** What is right and what is to be changed of a scanner, by what came of one code. */
export function findings(heard: Heard): Finding[] {
  const text = heard.code?.text ?? heard.strokes.map(stroke => stroke.text).join("");
  return [...ofTaking(heard), ...ofContent(text), ...ofIdentifier(text, heard), ...ofEnd(heard)];
}

const found = (tone: Finding["tone"], about: About, facts: Finding["facts"] = {}): Finding[] => [
  { tone, about, facts },
];

/** The mean and the longest time between two keys; null of text and pictures, which come at once. */
export function pace({ strokes }: Heard): { mean: number; longest: number } | null {
  const gaps = strokes.flatMap(({ gap }) => (gap === null ? [] : [gap]));
  if (gaps.length === 0) return null;
  return {
    mean: Math.round(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length),
    longest: Math.max(...gaps),
  };
}

function ofTaking(heard: Heard): Finding[] {
  if (heard.code) return heard.way === "text" ? found("note", "as_text") : [];
  const characters = heard.strokes.filter(stroke => stroke.text !== "").length;
  const { mean, longest } = pace(heard) ?? { mean: 0, longest: 0 };
  if (characters < SHORTEST) return found("warning", "not_taken_short", { least: SHORTEST });
  return found("warning", "not_taken_slow", { mean, longest, limit: MEAN_GAP_MS, most: LONGEST_GAP_MS });
}

function ofContent(text: string): Finding[] {
  const body = text.replace(IDENTIFIER, "");
  const at = body.indexOf(TEST_TEXT);
  if (at >= 0) {
    const [before, after] = [body.slice(0, at), body.slice(at + TEST_TEXT.length)];
    const around = before || after ? found("note", "affixes", { before, after }) : [];
    return [...found("accepted", "content_right"), ...found("accepted", "gs_kept"), ...around];
  }
  const isPart = body.length >= 8 && (TEST_TEXT.startsWith(body) || TEST_TEXT.endsWith(body));
  if (isPart) return found("warning", "incomplete", { missing: TEST_TEXT.length - body.length });
  const changes = changesOfTest(body);
  return [...ofSeparator(body, changes !== null), ...(changes ?? [])];
}

function ofSeparator(body: string, isTest: boolean): Finding[] {
  if (body.includes(GS)) return found("accepted", "gs_kept");
  if (WRITTEN.test(body)) return found("note", "gs_written", { as: WRITTEN.exec(body)?.[0] ?? "" });
  if (isTest) return found("warning", body.includes("029") ? "gs_alt" : "gs_lost");
  const isDoubtful = parse(body).problems.some(({ code }) => code === "separator_missing");
  return isDoubtful ? found("warning", "gs_maybe_lost") : [];
}

/** What was done to the characters of the test code; null when it is another code. */
function changesOfTest(body: string): Finding[] | null {
  const bare = body.replaceAll(GS, "").replace(new RegExp(WRITTEN, "gi"), "").replace("1029", "1");
  if (bare === WITHOUT_GS) return [];
  if (bare.toLowerCase() === WITHOUT_GS.toLowerCase()) return found("warning", "case_changed");
  const pairs = bare.length === WITHOUT_GS.length ? differences(bare) : [];
  // AZERTY moves all digits and some letters; more than that is another code.
  const kinds = new Set(pairs);
  if (pairs.length > 0 && (kinds.size <= 4 || isAllShifted(bare))) {
    return found("warning", "layout", { pairs: [...kinds].slice(0, 6).join("  ") });
  }
  return null;
}

/** "y→z" for each character of the test code that came as another. */
function differences(bare: string): string[] {
  const pairs = [...WITHOUT_GS].map((sent, index) => [sent, bare[index]] as const);
  return pairs.filter(([sent, came]) => sent !== came).map(([sent, came]) => `${sent}→${came}`);
}

/** Each character always came as the same other one, as of a wrong layout. */
function isAllShifted(bare: string): boolean {
  const as = new Map<string, string>();
  return [...WITHOUT_GS].every((sent, index) => {
    const came = bare[index] ?? "";
    const before = as.get(sent) ?? came;
    as.set(sent, came);
    return before === came;
  });
}

function ofIdentifier(text: string, { way, code }: Heard): Finding[] {
  const identifier = code?.symbology || IDENTIFIER.exec(text)?.[0] || "";
  if (identifier) return found("accepted", "symbology_sent", { identifier });
  return way === "camera" ? [] : found("note", "no_symbology");
}

function ofEnd({ way, end, code }: Heard): Finding[] {
  if (way === "camera") return [];
  if (end) return found("accepted", "ends_with_key", { key: end });
  return code ? found("note", "ends_by_silence") : [];
}
