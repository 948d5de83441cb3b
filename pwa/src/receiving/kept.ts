import { signal } from "@preact/signals";

/** Batch and expiry that a person gave once and that go with every following scan of this receipt. */
export interface KeptDetails {
  batch_no: string | null;
  expires_on: string | null;
}

export const NOTHING_KEPT: KeptDetails = { batch_no: null, expires_on: null };

const key = (receiptId: string) => `serialtrail.kept.${receiptId}`;

/**
 * What is kept for a receipt, also over a reload. Kept per item, so that the batch of one line never goes
 * with the units of another.
 */
export class Kept {
  readonly #byItem = signal<Record<string, KeptDetails>>({});

  constructor(readonly receiptId: string) {
    try {
      this.#byItem.value = JSON.parse(localStorage.getItem(key(receiptId)) ?? "{}");
    } catch {
      this.forget();
    }
  }

  of(itemId: number | null): KeptDetails {
    return this.#byItem.value[String(itemId)] ?? NOTHING_KEPT;
  }

  /** The items for which something is kept. */
  get items(): number[] {
    return Object.keys(this.#byItem.value).map(Number);
  }

  set(itemId: number, details: KeptDetails): void {
    this.#save({ ...this.#byItem.value, [itemId]: details });
  }

  clear(itemId: number): void {
    const { [String(itemId)]: _cleared, ...rest } = this.#byItem.value;
    this.#save(rest);
  }

  forget(): void {
    this.#byItem.value = {};
    localStorage.removeItem(key(this.receiptId));
  }

  #save(byItem: Record<string, KeptDetails>): void {
    this.#byItem.value = byItem;
    localStorage.setItem(key(this.receiptId), JSON.stringify(byItem));
  }
}
