import { afterEach, expect, it, vi } from "vitest";
import { isUpdateReady, registerServiceWorker } from "../src/updates";

/** A service worker on its way in. */
class Worker extends EventTarget {
  state = "installing";
  install(): void {
    this.state = "installed";
    this.dispatchEvent(new Event("statechange"));
  }
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

it("offers a build that the browser found before the page could listen", async () => {
  const found = new Worker();
  const registration = Object.assign(new EventTarget(), { waiting: null, installing: found });
  const serviceWorker = Object.assign(new EventTarget(), {
    controller: { postMessage: () => {} },
    register: async () => registration,
  });
  vi.stubEnv("PROD", true);
  vi.stubGlobal("navigator", { serviceWorker });

  await registerServiceWorker();
  expect(isUpdateReady.value).toBe(false);
  found.install();

  expect(isUpdateReady.value).toBe(true);
});
