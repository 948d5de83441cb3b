import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n/t";
import type { Camera } from "../scan/camera";
import type { CameraProblem } from "../scan/camera-stream";
import { Icon } from "./Icon";

/** The camera's picture with its viewfinder and the switches that the device offers. */
export function CameraView({ camera }: { camera: Camera }) {
  const video = useRef<HTMLVideoElement>(null);
  const isChoosing = useSignal(false);
  useEffect(() => {
    if (video.current) camera.start(video.current);
    return () => camera.stop();
  }, [camera]);

  const state = camera.state.value;
  const { torch, zoom } = camera.abilities.value;
  const settings = camera.settings.value;
  const choices = camera.choices.value;
  const restart = () => video.current && camera.start(video.current);
  const isProblem = !["off", "starting", "running", "paused"].includes(state);

  return (
    <section class={`camera camera-${state}`} aria-label={t("camera")}>
      <video ref={video} playsInline muted autoPlay disablePictureInPicture />
      <div class="viewfinder" aria-hidden="true" />
      {(state === "starting" || state === "off") && <p class="camera-word">{t("camera_starting")}</p>}
      {state === "paused" && <p class="camera-word">{t("camera_paused")}</p>}
      {isProblem && <CameraTrouble problem={state as CameraProblem} retry={restart} />}
      {!isProblem && (
        <div class="camera-tools">
          {torch && (
            <button
              type="button"
              class="tool"
              aria-pressed={settings.torch}
              onClick={() => camera.set({ torch: !settings.torch })}
            >
              <Icon name="torch" />
              {t("torch")}
            </button>
          )}
          {zoom.map(factor => (
            <button
              key={factor}
              type="button"
              class="tool"
              aria-pressed={settings.zoom === factor}
              onClick={() => camera.set({ zoom: factor })}
            >
              {factor}×
            </button>
          ))}
          {choices.length > 1 && (
            <button
              type="button"
              class="tool"
              aria-expanded={isChoosing.value}
              onClick={() => {
                isChoosing.value = !isChoosing.value;
              }}
            >
              <Icon name="switch" />
              {t("camera")}
            </button>
          )}
        </div>
      )}
      {isChoosing.value && (
        <div class="camera-choices">
          {choices.map(choice => (
            <button
              key={choice.id}
              type="button"
              class="button"
              aria-pressed={choice.id === settings.cameraId}
              onClick={() => {
                isChoosing.value = false;
                void camera.set({ cameraId: choice.id });
              }}
            >
              {choice.label}
            </button>
          ))}
        </div>
      )}
    </section>
  );
}

function CameraTrouble({ problem, retry }: { problem: CameraProblem; retry: () => void }) {
  return (
    <div class="camera-trouble" role="alert">
      <Icon name="camera-off" />
      <p class="notice-title">{t(`camera_${problem}`)}</p>
      <p>{t(`camera_${problem}_next`)}</p>
      {problem === "insecure" ? (
        <a class="button" href="/connect">
          {t("connect_steps")}
        </a>
      ) : (
        <button type="button" class="button" onClick={retry}>
          {t("try_again")}
        </button>
      )}
    </div>
  );
}
