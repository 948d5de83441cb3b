import { useSignal } from "@preact/signals";
import { post } from "../api";
import type { Receipt } from "../api-types";
import { t } from "../i18n/t";
import { act } from "../offline/actions";
import { send } from "../offline/sender";
import { remember } from "../offline/snapshots";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { useKeptPictures } from "../ui/use-kept-pictures";
import { ExpectedSerials } from "./ExpectedSerials";
import type { OpenReceipt } from "./open-receipt";

interface Props {
  open: OpenReceipt;
  onClose: () => void;
}

/** The last look before the receipt is posted: what comes in, what is rejected, what is still missing. */
export function FinishDialog({ open, onClose }: Props) {
  const error = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const isDiscarding = useSignal(false);
  const pictures = useKeptPictures(picture => picture.receipt?.id === open.id).value.length;
  const receipt = open.receipt.value;
  const counts = open.counts.value;
  if (!receipt || !counts) return null;
  const waiting = open.waiting.value.length;
  const unsolved = open.answers.value.filter(each => each.open === 1).length;
  const isOpening = receipt.kind === "opening_stock";
  const missing = Math.max(0, counts.expected - counts.accepted - counts.rejected);
  const isEmpty = counts.accepted + counts.rejected + waiting === 0;

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
  /** In its turn, after the scans that wait; without a network the receipt stays open on the screen until then. */
  const submit = async () => {
    if (await act("purchase_receipt.submit", {}, { voucherId: open.id })) await open.reload();
  };
  const discard = async (reason: string) => {
    const done = await post<Receipt>(`${open.path}/discard`, { reason });
    await remember(open.path, done);
    open.show(done);
  };

  if (isDiscarding.value) {
    return (
      <Dialog title={t("discard_question", { number: receipt.number })} onClose={onClose}>
        <form
          class="form"
          onSubmit={event => {
            event.preventDefault();
            const reason = String(new FormData(event.currentTarget).get("reason")).trim();
            void end(() => discard(reason));
          }}
        >
          <p>{t("discard_text")}</p>
          <label>
            <span class="label">{t("reason")}</span>
            <input type="text" name="reason" required maxLength={200} autocomplete="off" />
          </label>
          {error.value !== null && <Failure error={error.value} />}
          <button type="submit" class="button button-danger" disabled={isBusy.value}>
            {t("discard")}
          </button>
          <button type="button" class="button" onClick={onClose}>
            {t("go_on_scanning")}
          </button>
        </form>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("finish_question", { number: receipt.number })} onClose={onClose}>
      <div class="form">
        <dl class="sums">
          <div>
            <dt>{t("accepted_into", { place: receipt.location.path })}</dt>
            <dd>
              {counts.accepted}
              {!isOpening && <small>/{counts.expected}</small>}
            </dd>
          </div>
          <div>
            <dt>{t("rejected_into", { place: receipt.reject_location?.code ?? "REJECT" })}</dt>
            <dd>{counts.rejected}</dd>
          </div>
          {!isOpening && (
            <div>
              <dt>{t("missing")}</dt>
              <dd>{missing}</dd>
            </div>
          )}
        </dl>
        {!isOpening && <ExpectedSerials path={open.path} />}
        {missing > 0 && !isEmpty && (
          <p class="notice notice-warning">{t("finish_missing", { count: missing })}</p>
        )}
        {unsolved > 0 && <p class="notice notice-warning">{t("finish_unsolved", { count: unsolved })}</p>}
        {pictures > 0 && <p class="notice notice-warning">{t("finish_pictures", { count: pictures })}</p>}
        {waiting > 0 && (
          <div class="notice notice-warning">
            <p>{t("finish_waiting", { count: waiting })}</p>
            <button type="button" class="button" onClick={() => void send({ isUrgent: true })}>
              {t("send_now")}
            </button>
          </div>
        )}
        {isEmpty && <p class="notice">{t("finish_empty")}</p>}
        {error.value !== null && <Failure error={error.value} />}
        <button
          type="button"
          class="button button-primary"
          disabled={isBusy.value || isEmpty}
          onClick={() => void end(submit)}
        >
          <Icon name="check" />
          {t("post_receipt")}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t("go_on_scanning")}
        </button>
        <button
          type="button"
          class="button button-quiet"
          onClick={() => {
            isDiscarding.value = true;
          }}
        >
          {t("discard_receipt")}
        </button>
      </div>
    </Dialog>
  );
}
