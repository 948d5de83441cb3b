import { signal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
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

/**
 * The screen takes the codes, from the moment it is seen: an ordinary effect begins after that, and loses the code that
 * is scanned at once. Of several the newest takes them. `take` is null while the screen wants none; it is renewed when
 * one of `inputs` has changed, and with every rendering without them.
 */
export function useCodes(take: Handler | null, inputs?: readonly unknown[]): void {
  useLayoutEffect(() => {
    if (!take) return;
    handlers.push(take);
    return () => {
      handlers.splice(handlers.lastIndexOf(take), 1);
    };
  }, inputs);
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
