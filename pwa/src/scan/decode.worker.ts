/** Reads codes from camera frames, off the main thread. */
import { prepareZXingModule, type ReaderOptions, readBarcodes } from "zxing-wasm/reader";
import wasmUrl from "zxing-wasm/reader/zxing_reader.wasm?url";
import type { DecodeReply, DecodeRequest } from "./decode-messages";

const COMMON: ReaderOptions = {
  formats: ["QRCode", "DataMatrix", "Code128", "Code39", "EANUPC", "ITF"],
  // The default is text for people, which hides where a GS1 field ends.
  textMode: "Plain",
  tryDownscale: true,
};
/**
 * 6–14 ms a frame at 720p; three of four frames. More than one symbol, so that a second code in view is
 * noticed and none is taken for the only one.
 */
const FAST: ReaderOptions = {
  ...COMMON,
  tryHarder: false,
  tryRotate: false,
  tryInvert: false,
  maxNumberOfSymbols: 4,
};
/** About ten times slower; each fourth frame. */
const HARD: ReaderOptions = {
  ...COMMON,
  tryHarder: true,
  tryRotate: true,
  tryInvert: true,
  maxNumberOfSymbols: 8,
};

const reply = (message: DecodeReply) => self.postMessage(message);

let canvas: OffscreenCanvas | null = null;

function pixels(frame: ImageBitmap): ImageData {
  const { width, height } = frame;
  canvas ??= new OffscreenCanvas(width, height);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d", { willReadFrequently: true, alpha: false });
  if (!context) throw new Error("no 2d canvas in this worker");
  context.drawImage(frame, 0, 0);
  frame.close();
  return context.getImageData(0, 0, width, height);
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

self.onmessage = async ({ data }: MessageEvent<DecodeRequest>) => {
  try {
    const results = await readBarcodes(pixels(data.frame), data.isHard ? HARD : FAST);
    const codes = results
      .filter(result => result.isValid)
      .map(({ text, bytes, symbologyIdentifier, position }) => ({
        text,
        raw: base64(bytes),
        symbology: symbologyIdentifier,
        corners: [position.topLeft, position.topRight, position.bottomRight, position.bottomLeft],
      }));
    reply({ kind: "decoded", codes });
  } catch (error) {
    reply({ kind: "failed", message: String(error) });
  }
};

// The package would fetch its wasm from a public server; ours is part of the build, also without a network.
prepareZXingModule({
  overrides: {
    locateFile: (path: string, prefix: string) => (path.endsWith(".wasm") ? wasmUrl : prefix + path),
  },
  fireImmediately: true,
}).then(
  () => reply({ kind: "ready" }),
  (error: unknown) => reply({ kind: "failed", message: String(error) }),
);
