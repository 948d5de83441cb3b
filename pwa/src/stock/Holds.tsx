import { useSignal } from "@preact/signals";
import { post } from "../api";
import { dateTime, t } from "../i18n/t";
import { may } from "../session";
import { Icon } from "../ui/Icon";
import { ReasonDialog } from "./ReasonDialog";
import type { Hold, HoldKind } from "./types";

interface Props {
  /** Address of the batch or unit under /api. */
  path: string;
  name: string;
  holds: Hold[];
  /** A hold of these is on the thing itself, and not on a unit's batch. */
  isOwn: (hold: Hold) => boolean;
  onChange: () => void;
}

/** What keeps a batch or unit back, with the reason; who may, holds and lifts it here. */
export function Holds({ path, name, holds, isOwn, onChange }: Props) {
  const asking = useSignal<{ lifts: HoldKind | null } | null>(null);
  const standing = holds.filter(hold => hold.lifted_at === null);
  const mine = standing.filter(isOwn);
  const close = () => {
    asking.value = null;
  };
  const act = async (reason: string) => {
    const lifts = asking.value?.lifts ?? null;
    await post(`${path}/${lifts ? "lift" : "hold"}`, { reason, kind: lifts ?? "hold" });
    onChange();
  };
  return (
    <>
      {standing.map(hold => (
        <div key={hold.id} class="notice notice-refused" role="status">
          <Icon name="stop" />
          <div>
            <p class="notice-title">
              {t(hold.kind === "recall" ? "is_recalled" : isOwn(hold) ? "is_on_hold" : "batch_is_on_hold")}:{" "}
              {hold.reason}
            </p>
            <p>{t("by_at", { name: hold.placed_by, at: dateTime(hold.placed_at) })}</p>
            {may("hold") && isOwn(hold) && (
              <button
                type="button"
                class="button"
                onClick={() => {
                  asking.value = { lifts: hold.kind };
                }}
              >
                {t(hold.kind === "recall" ? "lift_recall" : "lift_hold")}
              </button>
            )}
          </div>
        </div>
      ))}
      {may("hold") && !mine.some(hold => hold.kind === "hold") && (
        <button
          type="button"
          class="button"
          onClick={() => {
            asking.value = { lifts: null };
          }}
        >
          <Icon name="pause" />
          {t("put_on_hold")}
        </button>
      )}
      {asking.value && (
        <ReasonDialog
          title={t(asking.value.lifts ? "lift_question" : "hold_question", { name })}
          button={t(asking.value.lifts ? "lift_hold" : "put_on_hold")}
          isDangerous={!asking.value.lifts}
          act={act}
          onClose={close}
        />
      )}
      <HoldHistory holds={holds.filter(hold => hold.lifted_at !== null)} />
    </>
  );
}

function HoldHistory({ holds }: { holds: Hold[] }) {
  if (holds.length === 0) return null;
  return (
    <details class="card">
      <summary>{t("past_holds", { count: holds.length })}</summary>
      <ul class="cards">
        {holds.map(hold => (
          <li key={hold.id}>
            <p>
              <strong>{hold.reason}</strong>
            </p>
            <p class="card-text">{t("by_at", { name: hold.placed_by, at: dateTime(hold.placed_at) })}</p>
            <p class="card-text">
              {t("lifted_because", {
                reason: hold.lift_reason ?? "",
                name: hold.lifted_by ?? "",
                at: dateTime(hold.lifted_at ?? ""),
              })}
            </p>
          </li>
        ))}
      </ul>
    </details>
  );
}
