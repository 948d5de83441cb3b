/** Still pictures of what the camera shows, for the server and for a person to tap on. */
import type { Region, Size } from "./geometry";

export interface Still extends Size {
  picture: Blob;
}

const LONGEST_SIDE = 1280;
/** About 65 KB for a label at 1280 pixels; less quality costs reads of fine codes. */
const QUALITY = 0.8;
export const BURST = 3;
/** Far enough apart that a shaking hand gives another picture. */
const APART_MS = 120;
/** Some phones focus and expose for seconds, and some never answer. */
const PHOTO_MS = 3000;

/** The photo part of the Image Capture draft, which TypeScript does not know yet. */
interface PhotoTaker {
  takePhoto(): Promise<Blob>;
}

declare const ImageCapture: (new (track: MediaStreamTrack) => PhotoTaker) | undefined;

/** So many stills of the shown part of a running video, one after the other. */
export async function stillsOf(video: HTMLVideoElement, part: () => Region, count: number): Promise<Still[]> {
  const stills: Still[] = [];
  while (stills.length < count) {
    if (stills.length > 0) await new Promise(resolve => setTimeout(resolve, APART_MS));
    // Stopped meanwhile.
    if (video.videoWidth === 0) break;
    const { left, top, width, height } = part();
    stills.push(await toStill(await createImageBitmap(video, left, top, width, height)));
  }
  return stills;
}

/**
 * A photo with the full resolution of the sensor, where the device can take one. Only when a person asks: it
 * interrupts the video for up to some seconds and may click.
 */
export async function photo(track: MediaStreamTrack): Promise<Still | null> {
  if (typeof ImageCapture === "undefined") return null;
  const late = new Promise<null>(resolve => setTimeout(resolve, PHOTO_MS, null));
  try {
    const taken = await Promise.race([new ImageCapture(track).takePhoto(), late]);
    return taken && (await toStill(await createImageBitmap(taken), LONGEST_SIDE * 2));
  } catch (error) {
    console.debug("No photo, the video will do", error);
    return null;
  }
}

/** The sharpest of some stills of one scene: detail is what makes a JPEG large. */
export function sharpest(stills: Still[]): Still | null {
  return stills.reduce<Still | null>(
    (best, still) => (best && best.picture.size >= still.picture.size ? best : still),
    null,
  );
}

/** Encodes a picture as JPEG, scaled down where a side is longer than `longest`. */
export async function toStill(bitmap: ImageBitmap, longest = LONGEST_SIDE): Promise<Still> {
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d", { alpha: false })?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const picture = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!picture) throw new Error("this browser cannot encode a JPEG");
  return { picture, width: canvas.width, height: canvas.height };
}
