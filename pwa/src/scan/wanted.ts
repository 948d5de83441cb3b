import { signal } from "@preact/signals";
import type { DecodedCode } from "./decode-messages";

/** What the screen is looking for; the codes in view that are it are outlined in their own colour. */
export const wanted = signal<((text: string, symbology: string) => boolean) | null>(null);

export const isWantedCode = ({ text, symbology }: DecodedCode): boolean =>
  wanted.value?.(text, symbology) ?? false;
