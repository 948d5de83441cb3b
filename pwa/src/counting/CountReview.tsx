import { useSignal } from "@preact/signals";
import { post } from "../api";
import { t } from "../i18n/t";
import { may, username } from "../session";
import { Busy } from "../ui/Busy";
import { Dialog } from "../ui/Dialog";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { useRead } from "../ui/use-read";
import type { OpenCount } from "./open-count";
import { type Count, KINDS, type Review } from "./types";

/** What the shelves say against the books: for the supervisor, who approves; others see that it waits. */
export function CountReview({ open, count }: { open: OpenCount; count: Count }) {
  const isSupervisor = may("override");
  const review = useRead<Review>(
    isSupervisor ? `/api/stock-counts/${count.id}/result?v=${count.status}` : null,
  );
  const hasCounted = count.rounds.some(round => round.by === username.value);
  return (
    <>
      <div class={`notice ${count.status === "closed" ? "notice-accepted" : ""}`} role="status">
        <Icon name={count.status === "closed" ? "check" : "clock"} />
        <div>
          <p class="notice-title">{t(`count_is_${count.status}`)}</p>
          <p>
            {count.rounds.map(round => t("count_round_by", { n: round.round, name: round.by })).join(" · ")}
            {count.approved_by && ` · ${t("count_approved_by", { name: count.approved_by })}`}
          </p>
        </div>
      </div>
      {review.error !== null && <Failure error={review.error} retry={review.reload} />}
      {isSupervisor && !review.value && review.error === null && <Busy />}
      {review.value && <Totals review={review.value} />}
      {review.value && <Lines review={review.value} />}
      {count.status === "submitted" && (
        <div class="bottom-bar">
          {!hasCounted && <RecountButton open={open} count={count} />}
          {isSupervisor && !hasCounted && <ApproveButton open={open} count={count} />}
          {hasCounted && <p class="card-text">{t("count_by_another")}</p>}
        </div>
      )}
    </>
  );
}

function Totals({ review }: { review: Review }) {
  return (
    <ul class="count-totals">
      {KINDS.filter(
        kind => review.totals[kind] > 0 || ["missing", "misplaced", "unknown", "found"].includes(kind),
      ).map(kind => (
        <li key={kind} class={`count-total count-${kind}`} data-testid={`total-${kind}`}>
          <strong>{review.totals[kind]}</strong>
          <span>{t(`count_kind_${kind}`)}</span>
        </li>
      ))}
    </ul>
  );
}

function Lines({ review }: { review: Review }) {
  return (
    <>
      {KINDS.map(kind => {
        const lines = review.lines.filter(line => line.kind === kind);
        if (lines.length === 0) return null;
        return (
          <section key={kind}>
            <h2>{t(`count_kind_${kind}`)}</h2>
            <ul class="lines" data-testid={`lines-${kind}`}>
              {lines.map((line, index) => (
                <li key={line.unit_id ?? `${line.text}-${index}`} class="line">
                  <span>
                    {line.unit_id === null ? (
                      <strong class="key-data">{line.text}</strong>
                    ) : (
                      <Link to={`/unit/${line.unit_id}`} class="key-data">
                        {line.text}
                      </Link>
                    )}
                    <small class="card-text">
                      {[line.unit_id === null ? null : line.item_code, line.shelf ?? line.book, line.note]
                        .filter(Boolean)
                        .join(" · ")}
                    </small>
                  </span>
                  {line.unit_id === null && kind !== "unknown" && <span class="line-figure">{line.qty}</span>}
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}

function RecountButton({ open, count }: { open: OpenCount; count: Count }) {
  const recount = async () => {
    try {
      open.show(await post<Count>(`/api/stock-counts/${count.id}/recount`, { round: count.round + 1 }));
    } catch (caught) {
      open.error.value = caught;
    }
  };
  return (
    <button type="button" class="button" onClick={() => void recount()}>
      <Icon name="undo" />
      {t("count_again")}
    </button>
  );
}

function ApproveButton({ open, count }: { open: OpenCount; count: Count }) {
  const isAsking = useSignal(false);
  const error = useSignal<unknown>(null);
  const approve = async () => {
    error.value = null;
    try {
      open.show(await post<Count>(`/api/stock-counts/${count.id}/approve`, { round: count.round }));
      isAsking.value = false;
    } catch (caught) {
      error.value = caught;
    }
  };
  const close = () => {
    isAsking.value = false;
  };
  return (
    <>
      <button
        type="button"
        class="button button-primary"
        onClick={() => {
          isAsking.value = true;
        }}
      >
        <Icon name="check" />
        {t("count_approve")}
      </button>
      {isAsking.value && (
        <Dialog title={t("count_approve_question", { number: count.number })} onClose={close}>
          <div class="form">
            <p>{t("count_approve_text")}</p>
            {error.value !== null && <Failure error={error.value} />}
            <button type="button" class="button button-primary" onClick={() => void approve()}>
              {t("count_approve")}
            </button>
            <button type="button" class="button" onClick={close}>
              {t("cancel")}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
