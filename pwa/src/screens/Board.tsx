import "../styles/board.css";
import { useEffect, useMemo } from "preact/hooks";
import type { BoardScan, ReceivingBoard } from "../api-types";
import { BoardState } from "../board/board-state";
import { LiveFlag } from "../board/LiveFlag";
import { ReceiptPanel } from "../board/ReceiptPanel";
import { t, time } from "../i18n/t";
import { route } from "../router";
import { sessionState, site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon, type IconName } from "../ui/Icon";
import { Screen } from "../ui/Screen";

/** Receiving as it happens, for a wall: every open receipt of a site, and the last scans. */
export function Board() {
  const siteId = Number(route.value.query.get("site")) || site.value?.id || 0;
  return <BoardOfSite key={siteId} siteId={siteId} />;
}

function BoardOfSite({ siteId }: { siteId: number }) {
  const board = useMemo(() => new BoardState(siteId), [siteId]);
  const isLoggedIn = sessionState.value === "in";
  // A log-in that ended took its connection along; the next log-in needs one of its own.
  useEffect(() => (isLoggedIn ? board.follow() : undefined), [board, isLoggedIn]);
  const shown = board.shown.value;
  const error = board.error.value;
  const isFrozen = board.frozen.value !== null;
  const tools = (
    <div class="board-tools">
      <LiveFlag board={board} />
      <button type="button" class="button" aria-pressed={isFrozen} onClick={() => board.toggleFreeze()}>
        <Icon name={isFrozen ? "play" : "pause"} />
        {t(isFrozen ? "unfreeze" : "freeze")}
      </button>
      <button type="button" class="button" onClick={toggleFullScreen}>
        <Icon name="expand" />
        {t("full_screen")}
      </button>
    </div>
  );
  return (
    <Screen title={t("board_title")} over={shown?.site.name} beside={tools} class="board">
      {error !== null && <Failure error={error} retry={() => void board.refresh()} />}
      {shown ? <Picture shown={shown} isFrozen={isFrozen} /> : error === null && <Busy />}
    </Screen>
  );
}

function Picture({ shown, isFrozen }: { shown: ReceivingBoard; isFrozen: boolean }) {
  const now = Math.floor(Date.parse(shown.server_time) / 1000);
  return (
    <>
      {isFrozen && (
        <p class="notice notice-warning" role="status">
          <Icon name="pause" />
          {t("frozen_at", { at: time(shown.server_time, "second") })}
        </p>
      )}
      <div class="board-columns">
        <section class="panels" aria-label={t("open_receipts")}>
          {shown.receipts.length === 0 && <p class="empty">{t("no_open_receipts")}</p>}
          {shown.receipts.map(row => (
            <ReceiptPanel key={row.id} row={row} now={now} />
          ))}
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

function toggleFullScreen(): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.documentElement.requestFullscreen?.().catch(() => {});
}
