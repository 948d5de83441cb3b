import { signal } from "@preact/signals";
import {
  type Abilities,
  abilities,
  type CameraChoice,
  CameraError,
  type CameraProblem,
  cameras,
  openStream,
  setLens,
} from "./camera-stream";
import type { Code } from "./codes";
import { LiveReader } from "./live-reader";

export type CameraState = "off" | "starting" | "running" | "paused" | CameraProblem;

/** An installed app on iOS may never say that its video plays. */
const VIDEO_START_MS = 6000;

/** Who keeps taking the camera away gets it: each try to have it back waits twice as long as the one before. */
const FIRST_WAIT_MS = 250;
const MOST_WAIT_MS = 30_000;
/** What stays for so long is no longer being taken away. */
const STEADY_MS = 10_000;

interface Remembered {
  cameraId: string | null;
  torch: boolean;
  zoom: number;
}

const REMEMBERED = "serialtrail.camera";

/**
 * The camera as a scanner: opens it, shows it in a `<video>`, reads codes, and gives each new one to `emit`.
 * Starts and stops run one after the other, whatever order taps and interruptions come in.
 */
export class Camera {
  readonly state = signal<CameraState>("off");
  readonly abilities = signal<Abilities>({ torch: false, zoom: [] });
  readonly choices = signal<CameraChoice[]>([]);
  readonly settings = signal<Remembered>(load());

  /** Reads what the camera shows. */
  readonly reader: LiveReader;

  #video: HTMLVideoElement | null = null;
  #stream: MediaStream | null = null;
  #wakeLock: WakeLockSentinel | null = null;
  #isWanted = false;
  #wasHidden = false;
  #queue: Promise<void> = Promise.resolve();
  /** How often in a row it was taken away. */
  #losses = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  #steady: ReturnType<typeof setTimeout> | undefined;

  constructor(emit: (code: Code) => void) {
    this.reader = new LiveReader(emit, () => this.state.value === "running");
  }

  /** Opens the camera into `video`. Call from a tap, as phones ask the person only then. */
  start(video: HTMLVideoElement): void {
    this.#video = video;
    this.#isWanted = true;
    this.#losses = 0;
    this.#listen(true);
    this.#restart();
  }

  stop(): void {
    this.#isWanted = false;
    this.#listen(false);
    clearTimeout(this.#again);
    this.#enqueue(async () => this.#release());
  }

  /** Stops for good; the camera cannot be started again. */
  dispose(): void {
    this.stop();
    this.#enqueue(async () => this.reader.dispose());
  }

  /** The picture stays, codes are not read: a refusal waits for the person. */
  pause(): void {
    if (this.state.value === "running") this.state.value = "paused";
  }

  resume(): void {
    if (this.state.value !== "paused" || !this.#video) return;
    this.reader.resume(this.#video);
    this.state.value = "running";
  }

  async set(change: Partial<Remembered>): Promise<void> {
    this.settings.value = { ...this.settings.value, ...change };
    localStorage.setItem(REMEMBERED, JSON.stringify(this.settings.value));
    if (change.cameraId !== undefined) this.#restart();
    else if (this.#track) await setLens(this.#track, this.settings.value);
  }

  get #track(): MediaStreamTrack | undefined {
    return this.#stream?.getVideoTracks()[0];
  }

  #enqueue(task: () => Promise<void>): void {
    this.#queue = this.#queue.then(task).catch(error => {
      this.#release();
      this.state.value = error instanceof CameraError ? error.problem : "failed";
      if (this.state.value === "in_use" && this.#losses > 0) this.#tryLater();
    });
  }

  #tryLater(): void {
    clearTimeout(this.#again);
    if (!this.#isWanted) return;
    const wait = Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#losses);
    this.#losses += 1;
    this.#again = setTimeout(() => this.#restart(), wait);
  }

  #restart(): void {
    clearTimeout(this.#again);
    this.#enqueue(async () => {
      this.#release();
      if (!this.#isWanted) return;
      this.state.value = "starting";
      const preparing = this.reader.prepare();
      preparing.catch(() => {});
      const stream = await openStream(this.settings.value.cameraId);
      this.#stream = stream;
      // Only said where somebody else took it: by another app, or by pulling the plug.
      this.#track?.addEventListener("ended", this.#onTaken);
      await this.#show(stream);
      await preparing.catch(cause => {
        throw new CameraError("decoder", { cause });
      });
      if (!this.#isWanted) return this.#release();
      await this.#readAbilities();
      if (this.#video) this.reader.resume(this.#video);
      this.state.value = "running";
      this.#loop(stream);
      this.#steady = setTimeout(() => {
        this.#losses = 0;
      }, STEADY_MS);
      this.#wakeLock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    });
  }

  async #show(stream: MediaStream): Promise<void> {
    const video = this.#video;
    if (!video) return;
    video.srcObject = stream;
    const late = new Promise<never>((_, reject) =>
      setTimeout(() => reject(new CameraError("failed")), VIDEO_START_MS),
    );
    await Promise.race([video.play(), late]);
  }

  async #readAbilities(): Promise<void> {
    const track = this.#track;
    if (!track) return;
    this.abilities.value = abilities(track);
    this.choices.value = await cameras();
    await setLens(track, this.settings.value);
  }

  #release(): void {
    clearTimeout(this.#steady);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    if (this.#video) this.#video.srcObject = null;
    this.reader.help.restart();
    void this.#wakeLock?.release().catch(() => {});
    this.#wakeLock = null;
    this.state.value = "off";
  }

  /** Has each frame looked at that comes. */
  #loop(stream: MediaStream): void {
    const video = this.#video;
    if (!video || this.#stream !== stream) return;
    const again = () => {
      if (this.state.value === "running") void this.reader.look();
      this.#loop(stream);
    };
    if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(again);
    else setTimeout(again, 33);
  }

  readonly #onTaken = () => {
    if (document.visibilityState === "hidden") return this.#onReturn();
    if (!this.#isWanted) return;
    this.#enqueue(async () => {
      this.#release();
      this.state.value = "in_use";
    });
    this.#tryLater();
  };

  /**
   * Phones take the camera away when the app goes to the back, and some say nothing when it returns, or claim
   * that the track still lives. So whatever brings the page back looks, and after a hide always opens anew.
   */
  readonly #onReturn = () => {
    if (document.visibilityState === "hidden") {
      this.#wasHidden = true;
      clearTimeout(this.#again);
      this.#enqueue(async () => this.#release());
      return;
    }
    if (!this.#isWanted) return;
    const isShowing = this.state.value === "running" || this.state.value === "paused";
    const isGone = this.#track?.readyState !== "live" || this.#track.muted;
    // Some phones say only one of the three when the page comes back.
    const isBackFromHiding = this.#wasHidden;
    this.#wasHidden = false;
    const isWaiting = this.state.value === "in_use" && this.#losses > 0;
    if (!isBackFromHiding && !isWaiting && !(isShowing && isGone)) return;
    this.#losses = 0;
    this.#restart();
  };

  #listen(isOn: boolean): void {
    const change = isOn ? "addEventListener" : "removeEventListener";
    document[change]("visibilitychange", this.#onReturn);
    window[change]("pageshow", this.#onReturn);
    window[change]("focus", this.#onReturn);
  }
}

function load(): Remembered {
  const fresh: Remembered = { cameraId: null, torch: false, zoom: 1 };
  try {
    return { ...fresh, ...JSON.parse(localStorage.getItem(REMEMBERED) ?? "{}") };
  } catch {
    return fresh;
  }
}
