import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { t } from "../i18n/t";
import type { CurrentReceipt } from "../receiving/current-receipt";
import { onCode } from "../scan/codes";
import { PictureReading, type PictureStep } from "../scan/picture-reading";
import { BadLabelDialog } from "./BadLabelDialog";
import { CodeChooser } from "./CodeChooser";
import { Dialog } from "./Dialog";
import { Icon, type IconName } from "./Icon";
import { KeepPicture } from "./KeepPicture";
import { usePictureUrl } from "./use-picture-url";

interface Props {
  /** The picture to read at once, such as one that another app shared; null lets the person pick one. */
  picture: Blob | null;
  receipt: CurrentReceipt | null;
  onClose: () => void;
}

/** Reads a label from a photo, first on this device, then by the server. */
export function PictureDialog({ picture: given, receipt, onClose }: Props) {
  const said = useSignal<string | null>(null);
  const isReporting = useSignal(false);
  const reading = useMemo(
    () =>
      new PictureReading(code => {
        onClose();
        onCode(code);
      }),
    [],
  );
  useEffect(() => {
    if (given) void reading.read(given);
    return () => reading.cancel();
  }, []);

  const step = reading.step.value;
  const picture = reading.picture.value;
  if (isReporting.value && picture) return <BadLabelDialog picture={picture} onClose={onClose} />;
  const read = (file: Blob) => {
    said.value = null;
    void reading.read(file);
  };
  return (
    <Dialog title={t("read_picture")} onClose={onClose}>
      <div class="form">
        <Words step={step} said={said.value} />
        {step.kind === "choice" ? (
          <CodeChooser choice={step.choice} onChoose={code => reading.choose(code)} />
        ) : (
          picture && <Shown picture={picture} />
        )}
        {step.kind === "no_network" && picture && !said.value && (
          <KeepPicture
            receipt={receipt}
            take={async () => picture}
            onSaid={words => {
              said.value = words;
            }}
          />
        )}
        {step.kind === "unread" && (
          <button
            type="button"
            class="button"
            onClick={() => {
              isReporting.value = true;
            }}
          >
            <Icon name="damaged" />
            {t("report_bad_label")}
          </button>
        )}
        {step.kind !== "reading" && step.kind !== "asking" && (
          <>
            <PictureInput label={t("take_photo")} icon="camera" isCamera onPicture={read} />
            <PictureInput label={t("choose_picture")} icon="picture" isCamera={false} onPicture={read} />
          </>
        )}
        <button type="button" class="button" onClick={onClose}>
          {t("cancel")}
        </button>
      </div>
    </Dialog>
  );
}

function Shown({ picture }: { picture: Blob }) {
  const address = usePictureUrl(picture);
  return address ? <img class="label-picture" src={address} alt={t("picture_of_label")} /> : null;
}

function Words({ step, said }: { step: PictureStep; said: string | null }) {
  const words = said ?? wordsOf(step);
  return (
    <p class={words ? "notice" : undefined} role="status">
      {words}
    </p>
  );
}

function wordsOf(step: PictureStep): string | null {
  switch (step.kind) {
    case "none":
    case "choice":
      return null;
    case "reading":
      return t("picture_reading");
    case "unread":
      return step.reason.message;
    case "refused":
      return step.message;
    default:
      return t(`help_${step.kind}`);
  }
}

interface InputProps {
  label: string;
  icon: IconName;
  /** Opens the camera app at once; without it phones offer the gallery, and some only that. */
  isCamera: boolean;
  onPicture: (file: File) => void;
}

function PictureInput({ label, icon, isCamera, onPicture }: InputProps) {
  const onChange = (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    // Emptied, so that the same picture can be chosen again.
    input.value = "";
    if (file) onPicture(file);
  };
  return (
    <label class="button picture-input">
      <Icon name={icon} />
      {label}
      <input
        type="file"
        accept="image/*"
        onChange={onChange}
        {...(isCamera ? { capture: "environment" } : {})}
      />
    </label>
  );
}
