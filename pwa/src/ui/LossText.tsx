import type { CounterGap } from "../api-types";
import { t, time } from "../i18n/t";

/** What of this device never reached the server, and what to do about it. */
export function LossText({ gap }: { gap: CounterGap }) {
  if (gap.code === "counter_gap") {
    return (
      <>
        <p class="notice-title">{gap.message}</p>
        <p>{gap.next_step}</p>
      </>
    );
  }
  const { device, by, last_seen_at, unsent } = gap.facts;
  return (
    <>
      <p class="notice-title">{t("storage_cleared", { device, by, at: time(last_seen_at) })}</p>
      {unsent > 0 && <p>{t("storage_cleared_unsent", { count: unsent })}</p>}
      <p>{t("storage_cleared_next")}</p>
    </>
  );
}
