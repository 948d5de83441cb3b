import { signal } from "@preact/signals";
import type { ScanSource } from "../api-types";

/** One read code, from whatever source. */
export interface Code {
  text: string;
  /** Base64 of the bytes in the symbol; null where the source gives only text. */
  raw: string | null;
  /** ISO/IEC 15424 symbology identifier (`]d2`), or "". */
  symbology: string;
  source: ScanSource;
}

type Handler = (code: Code) => void;

const handlers: Handler[] = [];

/** The screen that shows takes the codes (`useCodes`); the newest one first in line. Gives a function that steps back. */
export function takeCodes(handler: Handler): () => void {
  handlers.push(handler);
  return () => {
    const index = handlers.lastIndexOf(handler);
    if (index >= 0) handlers.splice(index, 1);
  };
}

/** How many codes this app has read since it was opened. */
export const codesRead = signal(0);

/** Where every source ends: camera, wedge and typed field. */
export function onCode(code: Code): void {
  codesRead.value++;
  handlers.at(-1)?.(code);
}

/** True while some screen wants codes; a log-in form must not lose fast typing to the scanner logic. */
export const areCodesWanted = (): boolean => handlers.length > 0;
