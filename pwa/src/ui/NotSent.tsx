import { isNetworkFailure } from "../api";
import { t } from "../i18n/t";
import { Failure } from "./Failure";
import { Icon } from "./Icon";

/** Of a form that asks its route directly: what was refused, or that it needs the network and nothing waits for it. */
export function NotSent({ error }: { error: unknown }) {
  if (!isNetworkFailure(error)) return <Failure error={error} />;
  return (
    <div class="notice notice-warning" role="alert">
      <Icon name="no-network" />
      <div>
        <p class="notice-title">{t("needs_network")}</p>
        <p>{t("needs_network_next")}</p>
      </div>
    </div>
  );
}
