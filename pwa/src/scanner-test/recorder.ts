import type { Code } from "../scan/codes";
import { SINK } from "../scan/wedge";

/** One key or character as it arrived. */
export interface Stroke {
  /** The character; "" of a key that gives none. */
  text: string;
  /** How the key is named: the physical key ("KeyY"), with what was held; "" of text without keys. */
  key: string;
  /** Milliseconds since the one before; null of the first, and of text that comes at once. */
  gap: number | null;
}

/** All that came of one pull of the trigger. */
export interface Heard {
  /** Key events, text that an input method commits, or a picture. */
  way: "keys" | "text" | "camera";
  strokes: Stroke[];
  /** What Serialtrail took for a code of it; null when nothing was. */
  code: Code | null;
  /** The key that ended it. */
  end: "Enter" | "Tab" | null;
  hasCapsLock: boolean;
}

const GS = "\u001d";
/** Longer than the silence that ends a code of a scanner that sends no Enter (see scan/wedge.ts). */
const SILENCE_MS = 500;

/**
 * Writes down each key and each text that arrives beside the listener of the app, which goes on to work as
 * always: whether it takes a code out of them is part of what is shown.
 */
export class Recorder {
  #heard: Heard | null = null;
  #code: Code | null = null;
  #last = 0;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly emit: (heard: Heard) => void) {}

  /** Listens on `page`; gives a function that stops listening. */
  listen(page: Document): () => void {
    const onKey = (event: KeyboardEvent) => this.#onKey(event);
    const onInput = (event: Event) => this.#onInput(event as InputEvent);
    page.addEventListener("keydown", onKey, true);
    page.addEventListener("input", onInput, true);
    return () => {
      clearTimeout(this.#silence);
      page.removeEventListener("keydown", onKey, true);
      page.removeEventListener("input", onInput, true);
    };
  }

  /** A code that the app took out of what arrived. */
  take(code: Code): void {
    if (code.source === "wedge") {
      this.#code = code;
      return;
    }
    const strokes = [...code.text].map(text => ({ text, key: "", gap: null }));
    this.emit({ way: "camera", strokes, code, end: null, hasCapsLock: false });
  }

  #onKey(event: KeyboardEvent): void {
    // An input method tells of keys that it does not name; its text comes by itself.
    if (event.isComposing || ["Unidentified", "Process"].includes(event.key)) return;
    if (event.key === "Enter" || event.key === "Tab") {
      if (this.#heard) this.#close(event.key);
      return;
    }
    if (["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock"].includes(event.key)) return;
    this.#closeTaken();
    this.#add("keys", textOf(event), nameOf(event), event.timeStamp);
    if (this.#heard && event.getModifierState("CapsLock")) this.#heard.hasCapsLock = true;
  }

  #onInput(event: InputEvent): void {
    if (!(event.target instanceof Element && event.target.hasAttribute(SINK))) return;
    this.#closeTaken();
    const [text = "", ...more] = (event.data ?? "").split(/[\r\n]/);
    for (const character of text) this.#add("text", character, "", null);
    const isEnded = more.length > 0 || event.inputType === "insertLineBreak";
    if (isEnded && this.#heard) this.#close("Enter");
  }

  #add(way: Heard["way"], text: string, key: string, at: number | null): void {
    const gap = at === null || !this.#heard ? null : Math.round(at - this.#last);
    this.#heard ??= { way, strokes: [], code: null, end: null, hasCapsLock: false };
    this.#heard.strokes.push({ text, key, gap });
    this.#last = at ?? 0;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#close(null), SILENCE_MS);
  }

  /** A scanner without an ending key may begin the next code before the silence is over. */
  #closeTaken(): void {
    if (this.#heard && this.#code) this.#close(null);
  }

  #close(end: Heard["end"]): void {
    clearTimeout(this.#silence);
    const heard = this.#heard;
    const code = this.#code;
    this.#heard = null;
    this.#code = null;
    if (heard) this.emit({ ...heard, code, end });
  }
}

function textOf({ key, ctrlKey, altKey, metaKey }: KeyboardEvent): string {
  if (ctrlKey && key === "]") return GS;
  return key.length === 1 && !ctrlKey && !altKey && !metaKey ? key : "";
}

function nameOf({ key, code, ctrlKey, altKey }: KeyboardEvent): string {
  const held = `${ctrlKey ? "Ctrl+" : ""}${altKey ? "Alt+" : ""}`;
  return held + (held && key.length === 1 ? key : code || key);
}

/** How a character is shown: signs that have no shape by their name. */
export function visible(character: string): string {
  const names: Record<string, string> = {
    [GS]: "GS",
    "\u001e": "RS",
    "\u0004": "EOT",
    "\t": "TAB",
    " ": "␠",
  };
  const code = character.codePointAt(0) ?? 0;
  return names[character] ?? (code < 32 || code === 127 ? pointOf(character) : character);
}

/** "U+001D". */
export const pointOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
