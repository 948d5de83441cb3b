import { t, time } from "../i18n/t";
import { Icon } from "./Icon";
import type { Unfinished } from "./use-unfinished";

/** Says that a form shows what was left in it on this device, and empties it on request. */
export function UnfinishedNote({ unfinished, onAnew }: { unfinished: Unfinished; onAnew: () => void }) {
  const since = unfinished.since.value;
  if (since === null) return null;
  return (
    <div class="notice" role="status" data-testid="unfinished">
      <Icon name="clock" />
      <div>
        <p>{t("unfinished_since", { at: time(since) })}</p>
        <button
          type="button"
          class="button"
          onClick={() => {
            unfinished.settle();
            onAnew();
          }}
        >
          {t("begin_anew")}
        </button>
      </div>
    </div>
  );
}
