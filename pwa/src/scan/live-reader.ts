import { signal } from "@preact/signals";
import type { Reading, ServerCode } from "../frames";
import { Aim, isInViewfinder, VIEWFINDER, viewOf } from "./aim";
import type { Code } from "./codes";
import type { DecodedCode } from "./decode-messages";
import { Decoder } from "./decoder";
import { Sightings } from "./duplicates";
import { middleOf, type Region, type Size, shownPart } from "./geometry";
import { ServerHelp, type StillsWish } from "./server-help";
import { BURST, photo, type Still, sharpest, stillsOf, toStill } from "./stills";
import { thumbnailOf } from "./thumbnail";

const HARD_EVERY = 4;
/** After a hit, so that one label's second code is not taken in the same breath. */
const LOCK_MS = 150;

/** What the last look saw, for the outlines over the picture. */
export interface Sight {
  /** Of the shown part of the picture, in whose pixels the corners are. */
  size: Size;
  codes: (DecodedCode & { isTaken: boolean })[];
}

/** Several codes in one still picture: the person taps the one that they mean. */
export interface Choice extends Still {
  codes: DecodedCode[];
  source: Code["source"];
}

/**
 * Reads the frames of a running camera: a fast look at the viewfinder for three of four frames, a thorough one
 * at all that shows for the fourth, and the server where both see nothing.
 */
export class LiveReader {
  readonly sight = signal<Sight | null>(null);
  readonly choice = signal<Choice | null>(null);
  readonly help = new ServerHelp(
    wish => this.#takeStills(wish),
    (reading, stills, isOnDemand) => this.#takeServersCodes(reading, stills, isOnDemand),
    () => performance.now(),
    () => this.#video && thumbnailOf(this.#video),
  );

  #decoder: Decoder | null = null;
  #video: HTMLVideoElement | null = null;
  #isLooking = false;
  #frames = 0;
  #isHardNext = false;
  #lockedUntil = 0;
  readonly #sightings = new Sightings();
  readonly #aim = new Aim();

  constructor(
    readonly emit: (code: Code) => void,
    /** False as soon as the camera is paused or stopped: what is read then is not taken. */
    readonly isRunning: () => boolean,
  ) {}

  /** Starts the decoder; throws when it does not start. */
  async prepare(): Promise<void> {
    this.#decoder ??= new Decoder();
    try {
      await this.#decoder.ready;
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  dispose(): void {
    this.#decoder?.stop();
    this.#decoder = null;
  }

  /** The camera starts, or goes on after a pause. */
  resume(video: HTMLVideoElement): void {
    this.#video = video;
    this.#sightings.resume(performance.now());
    this.help.restart();
    this.sight.value = null;
  }

  /** Looks at the frame that shows while the decoder is free; the others are dropped. */
  async look(): Promise<void> {
    const video = this.#video;
    const isFree = this.#decoder && !this.#decoder.isBusy && !this.#isLooking && this.choice.value === null;
    if (!video || !isFree || performance.now() < this.#lockedUntil) return;
    this.#isLooking = true;
    try {
      this.#frames += 1;
      const isHard = this.#isHardNext || this.#frames % HARD_EVERY === 0;
      this.#isHardNext = false;
      const part = shown(video);
      const codes = await this.#read(video, part, isHard);
      if (this.isRunning()) await this.#judge(codes, part, isHard);
    } catch (error) {
      // A frame may be gone by the time it is grabbed, as when the camera is just switched.
      console.debug("Frame dropped", error);
    } finally {
      this.#isLooking = false;
    }
  }

  /** The person tapped a code of the choice, or none of them. */
  choose(code: DecodedCode | null): void {
    const choice = this.choice.value;
    if (!choice) return;
    const now = performance.now();
    this.#aim.decline(choice.codes, now, choice.source === "server" ? "server" : "device");
    this.choice.value = null;
    if (code) this.#take(code, choice.source, now);
    this.help.restart();
  }

  /** A still of what shows, the sharpest of a few: to keep for later. */
  async still(): Promise<Still | null> {
    return sharpest(await this.#takeStills("burst"));
  }

  /** The codes of the part of the frame, with corners in pixels of what shows. */
  async #read(video: HTMLVideoElement, part: Region, isHard: boolean): Promise<DecodedCode[]> {
    const { left, top, width, height } = isHard ? part : middleOf(part, VIEWFINDER);
    const frame = await createImageBitmap(video, left, top, width, height);
    const codes = (await this.#decoder?.decode(frame, isHard)) ?? [];
    const [right, down] = [left - part.left, top - part.top];
    return codes.map(code => ({
      ...code,
      corners: code.corners.map(({ x, y }) => ({ x: x + right, y: y + down })),
    }));
  }

  async #judge(codes: DecodedCode[], part: Region, isHard: boolean): Promise<void> {
    const now = performance.now();
    const isTaken = ({ text }: DecodedCode) => this.#sightings.isStillInView(text, now);
    if (codes.length > 0) this.help.codeWasSeen();
    else this.help.consider();
    const verdict = this.#aim.judge(codes, viewOf(part), isHard, isTaken, now);
    if (verdict.kind === "look_harder") this.#isHardNext = true;
    if (verdict.kind === "ask") await this.#askWhich();
    if (verdict.kind === "take") {
      const { code } = verdict;
      if (this.#sightings.isNew(code.text, code.symbology, now)) this.#take(code, "camera", now);
    }
    // A miss of the fast look says little: the outlines stay until a thorough one sees nothing.
    if (codes.length > 0 || isHard) {
      this.sight.value =
        codes.length === 0
          ? null
          : { size: part, codes: codes.map(code => ({ ...code, isTaken: isTaken(code) })) };
    }
  }

  /** Freezes the picture and reads it once more, so that what is tapped is what is seen. */
  async #askWhich(): Promise<void> {
    const video = this.#video;
    if (!video || !this.#decoder) return;
    const { left, top, width, height } = shown(video);
    const frame = await createImageBitmap(video, left, top, width, height);
    const still = await toStill(await createImageBitmap(frame), Number.POSITIVE_INFINITY);
    const codes = await this.#decoder.decode(frame, true);
    if (codes.length > 0 && this.isRunning()) this.choice.value = { ...still, codes, source: "camera" };
  }

  #take({ text, raw, symbology }: DecodedCode, source: Code["source"], now: number): void {
    this.#sightings.note(text, now, source === "server" ? "server" : "device");
    this.#lockedUntil = now + LOCK_MS;
    this.emit({ text, raw, symbology, source });
  }

  async #takeStills(wish: StillsWish): Promise<Still[]> {
    const video = this.#video;
    if (!video || !this.isRunning()) return [];
    const track = (video.srcObject as MediaStream | null)?.getVideoTracks()[0];
    const taken = wish === "photo" && track ? await photo(track) : null;
    if (taken) return [taken];
    try {
      return await stillsOf(video, () => shown(video), wish === "one" ? 1 : BURST);
    } catch (error) {
      console.debug("The camera stopped while a still was taken", error);
      return [];
    }
  }

  /** One code in the viewfinder is taken, once; of several, and of doubtful ones, the person says which. */
  #takeServersCodes({ codes }: Reading, stills: Still[], isOnDemand: boolean): string | null {
    const [only] = codes as [ServerCode];
    const still = stills[only.frame];
    if (!still || !this.isRunning()) return null;
    const now = performance.now();
    const isOne = codes.every(code => code.text === only.text);
    const isTaken = this.#sightings.isStillInView(only.text, now);
    if (isOne && !isTaken && !only.isWeak && isInViewfinder(only, viewOf(still))) {
      this.#take(only, "server", now);
      return only.text;
    }
    if (isOne && isTaken && !isOnDemand) {
      this.#sightings.note(only.text, now, "server");
      return only.text;
    }
    const isOpen = (code: DecodedCode) =>
      !this.#sightings.isStillInView(code.text, now) && !this.#aim.isDeclined(code, now);
    if (!isOnDemand && !codes.some(isOpen)) return null;
    const codesHere = codes.filter(code => code.frame === only.frame);
    this.choice.value = { ...still, codes: codesHere, source: "server" };
    return null;
  }
}

/** The part of the video that the person sees. */
function shown(video: HTMLVideoElement): Region {
  const { videoWidth, videoHeight, clientWidth, clientHeight } = video;
  return shownPart({ width: videoWidth, height: videoHeight }, { width: clientWidth, height: clientHeight });
}
