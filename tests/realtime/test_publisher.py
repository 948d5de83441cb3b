"""The live side of one process: who is let in, what is told to whom, and that it goes on."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from sqlalchemy import exc, update

from backend.extensions import db, socketio
from backend.models import User
from backend.realtime import publisher as module
from backend.realtime.publisher import Publisher
from backend.unit_of_work import transact
from tests.api_client import Api, Clock
from tests.conftest import application, config_for

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


class Live:
    """A publisher without its background task, and one socket that may come and go."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.publisher = Publisher(app)
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.rooms: set[str] = set()

    def call(self, name: str, *arguments: Any, cookie: str, secure: bool = False) -> Any:
        scheme = "https" if secure else "http"
        with self.app.test_request_context("/socket.io/", base_url=f"{scheme}://house", headers={"Cookie": cookie}):
            request.sid = "one"  # type: ignore[attr-defined]
            return getattr(self.publisher, name)(*arguments)

    def publish(self) -> list[int]:
        """Look at the feed once; the numbers of the events that were told."""
        self.told.clear()
        with self.app.app_context():
            self.publisher._publish()
        return [event["seq"] for _, message in self.told for event in message["events"]]

    def show(self) -> list[dict[str, Any]]:
        """Show the boards that are watched once; what was shown."""
        self.told.clear()
        with self.app.app_context():
            self.publisher._pictures.show(self.publisher._watchers.boards(self.app.extensions["serialtrail"].clock()))
        return [message for _, message in self.told]


@pytest.fixture
def live(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Live:
    live = Live(app)
    monkeypatch.setattr(socketio, "start_background_task", lambda *_: None)
    monkeypatch.setattr(socketio, "sleep", lambda *_: None)
    monkeypatch.setattr(socketio.server, "emit", lambda event, data, **_: live.told.append((event, data)))
    monkeypatch.setattr(module, "join_room", live.rooms.add)
    monkeypatch.setattr(module, "leave_room", live.rooms.discard)
    return live


def cookie_of(person: Api) -> str:
    cookie = person.client.get_cookie("serialtrail")
    assert cookie is not None
    return f"serialtrail={cookie.value}"


def test_a_socket_needs_the_cookie_that_its_scheme_has(live: Live, sue: Api) -> None:
    plain = cookie_of(sue)
    assert live.call("on_connect", cookie=plain)
    assert live.call("on_connect", cookie="__Host-" + plain, secure=True)
    # Any page on plain HTTP can set this one for the host; only the other is bound to HTTPS.
    assert not live.call("on_connect", cookie=plain, secure=True)
    assert not live.call("on_connect", cookie="serialtrail=guessed")
    assert not live.call("on_connect", cookie="")


def test_a_site_is_watched_by_who_may(live: Live, sue: Api, ana: Api) -> None:
    live.call("on_connect", cookie=cookie_of(sue))
    answer = live.call("on_watch", {"site": sue.site}, cookie=cookie_of(sue))
    assert answer == {"ok": True, "head": sue.get("/api/feed", site=sue.site, since=0)["head"]}
    assert live.call("on_watch", {"site": sue.site + 100}, cookie=cookie_of(sue)) == {"ok": False, "code": "forbidden"}
    a_board = {"site": sue.site, "board": "receiving"}
    assert live.call("on_watch", a_board, cookie=cookie_of(ana)) == {"ok": False, "code": "forbidden"}
    unknown = [{"site": sue.site, "board": kind} for kind in ("", "floor", 1, ["receiving"])]
    for wanted in (None, {}, {"site": "1"}, {"site": True}, [1], *unknown):
        assert live.call("on_watch", wanted, cookie=cookie_of(sue)) == {"ok": False, "code": "invalid_request"}


def test_who_comes_back_is_told_what_is_new_only(live: Live, sue: Api) -> None:
    """What happened while nobody watched is caught up by the feed, not poured over the first who comes."""
    live.call("on_connect", cookie=cookie_of(sue))
    live.call("on_watch", {"site": sue.site}, cookie=cookie_of(sue))
    receipt = sue.open_receipt()
    assert len(live.publish()) == 1

    live.publisher._watchers.sites["one"].clear()
    sue.scan(receipt, "NB25-0001", batch_no="B-1")
    live.publish()
    head = live.call("on_watch", {"site": sue.site}, cookie=cookie_of(sue))["head"]
    sue.scan(receipt, "NB25-0002", batch_no="B-1")

    assert live.publish() == [head + 1]


def test_a_board_is_shown_as_its_route_answers_when_something_has_happened(live: Live, sue: Api) -> None:
    live.call("on_connect", cookie=cookie_of(sue))
    live.call("on_watch", {"site": sue.site, "board": "receiving"}, cookie=cookie_of(sue))
    assert live.show() == []
    receipt = sue.open_receipt()
    sue.scan(receipt, "NB25-0001", batch_no="B-1")
    route = sue.get("/api/boards/receiving", site=sue.site)
    assert live.show() == [{"site": sue.site, "kind": "receiving", "dock": None, "picture": route}]
    assert live.show() == []


def test_a_board_that_chooses_a_dock_hears_the_site_no_more(live: Live, sue: Api) -> None:
    live.call("on_connect", cookie=cookie_of(sue))
    board = {"site": sue.site, "board": "receiving"}
    for chosen, room in (
        (None, f"site:{sue.site}"),
        (sue.place("MAIN"), f"docks:{sue.site}"),
        (None, f"site:{sue.site}"),
    ):
        assert live.call("on_watch", board | {"dock": chosen}, cookie=cookie_of(sue))["ok"]
        assert live.rooms == {room}


def test_a_board_that_does_not_ask_again_is_not_shown(live: Live, sue: Api) -> None:
    """It sleeps, takes nothing any more, or its person may not see boards any longer."""
    live.call("on_connect", cookie=cookie_of(sue))
    watch = {"site": sue.site, "board": "stock"}
    live.call("on_watch", watch, cookie=cookie_of(sue))
    sue.clock.forward(seconds=10)
    live.call("on_watch", watch, cookie=cookie_of(sue))
    sue.clock.forward(seconds=10)
    sue.open_receipt()
    assert [each["kind"] for each in live.show()] == ["stock"]
    sue.clock.forward(seconds=6)
    sue.open_receipt()
    assert live.show() == []


def test_a_board_that_cannot_be_read_keeps_no_other_from_being_shown(
    live: Live, sue: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.call("on_connect", cookie=cookie_of(sue))
    live.call("on_watch", {"site": sue.site, "board": "receiving"}, cookie=cookie_of(sue))
    boards = live.app.extensions["serialtrail_boards"]
    sue.open_receipt()
    with monkeypatch.context() as broken:
        broken.setattr(boards, "show", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            live.show()
    assert live.show() == []
    sue.open_receipt()
    assert [each["kind"] for each in live.show()] == ["receiving"]


def test_the_feed_is_followed_again_after_the_database_had_no_connection(
    live: Live, sue: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.call("on_connect", cookie=cookie_of(sue))
    looks = []

    def look() -> None:
        looks.append(1)
        if len(looks) == 1:
            raise exc.TimeoutError("QueuePool limit reached")
        live.publisher._watchers.disconnect("one")

    monkeypatch.setattr(live.publisher, "_publish", look)
    live.publisher._tail()

    assert len(looks) == 2


def test_a_person_who_was_shut_out_loses_the_socket(live: Live, sue: Api) -> None:
    live.call("on_connect", cookie=cookie_of(sue))
    watchers = live.publisher._watchers
    with live.app.app_context():
        assert watchers.ended(db.session(), sue.clock.now) == []
        now = sue.clock.now
        transact(lambda work: work.session.execute(update(User).where(User.username == "sue").values(disabled_at=now)))
        assert watchers.ended(db.session(), now) == ["one"]


def test_a_socket_behind_a_front_is_as_secure_as_the_front_says(
    database_url: str, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, str]] = []

    def handle(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append((environ["wsgi.url_scheme"], environ["REMOTE_ADDR"]))
        start_response("200 OK", [])
        return [b""]

    with application(config_for(database_url, tmp_path, clock, trusted_proxies=1)) as app:
        monkeypatch.setattr(socketio.server, "handle_request", handle)
        forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
        app.test_client().get("/socket.io/?EIO=4&transport=websocket", headers=forwarded)
    assert seen == [("https", "192.0.2.7")]
