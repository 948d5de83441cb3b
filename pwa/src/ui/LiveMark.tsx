import { t } from "../i18n/t";
import type { LiveState } from "../live";
import { Icon } from "./Icon";

/** A small flag: whether what others do is on the screen. */
export function LiveMark({ state }: { state: LiveState }) {
  const icon = state === "live" ? "check" : state === "catching_up" ? "clock" : "no-network";
  return (
    <span class={`live-mark live-mark-${state}`} role="status" data-testid="live" data-state={state}>
      <Icon name={icon} />
      {t(`live_${state}`)}
    </span>
  );
}
