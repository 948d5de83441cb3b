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

interface Cleared {
  device_id: string;
  device: string;
  by: string;
  last_seen_at: string;
  unsent: number;
  noticed_at: string;
}

/** Units that two people took, until somebody has decided; and what devices have lost. */
export function Conflicts() {
  const siteId = site.value?.id;
  const open = useRead<{ conflicts: Conflict[]; lost: Lost[]; cleared: Cleared[] }>(
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
  const lost = [...(open.value?.lost ?? []).map(ofGap), ...(open.value?.cleared ?? []).map(ofCleared)];
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
      {lost.length > 0 && <h2>{t("lost_entries")}</h2>}
      {lost.map(({ device_id, device, says }) => (
        <LostEntries
          key={device_id}
          device={device}
          says={says}
          settle={reason =>
            settle(() => post("/api/device-gaps/settle", { site: siteId, device_id, reason }))
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

const ofGap = ({ device_id, device, count, numbers, last_seen_at }: Lost) => ({
  device_id,
  device,
  says: [t("lost_count", { count, numbers }), t("lost_last_seen", { at: time(last_seen_at) })],
});

const ofCleared = ({ device_id, device, by, unsent, last_seen_at, noticed_at }: Cleared) => ({
  device_id,
  device,
  says: [
    t("lost_cleared", { by, at: time(noticed_at) }),
    ...(unsent > 0 ? [t("storage_cleared_unsent", { count: unsent })] : []),
    t("lost_last_seen", { at: time(last_seen_at) }),
  ],
});

interface LostProps {
  device: string;
  says: string[];
  settle: (reason: string) => Promise<void>;
}

function LostEntries({ device, says, settle }: LostProps) {
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    void settle(String(new FormData(event.currentTarget as HTMLFormElement).get("reason")).trim());
  };
  return (
    <form class="line line-tall" onSubmit={onSubmit} data-testid="lost-entries">
      <span>
        <strong>{device}</strong>
        {says.map(each => (
          <small key={each}>{each}</small>
        ))}
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
