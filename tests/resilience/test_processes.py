"""Two web processes on PostgreSQL and Redis: one port, two ports, and Redis stopped or frozen."""

import secrets
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing
from pathlib import Path

import pytest

from tests.conftest import NewDatabase
from tests.databases import TemporaryRedis
from tests.realtime.remote import Board, Person, head_of, serving
from tests.running import ROOT, Running

NO_LONGER_THAN = 5.0
"""Seconds; far above what a post needs on a busy machine, far below what a frozen Redis would cost by itself."""


@pytest.fixture(scope="module")
def redis_server() -> Iterator[TemporaryRedis]:
    with TemporaryRedis() as server:
        yield server


@pytest.fixture(scope="module")
def settings(new_database: NewDatabase, redis_server: TemporaryRedis) -> Iterator[dict[str, str]]:
    with new_database("postgresql") as url:
        yield {
            "SERIALTRAIL_DATABASE_URL": url,
            # Without the time-outs that a careful person would add.
            "SERIALTRAIL_REDIS_URL": redis_server.url.partition("?")[0],
            "SERIALTRAIL_SECRET_KEY": secrets.token_hex(32),
        }


def web_processes(data: Path, settings: dict[str, str], workers: int = 1) -> AbstractContextManager[Running]:
    """The web process of the Procfile, one or more on a port."""
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    command = lines["web"].replace("gunicorn ", f"{sys.executable} -m gunicorn ", 1)
    return serving(data, ["/bin/sh", "-c", f"exec {command}"], WEB_CONCURRENCY=str(workers), **settings)


@pytest.fixture(scope="module")
def two_processes(settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Running]]:
    """Two on ports of their own, so that it is known who serves what."""
    with ExitStack() as stack:
        folders = [tmp_path_factory.mktemp(f"web{number}") for number in (1, 2)]
        yield [stack.enter_context(web_processes(folder, settings)) for folder in folders]


@pytest.fixture(scope="module")
def people(two_processes: list[Running]) -> dict[str, Person]:
    """Ana at the first process, Sue at the second."""
    first, second = (each.http_port for each in two_processes)
    return {"ana": Person(first, "ana"), "sue": Person(second, "sue")}


@pytest.fixture(scope="module")
def receipt(people: dict[str, Person]) -> str:
    return people["ana"].open_receipt()


@pytest.fixture
def board(people: dict[str, Person]) -> Iterator[Board]:
    """Sue's, at the second process."""
    sue = people["sue"]
    with closing(Board(sue.port, sue.cookie)) as board:
        assert board.watch(sue.sites["HQ"])["ok"]
        yield board


@pytest.fixture(params=["stopped", "frozen"])
def no_redis(request: pytest.FixtureRequest, redis_server: TemporaryRedis) -> Iterator[None]:
    """Redis refuses connections, or takes them and never answers."""
    if request.param == "stopped":
        redis_server.stop()
        yield
        redis_server.start()
        return
    assert redis_server.process is not None
    redis_server.process.send_signal(signal.SIGSTOP)
    yield
    redis_server.process.send_signal(signal.SIGCONT)


def at_once(ask: Callable[[], object]) -> float:
    """Ask, and fail when it waited for something; how long it took, in seconds."""
    began = time.monotonic()
    ask()
    took = time.monotonic() - began
    assert took < NO_LONGER_THAN
    return took


def test_a_scan_at_one_process_is_heard_at_the_other(people: dict[str, Person], receipt: str, board: Board) -> None:
    (outcome,) = people["ana"].scan(receipt, "NB25-0001")
    assert outcome["code"] == "ok"
    board.wait(lambda: outcome["id"] in {event["scan_id"] for event in board.events})
    # A log-in at one is a log-in at the other.
    there = people["ana"].sites["HQ"]
    people["ana"].port, port = people["sue"].port, people["ana"].port
    assert people["ana"].get("/api/feed", site=there, since=0)["events"]
    people["ana"].port = port


def test_boards_hear_and_posts_do_not_wait_without_redis(
    people: dict[str, Person], receipt: str, board: Board, no_redis: None, request: pytest.FixtureRequest
) -> None:
    ana, sue = people["ana"], people["sue"]
    how = request.node.callspec.params["no_redis"]
    scans = []
    for number in range(5):
        at_once(lambda number=number: scans.extend(ana.scan(receipt, f"NB25-{how}-{number}")))  # type: ignore[misc]
    assert {scan["code"] for scan in scans} == {"ok"}
    at_once(lambda: ana.open_receipt("PO-2"))
    last = head_of(ana)
    board.hear(last)
    assert {scan["id"] for scan in scans} <= {event["scan_id"] for event in board.events}

    # A screen that comes only now is let in, hears too, and may go.
    at_once(lambda: Board(sue.port, sue.cookie).close())
    with closing(Board(sue.port, sue.cookie)) as late:
        head = late.watch(sue.sites["HQ"])["head"]
        at_once(lambda: ana.scan(receipt, f"NB25-{how}-late"))
        assert late.hear(head_of(ana)) == list(range(head + 1, head_of(ana) + 1))


def test_log_ins_do_not_wait_without_redis(
    two_processes: list[Running], no_redis: None, record_property: Callable[[str, object], None]
) -> None:
    took = [
        at_once(lambda port=server.http_port, name=name: Person(port, name))  # type: ignore[misc]
        for server in two_processes
        for name in ("ana", "kim", "ben")
    ]
    record_property("told", f"log-ins without Redis took {', '.join(f'{each:.2f}' for each in took)} s")


def test_a_log_out_ends_sockets_at_the_other_process_without_redis(
    people: dict[str, Person], two_processes: list[Running], no_redis: None
) -> None:
    leaving = Person(two_processes[0].http_port, "sue")
    with closing(Board(two_processes[1].http_port, leaving.cookie)) as board:
        board.watch(leaving.sites["HQ"])
        at_once(lambda: leaving.ask("DELETE", "/api/session"))
        board.wait(lambda: not board.is_connected)
        assert board.was_revoked


def test_a_web_process_starts_without_redis(settings: dict[str, str], no_redis: None, tmp_path: Path) -> None:
    with web_processes(tmp_path, settings) as server:
        at_once(lambda: Person(server.http_port, "ana"))


def test_two_workers_on_one_port(settings: dict[str, str], tmp_path: Path) -> None:
    """The kernel chooses the worker; each of many boards hears every scan, whoever took it."""
    with web_processes(tmp_path, settings, workers=2) as server, ExitStack() as stack:
        sue = Person(server.http_port, "sue")
        receipt = sue.open_receipt()
        boards = [stack.enter_context(closing(Board(server.http_port, sue.cookie))) for _ in range(8)]
        heads = [board.watch(sue.sites["HQ"])["head"] for board in boards]
        for number in range(10):
            assert sue.scan(receipt, f"NB25-W{number}")[0]["code"] == "ok"
        last = head_of(sue)
        for board, head in zip(boards, heads, strict=True):
            assert board.hear(last) == list(range(head + 1, last + 1))
