/** How long a code must be out of view before it counts again. */
const LEFT_VIEW_MS = 1500;
/** Two equal reads within this time confirm a symbology without a check digit. */
const CONFIRM_MS = 1000;
/** Symbologies whose reads may be wrong without notice: no check digit is required in them. */
const WEAK = new Set(["]I0", "]I1", "]A0"]);

/**
 * Tells which codes of a camera frame are new.
 *
 * A camera sees one label thirty times a second. It counts once, and again only after it was away for
 * 1.5 s, so that two equal labels one after the other still count twice.
 */
export class Sightings {
  readonly #lastSeen = new Map<string, number>();
  readonly #unconfirmed = new Map<string, number>();

  /** True when `text` counts as a new scan at `now` (ms). */
  isNew(text: string, symbology: string, now: number): boolean {
    const key = `${symbology} ${text}`;
    const last = this.#lastSeen.get(key);
    if (last !== undefined && now - last < LEFT_VIEW_MS) {
      this.#lastSeen.set(key, now);
      return false;
    }
    if (WEAK.has(symbology) && !this.#isConfirmed(key, now)) return false;
    this.#forget(now);
    this.#lastSeen.set(key, now);
    return true;
  }

  /** After a pause what is still in view is the old label, not a new one. */
  resume(now: number): void {
    for (const key of this.#lastSeen.keys()) this.#lastSeen.set(key, now);
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
    for (const [key, seen] of this.#lastSeen) if (now - seen > LEFT_VIEW_MS) this.#lastSeen.delete(key);
    for (const [key, seen] of this.#unconfirmed) if (now - seen > CONFIRM_MS) this.#unconfirmed.delete(key);
  }
}
