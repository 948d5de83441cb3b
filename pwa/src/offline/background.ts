/**
 * The sender in the service worker: when the browser finds the network again, the outbox goes out though no
 * tab is open. The same sender as in the tabs, under the same lock; they hear of the answers by the channel.
 */
import { configure, get } from "../api";
import type { Nobody, Session } from "../api-types";
import { sendFor, sending } from "./sender";

/** What browsers with Background Sync give a worker; the DOM types do not have it. */
interface SyncEvent extends Event {
  tag: string;
  waitUntil(work: Promise<unknown>): void;
}

addEventListener("sync", event => {
  const { tag, waitUntil } = event as SyncEvent;
  if (tag === "serialtrail-outbox") waitUntil.call(event, sendOutbox());
});

async function sendOutbox(): Promise<void> {
  const session = await get<Session | Nobody>("/api/session");
  if (!session.user) throw new Error("nobody is logged in");
  const credentials = { user: session.user.username, csrfToken: session.csrf_token };
  configure({ credentials: () => credentials, renew: async () => false, onNotLoggedIn: () => {} });
  await sendFor(credentials.user);
  // What the browser is told has failed, it tries again by itself.
  if (sending.value !== "idle") throw new Error(sending.value);
}
