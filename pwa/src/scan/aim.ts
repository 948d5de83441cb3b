import type { DecodedCode } from "./decode-messages";
import { centreOf, contains, distanceTo, middleOf, type Point, type Region, type Size } from "./geometry";

/** How much of the shown picture the viewfinder frames: what three of four tries look at. */
export const VIEWFINDER: Size = { width: 0.8, height: 0.6 };
/** A code this close to the cross-hair is meant, in parts of the picture's smaller side. */
const NEAR = 0.06;
/** A person who moves the camera is still aiming; only then they are asked. */
const AIMING_MS = 700;
/** How long a code that was offered and not chosen must be out of view before it is offered again. */
const DECLINED_MS = 1500;
/** The same for what only the server sees, which is asked again every 2 to 15 seconds. */
const DECLINED_TO_SERVER_MS = 20_000;

/** The viewfinder and the cross-hair in a picture. */
export interface View {
  viewfinder: Region;
  crossHair: Point;
  near: number;
}

export function viewOf(picture: Size): View {
  const whole = { left: 0, top: 0, width: picture.width, height: picture.height };
  return {
    viewfinder: middleOf(whole, VIEWFINDER),
    crossHair: { x: picture.width / 2, y: picture.height / 2 },
    near: NEAR * Math.min(picture.width, picture.height),
  };
}

export const isInViewfinder = ({ corners }: DecodedCode, { viewfinder }: View): boolean =>
  contains(viewfinder, centreOf(corners));

/** The one code under the cross-hair, or the only one close to it. */
export function underCrossHair(codes: DecodedCode[], { crossHair, near }: View): DecodedCode | null {
  const distances = codes.map(code => ({ code, distance: distanceTo(code.corners, crossHair) }));
  const hit = distances.filter(({ distance }) => distance === 0);
  const close = hit.length > 0 ? hit : distances.filter(({ distance }) => distance <= near);
  return close.length === 1 ? (close[0]?.code ?? null) : null;
}

export type Verdict =
  | { kind: "nothing" }
  | { kind: "take"; code: DecodedCode }
  /** It seems to be the only code; the whole picture must tell. */
  | { kind: "look_harder" }
  /** Several codes, or one at the edge, for longer than aiming takes: the person says which. */
  | { kind: "ask" };

const NOTHING: Verdict = { kind: "nothing" };

/** Decides which of the codes in view the person means; one of several is never taken by chance. */
export class Aim {
  #unclearSince: number | null = null;
  /** Until when a text is not offered. */
  readonly #declined = new Map<string, number>();

  /**
   * Judges what one look at the picture gave. `isHard` says that the whole picture was looked at, so that
   * there is no other code in it; `isTaken` tells codes that have counted already.
   */
  judge(
    codes: DecodedCode[],
    view: View,
    isHard: boolean,
    isTaken: (code: DecodedCode) => boolean,
    now: number,
  ): Verdict {
    this.#keepDeclined(codes, now);
    if (codes.length === 0) return isHard ? this.#clear() : NOTHING;
    const meant = underCrossHair(codes, view);
    if (meant) return this.#clear({ kind: "take", code: meant });
    const open = codes.filter(code => !isTaken(code) && !this.isDeclined(code, now));
    if (open.length === 0) return this.#clear();
    const [only] = codes;
    if (only && codes.length === 1 && isInViewfinder(only, view)) {
      return isHard ? this.#clear({ kind: "take", code: only }) : { kind: "look_harder" };
    }
    this.#unclearSince ??= now;
    return now - this.#unclearSince < AIMING_MS ? NOTHING : { kind: "ask" };
  }

  /** These were offered and not chosen: they are not offered again while they stay in view. */
  decline(codes: DecodedCode[], now: number, reader: "device" | "server" = "device"): void {
    const stays = reader === "server" ? DECLINED_TO_SERVER_MS : DECLINED_MS;
    for (const { text } of codes) this.#declined.set(text, now + stays);
    this.#unclearSince = null;
  }

  isDeclined({ text }: DecodedCode, now: number): boolean {
    return now < (this.#declined.get(text) ?? 0);
  }

  #clear(verdict: Verdict = NOTHING): Verdict {
    this.#unclearSince = null;
    return verdict;
  }

  #keepDeclined(codes: DecodedCode[], now: number): void {
    for (const [text, until] of this.#declined) if (now >= until) this.#declined.delete(text);
    for (const { text } of codes) {
      const until = this.#declined.get(text);
      if (until !== undefined) this.#declined.set(text, Math.max(until, now + DECLINED_MS));
    }
  }
}
