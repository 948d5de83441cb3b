import "../styles/board.css";
import { useEffect, useMemo } from "preact/hooks";
import type { ReceivingBoard } from "../api-types";
import { BoardState, boardAddress } from "../board/board-state";
import { Decisions } from "../board/Decisions";
import { LiveFlag } from "../board/LiveFlag";
import { LowStock } from "../board/LowStock";
import { Picking } from "../board/Picking";
import { Receiving } from "../board/Receiving";
import { RunningRecalls } from "../board/RunningRecalls";
import { Service } from "../board/Service";
import {
  type AnyBoard,
  BOARDS,
  type BoardKind,
  type DecisionsBoard,
  type PickingBoard,
  type RecallsBoard,
  type ServiceBoard,
  type StockBoard,
} from "../board/types";
import { t, time } from "../i18n/t";
import { route } from "../router";
import { sessionState, site } from "../session";
import { Busy } from "../ui/Busy";
import { Failure } from "../ui/Failure";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { Screen } from "../ui/Screen";

/** What happens at a site as it happens, for a wall: one of the boards, chosen by the address. */
export function Board({ kind }: { kind: string }) {
  const siteId = Number(route.value.query.get("site")) || site.value?.id || 0;
  const known = BOARDS.find(each => each === kind) ?? "receiving";
  const dock = (known === "receiving" && Number(route.value.query.get("dock"))) || null;
  return <BoardOfSite key={`${known} ${siteId} ${dock}`} kind={known} siteId={siteId} dock={dock} />;
}

function BoardOfSite({ kind, siteId, dock }: { kind: BoardKind; siteId: number; dock: number | null }) {
  const board = useMemo(() => new BoardState(kind, siteId, dock), [kind, siteId, dock]);
  const isLoggedIn = sessionState.value === "in";
  // A log-in that ended took its connection along; the next log-in needs one of its own.
  useEffect(() => (isLoggedIn ? board.follow() : undefined), [board, isLoggedIn]);
  const shown = board.shown.value;
  const error = board.error.value;
  const isDrawn = shown !== null || error !== null;
  // The socket comes after the first picture, which is not to wait for it.
  useEffect(() => (isLoggedIn && isDrawn ? board.listen() : undefined), [board, isLoggedIn, isDrawn]);
  const isFrozen = board.frozen.value !== null;
  const tools = (
    <div class="board-tools">
      <LiveFlag board={board} />
      {shown && shown.open_alerts > 0 && (
        <Link to="/alerts" class="button">
          <Icon name="warning" />
          {t("board_alerts", { count: shown.open_alerts })}
        </Link>
      )}
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
    <Screen title={t(`board_${kind}`)} over={shown?.site.name} beside={tools} class="board">
      <nav class="board-choice" aria-label={t("boards")}>
        {BOARDS.map(each => (
          <Link
            key={each}
            to={boardAddress(`/board/${each}`, siteId, null)}
            class="button"
            isCurrent={each === kind}
          >
            {t(`board_tab_${each}`)}
          </Link>
        ))}
      </nav>
      {error !== null && <Failure error={error} retry={() => void board.refresh()} />}
      {isFrozen && shown && (
        <p class="notice notice-warning" role="status">
          <Icon name="pause" />
          {t("frozen_at", { at: time(shown.server_time, "second") })}
        </p>
      )}
      {shown ? <Picture kind={kind} shown={shown} /> : error === null && <Busy />}
    </Screen>
  );
}

/** The kind says what was read. */
function Picture({ kind, shown }: { kind: BoardKind; shown: AnyBoard }) {
  switch (kind) {
    case "picking":
      return <Picking shown={shown as PickingBoard} />;
    case "stock":
      return <LowStock shown={shown as StockBoard} />;
    case "service":
      return <Service shown={shown as ServiceBoard} />;
    case "decisions":
      return <Decisions shown={shown as DecisionsBoard} />;
    case "recalls":
      return <RunningRecalls shown={shown as RecallsBoard} />;
    default:
      return <Receiving shown={shown as ReceivingBoard} />;
  }
}

function toggleFullScreen(): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.documentElement.requestFullscreen?.().catch(() => {});
}
