import { signal } from "@preact/signals";

/** True when a newer build is installed and waits for this tab. */
export const isUpdateReady = signal(false);

let waitingWorker: ServiceWorker | null = null;

function offer(worker: ServiceWorker | null): void {
  // Without a controller this is the first install: nothing to update from.
  if (!worker || !navigator.serviceWorker.controller) return;
  waitingWorker = worker;
  isUpdateReady.value = true;
}

function offerWhenInstalled(worker: ServiceWorker | null): void {
  worker?.addEventListener("statechange", () => {
    if (worker.state === "installed") offer(worker);
  });
}

/** The worker keeps a build as long as a tab runs it; the name of our main script carries the build's hash. */
function tellBuild(event: MessageEvent): void {
  if (event.data?.kind !== "which build") return;
  event.ports[0]?.postMessage(
    document.querySelector<HTMLScriptElement>('script[type="module"]')?.src ?? null,
  );
}

/** What it fetches for later, all of the app, takes the processor from a screen that is still on its way. */
const AFTER_START_MS = 1500;

/** Installs the service worker after the page is up, so that it never delays the first screen. */
export async function registerServiceWorker(): Promise<void> {
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  navigator.serviceWorker.addEventListener("message", tellBuild);
  navigator.serviceWorker.controller?.postMessage({ kind: "started" });
  if (!navigator.serviceWorker.controller) await new Promise(done => setTimeout(done, AFTER_START_MS));
  const registration = await registered();
  offer(registration.waiting);
  // Opening the page has the browser look for a new build: it may have found one before we could listen.
  offerWhenInstalled(registration.installing);
  registration.addEventListener("updatefound", () => offerWhenInstalled(registration.installing));
  // A page that stays open for days looks for a new build when somebody returns to it.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void registration.update().catch(() => {});
  });
}

/** Where the network has gone meanwhile, the worker is asked for again when it is back. */
async function registered(): Promise<ServiceWorkerRegistration> {
  for (;;) {
    try {
      return await navigator.serviceWorker.register("/service-worker.js", { updateViaCache: "none" });
    } catch (error) {
      console.warn("No service worker: the app works, but not without a network", error);
      await new Promise(done => addEventListener("online", done, { once: true }));
    }
  }
}

/** Moves this tab to the new build. Scans that wait lie in the database and go with it. */
export function applyUpdate(): void {
  // Another tab has moved already, and the new worker serves this one too.
  if (waitingWorker?.state !== "installed") {
    location.reload();
    return;
  }
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  waitingWorker?.postMessage({ kind: "take over" });
}
