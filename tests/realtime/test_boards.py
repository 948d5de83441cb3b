"""Sockets at the real server: who is let in, what is heard, and what is not."""

import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.realtime.remote import Board, Person, head_of, serving
from tests.running import serialtrail

OpenBoard = Callable[..., Board]


@pytest.fixture(scope="module")
def data(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("boards")
    shutil.copy(sqlite_template, folder / "serialtrail.sqlite3")
    return folder


@pytest.fixture(scope="module")
def port(data: Path) -> Iterator[int]:
    with serving(data, [sys.executable, "-m", "backend", "serve", "--port", "{port}"]) as server:
        yield server.http_port
        assert "Traceback" not in server.said


# Log-ins are limited by address, so these are shared.
@pytest.fixture(scope="module")
def ana(port: int) -> Person:
    return Person(port, "ana")


@pytest.fixture(scope="module")
def sue(port: int) -> Person:
    return Person(port, "sue")


@pytest.fixture(scope="module")
def admin(port: int) -> Person:
    return Person(port, "admin")


@pytest.fixture
def open_board(port: int) -> Iterator[OpenBoard]:
    """Open a board with a cookie."""
    with ExitStack() as boards:
        yield lambda cookie, **more: boards.enter_context(closing(Board(port, cookie, **more)))


@pytest.fixture(scope="module")
def receipt(ana: Person) -> str:
    return ana.open_receipt()


@pytest.mark.parametrize("cookie", ["", "serialtrail=nonsense", "serialtrail="])
def test_a_socket_without_a_log_in_is_refused(open_board: OpenBoard, cookie: str) -> None:
    board = open_board(cookie)
    assert not board.is_connected
    assert board.messages[0].startswith("44")


@pytest.mark.parametrize("wanted", [{}, {"board": "receiving"}])
def test_a_socket_without_a_log_in_hears_nothing(
    open_board: OpenBoard, ana: Person, sue: Person, receipt: str, wanted: dict[str, str]
) -> None:
    """Also when it asks in spite of the refusal; somebody else's board is told at the same time."""
    site = sue.sites["HQ"]
    board, nobody = open_board(sue.cookie), open_board("")
    refused = nobody.messages.copy()
    nobody.shout("watch", {"site": site, **wanted})
    assert board.watch(site, **wanted)["ok"]
    ana.scan(receipt, f"SECRET-{len(wanted)}")
    last = head_of(sue)
    board.hear(last)
    board.wait(lambda: not wanted or board.picture["head"] == last)
    nobody.listen(0.5)
    assert nobody.messages == refused
    assert nobody.picture == {"head": -1}


def test_a_foreign_site_is_refused_and_not_heard(open_board: OpenBoard, ana: Person, admin: Person) -> None:
    north = admin.sites["NORTH"]
    board = open_board(ana.cookie)
    assert board.watch(north) == {"ok": False, "code": "forbidden"}
    assert board.watch(999_999) == {"ok": False, "code": "forbidden"}
    there = open_board(admin.cookie)
    assert there.watch(north)["ok"]
    admin.open_receipt("PO-3", "N-MAIN", "NORTH")
    there.hear(head_of(admin, "NORTH"))
    board.listen(1)
    assert board.events == []


@pytest.mark.parametrize("site", ["1", None, True, [], {}, 1.5])
def test_what_is_no_site_is_refused(open_board: OpenBoard, ana: Person, site: object) -> None:
    board = open_board(ana.cookie)
    assert board.watch(site) == {"ok": False, "code": "invalid_request"}


def test_events_come_in_order_without_gaps_and_hold_ids_only(
    open_board: OpenBoard, ana: Person, sue: Person, receipt: str
) -> None:
    board = open_board(sue.cookie)
    head = board.watch(sue.sites["HQ"])["head"]
    assert head <= head_of(sue)
    second = sue.open_receipt()
    with ThreadPoolExecutor(2) as pool:
        for number in range(5):
            one = pool.submit(ana.scan, receipt, f"NB25-A{number}", f"NB25-B{number}", "NB24-0001")
            two = pool.submit(sue.scan, second, f"NB25-C{number}", f"NB25-A{number}")
            scan_ids = {outcome["id"] for outcome in one.result() + two.result()}
    last = head_of(sue)

    assert board.hear(last) == list(range(head + 1, last + 1))
    assert scan_ids <= {event["scan_id"] for event in board.events}
    assert {tuple(sorted(event)) for event in board.events} == {
        ("at", "kind", "scan_id", "seq", "unit_id", "voucher_id")
    }
    said = "".join(board.messages)
    for secret in ("NB25", "NB24", "B-2026", "LAP", "Laptop", "ana", "sue", "Zebra", "NorthStar", "PR-", "PO-", "MAIN"):
        assert secret not in said


def test_a_socket_that_was_away_catches_up_by_the_feed(open_board: OpenBoard, ana: Person, receipt: str) -> None:
    site = ana.sites["HQ"]
    board = open_board(ana.cookie)
    board.watch(site)
    ana.scan(receipt, "NB25-D1")
    known = board.hear(head_of(ana))[-1]
    board.close()

    ana.scan(receipt, "NB25-D2", "NB25-D3")

    again = open_board(ana.cookie)
    head = again.watch(site)["head"]
    missed, more = [], True
    while more:
        page = ana.get("/api/feed", site=site, since=missed[-1] if missed else known, limit=1)
        missed += [event["seq"] for event in page["events"]]
        more = page["more"]
    assert missed == list(range(known + 1, head_of(ana) + 1))
    assert known <= head <= missed[-1]
    assert len(missed) >= 2
    ana.scan(receipt, "NB25-D4")
    last = head_of(ana)
    assert again.hear(last) == list(range(head + 1, last + 1))


def test_who_comes_back_to_a_site_does_not_hear_what_is_long_past(
    open_board: OpenBoard, ana: Person, admin: Person
) -> None:
    """Somebody else's board keeps the process listening all the while."""
    north = admin.sites["NORTH"]
    elsewhere = open_board(ana.cookie)
    elsewhere.watch(ana.sites["HQ"])
    board = open_board(admin.cookie)
    board.watch(north)
    admin.open_receipt("PO-3", "N-MAIN", "NORTH")
    board.hear(head_of(admin, "NORTH"))
    board.close()
    receipt = admin.open_receipt("PO-3", "N-MAIN", "NORTH")
    # The process has noticed by now that nobody watches there.
    ana.open_receipt()
    elsewhere.hear(head_of(ana))
    elsewhere.listen(0.5)

    again = open_board(admin.cookie)
    head = again.watch(north)["head"]
    admin.scan(receipt, "NB25-N1")
    last = head_of(admin, "NORTH")
    assert again.hear(last) == list(range(head + 1, last + 1))


def test_a_log_out_ends_the_sockets_of_that_log_in_only(open_board: OpenBoard, port: int, sue: Person) -> None:
    leaving = Person(port, "sue")
    stays, goes = open_board(sue.cookie), open_board(leaving.cookie)
    stays.watch(sue.sites["HQ"])
    goes.watch(sue.sites["HQ"])
    leaving.ask("DELETE", "/api/session")
    goes.wait(lambda: goes.was_revoked)
    goes.wait_for_the_end()
    stays.listen(1.5)
    assert stays.is_connected
    assert not stays.was_revoked
    assert not open_board(leaving.cookie).is_connected


def test_a_person_whose_log_ins_are_revoked_loses_every_socket(open_board: OpenBoard, port: int, data: Path) -> None:
    kim = Person(port, "kim")
    boards = [open_board(kim.cookie) for _ in range(2)]
    boards[0].watch(kim.sites["HQ"])
    revoked = serialtrail(data, "user", "revoke", "kim")
    assert revoked.stdout == "1 log-ins of kim ended\n", revoked.stderr
    for board in boards:
        board.wait(lambda board=board: not board.is_connected)  # type: ignore[misc]
        assert board.was_revoked


def test_a_message_that_is_none_of_ours_does_no_harm(open_board: OpenBoard, ana: Person) -> None:
    board = open_board(ana.cookie)
    for message in (["shout", {"site": 1}], ["watch"], ["watch", 1, 2], ["watch", "x" * 1000]):
        board.shout(*message)
    assert board.watch(ana.sites["HQ"])["ok"]


def test_a_board_of_a_dock_is_told_nothing_of_other_docks(open_board: OpenBoard, ana: Person, sue: Person) -> None:
    """Scenario S13: it learns how far the site has come, and shows as much of its own dock."""
    site = sue.sites["HQ"]
    docks = {each["code"]: each["id"] for each in sue.get("/api/locations", site=site)["locations"]}
    here, elsewhere = ana.open_receipt(place="MAIN"), ana.open_receipt(place="VAN-7")
    board = open_board(sue.cookie)
    assert board.watch(site, board="receiving", dock=docks["MAIN"])["ok"]
    ana.scan(elsewhere, "DOCK-OTHER-1")
    ana.scan(here, "DOCK-1")
    last = head_of(sue)
    board.wait(lambda: board.picture["head"] == last)
    assert board.events == []
    assert board.heads[-1] == last
    assert {row["location"] for row in board.picture["receipts"]} == {"MAIN"}
    assert board.picture == sue.get("/api/boards/receiving", site=site, dock=docks["MAIN"])
    said = "".join(board.messages)
    assert "DOCK-1" in said
    for secret in ("DOCK-OTHER-1", elsewhere):
        assert secret not in said


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"board": "receiving", "dock": 999_999}, "dock_unknown"),
        ({"board": "receiving", "dock": 2**40}, "invalid_request"),
        ({"board": "receiving", "dock": "1"}, "invalid_request"),
        ({"board": "stock", "dock": 1}, "invalid_request"),
        ({"dock": 1}, "invalid_request"),
    ],
)
def test_what_is_no_dock_is_refused(open_board: OpenBoard, sue: Person, wanted: dict[str, object], code: str) -> None:
    assert open_board(sue.cookie).watch(sue.sites["HQ"], **wanted) == {"ok": False, "code": code}


def test_fifty_boards_are_equal_after_a_thousand_events(open_board: OpenBoard, ana: Person, sue: Person) -> None:
    """Scenario S13: each board hears every event once, in order, and all are shown one picture.

    One more that never takes what it is sent holds up none of them.
    """
    site, receipt = sue.sites["HQ"], sue.open_receipt()
    boards = [open_board(sue.cookie) for _ in range(50)]
    heads = [board.watch(site, board="receiving")["head"] for board in boards]
    never_reads = open_board(sue.cookie, takes=2048)
    never_reads.watch(site, board="receiving")
    for batch in range(10):
        ana.scan(receipt, *(f"FIFTY-{batch}-{number}" for number in range(100)))
    last = head_of(sue)
    assert last - max(heads) >= 1000
    for board, head in zip(boards, heads, strict=True):
        assert board.hear(last) == list(range(head + 1, last + 1))
        board.wait(lambda board=board: board.picture["head"] == last)  # type: ignore[misc]
    read = sue.get("/api/boards/receiving", site=site)
    # Rates change with time; what was counted does not.
    counted = [
        [[row["accepted"], row["refused"], row["curve"]] for row in board.picture["receipts"]] for board in boards
    ]
    assert all(each == counted[0] for each in counted)
    assert counted[0] == [[row["accepted"], row["refused"], row["curve"]] for row in read["receipts"]]
    assert all(board.picture["stream"] == read["stream"] for board in boards)
