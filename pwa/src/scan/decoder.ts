import type { DecodedCode, DecodeReply, DecodeRequest } from "./decode-messages";

/**
 * A Content-Security-Policy without 'wasm-unsafe-eval' leaves the worker silent for ever, so silence for this
 * long is an error. Generous: an old handheld compiles the wasm for some seconds.
 */
const START_UP_MS = 15_000;

/** The decoding worker, from outside: starts it once, one frame in flight. */
export class Decoder {
  readonly #worker = new Worker(new URL("./decode.worker.ts", import.meta.url), { type: "module" });
  #onReply: ((codes: DecodedCode[]) => void) | null = null;
  readonly ready: Promise<void>;

  constructor() {
    this.ready = new Promise((resolve, reject) => {
      const timeout = setTimeout(() => reject(new Error("decoder did not start")), START_UP_MS);
      const settle = (done: () => void) => {
        clearTimeout(timeout);
        done();
      };
      this.#worker.onerror = event => settle(() => reject(new Error(event.message || "decoder failed")));
      this.#worker.onmessage = ({ data }: MessageEvent<DecodeReply>) => {
        if (data.kind === "ready") settle(resolve);
        else if (data.kind === "failed" && !this.#onReply) settle(() => reject(new Error(data.message)));
        else this.#answer(data.kind === "decoded" ? data.codes : []);
      };
    });
    // Whoever starts a camera awaits it; until then a failure is not an unhandled one.
    this.ready.catch(() => {});
  }

  get isBusy(): boolean {
    return this.#onReply !== null;
  }

  /** Reads the codes in `frame`, which is handed over to the worker. Call only when not busy. */
  decode(frame: ImageBitmap, isHard: boolean): Promise<DecodedCode[]> {
    return new Promise(resolve => {
      this.#onReply = resolve;
      this.#worker.postMessage({ frame, isHard } satisfies DecodeRequest, [frame]);
    });
  }

  stop(): void {
    this.#worker.terminate();
    this.#answer([]);
  }

  #answer(codes: DecodedCode[]): void {
    const answer = this.#onReply;
    this.#onReply = null;
    answer?.(codes);
  }
}
