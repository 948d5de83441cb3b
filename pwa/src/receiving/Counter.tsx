import { t } from "../i18n/t";
import { Icon } from "../ui/Icon";
import { Progress } from "../ui/Progress";
import type { OpenReceipt } from "./open-receipt";

/** The figure that is read from arm's length: accepted of expected. */
export function Counter({ open }: { open: OpenReceipt }) {
  const counts = open.counts.value;
  if (!counts) return null;
  const { accepted, rejected, expected } = counts;
  const waiting = open.waiting.value.filter(row => row.purpose === "receive").length;
  return (
    <section class="counter" aria-label={t("count")}>
      <p class="counter-figure" data-testid="count">
        <strong>{accepted}</strong>
        {expected > 0 && <span class="counter-of">/ {expected}</span>}
        <span class="visually-hidden">{t("received_of", { accepted, expected })}</span>
      </p>
      <ul class="counter-more">
        {waiting > 0 && (
          <li class="state state-waiting">
            <Icon name="clock" />
            {t("count_waiting", { count: waiting })}
          </li>
        )}
        {rejected > 0 && (
          <li class="state state-rejected">
            <Icon name="damaged" />
            {t("count_rejected", { count: rejected })}
          </li>
        )}
      </ul>
      {expected > 0 && (
        <Progress value={accepted} max={expected} label={t("received_of", { accepted, expected })} />
      )}
    </section>
  );
}
