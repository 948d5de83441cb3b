"""Tells open screens what happened, by id, after it was committed.

Each process tails the feed of the sites that its own sockets watch. So every screen hears every event in the
order of the commits, whichever process wrote it and whether or not the message queue between the processes
works; a message queue alone is at most once. Events of a quarter of a second travel together. Boards are besides shown
their pictures.
"""

from datetime import datetime
from typing import Any, TypeGuard

import structlog
from flask import Flask, request
from flask_socketio import disconnect, join_room, leave_room

from backend.config import Config
from backend.domain.people import Actor
from backend.extensions import reading, socketio
from backend.queries import feed
from backend.queries.board_docks import BoardOfSite, is_dock
from backend.realtime.pictures import Pictures
from backend.realtime.rooms import Watchers, may_see_boards, may_watch, room_of, room_of_docks
from backend.services.people import actor_of
from backend.session_cookie import session_token

log = structlog.get_logger(__name__)

INTERVAL = 0.25
"""Seconds between two looks at the feed: four times a second is more than an eye follows."""
SESSION_CHECK = 5
"""A revoked log-in loses its sockets within this many intervals."""


class Publisher:
    """The live side of one process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._watchers = Watchers()
        self._pictures = Pictures(app, self._watchers)
        self._sent: dict[int, int] = {}
        self._is_tailing = False

    def on_connect(self, _auth: object = None) -> bool:
        """Let a socket in that carries the cookie of an open log-in; refuse any other."""
        actor = self._actor()
        if actor is None or actor.session_id is None:
            return False
        self._watchers.connect(request.sid, actor.session_id)  # type: ignore[attr-defined]
        if not self._is_tailing:
            self._is_tailing = True
            socketio.start_background_task(self._tail)
        return True

    def on_disconnect(self, _reason: object = None) -> None:
        """Forget a socket."""
        self._watchers.disconnect(request.sid)  # type: ignore[attr-defined]

    def on_watch(self, wanted: Any = None, *_more: Any) -> dict[str, Any]:
        """Let a socket hear a site, if its person may; answers with ``head``: what comes after it will be heard.

        A socket that names a board is also shown its picture whenever something has happened. It is to ask again,
        within the time that a board is held. That of one dock hears no events, which are of the whole site.
        """
        asked = wanted if isinstance(wanted, dict) else {}
        site_id, kind, dock_id = asked.get("site"), asked.get("board"), asked.get("dock")
        has_docks = kind == "receiving"
        if not _is_id(site_id) or not self._is_board(kind) or not (dock_id is None or (has_docks and _is_id(dock_id))):
            return {"ok": False, "code": "invalid_request"}
        actor = self._actor()
        if actor is None:
            disconnect()
            return {"ok": False, "code": "not_logged_in"}
        if not (may_see_boards if kind else may_watch)(actor, site_id):
            return {"ok": False, "code": "forbidden"}
        if dock_id is not None and not is_dock(reading(), site_id, dock_id):
            return {"ok": False, "code": "dock_unknown"}
        room, other = room_of(site_id), room_of_docks(site_id)
        if dock_id is not None:
            room, other = other, room
        # In this order: as soon as the site counts as watched, what is sent of it comes to this socket, too.
        join_room(room)
        leave_room(other)
        self._watchers.watch(request.sid, site_id)  # type: ignore[attr-defined]
        head = self._sent.setdefault(site_id, feed.heads(reading(), {site_id}).get(site_id, 0))
        if kind:
            board, now = BoardOfSite(kind, site_id, dock_id), self._app.extensions["serialtrail"].clock()
            self._watchers.show(request.sid, board, now)  # type: ignore[attr-defined]
            self._pictures.begin(board, head)
        return {"ok": True, "head": head}

    def _is_board(self, kind: object) -> bool:
        return kind is None or (isinstance(kind, str) and kind in self._pictures.kinds)

    def _actor(self) -> Actor | None:
        config: Config = self._app.extensions["serialtrail"]
        token = session_token()
        found = actor_of(reading(), token, config.clock()) if token else None
        return found[0] if found else None

    def _tail(self) -> None:
        rounds = 0
        while self._watchers.sessions:
            socketio.sleep(INTERVAL)
            rounds += 1
            try:
                with self._app.app_context():
                    self._publish()
                    if rounds % SESSION_CHECK == 0:
                        self._drop_ended()
            except Exception:
                # Whatever it is, it may pass; every screen of this process depends on this loop.
                log.exception("feed_not_read")
                socketio.sleep(1)
        self._sent.clear()
        self._is_tailing = False

    def _publish(self) -> None:
        watched = self._watchers.watched()
        # Who comes back to a site starts at its head: what happened meanwhile is caught up by the feed.
        self._sent = {site_id: seq for site_id, seq in self._sent.items() if site_id in watched}
        for site_id, head in feed.heads(reading(), watched).items():
            while self._sent.setdefault(site_id, head) < head:
                page = feed.page(reading(), site_id, self._sent[site_id])
                self._sent[site_id] = page.next
                events = [_plain(event) for event in page.events]
                _tell(room_of(site_id), {"site": site_id, "head": page.head, "events": events})
                _tell(room_of_docks(site_id), {"site": site_id, "head": page.head, "events": []})

    def _drop_ended(self) -> None:
        now: datetime = self._app.extensions["serialtrail"].clock()
        for sid in self._watchers.ended(reading(), now):
            connection = socketio.server.manager.eio_sid_from_sid(sid, "/")
            socketio.server.emit("revoked", {}, to=sid, namespace="/", ignore_queue=True)
            socketio.server.disconnect(sid, namespace="/", ignore_queue=True)
            # One that does not hang up by itself is not waited for.
            socketio.start_background_task(socketio.server.eio.disconnect, connection)
            self._watchers.disconnect(sid)


def _tell(room: str, message: dict[str, Any]) -> None:
    # Only this process's own sockets: every process tails the feed for its own.
    socketio.server.emit("events", message, to=room, namespace="/", ignore_queue=True)


def _is_id(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31


def _plain(event: dict[str, Any]) -> dict[str, Any]:
    return event | {"at": event["at"].isoformat().replace("+00:00", "Z")}


def register(app: Flask) -> None:
    """Bind Socket.IO to an application. WebSocket only, so that several processes can share one port."""
    config: Config = app.extensions["serialtrail"]
    socketio.init_app(
        app,
        async_mode=config.async_mode,
        message_queue=config.redis_url,
        transports=["websocket"],
        cors_allowed_origins=list(config.origins) or None,
        manage_session=False,
        ping_interval=20,
        ping_timeout=20,
        max_http_buffer_size=64 * 1024,
    )
    if config.async_mode == "gevent":
        # Here, so that a command that serves nobody does not load gevent.
        from backend.realtime.websockets import WebSocket

        engine = socketio.server.eio
        engine._async = engine._async | {"websocket": WebSocket}
    publisher = Publisher(app)
    socketio.on_event("connect", publisher.on_connect)
    socketio.on_event("disconnect", publisher.on_disconnect)
    socketio.on_event("watch", publisher.on_watch)
