import { signal } from "@preact/signals";

/** Batch and expiry that a person gave once and that go with every following scan of this receipt. */
export interface KeptDetails {
  batch_no: string | null;
  expires_on: string | null;
}

export const NOTHING_KEPT: KeptDetails = { batch_no: null, expires_on: null };

const key = (receiptId: string) => `serialtrail.kept.${receiptId}`;
const ANY_ITEM = "any";

/**
 * What is kept for a receipt, also over a reload. Kept per item, so that the batch of one line never goes
 * with the units of another; without a chosen line it holds for all.
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
    return this.#byItem.value[itemId ?? ANY_ITEM] ?? NOTHING_KEPT;
  }

  set(itemId: number | null, details: KeptDetails): void {
    this.#byItem.value = { ...this.#byItem.value, [itemId ?? ANY_ITEM]: details };
    localStorage.setItem(key(this.receiptId), JSON.stringify(this.#byItem.value));
  }

  clear(itemId: number | null): void {
    this.set(itemId, NOTHING_KEPT);
  }

  forget(): void {
    this.#byItem.value = {};
    localStorage.removeItem(key(this.receiptId));
  }
}
