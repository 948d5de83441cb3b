import { useSignal } from "@preact/signals";
import { post } from "../api";
import { t } from "../i18n/t";
import { act } from "../offline/actions";
import { send } from "../offline/sender";
import { remember } from "../offline/snapshots";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import type { OpenPickList } from "./open-pick-list";
import type { PickList } from "./types";

/** The last look before the fetching ends: what was fetched, and what stays open on its order. */
export function FinishPick({ open, onClose }: { open: OpenPickList; onClose: () => void }) {
  const error = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const isDiscarding = useSignal(false);
  const pickList = open.pickList.value;
  const counts = open.counts.value;
  if (!pickList || !counts) return null;
  const waiting = open.waiting.value.length;
  const missing = Math.max(0, counts.expected - counts.accepted);

  const end = async (finish: () => Promise<void>) => {
    isBusy.value = true;
    error.value = null;
    try {
      await finish();
      onClose();
    } catch (caught) {
      error.value = caught;
    } finally {
      isBusy.value = false;
    }
  };
  /** In its turn, after the picks that wait; without a network the list stays open on the screen until then. */
  const submit = async () => {
    if (await act("pick_list.submit", {}, { voucherId: open.id })) await open.reload();
  };
  const discard = async (reason: string) => {
    const done = await post<PickList>(`${open.path}/discard`, { reason });
    await remember(open.path, done);
    open.show(done);
  };
  const onDiscard = (event: SubmitEvent) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget as HTMLFormElement).get("reason")).trim();
    void end(() => discard(reason));
  };
  if (isDiscarding.value) {
    return (
      <Dialog title={t("discard_question", { number: pickList.number })} onClose={onClose}>
        <form class="form" onSubmit={onDiscard}>
          <p>{t("discard_pick_text")}</p>
          <label>
            <span class="label">{t("reason")}</span>
            <input type="text" name="reason" required maxLength={500} autocomplete="off" />
          </label>
          {error.value !== null && <Failure error={error.value} />}
          <button type="submit" class="button button-danger" disabled={isBusy.value}>
            {t("discard")}
          </button>
          <button type="button" class="button" onClick={onClose}>
            {t("go_on_picking")}
          </button>
        </form>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("finish_question", { number: pickList.number })} onClose={onClose}>
      <div class="form">
        <dl class="sums">
          <div>
            <dt>{t("fetched_sum")}</dt>
            <dd>
              {counts.accepted}
              <small>/{counts.expected}</small>
            </dd>
          </div>
          <div>
            <dt>{t("missing")}</dt>
            <dd>{missing}</dd>
          </div>
        </dl>
        {missing > 0 && counts.accepted > 0 && (
          <p class="notice notice-warning">{t("finish_short", { count: missing })}</p>
        )}
        {waiting > 0 && (
          <div class="notice notice-warning">
            <p>{t("finish_waiting", { count: waiting })}</p>
            <button type="button" class="button" onClick={() => void send({ isUrgent: true })}>
              {t("send_now")}
            </button>
          </div>
        )}
        {error.value !== null && <Failure error={error.value} />}
        <button
          type="button"
          class="button button-primary"
          disabled={isBusy.value || counts.accepted + waiting === 0}
          onClick={() => void end(submit)}
        >
          <Icon name="check" />
          {t("finish_pick")}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t("go_on_picking")}
        </button>
        <button
          type="button"
          class="button button-quiet"
          onClick={() => {
            isDiscarding.value = true;
          }}
        >
          {t("discard_pick_list")}
        </button>
      </div>
    </Dialog>
  );
}
