import { isNetworkFailure } from "../api";
import { t, time } from "../i18n/t";
import { Failure } from "./Failure";
import { Icon } from "./Icon";
import type { Reading } from "./use-read";

/**
 * Beside whatever a person chooses from: why it offers nothing, or since when what it offers may be out of date.
 * A list that is not here must not look like one that is empty.
 */
export function ListNote({ of }: { of: Reading<unknown> }) {
  if (of.error !== null && !isNetworkFailure(of.error)) return <Failure error={of.error} retry={of.reload} />;
  const isMissing = of.value === null && of.error !== null;
  if (of.isBusy) return <small class="list-note busy">{t("loading")}</small>;
  if (!isMissing && !of.isRemembered) return null;
  return (
    <p class="list-note" role="status">
      <Icon name="no-network" />
      <span>{isMissing ? t("list_needs_network") : t("list_as_of", { at: time(of.askedAt) })}</span>
      {isMissing && (
        <button type="button" class="button" onClick={of.reload}>
          {t("try_again")}
        </button>
      )}
    </p>
  );
}
