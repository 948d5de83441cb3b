import { signal } from "@preact/signals";
import { t } from "../i18n/t";
import { isOutdated } from "../offline/db";
import { lost } from "../offline/sender";
import { storage } from "../offline/storage";
import { applyUpdate, isUpdateReady } from "../updates";
import { Icon } from "./Icon";
import { LossText } from "./LossText";

/** The loss that the person has seen here; the outbox goes on naming it until it is settled. */
const SEEN = "serialtrail.lost-seen";
const seen = signal(localStorage.getItem(SEEN));

function understand(message: string): void {
  localStorage.setItem(SEEN, message);
  seen.value = message;
}

/**
 * What was lost of this device is said on every screen until somebody has seen it. A new build lies ready: the person
 * says when, so that nobody is interrupted in the middle of a receipt. Once another tab runs it, this one cannot store
 * anything any more and says so. And a device whose storage is almost full says so before it is.
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
  const gap = lost.value;
  if (gap && gap.message !== seen.value) {
    return (
      <div class="notice notice-refused" role="alert" data-testid="loss-bar">
        <Icon name="stop" />
        <div>
          <LossText gap={gap} />
          <button type="button" class="button" onClick={() => understand(gap.message)}>
            {t("understood")}
          </button>
        </div>
      </div>
    );
  }
  if (isUpdateReady.value) {
    return (
      <div class="update-bar" role="status">
        <span>{t("update_ready")}</span>
        <button type="button" class="button" onClick={applyUpdate}>
          {t("update_now")}
        </button>
      </div>
    );
  }
  if (storage.value !== "short") return null;
  return (
    <p class="update-bar" role="status">
      {t("storage_short")}
    </p>
  );
}
