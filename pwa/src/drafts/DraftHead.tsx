import { useSignal } from "@preact/signals";
import { t, time } from "../i18n/t";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { NotSent } from "../ui/NotSent";
import { UnfinishedNote } from "../ui/UnfinishedNote";
import { Drafts, useDrafts } from "./Drafts";
import type { Draft, DraftKind } from "./types";
import type { FormDraft } from "./use-draft";

/** Above a form: the draft that it goes on with and the way to discard it, or else the drafts there are. */
export function DraftHead({ draft }: { draft: FormDraft }) {
  const known = draft.known.value;
  return (
    <>
      {!known && <Begun kind={draft.kind} />}
      {known?.status === "draft" && <KeptDraft draft={draft} known={known} />}
      {known && known.status !== "draft" && <ClosedDraft known={known} />}
      <UnfinishedNote unfinished={draft.unfinished} onAnew={() => void draft.begin()} />
      {draft.left.value > 0 && (
        <p class="notice notice-warning" role="status">
          <Icon name="warning" />
          {t("draft_goods_left", { count: draft.left.value })}
        </p>
      )}
    </>
  );
}

function Begun({ kind }: { kind: DraftKind }) {
  return <Drafts drafts={useDrafts(kind)} />;
}

function KeptDraft({ draft, known }: { draft: FormDraft; known: Draft }) {
  const isAsking = useSignal(false);
  const end = () => {
    isAsking.value = false;
  };
  return (
    <div class="line parent-unit" data-testid="draft">
      <span role="status">
        <strong>{t("draft_of_voucher")}</strong>
        <span>{t("draft_kept_by", { name: known.changed_by, at: time(known.changed_at) })}</span>
      </span>
      <button
        type="button"
        class="button"
        onClick={() => {
          isAsking.value = true;
        }}
      >
        {t("discard")}
      </button>
      {isAsking.value && (
        <Dialog title={t("discard_this_draft")} onClose={end}>
          <div class="form">
            <p>{t("discard_draft_why")}</p>
            {draft.failed.value !== null && <NotSent error={draft.failed.value} />}
            <button
              type="button"
              class="button button-danger"
              disabled={draft.isBusy.value}
              onClick={() => void draft.discard().then(isDone => isDone && end())}
            >
              {t("discard_draft")}
            </button>
            <button type="button" class="button" onClick={end}>
              {t("keep_draft")}
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

function ClosedDraft({ known }: { known: Draft }) {
  const by = known.changed_by;
  return (
    <div class="notice notice-warning" role="status">
      <Icon name="warning" />
      <div>
        <p class="notice-title">{t(known.voucher ? "draft_was_submitted" : "draft_was_discarded", { by })}</p>
        {known.voucher && (
          <Link to={`/vouchers/${known.voucher.id}`} class="button">
            {known.voucher.number}
          </Link>
        )}
      </div>
    </div>
  );
}
