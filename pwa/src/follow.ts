import type { Listener, LiveFeed, WatchedBoard } from "./live";

/**
 * Follows the feed of a site; gives a function that ends it. The socket's code comes late, so that no screen waits for it;
 * where it cannot come, the screen is not live.
 */
export function follow(siteId: number, listener: Listener, board?: WatchedBoard): () => void {
  let feed: LiveFeed | null = null;
  let isStopped = false;
  import("./live").then(
    ({ LiveFeed }) => {
      if (!isStopped) feed = new LiveFeed(siteId, listener, board);
    },
    () => listener.onState("not_live"),
  );
  return () => {
    isStopped = true;
    feed?.stop();
  };
}
