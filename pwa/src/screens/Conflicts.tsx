import { useSignal } from "@preact/signals";
import { post } from "../api";
import { t, time } from "../i18n/t";
import { act } from "../offline/actions";
import { may, site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { LiveMark } from "../ui/LiveMark";
import { Screen } from "../ui/Screen";
import { useLive } from "../ui/use-live";
import { useRead } from "../ui/use-read";

interface Conflict {
  id: string;
  serial_no: string;
  item_code: string;
  pick_list: { id: string; number: string };
  by: string;
  device: string;
  scanned_at: string;
  received_at: string;
  message: string;
  decision: "other_unit" | "left_short" | "overridden" | null;
  decided_by: string | null;
  decided_at: string | null;
}

interface Lost {
  device_id: string;
  device: string;
  last_seen_at: string;
  count: number;
  numbers: string;
}

/** Units that two people took, until somebody has decided; and what devices have lost. */
export function Conflicts() {
  const siteId = site.value?.id;
  const open = useRead<{ conflicts: Conflict[]; lost: Lost[] }>(
    siteId ? `/api/conflicts?site=${siteId}` : null,
  );
  const decided = useRead<{ conflicts: Conflict[] }>(
    siteId ? `/api/conflicts?site=${siteId}&status=decided` : null,
  );
  const failed = useSignal<unknown>(null);
  const reload = () => {
    open.reload();
    decided.reload();
  };
  const live = useLive(siteId, null, reload);
  const settle = async (how: () => Promise<unknown>) => {
    failed.value = null;
    try {
      await how();
      reload();
    } catch (caught) {
      failed.value = caught;
    }
  };
  const conflicts = open.value?.conflicts ?? [];
  return (
    <Screen title={t("conflicts")} over={<LiveMark state={live.value} />}>
      {open.error !== null && <Failure error={open.error} retry={open.reload} />}
      {failed.value !== null && <Failure error={failed.value} />}
      {!open.value && open.error === null && <Busy />}
      {open.value && conflicts.length === 0 && (
        <p class="notice notice-accepted" role="status">
          <Icon name="check" />
          {t("conflicts_none")}
        </p>
      )}
      {conflicts.length > 0 && <h2>{t("conflicts_open")}</h2>}
      <ul class="lines" data-testid="conflicts">
        {conflicts.map(each => (
          <li key={each.id} class="line line-tall">
            <ConflictText conflict={each} />
            <span class="line-tools">
              <Link to={`/pick/${each.pick_list.id}`} class="button">
                {each.pick_list.number}
              </Link>
              <button
                type="button"
                class="button"
                onClick={() =>
                  void settle(() =>
                    act("conflict.settle", { decision: "left_short" }, { voucherId: each.id }),
                  )
                }
              >
                {t("conflict_leave_short")}
              </button>
            </span>
          </li>
        ))}
      </ul>
      {(open.value?.lost.length ?? 0) > 0 && <h2>{t("lost_entries")}</h2>}
      {open.value?.lost.map(each => (
        <LostEntries
          key={each.device_id}
          lost={each}
          settle={reason =>
            settle(() => post("/api/device-gaps/settle", { site: siteId, device_id: each.device_id, reason }))
          }
        />
      ))}
      {(decided.value?.conflicts.length ?? 0) > 0 && <h2>{t("conflicts_decided")}</h2>}
      <ul class="lines">
        {decided.value?.conflicts.map(each => (
          <li key={each.id} class="line line-tall">
            <ConflictText conflict={each} />
          </li>
        ))}
      </ul>
    </Screen>
  );
}

function ConflictText({ conflict }: { conflict: Conflict }) {
  const { by, device, scanned_at, received_at, decision, decided_by, decided_at } = conflict;
  const facts = { by, device, at: time(scanned_at), received: time(received_at) };
  return (
    <span>
      <strong class="key-data">
        {conflict.serial_no} <small>{conflict.item_code}</small>
      </strong>
      <small>{conflict.message}</small>
      <small>{t("conflict_picked_by", facts)}</small>
      {decision && (
        <span class="why">
          <Icon name="check" />
          {t(`decision_${decision}`)} ·{" "}
          {t("conflict_decided_by", { by: decided_by ?? "", at: time(decided_at ?? "") })}
        </span>
      )}
    </span>
  );
}

function LostEntries({ lost, settle }: { lost: Lost; settle: (reason: string) => Promise<void> }) {
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    void settle(String(new FormData(event.currentTarget as HTMLFormElement).get("reason")).trim());
  };
  return (
    <form class="line line-tall" onSubmit={onSubmit}>
      <span>
        <strong>{lost.device}</strong>
        <small>{t("lost_count", { count: lost.count, numbers: lost.numbers })}</small>
        <small>{t("lost_last_seen", { at: time(lost.last_seen_at) })}</small>
      </span>
      {may("override") && (
        <span class="code-field">
          <label>
            <span class="label">{t("lost_reason")}</span>
            <input type="text" name="reason" required maxLength={500} autocomplete="off" />
          </label>
          <button type="submit" class="button">
            {t("lost_settle")}
          </button>
        </span>
      )}
    </form>
  );
}
