import { useSignal } from "@preact/signals";
import { post } from "../api";
import { t } from "../i18n/t";
import { Busy } from "../ui/Busy";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Failure";
import type { Item, ItemLine } from "./types";
import "../styles/masters.css";
import { usePages } from "./use-pages";

interface Props {
  text: string;
  symbology: string;
  onClose: () => void;
  onLinked: (item: Item) => void;
}

/** Which item does this code stand for? One tap links it for ever. */
export function LinkItemDialog({ text, symbology, onClose, onLinked }: Props) {
  const wanted = useSignal("");
  const refused = useSignal<unknown>(null);
  const address = `/api/masters/items?limit=20&q=${encodeURIComponent(wanted.value.trim())}`;
  const { lines, error, reload } = usePages<ItemLine>(address, "items");
  const link = async (item: ItemLine) => {
    refused.value = null;
    try {
      onLinked(await post<Item>(`/api/masters/items/${item.id}/barcodes`, { text, symbology }));
    } catch (caught) {
      refused.value = caught;
    }
  };
  return (
    <Dialog title={t("link_question", { code: text.slice(0, 60) })} onClose={onClose}>
      <div class="form">
        <label class="field">
          <span class="label">{t("search")}</span>
          <input
            type="search"
            value={wanted.value}
            onInput={event => {
              wanted.value = event.currentTarget.value;
            }}
          />
        </label>
        {refused.value !== null && <Failure error={refused.value} />}
        {error !== null && <Failure error={error} retry={reload} />}
        {!lines && error === null && <Busy />}
        <ul class="cards link-items">
          {lines?.map(item => (
            <li key={item.id}>
              <button type="button" class="button" onClick={() => void link(item)}>
                <strong>{item.item_code}</strong> {item.name}
              </button>
            </li>
          ))}
        </ul>
        <button type="button" class="button" onClick={onClose}>
          {t("cancel")}
        </button>
      </div>
    </Dialog>
  );
}
