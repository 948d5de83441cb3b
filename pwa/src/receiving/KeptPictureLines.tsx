import { t } from "../i18n/t";
import type { KeptPicture } from "../offline/db";
import { KeptPictureRow, nameInPicture } from "../ui/KeptPictureRow";
import { UnreadPictureTools } from "../ui/UnreadPictureTools";
import type { OpenReceipt } from "./open-receipt";

/** A line for each kept picture, with what was read in it. */
export function KeptPictureLines({ open, pictures }: { open: OpenReceipt; pictures: KeptPicture[] }) {
  return (
    <ul class="lines">
      {pictures.map(picture => (
        <KeptPictureRow key={picture.id} picture={picture}>
          {picture.codes.map(code => (
            <button
              key={code.text}
              type="button"
              class="button"
              onClick={() => void open.take({ ...code, source: "server" }, picture)}
            >
              {t("add_from_picture", { code: nameInPicture(code) })}
            </button>
          ))}
          <UnreadPictureTools picture={picture} />
        </KeptPictureRow>
      ))}
    </ul>
  );
}
