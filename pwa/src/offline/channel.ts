import type { CounterGap } from "../api-types";
import type { Answered, OutboxEntry } from "./db";

/** What one tab tells the others, and itself. */
export type OutboxNews =
  | { kind: "kept"; entry: OutboxEntry }
  | { kind: "answered"; answered: Answered[] }
  /** The sender stopped, for now or because nothing is left; the outbox may have changed in any way. */
  | { kind: "drained" }
  /** A person looked at answers, or let stuck rows go again. */
  | { kind: "tidied" }
  /** What the server said of this device, beside the answers. */
  | { kind: "heard"; isClockOff: boolean; gap: CounterGap | null }
  /** A picture was kept, read or dropped. */
  | { kind: "pictures" };

type Listener = (news: OutboxNews) => void;

const listeners = new Set<Listener>();
const channel = new BroadcastChannel("serialtrail-outbox");

channel.onmessage = (event: MessageEvent<OutboxNews>) => {
  for (const listener of listeners) listener(event.data);
};

/** Tells every tab. A BroadcastChannel does not come back to its sender, so this tab is told here. */
export function announce(news: OutboxNews): void {
  channel.postMessage(news);
  for (const listener of listeners) listener(news);
}

/** Hears what happens to the outbox in any tab; gives a function that ends it. */
export function listen(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
