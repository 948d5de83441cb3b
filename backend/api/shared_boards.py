"""One picture of each board of a site for everybody who may see it, as of an event of its feed."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from marshmallow import Schema
from sqlalchemy.orm import Session

from backend.api.access import settings
from backend.api.board_schemas import (
    Board,
    DecisionsBoard,
    PickingBoard,
    RecallsBoard,
    ReceivingBoard,
    ReceivingBoardQuery,
    ServiceBoard,
    StockBoard,
)
from backend.api.schemas import SiteQuery
from backend.extensions import reading_one_moment
from backend.queries import boards, recalls
from backend.queries.board_docks import BoardOfSite
from backend.queries.board_memory import BoardMemory
from backend.queries.boards_decisions import decisions
from backend.queries.boards_picking import picking
from backend.queries.boards_service import service
from backend.queries.boards_stock import stock
from backend.services.feed import calendar_of

Figures = Callable[[Session, int, datetime], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of board.

    Args:
        shows: What it shows, for the description of its route.
        schema: Its answer.
        figures: Reads what it shows besides what every board says; the moment is that of the site's clock, as
            midnight there ends what was shipped or decided today. ``None`` for the receiving board, which
            follows what it knows.
        query: Which board of that kind is asked for.
    """

    shows: str
    schema: type[Board]
    figures: Figures | None
    query: type[Schema] = SiteQuery


KINDS: dict[str, Kind] = {
    "receiving": Kind(
        "What is being received at a site or one of its docks, and the last scans.",
        ReceivingBoard,
        None,
        ReceivingBoardQuery,
    ),
    "picking": Kind("What is being picked or waits to be shipped.", PickingBoard, picking),
    "stock": Kind("What runs low or expires soon.", StockBoard, lambda at, site, now: stock(at, site, now.date())),
    "service": Kind(
        "Which claims are open, which visits overdue, and who is on them.",
        ServiceBoard,
        lambda at, site, now: service(at, site, now.date()),
    ),
    "decisions": Kind(
        "What waits for a decision, and which rules were passed today.",
        DecisionsBoard,
        decisions,
    ),
    "recalls": Kind(
        "Which recalls run, and how far they have come.",
        RecallsBoard,
        lambda at, site, _now: {"recalls": recalls.recalls(at, site, statuses=("submitted",))},
    ),
}


class Picture(NamedTuple):
    """A board as JSON, and the event that it is right as of."""

    head: int
    text: str


_NONE = Picture(-1, "")


@dataclass(slots=True)
class _Shared:
    """What is kept of one board: its last picture with the period of that, and what the receiving board knows."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    period: int = -1
    picture: Picture = _NONE
    memory: BoardMemory | None = None


class SharedBoards:
    """A board is the same for everybody who may see it, so all screens share one reading of it.

    What a board shows changes with the feed and, for its rates, with time: a reading serves everybody who knows no
    later event, and no longer than ``SECONDS``. Whoever comes while one is under way shares the next with all others
    who do: many boards that follow many scans cost as many readings as fit one after the other, not one an event.
    Of more than ``MOST`` boards, those that nobody asked for the longest are forgotten.
    """

    SECONDS = 5
    MOST = 200
    kinds = KINDS.keys()

    def __init__(self) -> None:
        self._kept: OrderedDict[BoardOfSite, _Shared] = OrderedDict()
        self._lock = threading.Lock()

    def show(self, board: BoardOfSite, head: int) -> Picture:
        """A board, not older than the event ``head``."""
        shared, period = self._shared(board), int(settings().clock().timestamp()) // self.SECONDS
        with shared.lock:
            if shared.picture.head < head or shared.period != period:
                shared.picture = _read(board, shared)
                shared.period = period
            return shared.picture

    def _shared(self, board: BoardOfSite) -> _Shared:
        with self._lock:
            shared = self._kept.setdefault(board, _Shared())
            self._kept.move_to_end(board)
            while len(self._kept) > self.MOST:
                self._kept.popitem(last=False)
            return shared


def _read(board: BoardOfSite, shared: _Shared) -> Picture:
    figures = KINDS[board.kind].figures
    session, now = reading_one_moment(), settings().clock()
    if figures is None:
        # A reading that breaks off may leave half of what is new behind: the next one begins with nothing.
        memory, shared.memory = shared.memory or BoardMemory(), None
        shown = boards.receiving(session, board.site_id, now, memory, board.dock_id)
        shared.memory = memory
    else:
        local = calendar_of(session.connection(), board.site_id).local(now)
        shown = boards.frame(session, board.site_id, now) | figures(session, board.site_id, local)
    return Picture(int(shown["head"]), str(_SCHEMAS[board.kind].dumps(shown)))


_SCHEMAS = {name: kind.schema() for name, kind in KINDS.items()}
