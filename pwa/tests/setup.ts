import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach } from "vitest";

/** Exclusive locks, one holder at a time and first come first served, as the Web Locks API grants them. */
class QueuedLocks {
  readonly #last = new Map<string, Promise<unknown>>();

  request<T>(name: string, work: () => Promise<T>): Promise<T> {
    const granted = (this.#last.get(name) ?? Promise.resolve()).then(work);
    this.#last.set(
      name,
      granted.catch(() => {}),
    );
    return granted;
  }
}

// Neither Node 20 nor happy-dom has them.
Object.defineProperty(navigator, "locks", { value: new QueuedLocks(), configurable: true });

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  localStorage.clear();
});
