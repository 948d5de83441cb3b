/** What shows, so small that only its large shapes count: grey values, row by row. */
export type Thumbnail = Uint8ClampedArray;

const SIDE = 16;
/** Mean difference of grey values: the noise of a camera stays below it, a label that is moved does not. */
const CHANGED = 6;

let canvas: HTMLCanvasElement | null = null;

/** A glance at a running video; null where nothing shows. */
export function thumbnailOf(video: HTMLVideoElement): Thumbnail | null {
  if (video.videoWidth === 0) return null;
  canvas ??= document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  if (!context) return null;
  context.drawImage(video, 0, 0, SIDE, SIDE);
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  // Green is most of what the eye takes for brightness, and one channel is enough.
  return data.filter((_, at) => at % 4 === 1);
}

/** Whether two glances are of different scenes; true where one of them is missing. */
export function hasChanged(before: Thumbnail, now: Thumbnail | null): boolean {
  if (now === null || now.length !== before.length) return true;
  // The camera's own exposure goes up and down with the light: what counts is the shape.
  const [meanBefore, meanNow] = [mean(before), mean(now)];
  const difference = before.reduce(
    (sum, value, at) => sum + Math.abs(value - meanBefore - ((now[at] ?? 0) - meanNow)),
    0,
  );
  return difference / before.length > CHANGED;
}

const mean = (values: Thumbnail): number => values.reduce((sum, value) => sum + value, 0) / values.length;
