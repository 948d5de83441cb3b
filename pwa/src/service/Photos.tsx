import { type Signal, useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { t } from "../i18n/t";
import type { NewAttachment } from "../offline/attachments";
import { Icon } from "../ui/Icon";
import { usePictureUrl } from "../ui/use-picture-url";
import { shrink } from "./pictures";
import type { Attachment } from "./types";

/** Photos from the phone's camera or its gallery; they are sent with the form. */
export function Photos({ photos }: { photos: Signal<NewAttachment[]> }) {
  const failed = useSignal(false);
  const input = useRef<HTMLInputElement>(null);
  const add = async (files: FileList | null) => {
    failed.value = false;
    for (const file of files ?? []) {
      try {
        const picture = await shrink(file);
        photos.value = [...photos.value, { id: crypto.randomUUID(), kind: "photo", picture }];
      } catch {
        failed.value = true;
      }
    }
  };
  return (
    <section>
      <h2>{t("photos")}</h2>
      <ul class="photos">
        {photos.value.map(photo => (
          <TakenPhoto
            key={photo.id}
            photo={photo}
            onRemove={() => {
              photos.value = photos.value.filter(each => each.id !== photo.id);
            }}
          />
        ))}
      </ul>
      {failed.value && (
        <p class="notice notice-refused" role="alert">
          <Icon name="picture" />
          {t("not_a_photo")}
        </p>
      )}
      <button type="button" class="button" onClick={() => input.current?.click()}>
        <Icon name="camera" />
        {t("take_photo")}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept="image/jpeg,image/png,image/webp"
        capture="environment"
        multiple
        onChange={event => {
          const chosen = event.currentTarget;
          void add(chosen.files).then(() => {
            chosen.value = "";
          });
        }}
      />
    </section>
  );
}

function TakenPhoto({ photo, onRemove }: { photo: NewAttachment; onRemove: () => void }) {
  const url = usePictureUrl(photo.picture);
  return (
    <li>
      {url && <img src={url} alt={t("photo_taken")} />}
      <button type="button" class="button" aria-label={t("remove_photo")} onClick={onRemove}>
        <Icon name="close" />
      </button>
    </li>
  );
}

/** Pictures that the server has, each a way to its full size. */
export function Attachments({ attachments }: { attachments: Attachment[] }) {
  if (attachments.length === 0) return null;
  return (
    <section>
      <h2>{t("photos")}</h2>
      <ul class="photos">
        {attachments.map(each => (
          <li key={each.id} class={each.kind === "signature" ? "photo-signature" : ""}>
            <a href={`/api/attachments/${each.id}/picture`} target="_blank" rel="noreferrer">
              <img
                src={`/api/attachments/${each.id}/picture`}
                alt={each.note ?? t(each.kind === "signature" ? "signature_of_visit" : "photo_taken")}
                loading="lazy"
              />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
