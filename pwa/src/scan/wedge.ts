/**
 * Keyboard-wedge scanners: they type, but faster than any person.
 *
 * Two ways in: key events anywhere on the page, and text that a handheld's input method commits into the
 * sink, an invisible field that has the focus when nothing else needs it (there are no key events then).
 */

/** A scanner's keys come at this mean distance or closer. One fixed limit per key fails on a busy phone. */
export const MEAN_GAP_MS = 40;
/** A single gap may be longer: garbage collection, a slow handheld. */
export const LONGEST_GAP_MS = 150;
/** Silence that ends a code of a scanner that sends no Enter. */
const QUIET_MS = 200;
/** It is told in steps: a page that was busy loses one of them, not all, before it has seen the keys that wait. */
const QUIET_STEPS = 4;
/** Fewer keys are a person's. */
export const SHORTEST = 4;
const GS = "\u001d";

type Editable = HTMLInputElement | HTMLTextAreaElement;

interface Burst {
  text: string;
  first: number;
  last: number;
  longestGap: number;
  /** The field that the keys fell into, and what it held before. */
  field: Editable | null;
  before: string;
}

/**
 * Listens on `page` while `isWanted` and gives every scanned text to `emit`. Slow typing is left alone, and
 * so are password fields: security keys type as fast as scanners. Gives a function that stops listening.
 */
export function listenToWedge(
  page: Document,
  emit: (text: string) => void,
  isWanted: () => boolean = () => true,
): () => void {
  let burst: Burst | null = null;
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let altDigits = "";

  function add(text: string, event: KeyboardEvent): void {
    const now = event.timeStamp;
    if (burst && now - burst.last > LONGEST_GAP_MS) finish();
    const field = editable(event.target);
    if (burst) {
      burst.longestGap = Math.max(burst.longestGap, now - burst.last);
      burst.text += text;
      burst.last = now;
    } else {
      burst = { text, first: now, last: now, longestGap: 0, field, before: field?.value ?? "" };
    }
    clearTimeout(quiet);
    awaitQuiet(QUIET_STEPS);
  }

  function awaitQuiet(steps: number): void {
    quiet = setTimeout(() => (steps > 1 ? awaitQuiet(steps - 1) : finish()), QUIET_MS / QUIET_STEPS);
  }

  /** Ends the burst; true when it was a scan. */
  function finish(): boolean {
    clearTimeout(quiet);
    const ended = burst;
    burst = null;
    if (!ended || !isScan(ended)) return false;
    if (ended.field && !isSink(ended.field)) putBack(ended.field, ended.before);
    emit(ended.text);
    return true;
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing || !isWanted() || isPassword(event.target)) return;
    if (event.altKey && /^(Numpad|Digit)\d$/.test(event.code)) {
      altDigits += event.code.slice(-1);
      return;
    }
    if (event.key === "Enter" || event.key === "Tab") {
      // The Enter of a scanner must not press the button that happens to have the focus.
      if (finish()) event.preventDefault();
      else if (isSink(event.target)) flushSink(event.target as Editable);
      return;
    }
    if ((event.ctrlKey && event.key === "]") || event.key === GS) {
      event.preventDefault();
      add(GS, event);
      return;
    }
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    const isMidBurst = burst !== null && event.timeStamp - burst.last <= MEAN_GAP_MS;
    add(event.key, event);
    // Kept from the sink, which takes only what no key event told; and no space presses a button mid-code.
    if (isSink(event.target) || (isMidBurst && event.key === " " && !editable(event.target))) {
      event.preventDefault();
    }
  }

  /** Some scanners send GS as Alt+029 on the number pad. */
  function onKeyUp(event: KeyboardEvent): void {
    if (event.key !== "Alt" || altDigits === "") return;
    if (Number(altDigits) === 29) add(GS, event);
    altDigits = "";
  }

  let sinkQuiet: ReturnType<typeof setTimeout> | undefined;

  function onInput(event: Event): void {
    if (!isSink(event.target)) return;
    const sink = event.target as Editable;
    clearTimeout(sinkQuiet);
    if (/[\n\t]/.test(sink.value)) flushSink(sink, true);
    if (sink.value !== "") sinkQuiet = setTimeout(flushSink, QUIET_MS, sink);
  }

  /** Emits what the sink holds and empties it, in one step: nothing that comes next can be lost. */
  function flushSink(sink: Editable, keepsUnended = false): void {
    clearTimeout(sinkQuiet);
    const pieces = sink.value.split(/[\r\n\t]+/);
    const rest = keepsUnended ? (pieces.pop() ?? "") : "";
    sink.value = rest;
    for (const piece of pieces) if (piece !== "") emit(piece);
  }

  page.addEventListener("keydown", onKeyDown, true);
  page.addEventListener("keyup", onKeyUp, true);
  page.addEventListener("input", onInput, true);
  return () => {
    clearTimeout(quiet);
    clearTimeout(sinkQuiet);
    page.removeEventListener("keydown", onKeyDown, true);
    page.removeEventListener("keyup", onKeyUp, true);
    page.removeEventListener("input", onInput, true);
  };
}

/** Marks the invisible field that takes commits of an input method. */
export const SINK = "data-wedge-sink";

function isSink(target: EventTarget | null): boolean {
  return target instanceof Element && target.hasAttribute(SINK);
}

function isPassword(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type === "password";
}

function editable(target: EventTarget | null): Editable | null {
  const isField = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
  return isField ? target : null;
}

function isScan({ text, first, last, longestGap }: Burst): boolean {
  if (text.length < SHORTEST || longestGap > LONGEST_GAP_MS) return false;
  return (last - first) / (text.length - 1) <= MEAN_GAP_MS;
}

/** Takes the scanner's keys out of a field that a person was using. */
function putBack(field: Editable, before: string): void {
  if (field.value === before) return;
  field.value = before;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
