import { useSignal } from "@preact/signals";
import { post, remove } from "../api";
import { t } from "../i18n/t";
import { may } from "../session";
import { Failure } from "../ui/Failure";
import { FileInput } from "../ui/FileInput";
import type { Item } from "./types";

interface Props {
  item: Item;
  onChange: (item: Item) => void;
  reload: () => void;
}

/** What the item looks like; the server keeps it small and without what the camera noted. */
export function ItemPicture({ item, onChange, reload }: Props) {
  const error = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const address = `/api/masters/items/${item.id}/picture`;
  const run = async (job: () => Promise<void>) => {
    error.value = null;
    isBusy.value = true;
    try {
      await job();
    } catch (caught) {
      error.value = caught;
    }
    isBusy.value = false;
  };
  const send = (file: File) => {
    const form = new FormData();
    form.append("picture", file);
    void run(async () => onChange(await post<Item>(address, form)));
  };
  if (!item.picture_at && !may("masters.manage")) return null;
  return (
    <section>
      <h2>{t("picture")}</h2>
      {item.picture_at && (
        <img
          class="item-picture"
          src={`${address}?at=${encodeURIComponent(item.picture_at)}`}
          alt={t("picture_of", { item: item.name })}
        />
      )}
      {error.value !== null && <Failure error={error.value} />}
      {may("masters.manage") && (
        <div class="masters-tools">
          <label class={`button ${isBusy.value ? "is-busy" : ""}`}>
            {t(item.picture_at ? "other_picture" : "add_picture")}
            <FileInput
              isHidden
              accept="image/jpeg,image/png,image/webp"
              disabled={isBusy.value}
              onChoose={send}
            />
          </label>
          {item.picture_at && (
            <button
              type="button"
              class="button"
              onClick={() =>
                void run(async () => {
                  await remove(address);
                  reload();
                })
              }
            >
              {t("remove_picture")}
            </button>
          )}
        </div>
      )}
    </section>
  );
}
