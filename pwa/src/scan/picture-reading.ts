import { signal } from "@preact/signals";
import { ApiError, isNetworkFailure } from "../api";
import { type Reason, readByServer } from "../frames";
import type { Code } from "./codes";
import type { DecodedCode } from "./decode-messages";
import { Decoder } from "./decoder";
import type { Choice } from "./live-reader";
import { type Still, toStill } from "./stills";

/** A photo has 12 million pixels and more; this many read as well and ten times as fast. */
const LONGEST_SIDE = 1920;

export type PictureStep =
  | { kind: "none" }
  | { kind: "reading" }
  /** This device cannot read it. */
  | { kind: "asking" }
  | { kind: "choice"; choice: Choice }
  | { kind: "unread"; reason: Reason }
  | { kind: "no_network" }
  | { kind: "refused"; message: string };

/** Makes a still of a picture file; null for a kind of picture that this browser does not know. */
type Open = (file: Blob) => Promise<Still | null>;
type Decode = (still: Still) => Promise<DecodedCode[]>;

/** Reads the picture file of a label: first on this device, then by the server. */
export class PictureReading {
  readonly step = signal<PictureStep>({ kind: "none" });
  /** What goes to the server: the picture scaled down, or the file as it is where this browser cannot open it. */
  readonly picture = signal<Blob | null>(null);
  #stop = new AbortController();

  constructor(
    readonly emit: (code: Code) => void,
    readonly open: Open = openFile,
    readonly decode: Decode = decodeOnce,
  ) {}

  async read(file: Blob): Promise<void> {
    this.cancel();
    const { signal } = this.#stop;
    this.step.value = { kind: "reading" };
    const still = await this.open(file);
    const codes = still ? await this.decode(still).catch(() => []) : [];
    if (signal.aborted) return;
    this.picture.value = still?.picture ?? file;
    if (still && codes.length > 0) return this.#take(codes, still, "camera");
    await this.#ask(this.picture.value, still, signal);
  }

  /** The person tapped a code of several. */
  choose(code: DecodedCode): void {
    const step = this.step.value;
    if (step.kind === "choice") this.#emit(code, step.choice.source);
  }

  /** Whatever is under way is not wanted any more. */
  cancel(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.step.value = { kind: "none" };
  }

  async #ask(picture: Blob, still: Still | null, signal: AbortSignal): Promise<void> {
    this.step.value = { kind: "asking" };
    try {
      const { codes, reason } = await readByServer([picture], signal);
      if (signal.aborted) return;
      // Without a still the codes have no place in a picture that could be shown; the first is as good as any.
      if (codes.length > 0) this.#take(codes, still ?? { picture, width: 0, height: 0 }, "server");
      else if (reason) this.step.value = { kind: "unread", reason };
    } catch (error) {
      if (signal.aborted) return;
      if (isNetworkFailure(error)) this.step.value = { kind: "no_network" };
      else if (error instanceof ApiError) this.step.value = { kind: "refused", message: wordsOf(error) };
      else throw error;
    }
  }

  /** Nobody aims in a photo: the only code is meant, and of several the person says which. */
  #take(codes: (DecodedCode & { isWeak?: boolean })[], still: Still, source: Code["source"]): void {
    const [only] = codes;
    const isSure = codes.every(code => code.text === only?.text) && only?.isWeak !== true;
    if (only && isSure) this.#emit(only, source);
    else this.step.value = { kind: "choice", choice: { ...still, codes, source } };
  }

  #emit({ text, raw, symbology }: DecodedCode, source: Code["source"]): void {
    this.step.value = { kind: "none" };
    this.emit({ text, raw, symbology, source });
  }
}

const wordsOf = ({ message, problem }: ApiError): string =>
  [message, problem.next_step].filter(Boolean).join(" ");

async function openFile(file: Blob): Promise<Still | null> {
  try {
    return await toStill(await createImageBitmap(file), LONGEST_SIDE);
  } catch (error) {
    // HEIC on most devices, or no picture at all: the server says it in words.
    console.debug("This browser cannot open the picture", error);
    return null;
  }
}

async function decodeOnce({ picture }: Still): Promise<DecodedCode[]> {
  const decoder = new Decoder();
  try {
    await decoder.ready;
    return await decoder.decode(await createImageBitmap(picture), true);
  } finally {
    decoder.stop();
  }
}
