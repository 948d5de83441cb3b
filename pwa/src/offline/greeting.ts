/** A device that is new says so before it has anything to send: its browser may have cleared what it was before. */
import { effect } from "@preact/signals";
import { isNetworkFailure } from "../api";
import { session } from "../session";
import { thisDevice } from "./device";
import { LOCK, tell } from "./sender";

/** The id under which the server was told of this device. */
const GREETED = "serialtrail.greeted";

/** Tells the server of this device, as soon as somebody is logged in who can; gives what ends that. */
export function startGreeting(): () => void {
  return effect(() => {
    // Without a token the session is only remembered: there was no server to ask.
    if (session.value?.csrf_token) void greetOnce();
  });
}

async function greetOnce(): Promise<void> {
  try {
    const { id } = await thisDevice();
    if (localStorage.getItem(GREETED) === id) return;
    await navigator.locks.request(LOCK, () => tell([]));
    localStorage.setItem(GREETED, id);
  } catch (error) {
    // The next start or log-in tries again, and so does the first entry.
    if (!isNetworkFailure(error)) console.warn("The server was not told of this device", error);
  }
}
