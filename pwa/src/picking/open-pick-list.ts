import { computed, signal } from "@preact/signals";
import { ApiError } from "../api";
import type { Counts } from "../api-types";
import { t } from "../i18n/t";
import { keepAction } from "../offline/actions";
import { announce, listen, type OutboxNews } from "../offline/channel";
import { type AnsweredScan, entryOf, isAnsweredScan, isScan, type ScanEntry } from "../offline/db";
import { notStored } from "../offline/not-stored";
import { answersFor, close, keep, type NewScan, waitingFor } from "../offline/outbox";
import { send } from "../offline/sender";
import { type Read, read, standing } from "../offline/snapshots";
import type { Code } from "../scan/codes";
import { feedback, type Tone } from "../scan/feedback";
import { parse } from "../scan/gs1";
import { username } from "../session";
import { isProposed, judgePick, type PickJudgement } from "./judge";
import { type Said, saidHere, saidOfAnswer, saidOfKept } from "./said";
import type { PickLine, PickList } from "./types";
import { type Next, nextOf, type ReadPickList, shortOf, type UnitNow, unitsNow } from "./units-now";

/** A whole reading follows a burst of answers, not each one. */
const SETTLE_MS = 1200;
/** A supervisor may take a unit off the list, or a recall. */
const REGULAR_MS = 15_000;
const LOUDNESS: Record<Tone, number> = { kept: 0, warning: 1, refused: 2 };

/** A pick list on the screen: what the server said of it, and what this device has picked into it. */
export class OpenPickList {
  readonly read = signal<ReadPickList | null>(null);
  readonly isRemembered = signal(false);
  readonly error = signal<unknown>(null);
  readonly waiting = signal<ScanEntry[]>([]);
  readonly answers = signal<AnsweredScan[]>([]);
  /** The last pick's answer in large; a refusal stays until it is acknowledged. */
  readonly said = signal<Said | null>(null);

  readonly pickList = computed<PickList | null>(() => this.read.value?.pickList ?? null);
  readonly units = computed<UnitNow[]>(() =>
    this.read.value ? unitsNow(this.read.value, this.waiting.value, this.answers.value) : [],
  );
  /** The lines with what the answers since the last reading say of counted goods. */
  readonly lines = computed<PickLine[]>(() => this.pickList.value?.lines ?? []);
  readonly next = computed<Next>(() => nextOf(this.units.value, this.lines.value));
  readonly short = computed(() => shortOf(this.units.value, this.lines.value));
  /** For which order something is fetched, as a person says it; null on a list of one order. */
  forWhom(number: string | null): string | null {
    const orders = this.pickList.value?.sales_orders ?? [];
    const order = orders.find(each => each.number === number);
    return order && orders.length > 1
      ? t("for_order", { number: order.number, customer: order.customer.name })
      : null;
  }

  /** The server's last word on the count: with the whole list, or with the answer to a pick since then. */
  readonly counts = computed<Counts | null>(() => {
    const reading = this.read.value;
    if (!reading) return null;
    const since = this.answers.value.filter(
      each => each.outcome.counts && each.answered_at >= reading.askedAt,
    );
    const last = since.sort((a, b) => a.scan.n - b.scan.n).at(-1);
    return last?.outcome.counts ?? reading.pickList.counts;
  });

  readonly #given = new Map<string, Tone>();
  /** Codes that came before the list was read, in their order. */
  readonly #early: Code[] = [];
  #settling: ReturnType<typeof setTimeout> | undefined;
  #lastAnswer = "";
  #news = 0;

  constructor(readonly id: string) {}

  get path(): string {
    return `/api/pick-lists/${this.id}`;
  }

  /** Reads the list and follows it; gives a function that ends that. */
  follow(): () => void {
    void this.reload();
    void this.#readOutbox();
    const stopListening = listen(news => this.#hear(news));
    const whenVisible = () => {
      if (document.visibilityState === "visible") void this.reload();
    };
    document.addEventListener("visibilitychange", whenVisible);
    const regular = setInterval(whenVisible, REGULAR_MS);
    return () => {
      stopListening();
      document.removeEventListener("visibilitychange", whenVisible);
      clearInterval(regular);
      clearTimeout(this.#settling);
    };
  }

  async reload(): Promise<void> {
    const take = (reading: Read<PickList>) => {
      const stands = standing(reading, this.#lastAnswer, this.read.value?.askedAt);
      if (stands === "uncertain") this.#settleSoon();
      if (stands !== "newest") return;
      this.show(reading.value, reading.askedAt);
      this.isRemembered.value = reading.isRemembered;
      this.error.value = null;
    };
    try {
      take(await read<PickList>(this.path, take));
    } catch (error) {
      if (!this.read.value || (error instanceof ApiError && error.status === 404)) this.error.value = error;
    }
  }

  show(pickList: PickList, askedAt = new Date().toISOString()): void {
    this.read.value = { pickList, askedAt };
    for (const code of this.#early.splice(0)) void this.take(code);
  }

  /** Whether a code in view is one that is still to be fetched. */
  isWanted(text: string, symbology: string): boolean {
    return isProposed(parse(text, symbology), this.units.value);
  }

  /** Takes a code from any source: judges it, stores it, and answers with sound and colour at once. */
  async take(scanned: Code): Promise<void> {
    const pickList = this.pickList.value;
    if (!pickList) {
      this.#early.push(scanned);
      return;
    }
    const { text, raw, symbology, source } = scanned;
    if (pickList.status !== "draft") return this.#sayHere(text, t("pick_list_is_finished"));
    const code = parse(text, symbology);
    const judgement = judgePick(code, this.units.value, this.lines.value);
    if (judgement.kind === "empty") return this.#sayHere("", t("code_is_empty"));
    const row = await this.#keep({ ...PLAIN, text, raw, symbology, source });
    if (!row) return;
    const refused =
      judgement.kind === "not_proposed" ? await this.#refusedHere(code.serialNo ?? text, row) : null;
    this.#give(row.id, saidOfKept(row, refused ?? judgement));
    void send();
  }

  /** What this device can say against a unit while the server is away; the pick is kept and sent all the same. */
  async #refusedHere(serialNo: string, row: ScanEntry): Promise<PickJudgement | null> {
    const pickList = this.pickList.value;
    if (!pickList || (navigator.onLine && !this.isRemembered.value)) return null;
    const beside = this.units.value.filter(unit => unit.scanId !== row.id);
    const { refusedOnPickList } = await import("../offline/judged-here");
    return refusedOnPickList(serialNo, pickList.site_id, pickList.lines, beside);
  }

  /** Takes goods without serial numbers from a line, by quantity. */
  async takeGoods(line: PickLine, qty: number): Promise<void> {
    const row = await this.#keep({
      ...PLAIN,
      text: line.item.item_code,
      item_id: line.item.id,
      batch_no: line.batch_no,
      qty,
      location_id: line.location?.id ?? null,
    });
    if (!row) return;
    this.#give(row.id, saidOfKept(row, { kind: "wanted" }));
    void send();
  }

  async undo(unit: UnitNow): Promise<void> {
    const row = await this.#keep({ ...PLAIN, purpose: "undo", undoes: unit.scanId, text: "" });
    if (!row) return;
    this.#given.set(row.id, "kept");
    if (this.said.value?.scanId === unit.scanId) this.said.value = null;
    void send();
  }

  /** Settles a conflict with a unit that is free. */
  async takeInstead(conflict: AnsweredScan, serialNo: string): Promise<void> {
    await this.take({ text: serialNo, raw: null, symbology: "", source: "typed" });
    await this.#settle(conflict, "other_unit");
  }

  /** Settles a conflict by leaving the order short. */
  leaveShort(conflict: AnsweredScan): Promise<void> {
    return this.#settle(conflict, "left_short");
  }

  async #settle(conflict: AnsweredScan, decision: "other_unit" | "left_short"): Promise<void> {
    await keepAction("conflict.settle", { decision }, { voucherId: conflict.id });
    if (this.said.value?.scanId === conflict.id) this.said.value = null;
    await this.clear([conflict.id]);
  }

  /** A person has seen these answers. */
  async clear(ids: string[]): Promise<void> {
    await close(ids);
    announce({ kind: "tidied" });
  }

  acknowledge(): void {
    const answered = this.said.value?.answered;
    this.said.value = null;
    if (answered?.open === 1) void this.clear([answered.id]);
  }

  async #keep(scan: Omit<NewScan, "user" | "voucher_id">): Promise<ScanEntry | null> {
    try {
      const row = await keep({ ...scan, user: username.value ?? "", voucher_id: this.id });
      announce({ kind: "kept", entry: row });
      return row;
    } catch (error) {
      console.error("The pick was not stored", error);
      this.#sayHere(scan.text, notStored());
      return null;
    }
  }

  #sayHere(title: string, text: string): void {
    this.said.value = saidHere(title, text);
    feedback("refused");
  }

  #give(scanId: string, said: Said): void {
    this.#given.set(scanId, said.tone);
    feedback(said.tone);
    // A refusal that nobody has seen yet is not hidden by a pick that is only stored.
    if (this.said.value?.tone !== "refused") this.said.value = said;
  }

  #hear(news: OutboxNews): void {
    this.#news += 1;
    if (news.kind === "kept") {
      const { entry } = news;
      if (isScan(entry) && entry.voucher_id === this.id) this.waiting.value = [...this.waiting.value, entry];
      return;
    }
    if (news.kind === "answered") {
      const ours = news.answered.filter(each => entryOf(each).voucher_id === this.id);
      if (ours.some(each => !isAnsweredScan(each))) void this.reload();
      this.#hearAnswers(ours.filter(isAnsweredScan));
    } else if (news.kind !== "pictures") void this.#readOutbox();
  }

  #hearAnswers(answered: AnsweredScan[]): void {
    if (answered.length === 0) return;
    const ids = new Set(answered.map(each => each.id));
    this.#lastAnswer = new Date().toISOString();
    this.waiting.value = this.waiting.value.filter(row => !ids.has(row.id));
    this.answers.value = [...this.answers.value.filter(each => !ids.has(each.id)), ...answered];
    this.#say(answered);
    this.#settleSoon();
  }

  /** Says the weightiest of the answers to this tab's picks; sounds only where it differs from what was said. */
  #say(answered: AnsweredScan[]): void {
    let weightiest: Said | null = null;
    let loudest: Tone = "kept";
    for (const each of answered) {
      const given = this.#given.get(each.id);
      if (given === undefined) continue;
      this.#given.delete(each.id);
      const said = saidOfAnswer(each);
      if (said.tone !== given && LOUDNESS[said.tone] > LOUDNESS[loudest]) loudest = said.tone;
      if (!weightiest || LOUDNESS[said.tone] >= LOUDNESS[weightiest.tone]) weightiest = said;
    }
    if (weightiest && !this.#mustStand(weightiest)) this.said.value = weightiest;
    if (loudest !== "kept") feedback(loudest);
  }

  /** A refusal stands until it is acknowledged, or until something scanned after it came up is accepted. */
  #mustStand(next: Said): boolean {
    const standing = this.said.value;
    if (standing?.tone !== "refused" || next.tone === "refused" || standing.scanId === next.scanId)
      return false;
    return next.tone === "warning" || (next.answered?.scan.scanned_at ?? "") < standing.since;
  }

  #settleSoon(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.reload(), SETTLE_MS);
  }

  async #readOutbox(): Promise<void> {
    const before = this.#news;
    const [waiting, answers] = await Promise.all([waitingFor(this.id), answersFor(this.id)]);
    if (this.#news !== before) return this.#readOutbox();
    this.waiting.value = waiting;
    this.answers.value = answers;
  }
}

const PLAIN = {
  purpose: "pick",
  raw: null,
  symbology: "",
  source: "typed",
  item_id: null,
  batch_no: null,
  expires_on: null,
  condition: "accepted",
  reason: null,
  undoes: null,
} as const;
