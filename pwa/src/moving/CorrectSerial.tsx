import { useSignal } from "@preact/signals";
import { post } from "../api";
import { t } from "../i18n/t";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";

interface Props {
  unitId: number;
  serialNo: string;
  onDone: () => void;
}

/** Gives a unit the serial number that it really has: once, with a reason. */
export function CorrectSerial({ unitId, serialNo, onDone }: Props) {
  const isAsking = useSignal(false);
  const error = useSignal<unknown>(null);
  const close = () => {
    isAsking.value = false;
    error.value = null;
  };
  const correct = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    try {
      await post(`/api/units/${unitId}/serial-no`, {
        serial_no: String(fields.get("serial_no")),
        reason: String(fields.get("reason")).trim(),
      });
      close();
      onDone();
    } catch (caught) {
      error.value = caught;
    }
  };
  return (
    <>
      <button
        type="button"
        class="button"
        onClick={() => {
          isAsking.value = true;
        }}
      >
        <Icon name="keyboard" />
        {t("correct_serial")}
      </button>
      {isAsking.value && (
        <Dialog title={t("correct_serial_title", { serial: serialNo })} onClose={close}>
          <form class="form" onSubmit={event => void correct(event)}>
            <p>{t("correct_serial_text")}</p>
            <label>
              <span class="label">{t("right_serial")}</span>
              <input
                type="text"
                name="serial_no"
                required
                maxLength={64}
                autocomplete="off"
                spellcheck={false}
              />
            </label>
            <label>
              <span class="label">{t("reason")}</span>
              <input type="text" name="reason" required maxLength={500} autocomplete="off" />
            </label>
            {error.value !== null && <Failure error={error.value} />}
            <button type="submit" class="button button-primary">
              {t("correct_serial")}
            </button>
            <button type="button" class="button" onClick={close}>
              {t("cancel")}
            </button>
          </form>
        </Dialog>
      )}
    </>
  );
}
