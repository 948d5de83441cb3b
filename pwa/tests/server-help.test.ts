import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Reading } from "../src/frames";
import { ServerHelp, type StillsWish } from "../src/scan/server-help";
import type { Still } from "../src/scan/stills";
import { json, noNetwork, problem, type Reply, serve } from "./fake-server";

const READ = {
  codes: [
    {
      text: "NB25-0017",
      raw: "4e423235",
      symbology_identifier: "]d1",
      corners: [
        [1, 2],
        [3, 2],
        [3, 4],
        [1, 4],
      ],
      frame: 1,
      confidence: { weak: false },
    },
  ],
  reason: null,
  kept_id: null,
};
const TOO_DARK = { codes: [], reason: { code: "too_dark", message: "Switch on the light." }, kept_id: null };

let now = 0;
let taken: Reading[] = [];
let wishes: StillsWish[] = [];
const aStill = (bytes: number): Still => ({
  picture: new Blob(["x".repeat(bytes)]),
  width: 800,
  height: 700,
});

function helpWith(...replies: Reply[]) {
  const calls = serve(...replies);
  const help = new ServerHelp(
    async wish => {
      wishes.push(wish);
      return wish === "one" ? [aStill(30)] : [aStill(10), aStill(30), aStill(20)];
    },
    reading => {
      taken.push(reading);
      return reading.codes[0]?.text ?? null;
    },
    () => now,
  );
  help.restart();
  return { help, calls };
}

/** Frames come for so many milliseconds, one each 100. */
async function film(help: ServerHelp, milliseconds: number): Promise<void> {
  for (const end = now + milliseconds; now < end; now += 100) {
    help.consider();
    await new Promise(resolve => setTimeout(resolve));
  }
}

beforeEach(() => {
  now = 0;
  taken = [];
  wishes = [];
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("the server's help", () => {
  it("is asked for after two seconds without a read, and not before", async () => {
    const { help, calls } = helpWith(() => json(READ));

    await film(help, 2000);
    expect(calls).toHaveLength(0);
    await film(help, 200);

    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /api/frames"]);
    expect(calls[0]?.headers["Content-Type"]).toBeUndefined();
    expect(help.state.value).toEqual({ kind: "read", text: "NB25-0017" });
    expect(taken[0]?.codes[0]).toMatchObject({ raw: btoa("NB25"), symbology: "]d1", frame: 1 });
    expect(taken[0]?.codes[0]?.corners[2]).toEqual({ x: 3, y: 4 });
  });

  it.each([
    ["does not change", 0, 5],
    ["changes", 40, 8],
  ])("is asked for ever more rarely while the picture %s", async (_, step, most) => {
    let grey = 0;
    const calls = serve(() => json(TOO_DARK));
    const help = new ServerHelp(
      async () => [aStill(30)],
      () => null,
      () => now,
      () => {
        grey = (grey + step) % 200;
        return Uint8ClampedArray.from({ length: 256 }, (_, at) => (at % 2 ? grey : 100));
      },
    );
    help.restart();

    await film(help, 112_000);

    expect(calls.length).toBeLessThanOrEqual(most + 1);
    expect(calls.length).toBeGreaterThanOrEqual(most - 1);
  });

  it("is not asked for while codes are seen", async () => {
    const { help, calls } = helpWith(() => json(READ));

    for (let seen = 0; seen < 10; seen++) {
      await film(help, 1500);
      help.codeWasSeen();
    }

    expect(calls).toHaveLength(0);
  });

  it("is asked one request at a time, also when a person asks besides", async () => {
    let answer: (response: Response) => void = () => {};
    const { help, calls } = helpWith(() => new Promise(resolve => (answer = resolve)));

    void help.ask(true);
    await film(help, 10_000);
    void help.ask(true);
    expect(calls).toHaveLength(1);
    expect(help.state.value.kind).toBe("asking");
    answer(json(TOO_DARK));
    await film(help, 100);

    expect(help.state.value).toEqual({ kind: "reason", reason: TOO_DARK.reason });
    expect(help.unread.value?.size).toBe(30);
  });

  it("is asked for less and less where there is nothing to read", async () => {
    const { help, calls } = helpWith(() => json(TOO_DARK));

    await film(help, 60_000);

    // 2, 6, 14, 29, 44 and 59 seconds after the start.
    expect(calls).toHaveLength(6);
  });

  it("gets one still, then a burst where that was not enough, and the best photo when a person asks", async () => {
    const { help } = helpWith(() => json(TOO_DARK));

    await film(help, 20_000);
    help.codeWasSeen();
    await film(help, 3000);
    await help.ask(true);

    expect(wishes).toEqual(["one", "burst", "one", "one", "photo"]);
  });

  it("waits as long as the server asks, then comes by itself", async () => {
    const { help, calls } = helpWith(
      () => problem(429, "decoder_busy", { "Retry-After": "30" }),
      () => json(READ),
    );

    await film(help, 2200);
    expect(help.state.value.kind).toBe("busy");
    await film(help, 29_000);
    await help.ask(true);
    expect(calls).toHaveLength(1);
    await film(help, 2000);

    expect(calls).toHaveLength(2);
    expect(help.state.value.kind).toBe("read");
  });

  it("is not wanted any more when the phone reads the code meanwhile", async () => {
    let answer: (response: Response) => void = () => {};
    const { help } = helpWith(() => new Promise(resolve => (answer = resolve)));

    const asked = help.ask(false);
    await film(help, 100);
    help.codeWasSeen();
    answer(json(READ));
    await asked;

    expect(taken).toEqual([]);
    expect(help.state.value.kind).toBe("none");
  });

  it("says that there is no network, without a request where the phone knows it", async () => {
    const away = helpWith(noNetwork);
    await away.help.ask(false);
    expect(away.help.state.value.kind).toBe("no_network");
    expect(away.help.unread.value?.size).toBe(30);

    const { help, calls } = helpWith(() => json(READ));
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    await help.ask(false);
    expect(help.state.value.kind).toBe("no_network");
    expect(calls).toHaveLength(0);
  });

  it("is left alone where the server refuses, until a person asks", async () => {
    const { help, calls } = helpWith(() => problem(403, "forbidden"));

    await film(help, 60_000);
    expect(calls).toHaveLength(1);
    expect(help.state.value).toEqual({ kind: "refused", message: "said forbidden" });
    await help.ask(true);

    expect(calls).toHaveLength(2);
  });

  it("is not asked about a camera that shows nothing any more", async () => {
    const calls = serve(() => json(READ));
    const help = new ServerHelp(
      async () => [],
      () => null,
      () => now,
    );
    await help.ask(false);

    expect(calls).toEqual([]);
    expect(help.state.value.kind).toBe("none");
  });
});
