/** How long a code must be out of view before it counts again. */
const LEFT_VIEW_MS = 1500;
/**
 * The same for a code that only the server can read: this device cannot tell whether the label has left the
 * view, and asks the server again every 2 to 15 seconds.
 */
const LEFT_SERVERS_VIEW_MS = 20_000;
/** Two equal reads within this time confirm a symbology without a check digit. */
const CONFIRM_MS = 1000;
/** Symbologies whose reads may be wrong without notice: no check digit is required in them. */
const WEAK = new Set(["]I0", "]I1", "]A0"]);

/**
 * Tells which codes of a camera frame are new, whoever read it.
 *
 * A camera sees one label thirty times a second. It counts once, and again only after it was away for
 * 1.5 s, so that two equal labels one after the other still count twice. The text alone tells labels apart:
 * phone and server may name the symbology of one label differently.
 */
export class Sightings {
  /** Until when a text counts as still in view. */
  readonly #inView = new Map<string, number>();
  readonly #unconfirmed = new Map<string, number>();

  /** True when `text`, read on this device, counts as a new scan at `now` (ms). */
  isNew(text: string, symbology: string, now: number): boolean {
    if (this.isStillInView(text, now)) return false;
    if (WEAK.has(symbology) && !this.#isConfirmed(`${symbology} ${text}`, now)) return false;
    this.note(text, now);
    return true;
  }

  /** True for a text that was taken and has not left the view since; being seen now keeps it there. */
  isStillInView(text: string, now: number): boolean {
    const until = this.#inView.get(text);
    if (until === undefined || now >= until) return false;
    this.#inView.set(text, Math.max(until, now + LEFT_VIEW_MS));
    return true;
  }

  /** A text is taken: by this device, by a person's tap, or as the server read it. */
  note(text: string, now: number, reader: "device" | "server" = "device"): void {
    this.#forget(now);
    const stays = reader === "server" ? LEFT_SERVERS_VIEW_MS : LEFT_VIEW_MS;
    this.#inView.set(text, now + stays);
  }

  /** After a pause what is still in view is the old label, not a new one. */
  resume(now: number): void {
    for (const [text, until] of this.#inView) this.#inView.set(text, Math.max(until, now + LEFT_VIEW_MS));
  }

  #isConfirmed(key: string, now: number): boolean {
    const first = this.#unconfirmed.get(key);
    if (first !== undefined && now - first < CONFIRM_MS) {
      this.#unconfirmed.delete(key);
      return true;
    }
    this.#unconfirmed.set(key, now);
    return false;
  }

  #forget(now: number): void {
    for (const [text, until] of this.#inView) if (now >= until) this.#inView.delete(text);
    for (const [key, seen] of this.#unconfirmed) if (now - seen > CONFIRM_MS) this.#unconfirmed.delete(key);
  }
}
