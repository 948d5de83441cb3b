"""Shows boards to the sockets that watch them: read once, encoded once, sent to all.

A board that was told only that something happened would have to ask for its picture, and fifty of them fifty times
for the same. The picture that is shown is the one that the route of the board answers with.
"""

import json
from collections.abc import Collection
from typing import Any, Protocol

import structlog
from flask import Flask

from backend.extensions import end_reading, reading, socketio
from backend.queries import feed
from backend.queries.board_docks import BoardOfSite
from backend.realtime.rooms import Watchers

log = structlog.get_logger(__name__)

INTERVAL = 0.25
"""Seconds from one picture to the next: four a second are more than an eye follows."""


class Boards(Protocol):
    """Reads boards; the API's own, so that sockets are shown what it answers."""

    @property
    def kinds(self) -> Collection[str]:
        """The boards that there are."""

    def show(self, board: BoardOfSite, head: int) -> tuple[int, str]:
        """The event that a board is right as of, not before ``head``, and the board as JSON."""


class Pictures:
    """What one process shows to its own sockets.

    A socket that begins to watch is not shown anything: it has asked for its picture, or will. A picture that cannot
    be read is not shown, and boards that miss it ask for it and are told why.
    """

    def __init__(self, app: Flask, watchers: Watchers) -> None:
        self._app = app
        self._watchers = watchers
        self._shown: dict[BoardOfSite, int] = {}
        self._is_showing = False

    @property
    def kinds(self) -> Collection[str]:
        """The boards that there are."""
        return self._boards.kinds

    def begin(self, board: BoardOfSite, head: int) -> None:
        """Show a board from the event after ``head`` on, as long as anybody watches it."""
        self._shown.setdefault(board, head)
        if not self._is_showing:
            self._is_showing = True
            socketio.start_background_task(self._show_again_and_again)

    @property
    def _boards(self) -> Boards:
        boards: Boards = self._app.extensions["serialtrail_boards"]
        return boards

    def _show_again_and_again(self) -> None:
        while watched := self._watchers.boards(self._app.extensions["serialtrail"].clock()):
            try:
                with self._app.app_context():
                    self.show(watched)
            except Exception:
                # Whatever it is, it may pass; boards ask for their pictures meanwhile.
                log.exception("boards_not_shown")
            socketio.sleep(INTERVAL)
        self._shown.clear()
        self._is_showing = False

    def show(self, watched: dict[BoardOfSite, list[str]]) -> None:
        """Send each board that something happened to since it was last sent to the sockets that watch it."""
        heads = feed.heads(reading(), {board.site_id for board in watched})
        end_reading()
        # What nobody watches any more is not remembered, as nobody was shown what happened meanwhile.
        self._shown = {board: self._shown.get(board, heads.get(board.site_id, 0)) for board in watched}
        for board, sids in watched.items():
            head = heads.get(board.site_id, 0)
            if head > self._shown[board]:
                self._shown[board] = head
                self._shown[board], text = self._boards.show(board, head)
                _send(board, sids, json.loads(text))


def _send(board: BoardOfSite, sids: list[str], picture: dict[str, Any]) -> None:
    # One packet for all of them, so those that take theirs late share the memory of what waits.
    message = {"site": board.site_id, "kind": board.kind, "dock": board.dock_id, "picture": picture}
    socketio.server.emit("board", message, to=sids, namespace="/", ignore_queue=True)
