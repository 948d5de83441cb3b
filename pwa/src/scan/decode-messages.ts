/** What the page and the decoding worker say to each other. */
import type { Point } from "./geometry";

export interface DecodeRequest {
  frame: ImageBitmap;
  /** Slower and more thorough, for damaged or turned labels. */
  isHard: boolean;
}

export interface DecodedCode {
  text: string;
  /** Base64 of the bytes in the symbol. */
  raw: string;
  symbology: string;
  /** Pixels of the picture that was read, clockwise from the symbol's top left. */
  corners: Point[];
}

export type DecodeReply =
  | { kind: "ready" }
  | { kind: "failed"; message: string }
  | { kind: "decoded"; codes: DecodedCode[] };
