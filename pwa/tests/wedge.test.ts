import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { listenToWedge, SINK } from "../src/scan/wedge";

let scanned: string[];
let stop: () => void;
/** Time of the next key, in ms. */
let now: number;

function press(key: string, gap: number, init: KeyboardEventInit = {}): KeyboardEvent {
  now += gap;
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init });
  Object.defineProperty(event, "timeStamp", { value: now });
  const target = document.activeElement ?? document.body;
  const isTaken = !target.dispatchEvent(event);
  const field = target as HTMLInputElement;
  if (!isTaken && key.length === 1 && "value" in field) field.value += key;
  return event;
}

/** Keys at `gap` ms, then Enter. */
const scan = (text: string, gap = 5) => [...text, "Enter"].map(key => press(key, gap)).at(-1);

function focusedField(type = "text"): HTMLInputElement {
  const field = document.createElement("input");
  field.type = type;
  document.body.append(field);
  field.focus();
  return field;
}

function focusedSink(): HTMLTextAreaElement {
  const sink = document.createElement("textarea");
  sink.setAttribute(SINK, "");
  document.body.append(sink);
  sink.focus();
  return sink;
}

/** What an input method does: the text is in the field, and no key was pressed. */
function commit(field: HTMLTextAreaElement | HTMLInputElement, text: string): void {
  field.value += text;
  field.dispatchEvent(new InputEvent("input", { data: text, bubbles: true }));
}

beforeEach(() => {
  vi.useFakeTimers();
  document.body.replaceChildren();
  scanned = [];
  now = 1000;
  stop = listenToWedge(document, text => scanned.push(text));
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

describe("a scanner that types", () => {
  it("gives 20 codes of 13 characters in 2 s as 20 scans", () => {
    const codes = Array.from({ length: 20 }, (_, i) => `WEDGE25-${String(i).padStart(5, "0")}`);

    for (const code of codes) scan(code, 2000 / 20 / 14);

    expect(scanned).toEqual(codes);
  });

  it("is not cut in two where the page was busy in mid-code", () => {
    for (const key of "NB25-") press(key, 5);
    // Back from its work, the page first runs a timer that is due, then takes the keys that waited.
    vi.advanceTimersToNextTimer();
    scan("0001");

    expect(scanned).toEqual(["NB25-0001"]);
  });

  it("is heard with a button focused, and does not press it", () => {
    const button = document.createElement("button");
    document.body.append(button);
    button.focus();

    const enter = scan("NB25 0001");

    expect(scanned).toEqual(["NB25 0001"]);
    expect(enter?.defaultPrevented).toBe(true);
  });

  it("leaves the field in which somebody was typing as it was", () => {
    const field = focusedField();
    field.value = "half a wo";
    const heard = vi.fn();
    field.addEventListener("input", heard);

    scan("NB25-0001");

    expect(scanned).toEqual(["NB25-0001"]);
    expect(field.value).toBe("half a wo");
    expect(heard).toHaveBeenCalled();
  });

  it("may stumble once for up to 150 ms", () => {
    for (const [index, key] of [..."NB25-0001"].entries()) press(key, index === 4 ? 140 : 5);
    press("Enter", 5);

    expect(scanned).toEqual(["NB25-0001"]);
  });

  it("may end with Tab, which then moves no focus", () => {
    for (const key of "NB25-0001") press(key, 5);
    const tab = press("Tab", 5);

    expect(scanned).toEqual(["NB25-0001"]);
    expect(tab.defaultPrevented).toBe(true);
  });

  it("may send no Enter at all: 200 ms of silence end the code", () => {
    for (const key of "NB25-0001") press(key, 5);
    vi.advanceTimersByTime(199);
    expect(scanned).toEqual([]);

    vi.advanceTimersByTime(100);
    expect(scanned).toEqual(["NB25-0001"]);
  });

  it("starts a new code after a pause", () => {
    for (const key of "NB25-0001") press(key, 5);
    press("N", 160);
    for (const key of "B25-0002") press(key, 5);
    press("Enter", 5);

    expect(scanned).toEqual(["NB25-0001", "NB25-0002"]);
  });

  it.each([
    ["Ctrl+]", () => press("]", 5, { ctrlKey: true })],
    ["the raw character", () => press("\u001d", 5)],
    [
      "Alt+029",
      () => {
        for (const digit of "029") press(digit, 5, { altKey: true, code: `Numpad${digit}` });
        const up = new KeyboardEvent("keyup", { key: "Alt", bubbles: true });
        now += 5;
        Object.defineProperty(up, "timeStamp", { value: now });
        document.body.dispatchEvent(up);
      },
    ],
  ])("keeps the GS1 separator sent as %s", (_name, pressSeparator) => {
    for (const key of "10ABC123") press(key, 5);
    pressSeparator();
    scan("21SN0001");

    expect(scanned).toEqual(["10ABC123\u001d21SN0001"]);
  });

  it("keeps capitals, between which the shift key is pressed", () => {
    for (const key of ["Shift", "N", "Shift", "B", "2", "5", "Enter"]) press(key, 5);

    expect(scanned).toEqual(["NB25"]);
  });
});

describe("a person who types", () => {
  it("is left alone", () => {
    const field = focusedField();

    const enter = scan("NB25-0001", 90);

    expect(scanned).toEqual([]);
    expect(enter?.defaultPrevented).toBe(false);
    expect(field.value).toBe("NB25-0001");
  });

  it("is left alone with three fast keys", () => {
    scan("abc", 5);

    expect(scanned).toEqual([]);
  });

  it("may use shortcuts", () => {
    for (const key of "abcdef") press(key, 5, { ctrlKey: true });
    press("Enter", 5);

    expect(scanned).toEqual([]);
  });

  it("has a password field to themselves, as security keys type fast too", () => {
    const field = focusedField("password");

    const enter = scan("cccccbcgujhingjrdejhgfnuetrgigvejhhgbkugded");

    expect(scanned).toEqual([]);
    expect(enter?.defaultPrevented).toBe(false);
    expect(field.value).not.toBe("");
  });

  it("is not watched while no screen wants codes", () => {
    stop();
    stop = listenToWedge(
      document,
      text => scanned.push(text),
      () => false,
    );

    expect(scan("NB25-0001")?.defaultPrevented).toBe(false);
    expect(scanned).toEqual([]);
  });
});

describe("a handheld whose input method commits the code", () => {
  it("is read from the sink at Enter", () => {
    const sink = focusedSink();
    commit(sink, "NB25-0001");
    press("Enter", 5);

    expect(scanned).toEqual(["NB25-0001"]);
    expect(sink.value).toBe("");
  });

  it("is read after silence when it sends no Enter", () => {
    const sink = focusedSink();
    commit(sink, "NB25-0001");
    vi.advanceTimersByTime(200);

    expect(scanned).toEqual(["NB25-0001"]);
  });

  it("is read whole when it commits piece by piece", () => {
    const sink = focusedSink();
    for (const piece of ["NB", "25-", "0001"]) {
      commit(sink, piece);
      vi.advanceTimersByTime(50);
    }
    press("Enter", 5);

    expect(scanned).toEqual(["NB25-0001"]);
  });

  it("loses no code when several come in one commit", () => {
    const sink = focusedSink();
    commit(sink, "NB25-0001\nNB25-0002\nNB25");
    commit(sink, "-0003\n");

    expect(scanned).toEqual(["NB25-0001", "NB25-0002", "NB25-0003"]);
  });

  it("counts once when it sends keys into the sink", () => {
    const sink = focusedSink();
    scan("NB25-0001");
    vi.advanceTimersByTime(500);

    expect(scanned).toEqual(["NB25-0001"]);
    expect(sink.value).toBe("");
  });

  it("is left alone in a visible field, where suggestions commit words too", () => {
    const field = focusedField();
    commit(field, "laptop");
    vi.advanceTimersByTime(500);

    expect(scanned).toEqual([]);
    expect(field.value).toBe("laptop");
  });
});
