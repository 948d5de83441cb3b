import { computed, signal } from "@preact/signals";
import { get, isNetworkFailure, post } from "../api";
import type { Goods } from "../moving/GoodsForm";
import type { Code } from "../scan/codes";
import { feedback } from "../scan/feedback";
import { username } from "../session";
import { keepPending, type PendingScan, pendingOf } from "./pending";
import type { Count, CountOutcome, Outcome } from "./types";

export interface Said {
  status: CountOutcome | "waiting";
  title: string;
  message: string;
}

const MOST_AT_ONCE = 200;

/** A count that is being scanned: the shelf in front of the person, what waits, and the last answer. */
export class OpenCount {
  readonly count = signal<Count | null>(null);
  readonly error = signal<unknown>(null);
  readonly shelfId = signal<number | null>(null);
  readonly said = signal<Said | null>(null);
  readonly waiting = signal<PendingScan[]>([]);
  readonly shelf = computed(() => this.count.value?.shelves.find(shelf => shelf.id === this.shelfId.value));
  #isSending = false;

  constructor(readonly id: string) {
    this.waiting.value = pendingOf(username.value ?? "", id);
  }

  async load(): Promise<void> {
    try {
      this.show(await get<Count>(`/api/stock-counts/${this.id}`));
    } catch (caught) {
      if (!this.count.value || !isNetworkFailure(caught)) this.error.value = caught;
    }
    void this.send();
  }

  show(count: Count): void {
    this.error.value = null;
    this.count.value = count;
    const known = count.shelves.some(shelf => shelf.id === this.shelfId.value);
    if (!known) this.shelfId.value = count.shelves.length === 1 ? (count.shelves[0]?.id ?? null) : null;
  }

  /** A code of a shelf says where the person stands; every other code is something on that shelf. */
  take(code: Code): void {
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
    this.#add(this.shelfId.value, text, { text: code.text, symbology: code.symbology });
  }

  /** Goods without serial numbers on the shelf in front of the person. */
  addGoods({ item_id, item_code, batch_no, qty }: Goods): void {
    if (this.shelfId.value === null) return;
    this.#add(this.shelfId.value, `${qty} ${item_code}`, { text: "", symbology: "", item_id, batch_no, qty });
  }

  #add(
    location_id: number,
    title: string,
    seen: Omit<PendingScan, "id" | "location_id" | "scanned_at">,
  ): void {
    const scan = { id: crypto.randomUUID(), location_id, scanned_at: new Date().toISOString(), ...seen };
    this.#keep([...this.waiting.value, scan]);
    this.said.value = { status: "waiting", title, message: "" };
    void this.send();
  }

  async undo(scanId: string): Promise<void> {
    try {
      await this.#post([{ id: crypto.randomUUID(), undoes: scanId }]);
      await this.load();
    } catch (caught) {
      this.error.value = caught;
    }
  }

  async send(): Promise<void> {
    if (this.#isSending || this.waiting.value.length === 0) return;
    this.#isSending = true;
    try {
      while (this.waiting.value.length > 0) {
        const outcomes = await this.#post(this.waiting.value.slice(0, MOST_AT_ONCE));
        const answered = new Set(outcomes.map(outcome => outcome.id));
        this.#keep(this.waiting.value.filter(scan => !answered.has(scan.id)));
        const last = outcomes.at(-1);
        if (last) this.#say(last);
      }
      this.show(await get<Count>(`/api/stock-counts/${this.id}`));
    } catch (caught) {
      // Without a network the scans wait; anything else is told, and they wait too.
      if (!isNetworkFailure(caught)) this.error.value = caught;
    } finally {
      this.#isSending = false;
    }
  }

  #say({ status, serial_no, message }: Outcome): void {
    this.said.value = {
      status,
      title: serial_no ?? message,
      message: serial_no && serial_no !== message ? message : "",
    };
    feedback(
      status === "counted" ? "kept" : status === "unknown" || status === "refused" ? "refused" : "warning",
    );
  }

  #keep(scans: PendingScan[]): void {
    this.waiting.value = scans;
    keepPending(username.value ?? "", this.id, scans);
  }

  async #post(scans: object[]): Promise<Outcome[]> {
    return (await post<{ outcomes: Outcome[] }>(`/api/stock-counts/${this.id}/scans`, { scans })).outcomes;
  }
}
