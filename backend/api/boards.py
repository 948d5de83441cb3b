"""The boards of a site: one picture for everybody who may see it, as of an event of its feed."""

import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Response, current_app
from sqlalchemy.orm import Session

from backend.api.access import actor_or_refuse, requires, settings
from backend.api.blueprints import Blueprint
from backend.api.board_schemas import (
    Board,
    DecisionsBoard,
    PickingBoard,
    RecallsBoard,
    ReceivingBoard,
    ServiceBoard,
    StockBoard,
)
from backend.api.schemas import SiteQuery
from backend.domain.people import Permission
from backend.extensions import reading, reading_one_moment
from backend.queries import boards, feed, recalls
from backend.queries.board_memory import BoardMemory
from backend.queries.boards_decisions import decisions
from backend.queries.boards_picking import picking
from backend.queries.boards_service import service
from backend.queries.boards_stock import stock
from backend.services.feed import calendar_of

bp = Blueprint("boards", __name__, url_prefix="/api", description="The boards")


@bp.get("/boards/receiving")
@requires(Permission.BOARDS_READ)
@bp.arguments(SiteQuery, location="query")
@bp.alt_response(200, schema=ReceivingBoard)
def receiving_board(query: dict[str, int]) -> Response:
    """The receiving board of a site."""
    return _board("receiving", query["site"])


@bp.get("/boards/picking")
@requires(Permission.BOARDS_READ)
@bp.arguments(SiteQuery, location="query")
@bp.alt_response(200, schema=PickingBoard)
def picking_board(query: dict[str, int]) -> Response:
    """What is being picked or waits to be shipped."""
    return _board("picking", query["site"])


@bp.get("/boards/stock")
@requires(Permission.BOARDS_READ)
@bp.arguments(SiteQuery, location="query")
@bp.alt_response(200, schema=StockBoard)
def stock_board(query: dict[str, int]) -> Response:
    """What runs low or expires soon."""
    return _board("stock", query["site"])


@bp.get("/boards/service")
@requires(Permission.BOARDS_READ)
@bp.arguments(SiteQuery, location="query")
@bp.alt_response(200, schema=ServiceBoard)
def service_board(query: dict[str, int]) -> Response:
    """Which claims are open, which visits overdue, and who is on them."""
    return _board("service", query["site"])


@bp.get("/boards/decisions")
@requires(Permission.BOARDS_READ)
@bp.arguments(SiteQuery, location="query")
@bp.alt_response(200, schema=DecisionsBoard)
def decisions_board(query: dict[str, int]) -> Response:
    """What waits for a decision, and which rules were passed today."""
    return _board("decisions", query["site"])


@bp.get("/boards/recalls")
@requires(Permission.BOARDS_READ)
@bp.arguments(SiteQuery, location="query")
@bp.alt_response(200, schema=RecallsBoard)
def recalls_board(query: dict[str, int]) -> Response:
    """Which recalls run, and how far they have come."""
    return _board("recalls", query["site"])


def _board(kind: str, site_id: int) -> Response:
    actor_or_refuse().must(Permission.BOARDS_READ, site_id)
    head = feed.heads(reading(), {site_id}).get(site_id, 0)
    # Whoever waits for a reading holds no connection meanwhile.
    reading().rollback()
    shared: SharedBoards = current_app.extensions["serialtrail_boards"]
    return Response(shared.show(kind, site_id, head), content_type="application/json")


_FIGURES: dict[str, tuple[Board, Callable[[Session, int, datetime], dict[str, Any]]]] = {
    "picking": (PickingBoard(), picking),
    "stock": (StockBoard(), lambda session, site_id, now: stock(session, site_id, now.date())),
    "service": (ServiceBoard(), lambda session, site_id, now: service(session, site_id, now.date())),
    "decisions": (DecisionsBoard(), decisions),
    "recalls": (
        RecallsBoard(),
        lambda session, site_id, _now: {"recalls": recalls.recalls(session, site_id, statuses=("submitted",))},
    ),
}
"""The boards that are read whole each time: they show what is open, which is little."""


class SharedBoards:
    """A board is the same for everybody who may see it, so all screens share one reading of it.

    What a board shows changes with the feed and, for its rates, with time: a reading serves everybody who knows no
    later event, and no longer than ``SECONDS``. Whoever comes while one is under way shares the next with all others
    who do: many boards that follow many scans cost as many readings as fit one after the other, not one an event.
    """

    SECONDS = 5

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], tuple[int, int, str]] = {}
        self._readers: defaultdict[tuple[str, int], threading.Lock] = defaultdict(threading.Lock)
        self._memories: dict[int, BoardMemory] = {}

    def show(self, kind: str, site_id: int, head: int) -> str:
        """A board as JSON, not older than the event ``head``."""
        board, period = (kind, site_id), int(settings().clock().timestamp()) // self.SECONDS
        with self._readers[board]:
            known, of_period, text = self._kept.get(board, (-1, -1, ""))
            if known >= head and of_period == period:
                return text
            known, text = self._read_board(kind, site_id)
            self._kept[board] = (known, period, text)
            return text

    def _read_board(self, kind: str, site_id: int) -> tuple[int, str]:
        """The event that it is right as of, and the board."""
        if kind == "receiving":
            return self._read_receiving(site_id)
        session, now = reading_one_moment(), settings().clock()
        schema, figures = _FIGURES[kind]
        # Their days are those of the site: midnight there ends what was shipped or decided today.
        local = calendar_of(session.connection(), site_id).local(now)
        board = boards.frame(session, site_id, now) | figures(session, site_id, local)
        return int(board["head"]), str(schema.dumps(board))

    def _read_receiving(self, site_id: int) -> tuple[int, str]:
        # A reading that breaks off may leave half of what is new behind: the next one begins with nothing.
        memory = self._memories.pop(site_id, None) or BoardMemory()
        board = boards.receiving(reading_one_moment(), site_id, settings().clock(), memory)
        self._memories[site_id] = memory
        return int(board["head"]), str(_receiving.dumps(board))


_receiving = ReceivingBoard()
