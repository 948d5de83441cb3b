import { t } from "../i18n/t";
import { late } from "../ui/late";
import { useKeptPictures } from "../ui/use-kept-pictures";
import type { OpenReceipt } from "./open-receipt";

/** Only who keeps pictures needs it. */
const KeptPictureLines = late(async () => (await import("./KeptPictureLines")).KeptPictureLines);

/** Pictures kept for this receipt: what the server reads in them is added only when a person says so. */
export function KeptPictures({ open }: { open: OpenReceipt }) {
  const pictures = useKeptPictures(picture => picture.receipt?.id === open.id).value;
  if (pictures.length === 0) return null;
  return (
    <section class="kept-pictures">
      <h2>{t("kept_pictures", { count: pictures.length })}</h2>
      <KeptPictureLines open={open} pictures={pictures} />
    </section>
  );
}
