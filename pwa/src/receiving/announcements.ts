import { t, time } from "../i18n/t";
import type { AnsweredScan, ScanEntry } from "../offline/db";
import { sending } from "../offline/sender";
import type { Tone } from "../scan/feedback";
import { isHalf, lacksDetails, titleOf } from "./entries";
import type { Judgement } from "./judge";

/** What is said in large of one scan, with the tone that goes with it. */
export interface Announcement {
  scanId: string | null;
  tone: Tone;
  /** `kept`: stored here, not answered yet. */
  word: "kept" | "accepted" | "rejected" | "undone" | "duplicate" | "needs_review" | "refused";
  title: string;
  text: string;
  nextStep: string | null;
  answered: AnsweredScan | null;
  /** When it came on the screen (ISO time of this device). */
  since: string;
}

/** Nothing is known to be in the way of sending. */
const isOnItsWay = () => sending.value === "idle" || sending.value === "sending";
const now = () => new Date().toISOString();

/** The scan is stored on the device; what follows is known here alone. */
export function keptAnnouncement(row: ScanEntry, judgement: Judgement): Announcement {
  const said = { scanId: row.id, title: titleOf(row), nextStep: null, answered: null, since: now() };
  switch (judgement.kind) {
    case "already_scanned": {
      const { by, at, title } = judgement.first;
      const text = t("already_scanned", { serial: title, at: time(at), by });
      return { ...said, tone: "warning", word: "duplicate", text };
    }
    case "product_code": {
      const text = t("product_code", { item: judgement.itemCode });
      return { ...said, tone: "refused", word: "refused", text };
    }
    case "half": {
      const title = judgement.batchNo ? t("batch_is", { batch: judgement.batchNo }) : said.title;
      return { ...said, tone: "warning", word: "needs_review", title, text: t("half_of_label") };
    }
    case "doubtful":
      return { ...said, tone: "warning", word: "needs_review", text: judgement.message };
    case "unreadable":
      return { ...said, tone: "refused", word: "refused", text: judgement.message };
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
export function localAnnouncement(tone: Tone, title: string, text: string): Announcement {
  return { scanId: null, tone, word: "refused", title, text, nextStep: null, answered: null, since: now() };
}

/** What the server answered. */
export function announcementOf(answered: AnsweredScan): Announcement {
  const { outcome, scan } = answered;
  const { unit } = outcome;
  const said = {
    scanId: scan.id,
    title: unit?.serial_no ?? unit?.item_code ?? titleOf(scan),
    text: outcome.message,
    nextStep: outcome.next_step,
    answered,
    since: now(),
  };
  switch (outcome.status) {
    case "accepted": {
      if (scan.purpose === "undo") return { ...said, tone: "kept", word: "undone" };
      const text = [
        unit?.serial_no ? unit.item_code : unit?.item_name,
        unit?.batch_no && t("batch_is", { batch: unit.batch_no }),
      ];
      return {
        ...said,
        tone: "kept",
        word: unit?.condition ?? scan.condition,
        text: text.filter(Boolean).join(" · "),
      };
    }
    case "duplicate":
      return { ...said, tone: "warning", word: "duplicate" };
    case "needs_review":
      return { ...said, tone: "warning", word: "needs_review" };
    case "refused":
      // Nothing is wrong with the unit: the question that follows, or the label's other code, settles it.
      if (lacksDetails(outcome) || isHalf(outcome)) return { ...said, tone: "warning", word: "needs_review" };
      return { ...said, tone: "refused", word: "refused" };
  }
}
