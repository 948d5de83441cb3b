import { useSignal } from "@preact/signals";

/** A field's text without outer space; null where it is empty. */
export type TextOf = (name: string) => string | null;

/**
 * A form that is sent once at a time: `send` does it, and what it throws is kept for the person to see. Of several
 * buttons that send it, the name and value of the one that was pressed are among the fields.
 */
export function useForm(send: (text: TextOf, form: FormData) => Promise<void>) {
  const error = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement, event.submitter);
    isBusy.value = true;
    error.value = null;
    try {
      await send(name => String(form.get(name) ?? "").trim() || null, form);
    } catch (caught) {
      error.value = caught;
    } finally {
      isBusy.value = false;
    }
  };
  return { error, isBusy, onSubmit: (event: SubmitEvent) => void onSubmit(event) };
}
