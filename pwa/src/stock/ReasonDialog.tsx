import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { t } from "../i18n/t";
import { Dialog } from "../ui/Dialog";
import { NotSent } from "../ui/NotSent";

interface Props {
  title: string;
  button: string;
  isDangerous?: boolean;
  /** Does it; what it throws is shown, and the dialog stays. */
  act: (reason: string, form: FormData) => Promise<void>;
  onClose: () => void;
  /** Further fields, above the reason. */
  children?: ComponentChildren;
}

/** Asks why, before something is done that is kept on record. */
export function ReasonDialog({ title, button, isDangerous, act, onClose, children }: Props) {
  const error = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const reason = String(form.get("reason")).trim();
    if (!reason || isBusy.value) return;
    isBusy.value = true;
    try {
      await act(reason, form);
      onClose();
    } catch (caught) {
      error.value = caught;
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="form" onSubmit={event => void onSubmit(event)}>
        {children}
        <label>
          <span class="label">{t("reason")}</span>
          <input type="text" name="reason" maxLength={500} required autocomplete="off" />
        </label>
        {error.value !== null && <NotSent error={error.value} />}
        <button
          type="submit"
          class={`button ${isDangerous ? "button-danger" : "button-primary"}`}
          disabled={isBusy.value}
        >
          {button}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t("cancel")}
        </button>
      </form>
    </Dialog>
  );
}
