import { t } from "../i18n/t";
import { isOutdated } from "../offline/db";
import { applyUpdate, isUpdateReady } from "../updates";

/**
 * A new build lies ready: the person says when, so that nobody is interrupted in the middle of a receipt. Once
 * another tab runs it, this one cannot store anything any more and says so. And a device whose storage is almost
 * full says so before it is.
 */
export function StateBar() {
  if (isOutdated.value) {
    return (
      <div class="update-bar" role="alert">
        <span>{t("tab_outdated")}</span>
        <button type="button" class="button" onClick={() => location.reload()}>
          {t("load_again")}
        </button>
      </div>
    );
  }
  if (!isUpdateReady.value) {
    return (
      <p class="update-bar" role="status">
        {t("storage_short")}
      </p>
    );
  }
  return (
    <div class="update-bar" role="status">
      <span>{t("update_ready")}</span>
      <button type="button" class="button" onClick={applyUpdate}>
        {t("update_now")}
      </button>
    </div>
  );
}
