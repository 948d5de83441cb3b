import { useSignal } from "@preact/signals";
import { date, t, time } from "../i18n/t";
import { Icon, type IconName } from "../ui/Icon";
import { Link } from "../ui/Link";
import { late } from "../ui/late";
import type { Entry, EntryState } from "./entries";
import type { OpenReceipt } from "./open-receipt";
import { ReviewActions } from "./ReviewActions";

/** Only items that have an IMEI or the like need it. */
const FurtherNumbers = late(async () => (await import("./FurtherNumbers")).FurtherNumbers);

const ICONS: Record<EntryState, IconName> = {
  waiting: "clock",
  accepted: "check",
  rejected: "damaged",
  refused: "stop",
  needs_review: "warning",
};
/** Enough for the eye; a receipt may hold thousands. */
const FIRST = 60;

/** Every unit of the receipt, newest first. */
export function ScanList({ open, isEditable }: { open: OpenReceipt; isEditable: boolean }) {
  const shown = useSignal(FIRST);
  const entries = open.entries.value;
  return (
    <section class="scans">
      <h2>{t("scans", { count: entries.length })}</h2>
      {entries.length === 0 && (
        <>
          <p class="empty">{t("no_scans")}</p>
          {isEditable && (
            <Link to="/scanner" class="button">
              <Icon name="keyboard" />
              {t("scanner_test")}
            </Link>
          )}
        </>
      )}
      <ol class="scan-list" data-testid="scans">
        {entries.slice(0, shown.value).map(entry => (
          <ScanRow key={entry.scanId} open={open} entry={entry} isEditable={isEditable} />
        ))}
      </ol>
      {entries.length > shown.value && (
        <button
          type="button"
          class="button"
          onClick={() => {
            shown.value += 500;
          }}
        >
          {t("show_more", { count: entries.length - shown.value })}
        </button>
      )}
    </section>
  );
}

function ScanRow({ open, entry, isEditable }: { open: OpenReceipt; entry: Entry; isEditable: boolean }) {
  const { answered } = entry;
  const isOpenProblem = entry.state === "refused" || entry.state === "needs_review";
  const line = open.receipt.value?.lines.find(each => each.item.item_code === entry.itemCode);
  const kinds = line?.item.secondary_kinds ?? [];
  const more = [
    entry.itemCode,
    entry.batchNo && t("batch_is", { batch: entry.batchNo }),
    entry.expiresOn && t("expires_on", { date: date(entry.expiresOn) }),
    entry.reason,
  ];
  return (
    <li class={`scan-row scan-${entry.state}`} data-state={entry.state}>
      <div class="scan-main">
        <p class="scan-title key-data">{entry.title}</p>
        <p class="scan-more">{more.filter(Boolean).join(" · ")}</p>
        <p class="scan-more">
          <span class={`state state-${entry.state}`}>
            <Icon name={ICONS[entry.state]} />
            {entry.isUndoWaiting ? t("undo_waiting") : t(`entry_${entry.state}`)}
          </span>
          <time dateTime={entry.at}>{time(entry.at)}</time> {entry.by}
        </p>
        {entry.message && <p class="scan-message">{entry.message}</p>}
        {answered && isOpenProblem && isEditable && <ReviewActions open={open} answered={answered} />}
        {isEditable && !isOpenProblem && kinds.length > 0 && (
          <FurtherNumbers open={open} entry={entry} kinds={kinds} />
        )}
      </div>
      {isEditable && !isOpenProblem && entry.isScan && (
        <button
          type="button"
          class="button scan-undo"
          disabled={entry.isUndoWaiting}
          aria-label={t("undo_of", { serial: entry.title })}
          onClick={() => void open.undo(entry)}
        >
          <Icon name="undo" />
          {t("undo")}
        </button>
      )}
      {answered && isOpenProblem && (
        <button
          type="button"
          class="button scan-undo"
          aria-label={t("clear_of", { serial: entry.title })}
          onClick={() => void open.clear([answered.id])}
        >
          <Icon name="close" />
          {t("clear")}
        </button>
      )}
    </li>
  );
}
