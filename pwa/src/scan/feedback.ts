/** What a person hears and feels. Three answers, told apart by ear alone, plus the short "kept". */
export type Tone = "kept" | "warning" | "refused";

interface Note {
  hertz: number;
  seconds: number;
  /** Silence before it. */
  after?: number;
}

const NOTES: Record<Tone, Note[]> = {
  kept: [{ hertz: 1760, seconds: 0.09 }],
  warning: [
    { hertz: 880, seconds: 0.1 },
    { hertz: 880, seconds: 0.1, after: 0.07 },
  ],
  refused: [
    { hertz: 220, seconds: 0.22 },
    { hertz: 180, seconds: 0.3, after: 0.03 },
  ],
};

const BUZZ: Record<Tone, number[]> = { kept: [60], warning: [80, 80, 80], refused: [250, 100, 250] };

let context: AudioContext | null = null;

/** Browsers let a page make sound only after a person touched it: the first touch wakes the audio. */
export function unlockSound(): void {
  const wake = () => {
    if (typeof AudioContext === "undefined") return;
    context ??= new AudioContext({ latencyHint: "interactive" });
    // iOS puts it back to sleep after a call or a pause, so every touch wakes it again.
    if (context.state !== "running") void context.resume().catch(() => {});
  };
  addEventListener("pointerdown", wake, { capture: true, passive: true });
  addEventListener("keydown", wake, { capture: true, passive: true });
}

/** Sounds and buzzes at once; where nothing buzzes, as on iPhones, the edge of the screen lights up. */
export function feedback(tone: Tone): void {
  if (!navigator.vibrate) void import("./flash").then(({ flash }) => flash(tone));
  else if (navigator.userActivation?.hasBeenActive) navigator.vibrate(BUZZ[tone]);
  if (context?.state !== "running") return;
  let at = context.currentTime;
  for (const note of NOTES[tone]) {
    at += note.after ?? 0;
    sound(context, note, at, tone === "refused" ? "square" : "sine");
    at += note.seconds;
  }
}

function sound(audio: AudioContext, { hertz, seconds }: Note, at: number, shape: OscillatorType): void {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.type = shape;
  oscillator.frequency.value = hertz;
  // A short ramp on both sides: a hard edge clicks in cheap speakers.
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.4, at + 0.008);
  gain.gain.setValueAtTime(0.4, at + seconds - 0.02);
  gain.gain.linearRampToValueAtTime(0, at + seconds);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + seconds);
}
