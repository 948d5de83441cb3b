import { useSignal } from "@preact/signals";
import { reportBadLabel } from "../frames";
import { number, t } from "../i18n/t";
import { site } from "../session";
import { Dialog } from "./Dialog";
import { Failure } from "./Failure";
import { Icon } from "./Icon";
import { usePictureUrl } from "./use-picture-url";

interface Props {
  picture: Blob;
  onClose: () => void;
}

/** Gives the picture of a bad label to the supervisors of the site, with a note. */
export function BadLabelDialog({ picture, onClose }: Props) {
  const keptId = useSignal<number | null>(null);
  const error = useSignal<unknown>(null);
  const isSending = useSignal(false);
  const address = usePictureUrl(picture);

  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    const note = String(new FormData(event.currentTarget as HTMLFormElement).get("note") ?? "");
    isSending.value = true;
    error.value = null;
    try {
      keptId.value = await reportBadLabel(picture, site.value?.id ?? 0, note);
    } catch (failure) {
      error.value = failure;
    }
    isSending.value = false;
  };

  if (keptId.value !== null) {
    return (
      <Dialog title={t("report_bad_label")} onClose={onClose}>
        <p class="notice notice-accepted" role="status">
          <Icon name="check" />
          {t("bad_label_reported", { id: number(keptId.value) })}
        </p>
        <button type="button" class="button button-primary" onClick={onClose}>
          {t("understood")}
        </button>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("report_bad_label")} onClose={onClose}>
      <form class="form" onSubmit={onSubmit}>
        {address && <img class="label-picture" src={address} alt={t("picture_of_label")} />}
        <label>
          <span class="label">{t("bad_label_note")}</span>
          <input type="text" name="note" autocomplete="off" maxLength={500} />
        </label>
        {error.value !== null && <Failure error={error.value} />}
        <button type="submit" class="button button-primary" disabled={isSending.value}>
          {t("send_report")}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t("cancel")}
        </button>
      </form>
    </Dialog>
  );
}
