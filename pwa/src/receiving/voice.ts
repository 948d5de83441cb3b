import { signal } from "@preact/signals";
import type { AnsweredScan } from "../offline/db";
import { feedback, type Tone } from "../scan/feedback";
import { type Announcement, announcementOf, localAnnouncement } from "./announcements";

const LOUDNESS: Record<Tone, number> = { kept: 0, warning: 1, refused: 2 };

/** What is said of scans in large and by sound: at once what this device thinks of each, then the server's answer. */
export class Voice {
  /** The last scan's answer in large; a refusal stays until it is acknowledged. */
  readonly announcement = signal<Announcement | null>(null);
  /** The tone already given for each scan of this tab that waits for its answer. */
  readonly #given = new Map<string, Tone>();

  /** Of a code that is no scan, or could not be stored. */
  sayLocally(tone: Tone, text: string, title: string): void {
    this.announcement.value = localAnnouncement(tone, title, text);
    feedback(tone);
  }

  /** Of a scan that is stored. */
  give(scanId: string, said: Announcement): void {
    this.#given.set(scanId, said.tone);
    feedback(said.tone);
    // A refusal that nobody has seen yet is not hidden by a scan that is only stored.
    if (this.announcement.value?.tone !== "refused") this.announcement.value = said;
  }

  /** Awaits the answer to a scan without a word or a sound of its own. */
  await(scanId: string): void {
    this.#given.set(scanId, "kept");
  }

  isAwaiting(scanId: string): boolean {
    return this.#given.has(scanId);
  }

  /** Says nothing of the answer to this scan. */
  forget(scanId: string): void {
    this.#given.delete(scanId);
  }

  /** Takes back what stands in large of any of these scans. */
  takeBack(scanIds: string[]): void {
    if (scanIds.includes(this.announcement.value?.scanId ?? "")) this.announcement.value = null;
  }

  /** Says the weightiest of the answers to this tab's scans; sounds only where it differs from what was said. */
  say(answered: AnsweredScan[]): void {
    let weightiest: Announcement | null = null;
    let loudest: Tone = "kept";
    for (const each of answered) {
      const given = this.#given.get(each.id);
      if (given === undefined) continue;
      this.#given.delete(each.id);
      const said = announcementOf(each);
      if (said.tone !== given && LOUDNESS[said.tone] > LOUDNESS[loudest]) loudest = said.tone;
      if (!weightiest || LOUDNESS[said.tone] >= LOUDNESS[weightiest.tone]) weightiest = said;
    }
    if (weightiest && !this.#mustStand(weightiest)) this.announcement.value = weightiest;
    if (loudest !== "kept") feedback(loudest);
  }

  /** A refusal stands until it is acknowledged, or until something scanned after it came up is accepted. */
  #mustStand(next: Announcement): boolean {
    const standing = this.announcement.value;
    if (standing?.tone !== "refused" || next.tone === "refused" || standing.scanId === next.scanId)
      return false;
    return next.tone === "warning" || (next.answered?.scan.scanned_at ?? "") < standing.since;
  }
}
