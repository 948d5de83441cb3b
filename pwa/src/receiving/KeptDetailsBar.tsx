import { useSignal } from "@preact/signals";
import { date, t } from "../i18n/t";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import type { OpenReceipt } from "./open-receipt";

/** Batch and expiry that go with every scan, always in sight with a way to clear them. */
export function KeptDetailsBar({ open }: { open: OpenReceipt }) {
  const isEditing = useSignal(false);
  const itemId = open.itemId.value;
  const { batch_no, expires_on } = open.kept.of(itemId);
  const tracksBatch = open.receipt.value?.lines.some(line => line.item.tracking.includes("batch")) ?? false;
  const lacking = open.lacking.value;
  const isAsking = isEditing.value || lacking.length > 0;
  if (!tracksBatch && !isAsking && !batch_no && !expires_on) return null;
  return (
    <div class="kept">
      {batch_no || expires_on ? (
        <p class="kept-value">
          <Icon name="boxes" />
          <span>
            {batch_no && t("batch_is", { batch: batch_no })}
            {expires_on && <small>{t("expires_on", { date: date(expires_on) })}</small>}
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
      ) : (
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
      {isAsking && (
        <DetailsDialog
          open={open}
          onClose={() => {
            isEditing.value = false;
          }}
        />
      )}
    </div>
  );
}

/** Asks once; scans that were refused for lack of it then go again by themselves. */
function DetailsDialog({ open, onClose }: { open: OpenReceipt; onClose: () => void }) {
  const lacking = open.lacking.value;
  const needsBatch = lacking.some(({ outcome }) => outcome.code === "batch_required");
  const needsExpiry = lacking.some(({ outcome }) => outcome.code === "expiry_required");
  const itemId = open.itemId.value;
  const kept = open.kept.of(itemId);

  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(fields.get(name) ?? "").trim() || null;
    const details = { batch_no: text("batch_no"), expires_on: text("expires_on") };
    open.kept.set(itemId, details);
    onClose();
    for (const answered of lacking) await open.correct(answered, details);
  };
  const onCancel = () => {
    onClose();
    if (lacking.length > 0) void open.clear(lacking.map(each => each.id));
  };
  return (
    <Dialog title={t("batch_question")} onClose={onCancel}>
      <form class="form" onSubmit={onSubmit}>
        {lacking.length > 0 && (
          <p>
            {t("batch_lacking", {
              count: lacking.length,
              serials: lacking.slice(0, 3).map(titleOf).join(", "),
            })}
          </p>
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
            required={needsBatch}
            defaultValue={kept.batch_no ?? ""}
          />
        </label>
        <label>
          <span class="label">{t(needsExpiry ? "expiry" : "expiry_optional")}</span>
          <input type="date" name="expires_on" required={needsExpiry} defaultValue={kept.expires_on ?? ""} />
        </label>
        <button type="submit" class="button button-primary">
          {t("keep_batch")}
        </button>
        <button type="button" class="button" onClick={onCancel}>
          {lacking.length > 0 ? t("drop_scans", { count: lacking.length }) : t("cancel")}
        </button>
      </form>
    </Dialog>
  );
}

const titleOf = (answered: OpenReceipt["lacking"]["value"][number]) =>
  answered.outcome.unit?.serial_no ?? answered.scan.text;
