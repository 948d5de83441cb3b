interface SyncManager {
  register(tag: string): Promise<void>;
}

/** Has the browser wake the service worker when the network is back, where it can; elsewhere nothing is lost. */
export async function wakeLater(): Promise<void> {
  if (!navigator.serviceWorker?.controller) return;
  try {
    const registration = await navigator.serviceWorker.ready;
    await (registration as { sync?: SyncManager }).sync?.register("serialtrail-outbox");
  } catch {
    // The person or the browser does not want it: every other occasion still sends.
  }
}
