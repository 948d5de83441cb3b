import { t } from "../i18n/t";
import { applyUpdate, isUpdateReady } from "../updates";

/** A new build lies ready: the person says when, so that nobody is interrupted in the middle of a receipt. */
export function UpdateBar() {
  if (!isUpdateReady.value) return null;
  return (
    <div class="update-bar" role="status">
      <span>{t("update_ready")}</span>
      <button type="button" class="button" onClick={applyUpdate}>
        {t("update_now")}
      </button>
    </div>
  );
}
