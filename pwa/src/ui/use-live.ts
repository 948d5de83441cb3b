import { type ReadonlySignal, signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { FeedEvent } from "../api-types";
import { follow } from "../follow";
import type { LiveState } from "../live";
import { sessionState } from "../session";

/** A burst of scans by others makes one reading, well within a second. */
const TOGETHER_MS = 300;

/** Raised whenever a screen that is live hears that something was done at its site. */
export const siteNews = signal(0);

/** Whether an event has to do with what is on a screen. */
type Concerns = (event: FeedEvent) => boolean;

/**
 * Reads again when something was done that has to do with the screen, and says whether the screen is live. What was
 * missed while there was no connection is caught up by the feed's numbers, in order.
 *
 * @param about The id of a voucher, null for all that happens at the site, or a test of its own, always the same one.
 */
export function useLive(
  siteId: number | undefined,
  about: string | Concerns | null,
  reload: () => void,
): ReadonlySignal<LiveState> {
  const state = useSignal<LiveState>("not_live");
  const isLoggedIn = sessionState.value === "in";
  useEffect(() => {
    if (siteId === undefined || !isLoggedIn) return;
    let soon: ReturnType<typeof setTimeout> | undefined;
    const readSoon = () => {
      soon ??= setTimeout(() => {
        soon = undefined;
        reload();
      }, TOGETHER_MS);
    };
    const isOurs =
      typeof about === "function"
        ? about
        : (event: FeedEvent) => about === null || event.voucher_id === about;
    const stop = follow(siteId, {
      onState: next => {
        // Something may have happened between the reading on the screen and the first word of the feed.
        if (next === "live" && state.value !== "live") readSoon();
        state.value = next;
      },
      onChange: events => {
        if (events.some(isOurs)) readSoon();
        if (events[0]) siteNews.value += 1;
      },
      onRefused: () => {},
    });
    return () => {
      stop();
      clearTimeout(soon);
      state.value = "not_live";
    };
  }, [siteId, about, isLoggedIn]);
  return state;
}
