import { t } from "../i18n/t";
import { addTyped } from "../moving/add-typed";
import { NotSent } from "../ui/NotSent";
import type { FormDraft } from "./use-draft";

/** Keeps what is in the form for later, or for somebody else; and what was not to be kept or sent, with the way on. */
export function KeepDraft({ draft }: { draft: FormDraft }) {
  return (
    <>
      {draft.failed.value !== null && <NotSent error={draft.failed.value} />}
      {draft.isToLoad && (
        <button type="button" class="button" disabled={draft.isBusy.value} onClick={() => void draft.load()}>
          {t("load_draft_again")}
        </button>
      )}
      <button
        type="button"
        class="button"
        disabled={draft.isBusy.value}
        onClick={event => {
          if (addTyped(event.currentTarget.closest("main")) !== "wrong") void draft.keep();
        }}
      >
        {t("keep_as_draft")}
      </button>
    </>
  );
}
