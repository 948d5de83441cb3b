import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { t, tOr } from "../i18n/t";
import { act } from "../offline/actions";
import { useCodes } from "../scan/codes";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import type { Entry } from "./entries";
import type { OpenReceipt } from "./open-receipt";

interface Props {
  open: OpenReceipt;
  entry: Entry;
  kinds: string[];
}

/** What a unit on the receipt has of IMEI, MAC and the like, and the way to add them. */
export function FurtherNumbers({ open, entry, kinds }: Props) {
  const isOpen = useSignal(false);
  const unit = open.receipt.value?.units.find(each => (each.scan_id ?? `unit ${each.id}`) === entry.scanId);
  const noted = unit?.secondary_serials ?? [];
  return (
    <div class="review-actions">
      {noted.length > 0 && (
        <p class="scan-more" data-testid="further-numbers">
          {noted.map(each => `${nameOf(each.kind)} ${each.secondary_no}`).join(" · ")}
        </p>
      )}
      <button
        type="button"
        class="button"
        aria-label={t("further_numbers_of", { serial: entry.title })}
        onClick={() => {
          isOpen.value = true;
        }}
      >
        <Icon name="keyboard" />
        {kinds.map(nameOf).join(" · ")}
      </button>
      {isOpen.value && (
        <NumbersDialog
          open={open}
          entry={entry}
          kinds={kinds}
          onClose={() => {
            isOpen.value = false;
          }}
        />
      )}
    </div>
  );
}

function NumbersDialog({ open, entry, kinds, onClose }: Props & { onClose: () => void }) {
  const form = useRef<HTMLFormElement>(null);
  const error = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  // A code that is scanned meanwhile is a further number, not the next unit.
  useCodes(({ text }) => {
    const fields = [...(form.current?.querySelectorAll("input") ?? [])];
    const field = fields.find(each => each === document.activeElement) ?? fields.find(each => !each.value);
    if (!field) return;
    field.value = text;
    fields.find(each => !each.value)?.focus();
  }, []);
  const onSubmit = async (event: Event) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const numbers = kinds
      .map(kind => ({ kind, text: String(given.get(kind) ?? "").trim() }))
      .filter(({ text }) => text !== "");
    if (numbers.length === 0) return onClose();
    isBusy.value = true;
    error.value = null;
    try {
      const body = { unit: entry.isScan ? entry.scanId : entry.title, secondary_serials: numbers };
      if (await act("purchase_receipt.secondary_serials", body, { voucherId: open.id })) await open.reload();
      onClose();
    } catch (caught) {
      error.value = caught;
      isBusy.value = false;
    }
  };
  return (
    <Dialog title={t("further_numbers_of", { serial: entry.title })} onClose={onClose}>
      <form ref={form} class="form" onSubmit={event => void onSubmit(event)}>
        <p class="hint">{t("further_numbers_hint")}</p>
        {kinds.map(kind => (
          <label key={kind}>
            <span class="label">{nameOf(kind)}</span>
            <input type="text" name={kind} autocomplete="off" maxLength={64} spellcheck={false} />
          </label>
        ))}
        {error.value !== null && <Failure error={error.value} />}
        <button type="submit" class="button button-primary" disabled={isBusy.value}>
          <Icon name="check" />
          {t("further_numbers_save")}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t("cancel")}
        </button>
      </form>
    </Dialog>
  );
}

const nameOf = (kind: string): string => tOr(`secondary_${kind}`, kind.toUpperCase());
