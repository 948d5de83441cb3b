import { computed, signal } from "@preact/signals";
import { ApiError } from "../api";
import type { Condition, Counts, Receipt } from "../api-types";
import { t } from "../i18n/t";
import { announce, listen, type OutboxNews } from "../offline/channel";
import {
  type AnsweredScan,
  entryOf,
  isAnsweredScan,
  isScan,
  type KeptPicture,
  type ScanEntry,
} from "../offline/db";
import { notStored } from "../offline/not-stored";
import { answersFor, close, keep, keepFromPicture, type NewScan, waitingFor } from "../offline/outbox";
import { send } from "../offline/sender";
import { type Read, read, standing } from "../offline/snapshots";
import type { Code } from "../scan/codes";
import { parse, type ScannedCode } from "../scan/gs1";
import { username } from "../session";
import { keptAnnouncement } from "./announcements";
import { rememberReceipt } from "./current-receipt";
import { type Entry, entriesOf, isAskedFor, type ReadReceipt } from "./entries";
import { itemOf, type Judgement, judge } from "./judge";
import { Kept } from "./kept";
import { isMissing, type Joined, Label } from "./label";
import { isSettledBy, itemAskedAbout, lackingOf } from "./lacking";
import { Voice } from "./voice";

/** A whole reading follows a burst of answers, not each one. */
const SETTLE_MS = 1200;
/** Others may scan into the same receipt. */
const REGULAR_MS = 15_000;

/** What a resend changes in a scan that the server did not take. */
export type Correction = Partial<
  Pick<NewScan, "text" | "item_id" | "batch_no" | "expires_on" | "takes_unexpected">
>;

/** An open receipt on the screen: what the server said of it, and what this device has scanned into it. */
export class OpenReceipt {
  readonly read = signal<ReadReceipt | null>(null);
  readonly isRemembered = signal(false);
  readonly error = signal<unknown>(null);
  readonly waiting = signal<ScanEntry[]>([]);
  readonly answers = signal<AnsweredScan[]>([]);
  readonly #voice = new Voice();
  readonly announcement = this.#voice.announcement;

  /** The line that the person chose, when the codes do not name their item. */
  readonly itemId = signal<number | null>(null);
  readonly condition = signal<Condition>("accepted");
  readonly reason = signal<string | null>(null);
  /** Text of a refused scan that the person wants to mend by hand. */
  readonly textToMend = signal<string | null>(null);
  readonly kept: Kept;

  readonly receipt = computed<Receipt | null>(() => this.read.value?.receipt ?? null);
  /** The server's last word on the count: with the whole receipt, or with the answer to a scan since then. */
  readonly counts = computed<Counts | null>(() => {
    const reading = this.read.value;
    if (!reading) return null;
    const since = this.answers.value.filter(
      each => each.outcome.counts && each.answered_at >= reading.askedAt,
    );
    const last = since
      .sort((a, b) => a.answered_at.localeCompare(b.answered_at) || a.scan.n - b.scan.n)
      .at(-1);
    return last?.outcome.counts ?? reading.receipt.counts;
  });
  readonly entries = computed<Entry[]>(() =>
    this.read.value ? entriesOf(this.read.value, this.waiting.value, this.answers.value) : [],
  );
  /** The item of a scan that does not name one: the chosen line's, or the only line's. */
  readonly currentItem = computed(() => {
    const lines = this.receipt.value?.lines ?? [];
    return (
      (lines.length === 1 ? lines[0] : lines.find(line => line.item.id === this.itemId.value))?.item ?? null
    );
  });
  /** Scans of one item that the server takes as soon as their batch or expiry is known, oldest first. */
  readonly lacking = computed(() => lackingOf(this.answers.value, this.receipt.value?.lines ?? []));

  /** The code scanned just before, which may be of the same label. */
  readonly #label = new Label();
  /** Scans that another one has taken up: what the server says of them alone asks nobody anything. */
  readonly #takenUp = new Set<string>();
  /** Codes that came before the receipt was read, in their order. */
  readonly #early: (() => void)[] = [];
  #settling: ReturnType<typeof setTimeout> | undefined;
  #lastAnswer = "";
  /** Counts what was heard, to notice that something came while the outbox was read. */
  #news = 0;

  constructor(
    readonly id: string,
    readonly kind: "purchase-receipts" | "opening-stocks" = "purchase-receipts",
  ) {
    this.kept = new Kept(id);
  }

  /** Where the server has it. */
  get path(): string {
    return `/api/${this.kind}/${this.id}`;
  }

  /** Reads the receipt and follows it; gives a function that ends that. */
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
    const take = (reading: Read<Receipt>) => {
      const stands = standing(reading, this.#lastAnswer, this.read.value?.askedAt);
      if (stands === "uncertain") this.#settleSoon();
      if (stands !== "newest") return;
      this.show(reading.value, reading.askedAt);
      this.isRemembered.value = reading.isRemembered;
      this.error.value = null;
    };
    try {
      take(await read<Receipt>(this.path, take));
    } catch (error) {
      if (!this.read.value || (error instanceof ApiError && error.status === 404)) this.error.value = error;
    }
  }

  show(receipt: Receipt, askedAt = new Date().toISOString()): void {
    this.read.value = { receipt, askedAt };
    rememberReceipt(receipt, receipt.status === "draft");
    if (receipt.status !== "draft") this.kept.forget();
    for (const take of this.#early.splice(0)) take();
  }

  /**
   * Takes a code from any source: judges it, stores it, and answers with sound and colour at once. Where it
   * was read in a kept picture, the scan takes the picture's place.
   */
  async take(scanned: Code, picture: KeptPicture | null = null): Promise<void> {
    const receipt = this.receipt.value;
    if (!receipt) {
      // It beeps as soon as there is something to judge it against.
      this.#early.push(() => void this.take(scanned, picture));
      return;
    }
    const { text, raw, symbology, source } = scanned;
    if (receipt.status !== "draft") return this.#voice.sayLocally("refused", t("receipt_is_closed"), text);
    const meaning = parse(text, symbology);
    // A kept picture is of an earlier label than the one in the hand.
    const joined = picture ? null : this.#label.joined(meaning);
    if (joined?.isLate && (await this.#complete(joined))) return;
    const whole = joined && !joined.isLate ? joined.code : meaning;
    const judged = meaning.serialNo === null ? meaning : whole;
    const judgement = judge(judged, this.entries.value, receipt.lines, this.itemId.value);
    if (judgement.kind === "empty") return this.#voice.sayLocally("refused", t("code_is_empty"), "");
    const itemId = itemOf(whole, receipt.lines);
    const details = { ...this.#details(itemId), ...(whole === meaning ? {} : detailsOf(whole, itemId)) };
    const code = { text, raw, symbology, source };
    const row = await this.#keep({ ...details, ...code, purpose: "receive", undoes: null }, picture);
    if (!row) return;
    const isWhole = whole.serialNo !== null;
    if (isWhole && joined && !joined.isLate) await this.#takeUp(joined.rows);
    const rows = !isWhole && joined && !joined.isLate ? [...joined.rows, row] : [row];
    this.#label.note(whole, rows);
    const refused = judgement.kind === "new" ? await this.#refusedHere(whole, row) : null;
    this.#voice.give(row.id, keptAnnouncement(row, refused ?? judgement));
    void send();
  }

  /** What this device can say against a unit while the server is away; the scan is kept and sent all the same. */
  async #refusedHere({ serialNo, gtin }: ScannedCode, row: ScanEntry): Promise<Judgement | null> {
    const receipt = this.receipt.value;
    const line = receipt?.lines.find(({ item }) =>
      gtin === null ? item.id === this.currentItem.value?.id : item.gtins.includes(gtin),
    );
    if (!receipt || !line || serialNo === null || (navigator.onLine && !this.isRemembered.value)) return null;
    const beside = this.entries.value.filter(entry => entry.scanId !== row.id);
    const { refusedOnReceipt } = await import("../offline/judged-here");
    return refusedOnReceipt(serialNo, line, receipt, beside);
  }

  /**
   * The serial number came first and was not enough: it goes once more, with what the label's second code says.
   * False where nothing was missing, so that the code stands for itself.
   */
  async #complete({ code, rows }: Joined): Promise<boolean> {
    const [row] = rows;
    const lines = this.receipt.value?.lines ?? [];
    const answered = this.answers.value.find(each => each.id === row?.id);
    if (!row || (answered && (answered.open === 0 || !isAskedFor(answered)))) return false;
    const itemId = itemOf(code, lines);
    const missing = isMissing(row, lines);
    const isExpiryAskedFor = answered?.outcome.code === "expiry_required" && code.expiresOn !== null;
    const isGiven = (missing.item && itemId !== null) || (missing.batch && code.batchNo !== null);
    if (!isGiven && !isExpiryAskedFor) return false;
    const { text, raw, symbology, source, condition, reason } = row;
    const kept = this.kept.of(itemId ?? row.item_id);
    const before = { item_id: row.item_id, batch_no: row.batch_no ?? kept.batch_no };
    const again = await this.#keep({
      ...{ text, raw, symbology, source, condition, reason },
      ...{ ...before, expires_on: row.expires_on ?? kept.expires_on },
      ...detailsOf(code, itemId),
      purpose: "receive",
      undoes: null,
    });
    if (!again) return true;
    await this.#takeUp(rows);
    this.#label.note(code, [again]);
    this.#voice.give(again.id, keptAnnouncement(again, { kind: "new" }));
    void send();
    return true;
  }

  /** These scans are part of another one now; what was or will be answered to them alone needs nobody. */
  async #takeUp(rows: ScanEntry[]): Promise<void> {
    const ids = rows.map(row => row.id);
    const answered = ids.filter(id => this.answers.value.some(each => each.id === id));
    for (const id of ids) if (!answered.includes(id)) this.#takenUp.add(id);
    this.#voice.takeBack(ids);
    if (answered.length > 0) await this.clear(answered);
  }

  /** Sends a scan again that was not taken, with what was missing; the old answer is then dealt with. */
  async correct(answered: AnsweredScan, correction: Correction): Promise<void> {
    const { text, raw, symbology, source, item_id, condition, reason, batch_no, expires_on } = answered.scan;
    const isNewText = correction.text !== undefined && correction.text !== text;
    const row = await this.#keep({
      text,
      symbology: isNewText ? "" : symbology,
      raw: isNewText ? null : raw,
      source: isNewText ? "typed" : source,
      item_id,
      condition,
      reason,
      ...(correction.item_id && batch_no === null
        ? this.kept.of(correction.item_id)
        : { batch_no, expires_on }),
      ...correction,
      purpose: "receive",
      undoes: null,
    });
    if (!row) return;
    await this.clear([answered.id]);
    this.#voice.give(row.id, keptAnnouncement(row, { kind: "new" }));
    void send();
  }

  /** Takes the server's reading of a code that lost its separators; the person said that it is right. */
  async takeProposal(answered: AnsweredScan, serialNo: string, batchNo: string | null): Promise<void> {
    const { text, symbology, item_id } = answered.scan;
    const itemId = itemOf(parse(text, symbology), this.receipt.value?.lines ?? []) ?? item_id;
    const batch = batchNo === null ? {} : { batch_no: batchNo };
    await this.correct(answered, { text: serialNo, item_id: itemId, ...batch });
  }

  async undo(entry: Entry): Promise<void> {
    const row = await this.#keep({
      ...this.#details(),
      purpose: "undo",
      undoes: entry.scanId,
      text: "",
      raw: null,
      symbology: "",
      source: "typed",
    });
    if (!row) return;
    this.#voice.await(row.id);
    this.#voice.takeBack([entry.scanId]);
    void send();
  }

  /** A person has seen these answers. */
  async clear(ids: string[]): Promise<void> {
    await close(ids);
    this.#voice.takeBack(ids);
    announce({ kind: "tidied" });
  }

  acknowledge(): void {
    this.announcement.value = null;
  }

  /** What goes with a scan; the item that the label names, if any, has its own batch and expiry. */
  #details(namedItem: number | null = null) {
    const itemId = this.itemId.value;
    const isRejected = this.condition.value === "rejected";
    return {
      item_id: itemId,
      ...this.kept.of(namedItem ?? this.currentItem.value?.id ?? null),
      condition: this.condition.value,
      reason: isRejected ? this.reason.value : null,
    };
  }

  /** Null when nothing was stored; then that is said already, or another tab has used the picture. */
  async #keep(
    scan: Omit<NewScan, "user" | "voucher_id">,
    picture: KeptPicture | null = null,
  ): Promise<ScanEntry | null> {
    const whole = { ...scan, user: username.value ?? "", voucher_id: this.id };
    try {
      const row = picture ? await keepFromPicture(whole, picture) : await keep(whole);
      if (row) announce({ kind: "kept", entry: row });
      if (picture) announce({ kind: "pictures" });
      return row;
    } catch (error) {
      console.error("The scan was not stored", error);
      this.#voice.sayLocally("refused", notStored(), scan.text);
      return null;
    }
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

  #hearAnswers(news: AnsweredScan[]): void {
    if (news.length === 0) return;
    const takenUp = news.filter(each => this.#takenUp.delete(each.id) && each.open === 1).map(({ id }) => id);
    for (const id of takenUp) this.#voice.forget(id);
    if (takenUp.length > 0) void close(takenUp);
    const answered = news.map(each => (takenUp.includes(each.id) ? { ...each, open: 0 as const } : each));
    const ids = new Set(answered.map(each => each.id));
    this.#lastAnswer = new Date().toISOString();
    this.waiting.value = this.waiting.value.filter(row => !ids.has(row.id));
    this.answers.value = [...this.answers.value.filter(each => !ids.has(each.id)), ...answered];
    // On their way while the person said what they lacked: nobody is asked a second time.
    const late = answered.filter(
      each => this.#voice.isAwaiting(each.id) && isSettledBy(this.kept.of(itemAskedAbout(each)), each),
    );
    for (const each of late) {
      this.#voice.forget(each.id);
      void this.correct(each, this.kept.of(itemAskedAbout(each)));
    }
    this.#voice.say(answered);
    this.#settleSoon();
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

/** What the codes of a label say beside the serial number, as far as they say it. */
function detailsOf({ batchNo, expiresOn }: ScannedCode, itemId: number | null) {
  return {
    ...(itemId === null ? {} : { item_id: itemId }),
    ...(batchNo === null ? {} : { batch_no: batchNo }),
    ...(expiresOn === null ? {} : { expires_on: expiresOn }),
  };
}
