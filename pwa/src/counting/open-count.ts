import { computed, signal } from "@preact/signals";
import { get, isNetworkFailure } from "../api";
import type { Goods } from "../moving/GoodsForm";
import { keepAction } from "../offline/actions";
import { listen, type OutboxNews } from "../offline/channel";
import { type ActionEntry, type AnsweredAction, isAnsweredScan } from "../offline/db";
import { waitingActions } from "../offline/outbox";
import type { Code } from "../scan/codes";
import { feedback } from "../scan/feedback";
import type { Count, CountOutcome } from "./types";

export interface Said {
  status: CountOutcome | "waiting";
  title: string;
  message: string;
}

/** What was seen on a shelf: a scanned text, or goods by quantity. */
interface Seen {
  text: string;
  symbology: string;
  item_id?: number;
  batch_no?: string | null;
  qty?: number;
}

/** A whole reading follows a burst of answers, not each one. */
const SETTLE_MS = 600;

/** A count that is being scanned: the shelf in front of the person, what waits, and the last answer. */
export class OpenCount {
  readonly count = signal<Count | null>(null);
  readonly error = signal<unknown>(null);
  readonly shelfId = signal<number | null>(null);
  readonly said = signal<Said | null>(null);
  /** Scans of this count that the server has not answered. */
  readonly waiting = signal<ActionEntry[]>([]);
  readonly shelf = computed(() => this.count.value?.shelves.find(shelf => shelf.id === this.shelfId.value));
  #settling: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly id: string) {}

  /** Reads the count and follows it; gives a function that ends that. */
  follow(): () => void {
    void this.load();
    void this.#readOutbox();
    const stopListening = listen(news => this.#hear(news));
    const again = () => void this.load();
    addEventListener("online", again);
    return () => {
      stopListening();
      removeEventListener("online", again);
      clearTimeout(this.#settling);
    };
  }

  async load(): Promise<void> {
    try {
      this.show(await get<Count>(`/api/stock-counts/${this.id}`));
    } catch (caught) {
      if (!this.count.value || !isNetworkFailure(caught)) this.error.value = caught;
    }
  }

  show(count: Count): void {
    this.error.value = null;
    this.count.value = count;
    const known = count.shelves.some(shelf => shelf.id === this.shelfId.value);
    if (!known) this.shelfId.value = count.shelves.length === 1 ? (count.shelves[0]?.id ?? null) : null;
  }

  /** A code of a shelf says where the person stands; every other code is something on that shelf. */
  async take(code: Code): Promise<void> {
    const text = code.text.trim();
    const shelf = this.count.value?.shelves.find(each => each.code.toLowerCase() === text.toLowerCase());
    if (shelf) {
      this.shelfId.value = shelf.id;
      this.said.value = null;
      feedback("kept");
      return;
    }
    if (!text || this.shelfId.value === null) {
      feedback("refused");
      return;
    }
    await this.#add(this.shelfId.value, text, { text: code.text, symbology: code.symbology });
  }

  /** Goods without serial numbers on the shelf in front of the person. */
  async addGoods({ item_id, item_code, batch_no, qty }: Goods): Promise<void> {
    if (this.shelfId.value === null) return;
    const seen = { text: "", symbology: "", item_id, batch_no, qty };
    await this.#add(this.shelfId.value, `${qty} ${item_code}`, seen);
  }

  async #add(location_id: number, title: string, seen: Seen): Promise<void> {
    await this.#keep({ location_id, scanned_at: new Date().toISOString(), ...seen });
    this.said.value = { status: "waiting", title, message: "" };
    feedback("kept");
  }

  async undo(scanId: string): Promise<void> {
    await this.#keep({ undoes: scanId });
  }

  async #keep(body: Record<string, unknown>): Promise<void> {
    try {
      await keepAction("stock_count.scan", body, { voucherId: this.id });
    } catch (caught) {
      this.error.value = caught;
      feedback("refused");
      throw caught;
    }
  }

  #hear(news: OutboxNews): void {
    if (news.kind === "answered") {
      const ours = news.answered.filter(
        (each): each is AnsweredAction => !isAnsweredScan(each) && each.action.voucher_id === this.id,
      );
      const last = ours.findLast(each => each.action.kind === "stock_count.scan");
      if (last) this.#say(last);
      if (ours.length > 0) this.#settleSoon();
    }
    if (news.kind !== "pictures") void this.#readOutbox();
  }

  #say({ outcome }: AnsweredAction): void {
    const status = String(outcome.facts.counted ?? "refused") as CountOutcome;
    const serialNo = outcome.facts.serial_no as string | null | undefined;
    const { message } = outcome;
    this.said.value = {
      status,
      title: serialNo ?? message,
      message: serialNo && serialNo !== message ? message : "",
    };
    if (status === "unknown" || status === "refused") feedback("refused");
    else if (status === "duplicate" || status === "misplaced") feedback("warning");
  }

  #settleSoon(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.load(), SETTLE_MS);
  }

  async #readOutbox(): Promise<void> {
    this.waiting.value = (await waitingActions()).filter(
      each => each.voucher_id === this.id && each.kind === "stock_count.scan",
    );
  }
}
