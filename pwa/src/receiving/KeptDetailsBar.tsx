import { useSignal } from "@preact/signals";
import { date, t } from "../i18n/t";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { titleOf } from "./entries";
import type { OpenReceipt } from "./open-receipt";

/** Batch and expiry that go with every scan, always in sight with a way to clear them. */
export function KeptDetailsBar({ open }: { open: OpenReceipt }) {
  const isEditing = useSignal(false);
  const current = open.currentItem.value;
  const lines = open.receipt.value?.lines ?? [];
  const lacking = open.lacking.value;
  const isSettable =
    lines.some(({ item }) => item.id === current?.id && item.tracking.includes("batch")) &&
    !open.kept.items.includes(current?.id ?? 0);
  const asked = lacking?.item ?? (isEditing.value ? current : null);
  return (
    <>
      {open.kept.items.map(itemId => (
        <KeptDetailsOf key={itemId} open={open} itemId={itemId} />
      ))}
      {isSettable && (
        <button
          type="button"
          class="button"
          onClick={() => {
            isEditing.value = true;
          }}
        >
          <Icon name="boxes" />
          {t("set_batch")}
        </button>
      )}
      {asked && (
        <DetailsDialog
          key={asked.id}
          open={open}
          item={asked}
          onClose={() => {
            isEditing.value = false;
          }}
        />
      )}
    </>
  );
}

function KeptDetailsOf({ open, itemId }: { open: OpenReceipt; itemId: number }) {
  const { batch_no, expires_on } = open.kept.of(itemId);
  const lines = open.receipt.value?.lines ?? [];
  const itemCode = lines.find(({ item }) => item.id === itemId)?.item.item_code;
  return (
    <p class="kept-value">
      <Icon name="boxes" />
      <span>
        {batch_no && t("batch_is", { batch: batch_no })}
        {expires_on && <small>{t("expires_on", { date: date(expires_on) })}</small>}
        {lines.length > 1 && itemCode && <small>{itemCode}</small>}
      </span>
      <button
        type="button"
        class="button"
        aria-label={t("clear_batch")}
        onClick={() => open.kept.clear(itemId)}
      >
        <Icon name="close" />
        {t("clear")}
      </button>
    </p>
  );
}

interface DialogProps {
  open: OpenReceipt;
  item: { id: number; item_code: string };
  onClose: () => void;
}

/** Asks once; scans that were not taken for lack of it then go again by themselves. */
function DetailsDialog({ open, item, onClose }: DialogProps) {
  const scans = open.lacking.value?.scans ?? [];
  const lacks = (code: string) => scans.some(({ outcome }) => outcome.code === code);
  const kept = open.kept.of(item.id);

  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(fields.get(name) ?? "").trim() || null;
    const details = { batch_no: text("batch_no"), expires_on: text("expires_on") };
    open.kept.set(item.id, details);
    onClose();
    for (const answered of scans) await open.correct(answered, details);
  };
  const onCancel = () => {
    onClose();
    void open.clear(scans.map(each => each.id));
  };
  const serials = scans.slice(0, 3).map(({ scan }) => titleOf(scan));
  return (
    <Dialog title={t("batch_question", { item: item.item_code })} onClose={onCancel}>
      <form class="form" onSubmit={onSubmit}>
        {scans.length > 0 && (
          <p>{t("batch_lacking", { count: scans.length, serials: serials.join(", ") })}</p>
        )}
        <label>
          <span class="label">{t("batch")}</span>
          <input
            type="text"
            name="batch_no"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            maxLength={20}
            required
            defaultValue={kept.batch_no ?? ""}
          />
        </label>
        <label>
          <span class="label">{t(lacks("expiry_required") ? "expiry" : "expiry_optional")}</span>
          <input
            type="date"
            name="expires_on"
            required={lacks("expiry_required")}
            defaultValue={kept.expires_on ?? ""}
          />
        </label>
        <button type="submit" class="button button-primary">
          {t("keep_batch")}
        </button>
        <button type="button" class="button" onClick={onCancel}>
          {scans.length > 0 ? t("drop_scans", { count: scans.length }) : t("cancel")}
        </button>
      </form>
    </Dialog>
  );
}
