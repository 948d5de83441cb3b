import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { age, t } from "../i18n/t";
import { Icon } from "../ui/Icon";
import type { BoardState } from "./board-state";

/** Says whether the board can be believed, and since when not. */
export function LiveFlag({ board }: { board: BoardState }) {
  const now = useSignal(Date.now());
  useEffect(() => {
    const tick = setInterval(() => {
      now.value = Date.now();
    }, 1000);
    return () => clearInterval(tick);
  }, []);
  const state = board.live.value;
  const { rightAt } = board;
  const since = rightAt.value === null ? null : age(now.value - rightAt.value);
  return (
    <p class={`live live-${state}`} role="status" data-testid="live" data-state={state}>
      <Icon name={state === "live" ? "check" : state === "catching_up" ? "clock" : "no-network"} />
      {t(`live_${state}`)}
      <span class="live-age" aria-hidden="true">
        {since !== null && t("live_age", { age: since })}
      </span>
    </p>
  );
}
