import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { wakeLater } from "../src/offline/background-sync";
import { closeDatabase } from "../src/offline/db";
import { keep, waiting } from "../src/offline/outbox";
import { send, startSending } from "../src/offline/sender";
import { aScan } from "./factories";
import { batches, json, noNetwork, problem, type Reply, serve, takesAll } from "./fake-server";

const session = { user: { username: "ana", name: "Ana" }, sites: [], csrf_token: "of the worker" };
const server: Reply = call => (call.path === "/api/session" ? json(session) : takesAll(call));

/** What a browser does with its worker when the network is back; gives what the worker asks it to wait for. */
function wake(tag = "serialtrail-outbox"): Promise<unknown> | undefined {
  let work: Promise<unknown> | undefined;
  const waitUntil = (given: Promise<unknown>) => {
    work = given;
  };
  dispatchEvent(Object.assign(new Event("sync"), { tag, waitUntil }));
  return work;
}

let closeOfWorker: () => Promise<void>;

beforeAll(async () => {
  // Modules of its own, as in a worker: nothing is shared with a tab but the disk and the lock.
  vi.resetModules();
  await import("../src/offline/background");
  closeOfWorker = (await import("../src/offline/db")).closeDatabase;
});

beforeEach(async () => {
  for (const text of ["one", "two"]) await keep(aScan(text));
});

afterEach(async () => {
  vi.unstubAllGlobals();
  await closeOfWorker();
  await closeDatabase();
});

describe("the worker", () => {
  it("sends what waits in the name of who is logged in, though no tab is open", async () => {
    const calls = serve(server);

    await wake();

    expect(batches(calls)).toEqual([["one", "two"]]);
    expect(calls.at(-1)?.headers).toMatchObject({ "X-CSRF-Token": "of the worker" });
    expect(await waiting()).toEqual([]);
  });

  it.each([
    ["there is no network", noNetwork],
    ["nobody is logged in", () => problem(401, "not_logged_in")],
  ] as const)("keeps everything and has the browser try again when %s", async (_name, reply) => {
    serve(reply);

    await expect(wake()).rejects.toThrow();

    expect(await waiting()).toHaveLength(2);
  });

  it("and a tab are one sender: nothing goes out twice", async () => {
    const calls = serve(server);
    const stop = startSending(() => "ana");

    await Promise.all([wake(), send({ isUrgent: true })]);
    stop();

    expect(batches(calls).flat()).toEqual(["one", "two"]);
  });

  it("leaves what others wait for alone", () => {
    expect(wake("another")).toBeUndefined();
  });
});

describe("a tab without a network", () => {
  it("asks the browser to wake the worker, where it can", async () => {
    const register = vi.fn();
    vi.stubGlobal("navigator", {
      ...navigator,
      serviceWorker: { controller: {}, ready: Promise.resolve({ sync: { register } }) },
    });
    await wakeLater();
    expect(register).toHaveBeenCalledWith("serialtrail-outbox");

    vi.stubGlobal("navigator", { serviceWorker: { controller: {}, ready: Promise.resolve({}) } });
    await wakeLater();
  });
});
