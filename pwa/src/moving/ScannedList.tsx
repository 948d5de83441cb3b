import { useSignal } from "@preact/signals";
import { KeepDraft } from "../drafts/KeepDraft";
import type { FormDraft } from "../drafts/use-draft";
import { t } from "../i18n/t";
import { CameraButton } from "../ui/CameraButton";
import { CodeField } from "../ui/CodeField";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { ScanCamera } from "../ui/scanner";
import { WedgeSink } from "../ui/WedgeSink";
import { addTyped } from "./add-typed";
import { GoodsForm } from "./GoodsForm";
import type { ScannedGoods } from "./scanned-goods";

interface Props {
  scanned: ScannedGoods;
  draft: FormDraft;
  button: string;
  isReady: boolean;
  onFinish: () => void;
}

/** Camera, field and wedge; what was scanned, each to be taken back; goods by quantity; and the button that posts. */
export function ScannedList({ scanned, draft, button, isReady, onFinish }: Props) {
  const isCameraOn = useSignal(false);
  const typed = useSignal<ReturnType<typeof addTyped>>("nothing");
  const { units, goods, failed, isBusy } = scanned;
  return (
    <>
      {isCameraOn.value && <ScanCamera isPaused={false} receipt={null} />}
      <CodeField label={t("serial_or_code")} button={t("add")} />
      <section>
        <h2 data-testid="moving">{t("units_to_move", { count: units.value.length })}</h2>
        <ul class="lines">
          {units.value.map(unit => (
            <li key={unit} class="line">
              <strong class="key-data">{unit}</strong>
              <button
                type="button"
                class="button"
                aria-label={t("undo_of", { serial: unit })}
                onClick={() => scanned.drop(unit)}
              >
                <Icon name="undo" />
              </button>
            </li>
          ))}
        </ul>
      </section>
      <GoodsForm goods={goods} onChange={scanned.changed} />
      {typed.value === "added" && (
        <p class="notice" role="status">
          {t("typed_is_added")}
        </p>
      )}
      {failed.value !== null && <Failure error={failed.value} />}
      <KeepDraft draft={draft} />
      <div class="bottom-bar">
        <CameraButton isOn={isCameraOn} />
        <button
          type="button"
          class="button button-finish"
          disabled={isBusy.value || !isReady || scanned.isEmpty}
          onClick={event => {
            // The person sees in the list what was added, and presses again.
            typed.value = addTyped(event.currentTarget.closest("main"));
            if (typed.value === "nothing") onFinish();
          }}
        >
          <Icon name="check" />
          {button}
        </button>
      </div>
      <WedgeSink />
    </>
  );
}
