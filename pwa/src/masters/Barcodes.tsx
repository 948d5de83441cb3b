import { useSignal } from "@preact/signals";
import { post, remove } from "../api";
import { t } from "../i18n/t";
import { type Code, useCodes } from "../scan/codes";
import { feedback } from "../scan/feedback";
import { may } from "../session";
import { CameraButton } from "../ui/CameraButton";
import { CodeField } from "../ui/CodeField";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { ScanCamera } from "../ui/scanner";
import { WedgeSink } from "../ui/WedgeSink";
import type { Item } from "./types";

interface Props {
  item: Item;
  onChange: (item: Item) => void;
  reload: () => void;
}

/** The codes that stand for an item. A code that is scanned while the item shows is linked to it. */
export function Barcodes({ item, onChange, reload }: Props) {
  const error = useSignal<unknown>(null);
  const linked = useSignal<string | null>(null);
  const isCameraOn = useSignal(false);
  const mayEdit = may("masters.manage");
  const link = async ({ text, symbology }: Code) => {
    if (text.trim() === "") return;
    error.value = null;
    try {
      onChange(await post<Item>(`/api/masters/items/${item.id}/barcodes`, { text, symbology }));
      linked.value = text;
      feedback("kept");
    } catch (caught) {
      error.value = caught;
      linked.value = null;
      feedback("refused");
    }
  };
  useCodes(mayEdit ? code => void link(code) : null, [item.id]);
  const unlink = async (id: number) => {
    error.value = null;
    try {
      await remove(`/api/masters/items/${item.id}/barcodes/${id}`);
      reload();
    } catch (caught) {
      error.value = caught;
    }
  };
  return (
    <section>
      <h2>{t("barcodes")}</h2>
      {item.barcodes.length === 0 && <p class="empty">{t("no_barcodes")}</p>}
      <ul class="lines">
        {item.barcodes.map(barcode => (
          <li key={barcode.id} class="line">
            <span>
              <strong class="key-data">{barcode.code}</strong>
              {barcode.is_gtin && <small>GTIN</small>}
            </span>
            {mayEdit && (
              <button
                type="button"
                class="button"
                aria-label={t("unlink_barcode", { code: barcode.code })}
                onClick={() => void unlink(barcode.id)}
              >
                <Icon name="close" />
              </button>
            )}
          </li>
        ))}
      </ul>
      {error.value !== null && <Failure error={error.value} />}
      {linked.value !== null && (
        <p class="notice notice-accepted" role="status">
          {t("barcode_linked", { code: linked.value, item: item.item_code })}
        </p>
      )}
      {mayEdit && (
        <>
          {isCameraOn.value && <ScanCamera isPaused={false} receipt={null} />}
          <CodeField label={t("link_by_code")} button={t("link")} />
          <CameraButton isOn={isCameraOn} />
          <WedgeSink />
        </>
      )}
    </section>
  );
}
