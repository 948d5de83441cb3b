import { useEffect, useMemo } from "preact/hooks";
import { Camera } from "../scan/camera";
import { onCode } from "../scan/codes";
import { CameraView } from "./CameraView";

/** A camera whose codes go where all codes go. While `isPaused` the picture stays and nothing is read. */
export function ScanCamera({ isPaused }: { isPaused: boolean }) {
  const camera = useMemo(() => new Camera(code => onCode({ ...code, source: "camera" })), []);
  useEffect(() => () => camera.dispose(), [camera]);
  const state = camera.state.value;
  useEffect(() => {
    if (isPaused) camera.pause();
    else camera.resume();
  }, [isPaused, state, camera]);
  return <CameraView camera={camera} />;
}
