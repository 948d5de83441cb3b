import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Code } from "../src/scan/codes";
import { parse } from "../src/scan/gs1";
import { listenToWedge, SINK } from "../src/scan/wedge";
import { findings } from "../src/scanner-test/findings";
import { type Heard, Recorder } from "../src/scanner-test/recorder";
import { TEST_TEXT } from "../src/scanner-test/test-code";

const GS = "\u001d";
let heard: Heard[];
let stops: (() => void)[];
let now: number;

function press(key: string, init: KeyboardEventInit = {}, gap = 5, type = "keydown"): void {
  now += gap;
  const event = new KeyboardEvent(type, { key, bubbles: true, cancelable: true, ...init });
  Object.defineProperty(event, "timeStamp", { value: now });
  document.body.dispatchEvent(event);
}

/** Sends a text by keys, the separator as Ctrl+]. */
function send(text: string, end = "Enter", gap = 5): void {
  for (const sign of text) press(sign === GS ? "]" : sign, { ctrlKey: sign === GS }, gap);
  if (end) press(end, {}, gap);
  vi.advanceTimersByTime(1000);
}

const about = () => findings(heard.at(-1) as Heard).map(each => each.about);

beforeEach(() => {
  vi.useFakeTimers();
  document.body.replaceChildren();
  heard = [];
  now = 1000;
  const recorder = new Recorder(each => heard.push(each));
  const take = (text: string) => recorder.take({ text, raw: null, symbology: "", source: "wedge" });
  // In the order of the app: its own listener is there first.
  stops = [listenToWedge(document, take), recorder.listen(document)];
});

afterEach(() => {
  for (const stop of stops) stop();
  vi.useRealTimers();
});

describe("what is written down of a scanner", () => {
  it("is each key with its time, the separator among them, and what the app took", () => {
    send("10A\u001d21B");

    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatchObject({ way: "keys", end: "Enter", code: { text: "10A\u001d21B" } });
    expect(heard[0]?.strokes[3]).toEqual({ text: GS, key: "Ctrl+]", gap: 5 });
    expect(heard[0]?.strokes[0]?.gap).toBeNull();
  });

  it("is one thing for each code, with and without an ending key", () => {
    for (const sign of "NB25-0001") press(sign);
    vi.advanceTimersByTime(300);
    now += 300;
    send("NB25-0002");

    expect(heard.map(each => [each.code?.text, each.end])).toEqual([
      ["NB25-0001", null],
      ["NB25-0002", "Enter"],
    ]);
  });

  it("is text that an input method commits", () => {
    const sink = document.createElement("textarea");
    sink.setAttribute(SINK, "");
    document.body.append(sink);
    sink.value = "NB25-0001\n";
    sink.dispatchEvent(new InputEvent("input", { data: "NB25-0001\n", bubbles: true }));

    expect(heard[0]).toMatchObject({ way: "text", end: "Enter", code: { text: "NB25-0001" } });
    expect(about()).toContain("as_text");
  });

  it("is a code of the camera, which keeps every byte", () => {
    const recorder = new Recorder(each => heard.push(each));
    recorder.take({ text: TEST_TEXT, raw: null, symbology: "]d2", source: "camera" } satisfies Code);

    expect(heard[0]?.strokes).toHaveLength(TEST_TEXT.length);
    expect(about()).toEqual(["content_right", "gs_kept", "symbology_sent"]);
  });
});

describe("what is said of the test code", () => {
  it("is a whole unit for the app", () => {
    expect(parse(TEST_TEXT, "]d2")).toMatchObject({
      kind: "gs1",
      gtin: "09506000134352",
      batchNo: "aZ-1",
      serialNo: "qY/2_w",
      problems: [],
    });
  });

  it.each([
    ["right, with its identifier", `]d2${TEST_TEXT}`, ["content_right", "gs_kept", "symbology_sent"]],
    ["right, but something added", `*${TEST_TEXT}#`, ["content_right", "gs_kept", "affixes", "no_symbology"]],
    ["without the separator", TEST_TEXT.replace(GS, ""), ["gs_lost", "no_symbology"]],
    ["with a separator written out", TEST_TEXT.replace(GS, "<GS>"), ["gs_written", "no_symbology"]],
    ["with the remains of Alt+029", TEST_TEXT.replace(GS, "029"), ["gs_alt", "no_symbology"]],
    ["in capitals", TEST_TEXT.toUpperCase(), ["gs_kept", "case_changed", "no_symbology"]],
    ["cut short", TEST_TEXT.slice(0, 12), ["incomplete", "no_symbology"]],
  ])("%s", (_name, text, said) => {
    send(text);
    expect(about()).toEqual(expect.arrayContaining(said));
    expect(about().filter(each => each !== "ends_with_key")).toHaveLength(said.length);
  });

  it("names the characters that another keyboard layout changes", () => {
    const german: Record<string, string> = { Z: "Y", Y: "Z", "-": "ß", "/": "-", _: "?" };
    send([...TEST_TEXT].map(sign => german[sign] ?? sign).join(""));

    const layout = findings(heard[0] as Heard).find(each => each.about === "layout");
    expect(layout?.facts.pairs).toContain("Z→Y");
  });

  it("knows a French keyboard, which moves every digit", () => {
    const digits = "à&é\"'(-è_ç";
    const french: Record<string, string> = { a: "q", q: "a", Z: "W", w: "z", "-": ")", "/": "!", _: "°" };
    const came = [...TEST_TEXT].map(sign => (/\d/.test(sign) ? digits[Number(sign)] : french[sign]) ?? sign);
    send(came.join(""));

    expect(about()).toContain("layout");
  });
});

describe("what is said of any code", () => {
  it("is no word about the content of another code", () => {
    send("NB25-0001");
    expect(about()).toEqual(["no_symbology", "ends_with_key"]);
  });

  it("is that a separator may be lost", () => {
    send("01095060001343521ABC12321SN0001".replace("521ABC", "5210ABC"));
    expect(about()).toContain("gs_maybe_lost");
  });

  it("is why a slow or a short one was not taken", () => {
    send("NB25-0001", "Enter", 60);
    expect(about()[0]).toBe("not_taken_slow");
    expect(heard[0]?.code).toBeNull();

    send("AB1");
    expect(about()[0]).toBe("not_taken_short");
  });

  it("is that no key ends it", () => {
    send("NB25-0001", "");
    expect(about()).toContain("ends_by_silence");
  });
});
