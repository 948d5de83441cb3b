/** The video stream of a camera and what the device lets us set on it. */

export type CameraProblem = "insecure" | "no_camera" | "denied" | "in_use" | "decoder" | "failed";

export class CameraError extends Error {
  override name = "CameraError";
  constructor(
    readonly problem: CameraProblem,
    options?: ErrorOptions,
  ) {
    super(problem, options);
  }
}

export interface CameraChoice {
  id: string;
  label: string;
}

export interface Abilities {
  torch: boolean;
  /** Factors that the lens can do, of 1 and 2. */
  zoom: number[];
}

/** What browsers offer beyond the DOM types: torch, zoom and focus of the Image Capture draft. */
interface LensCapabilities extends MediaTrackCapabilities {
  torch?: boolean;
  zoom?: { min: number; max: number };
  focusMode?: string[];
}

interface LensConstraints extends MediaTrackConstraintSet {
  torch?: boolean;
  zoom?: number;
  focusMode?: string;
}

/** 1080p takes six times as long to decode and reads hardly more. */
const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } };

/**
 * Opens `cameraId`, or the one that looks away from the person. Only wishes, never demands: a demand that a
 * device cannot meet gives no picture at all. The facing is never sent with an id, as some phones then
 * open a lens without focus.
 */
export async function openStream(cameraId: string | null): Promise<MediaStream> {
  if (!window.isSecureContext || !navigator.mediaDevices) throw new CameraError("insecure");
  const which = cameraId ? { deviceId: { ideal: cameraId } } : { facingMode: { ideal: "environment" } };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...SIZE, ...which } });
  } catch (error) {
    throw new CameraError(problemOf(error), { cause: error });
  }
}

function problemOf(error: unknown): CameraProblem {
  switch ((error as DOMException).name) {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "no_camera";
    case "NotReadableError":
    case "AbortError":
      return "in_use";
    default:
      return "failed";
  }
}

/** The cameras of the device; their names are known only after one was opened. */
export async function cameras(): Promise<CameraChoice[]> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter(device => device.kind === "videoinput" && device.deviceId !== "")
    .map((device, index) => ({ id: device.deviceId, label: device.label || String(index + 1) }));
}

const capabilities = (track: MediaStreamTrack): LensCapabilities => track.getCapabilities?.() ?? {};

export function abilities(track: MediaStreamTrack): Abilities {
  const { torch, zoom } = capabilities(track);
  return { torch: torch === true, zoom: zoom && zoom.min <= 1 && zoom.max >= 2 ? [1, 2] : [] };
}

/** Applies what the lens can do of the given wishes; a lens that refuses stays as it is. */
export async function setLens(
  track: MediaStreamTrack,
  wishes: { torch: boolean; zoom: number },
): Promise<void> {
  const can = capabilities(track);
  const set: LensConstraints = {};
  if (can.focusMode?.includes("continuous")) set.focusMode = "continuous";
  if (can.torch) set.torch = wishes.torch;
  if (can.zoom) set.zoom = Math.min(Math.max(wishes.zoom, can.zoom.min), can.zoom.max);
  if (Object.keys(set).length === 0) return;
  try {
    await track.applyConstraints({ advanced: [set] });
  } catch (error) {
    console.warn("The camera refused a setting", error);
  }
}
