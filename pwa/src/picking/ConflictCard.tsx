import { useSignal } from "@preact/signals";
import { t, time } from "../i18n/t";
import { type AnsweredScan, isConflict } from "../offline/db";
import { titleOf } from "../receiving/entries";
import { Icon } from "../ui/Icon";
import type { OpenPickList } from "./open-pick-list";

/** Who has the unit, since when by their device and by the server, and where. */
interface Taken {
  by: string;
  device: string | null;
  scanned_at: string;
  received_at: string;
  voucher: string | null;
  location: string;
}

/** The picks of this list that met another person's: what happened, and one tap to settle each. */
export function ConflictCards({ open }: { open: OpenPickList }) {
  const conflicts = open.answers.value.filter(each => each.open === 1 && isConflict(each));
  return conflicts.map(each => <ConflictCard key={each.id} open={open} conflict={each} />);
}

function ConflictCard({ open, conflict }: { open: OpenPickList; conflict: AnsweredScan }) {
  const isBusy = useSignal(false);
  const { outcome, scan } = conflict;
  const taken = outcome.facts.taken as Taken | undefined;
  const free = outcome.actions.filter(action => action.kind === "take_instead");
  const settle = async (how: () => Promise<void>) => {
    isBusy.value = true;
    await how();
    isBusy.value = false;
  };
  return (
    <section class="notice notice-warning conflict" data-testid="conflict" aria-label={t("conflict")}>
      <Icon name="warning" />
      <div>
        <h2 class="notice-title">
          <span class="key-data">{String(outcome.facts.serial_no ?? titleOf(scan))}</span>
        </h2>
        {taken ? (
          <dl class="facts">
            <dt>{t("conflict_taken_by")}</dt>
            <dd>
              {taken.by}
              {taken.device && ` (${taken.device})`}
              {taken.voucher && ` · ${taken.voucher}`}
            </dd>
            <dt>{t("conflict_scanned_at")}</dt>
            <dd>{time(taken.scanned_at)}</dd>
            <dt>{t("conflict_received_at")}</dt>
            <dd>{time(taken.received_at)}</dd>
            <dt>{t("conflict_place")}</dt>
            <dd>{taken.location}</dd>
          </dl>
        ) : (
          <p>{outcome.message}</p>
        )}
        <p>{free.length > 0 ? t("conflict_choose") : outcome.next_step}</p>
        {free.map(unit => (
          <button
            key={String(unit.serial_no)}
            type="button"
            class="button button-primary"
            disabled={isBusy.value}
            onClick={() => void settle(() => open.takeInstead(conflict, String(unit.serial_no)))}
          >
            {t("conflict_take", { serial: String(unit.serial_no), place: String(unit.location) })}
          </button>
        ))}
        <button
          type="button"
          class="button"
          disabled={isBusy.value}
          onClick={() => void settle(() => open.leaveShort(conflict))}
        >
          {t("conflict_leave_short")}
        </button>
      </div>
    </section>
  );
}
