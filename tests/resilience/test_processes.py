"""Two web processes on PostgreSQL and Redis: what one records the boards of the other hear, Redis or no Redis."""

import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
import websocket

from tests.databases import TemporaryRedis, free_port
from tests.resilience.phone import Phone
from tests.running import Running, environment, running, serialtrail

PATIENCE = 20
"""Seconds. Far more than it takes: the tests ask that something happens, not how fast."""


class Board:
    """A live screen: the raw socket of a board that watches a site."""

    def __init__(self, phone: Phone) -> None:
        self._socket = websocket.create_connection(
            f"ws://127.0.0.1:{phone.port}/socket.io/?EIO=4&transport=websocket",
            header=[f"Cookie: {phone.cookie}"],
            timeout=PATIENCE,
        )
        self._socket.recv()
        self._socket.send("40")
        self._socket.recv()
        self._socket.send("420" + json.dumps(["watch", {"site": phone.site}]))
        answer = json.loads(self._socket.recv().removeprefix("430"))[0]
        assert answer["ok"], answer

    def hears(self, scan_id: str) -> bool:
        """Whether the board hears of a scan before its patience ends."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            message = self._socket.recv()
            if message == "2":
                self._socket.send("3")
            elif message.startswith("42"):
                events = json.loads(message[2:])[1]["events"]
                if any(event["scan_id"] == scan_id for event in events):
                    return True
        return False

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


@pytest.fixture
def queue() -> Iterator[TemporaryRedis]:
    """A Redis of this test's own, which it may stop and freeze."""
    with TemporaryRedis() as server:
        yield server


@pytest.fixture
def processes(postgres_url: str, queue: TemporaryRedis, tmp_path: Path) -> Iterator[list[Running]]:
    """Two web processes of the Procfile on one database and one Redis, each on a port of its own."""
    name = f"processes_{free_port()}"
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    settings = {
        "SERIALTRAIL_DATABASE_URL": postgres_url.rsplit("/", 1)[0] + f"/{name}",
        "SERIALTRAIL_REDIS_URL": queue.url,
        "SERIALTRAIL_SECRET_KEY": "s" * 64,
    }
    for command in (("db", "upgrade"), ("demo",)):
        done = serialtrail(tmp_path, *command, **settings)
        assert done.returncode == 0, done.stderr
    with ExitStack() as stack:
        servers = []
        for _ in range(2):
            port = free_port()
            command = [sys.executable, "-m", "gunicorn", "-c", "python:backend.serving.gunicorn_settings"]
            server = Running(tmp_path, 0, port, 0, is_gunicorn=True)
            env = environment(tmp_path, PORT=str(port), **settings)
            stack.enter_context(running(server, [*command, "backend.serving.wsgi:application"], env))
            servers.append(server)
        yield servers


def logged_in(server: Running, username: str) -> Phone:
    phone = Phone(server.http_port, username)
    phone.log_in()
    return phone


def scan(phone: Phone, receipt: str, text: str) -> str:
    """Scan a unit; returns the id of the scan."""
    batch = phone.batch(receipt, [text])
    (outcome,) = phone.ask("POST", "/api/scans", batch, timeout=PATIENCE)["outcomes"]
    assert outcome["code"] == "ok", outcome
    scan_id: str = batch["scans"][0]["id"]
    return scan_id


def test_a_board_hears_of_a_scan_that_another_process_recorded(processes: list[Running]) -> None:
    one, other = processes
    ana, sue = logged_in(one, "ana"), logged_in(other, "sue")
    receipt = ana.open_receipt("PO-1")
    board = Board(sue)
    assert board.hears(scan(ana, receipt, "NB25-0001"))
    board.close()


@pytest.mark.parametrize("trouble", ["stopped", "frozen"])
def test_redis_may_be_away(processes: list[Running], queue: TemporaryRedis, trouble: str) -> None:
    one, other = processes
    ana, sue = logged_in(one, "ana"), logged_in(other, "sue")
    receipt = ana.open_receipt("PO-1")
    board = Board(sue)
    assert queue.process is not None
    if trouble == "stopped":
        queue.stop()
    else:
        queue.process.send_signal(signal.SIGSTOP)

    assert board.hears(scan(ana, receipt, "NB25-0002"))
    # Somebody who logs in meanwhile, and a board that comes back, are not held up either.
    ben = logged_in(other, "ben")
    feed: Any = ben.ask("GET", f"/api/feed?site={ben.site}&since=0&limit=1000")
    assert not feed["more"]
    late = Board(logged_in(one, "sue"))
    assert late.hears(scan(ben, receipt, "NB25-0003"))
    for each in (board, late):
        each.close()
