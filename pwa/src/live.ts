/**
 * The only socket: tells that something changed at a site. What changed is read over `/api`; a board alone is shown
 * its picture, too, as it is the same for all who see it.
 */
import { io, type Socket } from "socket.io-client";
import { get } from "./api";
import type { Feed, FeedEvent } from "./api-types";

export type LiveState = "catching_up" | "live" | "not_live";

export interface Listener {
  onState: (state: LiveState) => void;
  /** Something happened at the site, as far as `head`; after a gap, all that was missed, in order. */
  onChange: (events: FeedEvent[], head: number) => void;
  /** The session was ended, or may not watch this site. */
  onRefused: (code: string) => void;
}

/**
 * A board that the server shows again whenever something has happened at the site. That of one dock is told how far
 * the site has come, but none of its events, as they are of other docks, too.
 */
export interface WatchedBoard {
  kind: string;
  dock: number | null;
  onPicture: (picture: unknown) => void;
}

interface BoardMessage {
  site: number;
  kind: string;
  dock: number | null;
  picture: unknown;
}

interface WatchAnswer {
  ok: boolean;
  head?: number;
  code?: string;
}

interface EventsMessage {
  site: number;
  head: number;
  events: FeedEvent[];
}

/**
 * A dead connection stays unnoticed for long: a wall that lost its Wi-Fi hears nothing, like one where nothing
 * happens. So the board asks for the head of the feed at this interval, and must get it within the time below.
 */
const HEARTBEAT_MS = 5000;
const ANSWER_MS = 3000;

/**
 * A server that comes back is not met by all of its boards at once: each waits 1 to 4 s by chance. From the third try on
 * the library waits the longest time and draws no more, so that is drawn here, 3 to 5 s.
 */
const reconnect = () => ({
  reconnectionDelay: 2500,
  randomizationFactor: 0.6,
  reconnectionDelayMax: 3000 + 2000 * Math.random(),
  timeout: 4000,
});

/** Follows the feed of one site. Its number tells whether anything was missed; then the feed is read from there. */
export class LiveFeed {
  readonly #socket: Socket;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  /** Number of the last event that is known. */
  #seen: number | null = null;
  #unanswered = 0;
  #isStopped = false;

  constructor(
    readonly siteId: number,
    readonly listener: Listener,
    readonly board?: WatchedBoard,
  ) {
    this.#socket = io({ path: "/socket.io", transports: ["websocket"], ...reconnect() });
    this.#socket.on("connect", () => void this.#watch());
    this.#socket.on("events", (message: EventsMessage) => void this.#hear(message));
    this.#socket.on("board", ({ site, kind, dock, picture }: BoardMessage) => {
      const isOurs = site === this.siteId && kind === this.board?.kind && dock === this.board.dock;
      if (isOurs && !this.#isStopped) this.board?.onPicture(picture);
    });
    this.#socket.on("revoked", () => listener.onRefused("not_logged_in"));
    this.#socket.on("disconnect", () => this.#lose());
    this.#socket.on("connect_error", () => this.#lose());
    addEventListener("offline", this.#pause);
    addEventListener("online", this.#reconnect);
    this.#heartbeat = setInterval(() => {
      if (this.#socket.connected) void this.#watch();
    }, HEARTBEAT_MS);
  }

  get #hearsNoEvents(): boolean {
    return typeof this.board?.dock === "number";
  }

  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#heartbeat);
    removeEventListener("offline", this.#pause);
    removeEventListener("online", this.#reconnect);
    this.#socket.disconnect();
  }

  readonly #lose = () => this.#tell("not_live");

  /** Without a network there is nothing to try; the device says when it is back. */
  readonly #pause = () => {
    this.#socket.disconnect();
    this.#lose();
  };

  readonly #reconnect = () => {
    if (!this.#socket.connected) this.#socket.connect();
  };

  #tell(state: LiveState): void {
    if (!this.#isStopped) this.listener.onState(state);
  }

  /** Joins the site's room, or proves that we are still in it, and finds out whether anything was missed. */
  async #watch(): Promise<void> {
    const answer = await this.#ask();
    if (!answer?.ok) {
      this.#tell("not_live");
      if (answer) this.listener.onRefused(answer.code ?? "forbidden");
      return;
    }
    try {
      await this.#reach(answer.head ?? 0);
      this.#tell("live");
    } catch {
      this.#tell("not_live");
    }
  }

  /** A server that was silent twice in a row is connected to anew: on the old connection the system asks ever less often. */
  async #ask(): Promise<WatchAnswer | null> {
    const wanted = { site: this.siteId, board: this.board?.kind, dock: this.board?.dock };
    try {
      const answer: WatchAnswer = await this.#socket.timeout(ANSWER_MS).emitWithAck("watch", wanted);
      this.#unanswered = 0;
      return answer;
    } catch {
      this.#unanswered += 1;
      if (this.#unanswered % 2 === 0 && this.#socket.connected) this.#socket.io.engine.close();
      return null;
    }
  }

  async #hear({ site, head, events }: EventsMessage): Promise<void> {
    if (site !== this.siteId) return;
    if (this.#hearsNoEvents) return this.#see(head, []);
    const first = events[0]?.seq ?? head;
    const isGap = this.#seen !== null && first > this.#seen + 1;
    try {
      if (isGap) {
        await this.#reach(head);
        this.#tell("live");
      } else this.#see(head, events);
    } catch {
      this.#tell("not_live");
    }
  }

  async #reach(head: number): Promise<void> {
    if (this.#seen === null) return this.#see(head, []);
    if (head <= this.#seen) return;
    this.#tell("catching_up");
    if (this.#hearsNoEvents) return this.#see(head, []);
    for (;;) {
      const feed = await get<Feed>(`/api/feed?site=${this.siteId}&since=${this.#seen}&limit=500`);
      this.#see(feed.next, feed.events);
      if (!feed.more) return;
    }
  }

  #see(seq: number, events: FeedEvent[]): void {
    this.#seen = Math.max(this.#seen ?? 0, seq);
    if (!this.#isStopped) this.listener.onChange(events, seq);
  }
}
