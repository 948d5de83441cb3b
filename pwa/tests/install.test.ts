import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Surroundings, wayToInstall } from "../src/install/advice";
import { installQuestion, isInstallDue, keepInstallQuestion, rememberAnswer } from "../src/install/offer";
import { keep } from "../src/offline/outbox";

const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)";
const ANDROID = "Mozilla/5.0 (Android 15; Mobile; rv:141.0) Gecko/141.0 Firefox/141.0";
const SAMSUNG = "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 SamsungBrowser/28.0 Chrome/130.0.0.0";

const way = (userAgent: string, more: Partial<Surroundings> = {}) =>
  wayToInstall({ userAgent, touchPoints: 0, isInstalled: false, canAsk: false, unsent: 0, ...more });

describe("how the app comes to the home screen", () => {
  test.each([
    ["an iPhone", `${IPHONE} Version/18.5 Mobile/15E148 Safari/604.1`, {}, "ios_safari"],
    ["an iPhone with Chrome", `${IPHONE} CriOS/138.0 Mobile/15E148 Safari/604.1`, {}, "ios_elsewhere"],
    [
      "an iPad, which says that it is a Mac",
      `${MAC} Version/18.5 Safari/605.1.15`,
      { touchPoints: 5 },
      "ios_safari",
    ],
    ["a Mac", `${MAC} AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15`, {}, "mac_safari"],
    ["Firefox on Android", ANDROID, { touchPoints: 5 }, "android_firefox"],
    ["another browser on Android", SAMSUNG, { touchPoints: 5 }, "android_menu"],
    ["Chrome that asks", SAMSUNG, { touchPoints: 5, canAsk: true }, "ask"],
    ["Firefox at a desk, which cannot", "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Firefox/141.0", {}, null],
    [
      "Chrome at a desk before it asks",
      "Mozilla/5.0 (X11; Linux x86_64) Chrome/138.0 Safari/537.36",
      {},
      null,
    ],
    ["the installed app", `${IPHONE} Version/18.5 Safari/604.1`, { isInstalled: true }, null],
    ["an iPhone with entries that are not sent", `${IPHONE} Version/18.5 Safari/604.1`, { unsent: 1 }, null],
    ["the installed app that could ask", SAMSUNG, { isInstalled: true, canAsk: true }, null],
  ] as const)("%s", (_name, userAgent, more, expected) => {
    expect(way(userAgent, more)).toBe(expected);
  });

  test("is shown after the device has done some work, until somebody answers", async () => {
    expect(isInstallDue()).toBe(false);
    await keep({ text: "NB25-0001", user: "ana", voucher_id: "r" } as Parameters<typeof keep>[0]);
    expect(isInstallDue()).toBe(true);
    rememberAnswer();
    expect(isInstallDue()).toBe(false);
  });

  test("the browser's own question is kept for the tap", () => {
    keepInstallQuestion();
    const question = new Event("beforeinstallprompt", { cancelable: true });
    dispatchEvent(question);
    expect(question.defaultPrevented).toBe(true);
    expect(installQuestion.value).toBe(question);
  });
});

describe("an answer is seen where nothing buzzes", () => {
  beforeEach(() => vi.resetModules());
  afterEach(() => vi.unstubAllGlobals());

  test("by the edge of the screen, in the colour of the answer", async () => {
    vi.stubGlobal("navigator", { ...navigator, vibrate: undefined });
    const { feedback } = await import("../src/scan/feedback");
    feedback("refused");
    await vi.waitFor(() => expect(document.querySelectorAll(".flash-refused")).toHaveLength(1));
    feedback("kept");
    await vi.waitFor(() => expect(document.querySelector(".flash")?.className).toBe("flash flash-kept"));
    expect(document.querySelectorAll(".flash")).toHaveLength(1);
  });

  test("and by nothing more where the device buzzes", async () => {
    const vibrate = vi.fn();
    vi.stubGlobal("navigator", { vibrate, userActivation: { hasBeenActive: true } });
    document.body.replaceChildren();
    const { feedback } = await import("../src/scan/feedback");
    feedback("warning");
    expect(vibrate).toHaveBeenCalledWith([80, 80, 80]);
    expect(document.querySelector(".flash")).toBeNull();
  });
});
