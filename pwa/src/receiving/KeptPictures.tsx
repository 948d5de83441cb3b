import { t } from "../i18n/t";
import { KeptPictureRow, nameInPicture } from "../ui/KeptPictureRow";
import { UnreadPictureTools } from "../ui/UnreadPictureTools";
import { useKeptPictures } from "../ui/use-kept-pictures";
import type { OpenReceipt } from "./open-receipt";

/** Pictures kept for this receipt: what the server reads in them is added only when a person says so. */
export function KeptPictures({ open }: { open: OpenReceipt }) {
  const pictures = useKeptPictures(picture => picture.receipt?.id === open.id).value;
  if (pictures.length === 0) return null;
  return (
    <section class="kept-pictures">
      <h2>{t("kept_pictures", { count: pictures.length })}</h2>
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
    </section>
  );
}
