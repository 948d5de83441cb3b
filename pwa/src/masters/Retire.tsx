import { useSignal } from "@preact/signals";
import { post } from "../api";
import { dateTime, t } from "../i18n/t";
import { Failure } from "../ui/Failure";
import type { Edited } from "./types";

interface Props<Master> {
  address: string;
  master: Master & Edited;
  onDone: (changed: Master) => void;
}

/** Offered or not: retires a master, or brings it back; and says who changed it last. */
export function Retire<Master>({ address, master, onDone }: Props<Master>) {
  const error = useSignal<unknown>(null);
  const isRetired = master.retired_at !== null;
  const change = async () => {
    error.value = null;
    try {
      const way = isRetired ? "bring-back" : "retire";
      onDone(await post<Master>(`${address}/${way}`, { version: master.version }));
    } catch (caught) {
      error.value = caught;
    }
  };
  return (
    <section>
      {error.value !== null && <Failure error={error.value} />}
      {master.edited_by && master.edited_at && (
        <p class="lead">{t("edited_by", { name: master.edited_by, at: dateTime(master.edited_at) })}</p>
      )}
      <button type="button" class="button" onClick={() => void change()}>
        {t(isRetired ? "bring_back" : "retire")}
      </button>
    </section>
  );
}
