import { useSignal } from "@preact/signals";
import { t } from "../i18n/t";
import { keepPicture, type NoRoom, PictureNotKept } from "../offline/pictures";
import type { CurrentReceipt } from "../receiving/current-receipt";
import { username } from "../session";
import { Icon } from "./Icon";

interface Props {
  /** Gets the picture when it is wanted. */
  take: () => Promise<Blob | null>;
  receipt: CurrentReceipt | null;
  /** Told in words what came of it. */
  onSaid: (words: string) => void;
}

/** Keeps a picture that cannot be read now; it is read by the server when there is a network again. */
export function KeepPicture({ take, receipt, onSaid }: Props) {
  const isBusy = useSignal(false);
  const onClick = async () => {
    isBusy.value = true;
    try {
      const picture = await take();
      if (!picture) return;
      await keepPicture(picture, username.value ?? "", receipt);
      onSaid(t("picture_kept"));
    } catch (error) {
      const why: NoRoom = error instanceof PictureNotKept ? error.why : "storage_short";
      if (!(error instanceof PictureNotKept)) console.error("The picture was not stored", error);
      onSaid(t(`picture_${why}`));
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <button type="button" class="button" disabled={isBusy.value} onClick={() => void onClick()}>
      <Icon name="download" />
      {t("keep_picture")}
    </button>
  );
}
