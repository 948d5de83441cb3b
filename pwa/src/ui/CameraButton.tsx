import type { Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../i18n/t";
import { Icon } from "./Icon";
import { fetchScanner } from "./scanner";

/** The main button of a screen that scans: turns the camera on and off. */
export function CameraButton({ isOn }: { isOn: Signal<boolean> }) {
  useEffect(fetchScanner, []);
  return (
    <button
      type="button"
      class="button button-primary"
      onClick={() => {
        isOn.value = !isOn.value;
      }}
    >
      <Icon name={isOn.value ? "camera-off" : "camera"} />
      {isOn.value ? t("stop_camera") : t("scan_with_camera")}
    </button>
  );
}
