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

it("asks for the worker again when the network is back", async () => {
  const registration = Object.assign(new EventTarget(), { waiting: null, installing: null });
  const register = vi
    .fn()
    .mockRejectedValueOnce(new TypeError("offline"))
    .mockResolvedValueOnce(registration);
  const serviceWorker = Object.assign(new EventTarget(), { controller: { postMessage: () => {} }, register });
  vi.stubEnv("PROD", true);
  vi.stubGlobal("navigator", { serviceWorker });
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});

  const isRegistered = registerServiceWorker();
  await vi.waitFor(() => expect(warned).toHaveBeenCalledOnce());
  expect(register).toHaveBeenCalledOnce();
  dispatchEvent(new Event("online"));
  await isRegistered;

  expect(register).toHaveBeenCalledTimes(2);
});
