import { signal } from "@preact/signals";
import { ApiError, isNetworkFailure } from "../api";
import { type Reading, type Reason, readByServer } from "../frames";
import { type Still, sharpest } from "./stills";
import { hasChanged, type Thumbnail } from "./thumbnail";

/** A camera that runs for so long without a read gets help. */
const FIRST_WAIT_MS = 2000;
/** After each asking in vain the next waits longer: nobody may be holding a label before the camera. */
const WAITS_MS = [FIRST_WAIT_MS, 4000, 8000, 15_000];
/** Where one still and a burst of the same picture gave nothing, a third asking hardly will: a camera on a shelf. */
const STILL_WAITS_MS = [FIRST_WAIT_MS, 4000, 15_000, 30_000, 60_000];
/** After a server's error that names no time. */
const ERROR_WAIT_MS = 5000;

export type HelpState =
  | { kind: "none" }
  | { kind: "asking" }
  | { kind: "read"; text: string }
  | { kind: "reason"; reason: Reason }
  /** The server asks to wait. */
  | { kind: "busy" }
  | { kind: "no_network" }
  | { kind: "refused"; message: string };

/** What to take of what shows: one still, a burst, or the best photo that the device can make. */
export type StillsWish = "one" | "burst" | "photo";
/** Takes stills; an empty list when nothing shows. */
type TakeStills = (wish: StillsWish) => Promise<Still[]>;
/** Says what the codes come to: the text that was read, or null when a person has to say which. */
type TakeCodes = (reading: Reading, stills: Still[], isOnDemand: boolean) => string | null;

/** Has the server read what the camera shows, by itself after a while and on demand; one request at a time. */
export class ServerHelp {
  readonly state = signal<HelpState>({ kind: "none" });
  /** The sharpest of the stills that could not be read last. */
  readonly unread = signal<Blob | null>(null);

  #lastRead = 0;
  /** How often in a row it was asked in vain. */
  #inVain = 0;
  #asked: Thumbnail | null = null;
  #notBefore = 0;
  #asking: AbortController | null = null;
  #isRefused = false;
  /** One still is answered in a third of the time of a burst, which comes next where one was not enough. */
  #nextWish: StillsWish = "one";

  constructor(
    readonly takeStills: TakeStills,
    readonly takeCodes: TakeCodes,
    readonly now: () => number = () => performance.now(),
    /** What shows now, small; null where nothing does. */
    readonly glance: () => Thumbnail | null = () => null,
  ) {}

  /** A code is in view, so nobody needs help; what was asked is not wanted any more. */
  codeWasSeen(): void {
    this.#restart();
    this.#inVain = 0;
    if (this.state.value.kind !== "read") this.state.value = { kind: "none" };
  }

  /** The camera starts, goes on or stops: what was asked is about something else. */
  restart(): void {
    this.#restart();
    this.state.value = { kind: "none" };
  }

  #restart(): void {
    this.#lastRead = this.now();
    this.#nextWish = "one";
    this.#asking?.abort();
    this.#asking = null;
    this.unread.value = null;
  }

  /** Called with each frame: asks as soon as it is due. */
  consider(): void {
    const now = this.now();
    const since = now - this.#lastRead;
    if (this.#asking || this.#isRefused || since < waitAfter(WAITS_MS, this.#inVain) || now < this.#notBefore)
      return;
    const isSame = this.#asked !== null && !hasChanged(this.#asked, this.glance());
    if (isSame && since < waitAfter(STILL_WAITS_MS, this.#inVain)) return;
    void this.ask(false);
  }

  /** Asks now; quietly does nothing while an answer or the server's own waiting time is awaited. */
  async ask(isOnDemand: boolean): Promise<void> {
    if (this.#asking || this.now() < this.#notBefore) return;
    const asking = new AbortController();
    this.#asking = asking;
    this.#asked = this.glance();
    try {
      await this.#ask(asking.signal, isOnDemand);
    } catch (error) {
      if (!asking.signal.aborted) this.#fail(error);
    } finally {
      if (this.#asking === asking) {
        this.#asking = null;
        this.#lastRead = this.now();
        this.#inVain += 1;
      }
    }
  }

  async #ask(stop: AbortSignal, isOnDemand: boolean): Promise<void> {
    if (navigator.onLine) this.state.value = { kind: "asking" };
    const stills = await this.takeStills(isOnDemand ? "photo" : this.#nextWish);
    this.#nextWish = this.#nextWish === "one" ? "burst" : "one";
    if (stop.aborted) return;
    if (stills.length === 0) {
      this.state.value = { kind: "none" };
      return;
    }
    this.unread.value = sharpest(stills)?.picture ?? null;
    if (!navigator.onLine) {
      this.state.value = { kind: "no_network" };
      return;
    }
    const reading = await readByServer(
      stills.map(still => still.picture),
      stop,
    );
    if (stop.aborted) return;
    if (reading.codes.length === 0) {
      this.state.value = reading.reason ? { kind: "reason", reason: reading.reason } : { kind: "none" };
      return;
    }
    this.unread.value = null;
    const text = this.takeCodes(reading, stills, isOnDemand);
    this.state.value = text === null ? { kind: "none" } : { kind: "read", text };
  }

  #fail(error: unknown): void {
    if (isNetworkFailure(error)) {
      this.state.value = { kind: "no_network" };
      return;
    }
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 429 || error.status >= 500) {
      this.#notBefore = this.now() + (error.retryAfter === null ? ERROR_WAIT_MS : error.retryAfter * 1000);
      this.state.value = { kind: "busy" };
      return;
    }
    // The same again would be refused again: only a person may ask from now on.
    this.#isRefused = true;
    const message = [error.message, error.problem.next_step].filter(Boolean).join(" ");
    this.state.value = { kind: "refused", message };
  }
}

const waitAfter = (waits: number[], inVain: number): number =>
  waits[Math.min(inVain, waits.length - 1)] ?? FIRST_WAIT_MS;
