import { useEffect, useMemo } from "preact/hooks";
import type { CurrentReceipt } from "../receiving/current-receipt";
import { Camera } from "../scan/camera";
import { onCode } from "../scan/codes";
import { CameraView } from "./CameraView";
import { ServerHelpBar } from "./ServerHelpBar";

interface Props {
  /** While true the picture stays and nothing is read. */
  isPaused: boolean;
  /** What the scans are for; null when units are looked for. */
  receipt: CurrentReceipt | null;
}

/** A camera whose codes go where all codes go. */
export function ScanCamera({ isPaused, receipt }: Props) {
  const camera = useMemo(() => new Camera(onCode), []);
  useEffect(() => () => camera.dispose(), [camera]);
  const state = camera.state.value;
  useEffect(() => {
    if (isPaused) camera.pause();
    else camera.resume();
  }, [isPaused, state, camera]);
  return (
    <>
      <CameraView camera={camera} />
      <ServerHelpBar camera={camera} receipt={receipt} />
    </>
  );
}
