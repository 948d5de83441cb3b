import { useSignal } from "@preact/signals";
import { t } from "../i18n/t";
import type { KeptPicture } from "../offline/db";
import { dropPicture, readAgain } from "../offline/pictures";
import { send } from "../offline/sender";
import { BadLabelDialog } from "./scanner";

/** What a person can do about a kept picture whatever it came to: drop it, or try it once more, or report it. */
export function UnreadPictureTools({ picture }: { picture: KeptPicture }) {
  const isReporting = useSignal(false);
  const again = async () => {
    await readAgain(picture);
    await send({ isUrgent: true });
  };
  return (
    <>
      {picture.state === "unreadable" && (
        <>
          <button type="button" class="button" onClick={() => void again()}>
            {t("try_again")}
          </button>
          <button
            type="button"
            class="button"
            onClick={() => {
              isReporting.value = true;
            }}
          >
            {t("report_bad_label")}
          </button>
        </>
      )}
      <button type="button" class="button" onClick={() => void dropPicture(picture.id)}>
        {t("drop_picture")}
      </button>
      {isReporting.value && (
        <BadLabelDialog
          picture={new Blob([picture.jpeg], { type: "image/jpeg" })}
          onClose={() => {
            isReporting.value = false;
          }}
        />
      )}
    </>
  );
}
