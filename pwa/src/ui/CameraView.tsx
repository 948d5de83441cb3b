import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n/t";
import { VIEWFINDER } from "../scan/aim";
import type { Camera } from "../scan/camera";
import type { CameraProblem } from "../scan/camera-stream";
import { CodeChooser } from "./CodeChooser";
import { Icon } from "./Icon";
import { Outlines } from "./Outlines";
import { helpWords } from "./ServerHelpBar";

/** The viewfinder on the screen is the region that is read. */
const INSET = `${(1 - VIEWFINDER.height) * 50}% ${(1 - VIEWFINDER.width) * 50}%`;

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
  const sight = camera.reader.sight.value;
  const choice = camera.reader.choice.value;
  const help = camera.reader.help.state.value;
  const words = helpWords(help);
  const isTooDark = help.kind === "reason" && help.reason.code === "too_dark";
  const isProblem = !["off", "starting", "running", "paused"].includes(state);

  return (
    <section class={`camera camera-${state}`} aria-label={t("camera")}>
      <video ref={video} playsInline muted autoPlay disablePictureInPicture />
      <div class="viewfinder" style={{ inset: INSET }} aria-hidden="true" />
      {state === "running" && sight && <Outlines size={sight.size} codes={sight.codes} />}
      <p class="camera-help" role="status">
        {state === "running" && words}
      </p>
      {(state === "starting" || state === "off") && <p class="camera-word">{t("camera_starting")}</p>}
      {state === "paused" && <p class="camera-word">{t("camera_paused")}</p>}
      {isProblem && <CameraTrouble problem={state as CameraProblem} retry={restart} />}
      {!isProblem && (
        <div class="camera-tools">
          {torch && (
            <button
              type="button"
              class={isTooDark && !settings.torch ? "tool tool-advised" : "tool"}
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
      {choice && (
        <div class="camera-chooser">
          <CodeChooser choice={choice} onChoose={code => camera.reader.choose(code)} />
          <button type="button" class="tool" onClick={() => camera.reader.choose(null)}>
            {t("none_of_these")}
          </button>
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
