import { computed, signal } from "@preact/signals";
import { get, isNetworkFailure, translated } from "../api";
import type { FeedEvent } from "../api-types";
import { follow } from "../follow";
import type { LiveState } from "../live";
import { send } from "../offline/sender";
import { resume } from "../session";
import type { AnyBoard, BoardKind } from "./types";

/** From one reading to the next: more than an eye can follow, less than a second from scan to wall. */
const EVERY_MS = 500;
/** The server shows the picture of what it told; one that it has not shown after this long is asked for. */
const SHOWN_WITHIN_MS = 1000;
/** What changes with time alone, such as a device that falls silent, is seen after this long at the latest. */
const AGAIN_MS = 15_000;

/** A board's address, on screen or at the server. */
export const boardAddress = (path: string, siteId: number, dock: number | null): string =>
  `${path}?site=${siteId}${dock === null ? "" : `&dock=${dock}`}`;

/** The board of one site: the last picture of it, how true it is, and whether it is frozen. */
export class BoardState {
  readonly latest = signal<AnyBoard | null>(null);
  readonly frozen = signal<AnyBoard | null>(null);
  readonly live = signal<LiveState>("catching_up");
  /** When the picture was last known to be right (ms of this device). */
  readonly rightAt = signal<number | null>(null);
  readonly error = signal<unknown>(null);

  readonly shown = computed(() => this.frozen.value ?? this.latest.value);

  #isReading = false;
  #isAgain = false;
  #isFeedLive = false;
  /** Whether the last reading came through: a feed that is live says nothing about a picture that failed. */
  #isRead = false;
  /** The last event that was heard of. */
  #heard = 0;
  #overdue: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly kind: BoardKind,
    readonly siteId: number,
    /** One dock of a receiving board; null for all. */
    readonly dock: number | null = null,
  ) {}

  /** Reads the picture, now and again; gives a function that ends it. */
  follow(): () => void {
    void this.refresh();
    const again = setInterval(() => void this.refresh(), AGAIN_MS);
    return () => {
      clearInterval(again);
      this.live.value = "not_live";
    };
  }

  /** Connects to what is told and shown of the site; gives a function that ends it. */
  listen(): () => void {
    const board = {
      kind: this.kind,
      dock: this.dock,
      onPicture: (picture: unknown) => this.#show(translated(picture as AnyBoard)),
    };
    const listener = {
      onState: (state: LiveState) => {
        this.#isFeedLive = state === "live";
        if (state !== "live") this.live.value = state;
        else if (this.#isRead) this.#confirm();
        else void this.refresh();
        if (state === "live") void send();
      },
      onChange: (_events: FeedEvent[], head: number) => {
        if (this.#isFeedLive) this.#expect(head);
        // What was missed is not shown any more; the picture that was read last may hold it all.
        else if (!this.#isRead || head > (this.latest.value?.head ?? 0)) void this.refresh();
      },
      onRefused: (code: string) => {
        if (code === "not_logged_in") void resume();
      },
    };
    const stop = follow(this.siteId, listener, board);
    return () => {
      clearTimeout(this.#overdue);
      stop();
      this.#isFeedLive = false;
    };
  }

  /** Reads the picture anew; calls that come meanwhile make one more reading afterwards, not many. */
  async refresh(): Promise<void> {
    this.#isAgain = true;
    if (this.#isReading) return;
    this.#isReading = true;
    this.#isRead = false;
    try {
      while (this.#isAgain) {
        this.#isAgain = false;
        const pause = new Promise(resolve => setTimeout(resolve, EVERY_MS));
        const before = this.latest.value;
        const read = await get<AnyBoard>(boardAddress(`/api/boards/${this.kind}`, this.siteId, this.dock));
        // What the server has shown meanwhile may be newer.
        if (this.latest.value === before) this.latest.value = read;
        this.error.value = null;
        this.#isRead = !this.#isAgain;
        if (this.#isFeedLive) this.#confirm();
        await pause;
      }
    } catch (error) {
      this.live.value = "not_live";
      if (!this.latest.value || !isNetworkFailure(error)) this.error.value = error;
    } finally {
      this.#isReading = false;
    }
  }

  toggleFreeze(): void {
    this.frozen.value = this.frozen.value ? null : this.latest.value;
  }

  /** A picture that the server shows by itself. One older than what is on the wall comes from another moment. */
  #show(picture: AnyBoard): void {
    if (this.latest.value && picture.head < this.latest.value.head) return;
    this.latest.value = picture;
    this.error.value = null;
    this.#isRead = true;
    if (this.#isFeedLive) this.#confirm();
  }

  /** Asks for the picture of what was heard, unless it is shown soon. */
  #expect(head: number): void {
    this.#heard = Math.max(this.#heard, head);
    const wanted = this.#heard;
    if (this.#overdue !== undefined || wanted <= (this.latest.value?.head ?? 0)) return;
    this.#overdue = setTimeout(() => {
      this.#overdue = undefined;
      if ((this.latest.value?.head ?? 0) < wanted) void this.refresh();
      else this.#expect(0);
    }, SHOWN_WITHIN_MS);
  }

  /** Live only when nothing is still to be read. */
  #confirm(): void {
    if (!this.#isRead || this.#isAgain) return;
    this.live.value = "live";
    this.rightAt.value = Date.now();
  }
}
