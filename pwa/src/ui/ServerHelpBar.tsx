import { useSignal } from "@preact/signals";
import { t } from "../i18n/t";
import type { CurrentReceipt } from "../receiving/current-receipt";
import type { Camera } from "../scan/camera";
import type { HelpState } from "../scan/server-help";
import { BadLabelDialog } from "./BadLabelDialog";
import { Icon } from "./Icon";
import { KeepPicture } from "./KeepPicture";

/** What is said over the picture: why the server is asked, and what it answered. */
export function helpWords(state: HelpState): string | null {
  switch (state.kind) {
    case "none":
      return null;
    case "read":
      return t("help_read", { text: state.text });
    case "reason":
      return state.reason.message;
    case "refused":
      return state.message;
    default:
      return t(`help_${state.kind}`);
  }
}

/** What a person can do about a label that the camera does not read. */
export function ServerHelpBar({ camera, receipt }: { camera: Camera; receipt: CurrentReceipt | null }) {
  const said = useSignal<string | null>(null);
  const reported = useSignal<Blob | null>(null);
  const { help } = camera.reader;
  const state = help.state.value;
  const isRunning = camera.state.value === "running" && camera.reader.choice.value === null;
  const unread = help.unread.value;
  const isBad = state.kind === "reason" && unread !== null;
  if (!["running", "paused"].includes(camera.state.value)) return null;
  return (
    <div class="help-bar">
      {state.kind === "no_network" ? (
        <KeepPicture
          receipt={receipt}
          take={async () => (await camera.reader.still())?.picture ?? unread}
          onSaid={words => {
            said.value = words;
          }}
        />
      ) : (
        <button
          type="button"
          class="button"
          disabled={!isRunning || state.kind === "asking" || state.kind === "busy"}
          onClick={() => void help.ask(true)}
        >
          <Icon name="search" />
          {t("ask_server")}
        </button>
      )}
      {isBad && (
        <button
          type="button"
          class="button"
          onClick={() => {
            reported.value = unread;
          }}
        >
          <Icon name="damaged" />
          {t("report_bad_label")}
        </button>
      )}
      {said.value && (
        <p class="help-said" role="status">
          {said.value}
        </p>
      )}
      {reported.value && (
        <BadLabelDialog
          picture={reported.value}
          onClose={() => {
            reported.value = null;
          }}
        />
      )}
    </div>
  );
}
