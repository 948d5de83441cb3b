import { useSignal } from "@preact/signals";
import { type TextKey, t } from "../i18n/t";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import type { OpenReceipt } from "./open-receipt";

const REASONS: TextKey[] = ["reason_damaged", "reason_wrong_item", "reason_incomplete", "reason_dirty"];

/** Turns the next scans into rejected units, with a reason, until it is turned off again. */
export function ConditionSwitch({ open }: { open: OpenReceipt }) {
  const isAsking = useSignal(false);
  const isRejecting = open.condition.value === "rejected";
  const place = open.receipt.value?.reject_location?.code ?? "REJECT";

  const reject = (reason: string) => {
    open.condition.value = "rejected";
    open.reason.value = reason;
    isAsking.value = false;
  };
  const accept = () => {
    open.condition.value = "accepted";
    open.reason.value = null;
  };
  const onOther = (event: SubmitEvent) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget as HTMLFormElement).get("reason")).trim();
    if (reason) reject(reason);
  };
  return (
    <>
      <button
        type="button"
        class={`button condition ${isRejecting ? "condition-rejected" : ""}`}
        aria-pressed={isRejecting}
        onClick={() => {
          if (isRejecting) accept();
          else isAsking.value = true;
        }}
      >
        <Icon name="damaged" />
        {isRejecting ? t("rejecting", { place, reason: open.reason.value ?? "" }) : t("reject_next")}
      </button>
      {isAsking.value && (
        <Dialog
          title={t("reject_question")}
          onClose={() => {
            isAsking.value = false;
          }}
        >
          <div class="form">
            <div class="choices">
              {REASONS.map(key => (
                <button key={key} type="button" class="button" onClick={() => reject(t(key))}>
                  {t(key)}
                </button>
              ))}
            </div>
            <form class="form" onSubmit={onOther}>
              <label>
                <span class="label">{t("other_reason")}</span>
                <input type="text" name="reason" maxLength={200} required autocomplete="off" />
              </label>
              <button type="submit" class="button">
                {t("use_reason")}
              </button>
            </form>
            <button
              type="button"
              class="button"
              onClick={() => {
                isAsking.value = false;
              }}
            >
              {t("cancel")}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
