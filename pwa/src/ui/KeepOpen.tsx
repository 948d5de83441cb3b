import { t } from "../i18n/t";
import { unsentCount } from "../offline/unsent";
import { Icon } from "./Icon";

/** Where the browser sends nothing in the background, as on iPhones: says that the app has to be open for it. */
export function KeepOpen() {
  if ("SyncManager" in window) return null;
  return (
    <p class="notice notice-warning keep-open" role="status" data-testid="keep-open">
      <Icon name="clock" />
      <span>{t("keep_open", { count: unsentCount.value })}</span>
    </p>
  );
}
