import { t, time } from "../i18n/t";
import type { AnsweredScan, ScanEntry } from "../offline/db";
import { sending } from "../offline/sender";
import { titleOf } from "../receiving/entries";
import type { Tone } from "../scan/feedback";
import type { PickJudgement } from "./judge";

/** What is said in large of one pick, with the tone that goes with it. */
export interface Said {
  scanId: string | null;
  tone: Tone;
  word: "kept" | "picked" | "replaced" | "undone" | "duplicate" | "needs_review" | "refused";
  title: string;
  text: string;
  answered: AnsweredScan | null;
  /** When it came on the screen (ISO time of this device). */
  since: string;
}

const now = () => new Date().toISOString();
const isOnItsWay = () => sending.value === "idle" || sending.value === "sending";

/** The pick is stored on the device; what follows is known here alone. */
export function saidOfKept(row: ScanEntry, judgement: PickJudgement): Said {
  const said = { scanId: row.id, title: titleOf(row), answered: null, since: now() };
  switch (judgement.kind) {
    case "already_picked": {
      const { by, at } = judgement.unit;
      const text = t("already_picked", { at: time(at ?? now()), by: by ?? "" });
      return { ...said, tone: "warning", word: "duplicate", text };
    }
    case "product_code":
      return {
        ...said,
        tone: "refused",
        word: "refused",
        text: t("product_code", { item: judgement.itemCode }),
      };
    case "unreadable":
      return { ...said, tone: "refused", word: "refused", text: judgement.message };
    case "doubtful":
      return { ...said, tone: "warning", word: "needs_review", text: judgement.message };
    case "not_proposed":
      return { ...said, tone: "warning", word: "kept", text: t("not_proposed") };
    default:
      return {
        ...said,
        tone: "kept",
        word: "kept",
        text: t(isOnItsWay() ? "kept_text" : "kept_text_waiting"),
      };
  }
}

/** Said of something that never became a scan. */
export function saidHere(title: string, text: string): Said {
  return { scanId: null, tone: "refused", word: "refused", title, text, answered: null, since: now() };
}

/** What the server answered. */
export function saidOfAnswer(answered: AnsweredScan): Said {
  const { outcome, scan } = answered;
  const said = {
    scanId: scan.id,
    title: outcome.unit?.serial_no ?? outcome.unit?.item_code ?? titleOf(scan),
    text: [outcome.message, outcome.next_step].filter(Boolean).join(" "),
    answered,
    since: now(),
  };
  switch (outcome.status) {
    case "accepted":
      if (scan.purpose === "undo") return { ...said, tone: "kept", word: "undone" };
      return {
        ...said,
        tone: "kept",
        word: outcome.code === "proposal_replaced" ? "replaced" : "picked",
        text: outcome.message,
      };
    case "duplicate":
      return { ...said, tone: "warning", word: "duplicate" };
    case "needs_review":
      return { ...said, tone: "warning", word: "needs_review" };
    case "refused":
      return { ...said, tone: "refused", word: "refused" };
  }
}
