"""One picture of each board of a site for everybody who may see it, as of an event of its feed."""

import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from backend.api.access import settings
from backend.api.board_schemas import (
    Board,
    DecisionsBoard,
    PickingBoard,
    RecallsBoard,
    ReceivingBoard,
    ServiceBoard,
    StockBoard,
)
from backend.extensions import reading_one_moment
from backend.queries import boards, recalls
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
    """

    shows: str
    schema: type[Board]
    figures: Figures | None


KINDS: dict[str, Kind] = {
    "receiving": Kind("What is being received at a site, and the last scans.", ReceivingBoard, None),
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


class SharedBoards:
    """A board is the same for everybody who may see it, so all screens share one reading of it.

    What a board shows changes with the feed and, for its rates, with time: a reading serves everybody who knows no
    later event, and no longer than ``SECONDS``. Whoever comes while one is under way shares the next with all others
    who do: many boards that follow many scans cost as many readings as fit one after the other, not one an event.
    """

    SECONDS = 5
    kinds = KINDS.keys()

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], tuple[int, Picture]] = {}
        self._readers: defaultdict[tuple[str, int], threading.Lock] = defaultdict(threading.Lock)
        self._memories: dict[int, BoardMemory] = {}

    def show(self, kind: str, site_id: int, head: int) -> Picture:
        """A board, not older than the event ``head``."""
        board, period = (kind, site_id), int(settings().clock().timestamp()) // self.SECONDS
        with self._readers[board]:
            of_period, picture = self._kept.get(board, (-1, Picture(-1, "")))
            if picture.head < head or of_period != period:
                picture = self._read(kind, site_id)
                self._kept[board] = (period, picture)
            return picture

    def _read(self, kind: str, site_id: int) -> Picture:
        figures = KINDS[kind].figures
        session, now = reading_one_moment(), settings().clock()
        if figures is None:
            board = self._receiving(session, site_id, now)
        else:
            local = calendar_of(session.connection(), site_id).local(now)
            board = boards.frame(session, site_id, now) | figures(session, site_id, local)
        return Picture(int(board["head"]), str(_SCHEMAS[kind].dumps(board)))

    def _receiving(self, session: Session, site_id: int, now: datetime) -> dict[str, Any]:
        # A reading that breaks off may leave half of what is new behind: the next one begins with nothing.
        memory = self._memories.pop(site_id, None) or BoardMemory()
        board = boards.receiving(session, site_id, now, memory)
        self._memories[site_id] = memory
        return board


_SCHEMAS = {name: kind.schema() for name, kind in KINDS.items()}
