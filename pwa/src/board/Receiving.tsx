import type { BoardScan, ReceivingBoard } from "../api-types";
import { t, time } from "../i18n/t";
import { Icon, type IconName } from "../ui/Icon";
import { DockChoice } from "./DockChoice";
import { ReceiptPanel } from "./ReceiptPanel";
import { ReceivingTotals } from "./ReceivingTotals";

/** Every open receipt of the site or of one dock, and the last scans there. */
export function Receiving({ shown }: { shown: ReceivingBoard }) {
  const now = Math.floor(Date.parse(shown.server_time) / 1000);
  return (
    <>
      <DockChoice shown={shown} />
      <div class="board-columns">
        <section class="panels" aria-label={t("open_receipts")}>
          {shown.receipts.length === 0 && (
            <p class="empty">{t(shown.dock ? "board_dock_empty" : "no_open_receipts")}</p>
          )}
          {shown.receipts.map(row => (
            <ReceiptPanel key={row.id} row={row} now={now} />
          ))}
          <ReceivingTotals rows={shown.receipts} />
        </section>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
        <section class="stream" tabIndex={0} aria-label={t("last_scans")}>
          <h2>{t("last_scans")}</h2>
          {shown.stream.length === 0 && <p class="empty">{t("no_scans")}</p>}
          <ol data-testid="stream">
            {shown.stream.map(scan => (
              <StreamLine key={scan.scan_id} scan={scan} />
            ))}
          </ol>
        </section>
      </div>
    </>
  );
}

type StreamState = BoardScan["status"] | "rejected" | "undone";

const ICONS: Record<StreamState, IconName> = {
  accepted: "check",
  rejected: "damaged",
  undone: "undo",
  duplicate: "warning",
  needs_review: "warning",
  refused: "stop",
};

/** What became of a scan: a unit may be taken as rejected, and a scan may take another one back. */
function stateOf({ status, code, condition }: BoardScan): StreamState {
  if (status !== "accepted") return status;
  return code === "undone" ? "undone" : (condition ?? "accepted");
}

function StreamLine({ scan }: { scan: BoardScan }) {
  const state = stateOf(scan);
  const title = scan.serial_no ?? scan.item_code ?? scan.text;
  return (
    <li class="stream-line">
      <span class={`state state-${state}`}>
        <Icon name={ICONS[state]} />
        <span class="visually-hidden">{t(`word_${state}`)}</span>
      </span>
      <span class="stream-what">
        {title !== "" && <strong class="key-data">{title}</strong>}
        <small>
          {scan.receipt_number} · {scan.by}
          {scan.device && ` · ${scan.device}`}
        </small>
        {scan.code !== "ok" && <span>{scan.message}</span>}
      </span>
      <time dateTime={scan.at}>{time(scan.at, "second")}</time>
    </li>
  );
}
