"""The server is killed in the midst of posts, again and again: nothing is lost, nothing is doubled."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend.config import Config
from backend.extensions import db
from backend.models import PurchaseReceipt, Scan, SerialNumber, StockLedgerEntry
from backend.queries.ledger_check import check_ledger
from tests.api_client import Clock
from tests.conftest import application, config_for
from tests.databases import free_port
from tests.realtime.remote import NO_ANSWER, WITHIN, Person
from tests.resilience.orders import LARGE_ORDER, add_order
from tests.running import ROOT, environment

KILLS = int(os.environ.get("KILLS") or 25)
"""For a longer night: KILLS=1000."""

BATCH = 20
BATCHES_OF_A_RECEIPT = 6
KILLED_WITHIN = 0.6
"""Seconds after both clients have begun to post."""


class Server:
    """``serialtrail serve``, started and killed as often as is asked for."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self.kills = 0
        self._log = data / "server.log"
        self._pid = 0
        self._starter = subprocess.Popen(
            [sys.executable, "-m", "tests.resilience.restarts"],
            env=environment(data),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def start(self) -> None:
        """Start it and return when it answers."""
        assert self._starter.stdin
        assert self._starter.stdout
        self._starter.stdin.write(f"{self._log} --port {self.port}\n")
        self._pid = int(self._starter.stdout.readline())
        deadline = time.monotonic() + WITHIN
        while not self._answers():
            assert time.monotonic() < deadline, self._log.read_text()[-4000:]
            time.sleep(0.02)

    def end(self, number: signal.Signals) -> None:
        """Send it a signal and wait until it is gone."""
        assert self._starter.stdout
        os.kill(self._pid, number)
        self._pid = 0
        code = int(self._starter.stdout.readline())
        if number is signal.SIGKILL:
            assert code == -signal.SIGKILL, self._log.read_text()[-4000:]
            self.kills += 1

    def close(self) -> None:
        """End it and what starts it."""
        if self._pid:
            self.end(signal.SIGKILL)
        self._starter.communicate(timeout=30)

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5).close()
        except OSError:
            return False
        return True


@dataclass
class Sent:
    """What one client sent and what it was told."""

    serials: dict[str, str] = field(default_factory=dict)
    """The scan of each serial number."""
    acknowledged: set[str] = field(default_factory=set)
    """Scans."""
    receipts: list[str] = field(default_factory=list)
    begun: int = 0
    interrupted: int = 0
    """Posts that were under way when the server was killed."""
    had_been_stored: int = 0
    """Of these, batches that the server had stored and not yet answered."""


class Client(threading.Thread):
    """Opens receipts, fills and posts them, and sends again what was not answered, as it was."""

    def __init__(self, person: Person, is_up: threading.Event) -> None:
        super().__init__(name=person.username)
        self.sent = Sent()
        self.error: BaseException | None = None
        self.is_enough = threading.Event()
        self._person = person
        self._wanted = person.receipt_request(LARGE_ORDER)
        self._is_up = is_up

    def run(self) -> None:
        try:
            while not self.is_enough.is_set():
                self._receive()
        except BaseException as error:
            self.error = error

    def _receive(self) -> None:
        receipt_id = str(uuid.uuid4())
        self.sent.receipts.append(receipt_id)
        opened = self._post("/api/purchase-receipts", self._wanted | {"id": receipt_id})
        assert opened["status"] == "draft"
        for _ in range(BATCHES_OF_A_RECEIPT):
            first = len(self.sent.serials)
            texts = [f"{self.name}-{number}" for number in range(first, first + BATCH)]
            batch = self._person.batch(receipt_id, texts)
            self.sent.serials |= {scan["text"]: scan["id"] for scan in batch["scans"]}
            outcomes = self._post("/api/scans", batch)["outcomes"]
            assert {outcome["code"] for outcome in outcomes} == {"ok"}, outcomes
            # All of a batch is stored, or nothing.
            replayed = {outcome["replayed"] for outcome in outcomes}
            assert len(replayed) == 1
            self.sent.had_been_stored += replayed.pop()
            self.sent.acknowledged |= {outcome["id"] for outcome in outcomes}
        posted = self._post(f"/api/purchase-receipts/{receipt_id}/submit", {})
        assert (posted["status"], posted["counts"]["accepted"]) == ("submitted", BATCHES_OF_A_RECEIPT * BATCH)

    def _post(self, path: str, body: Any) -> Any:
        while True:
            assert self._is_up.wait(timeout=WITHIN)
            self.sent.begun += 1
            try:
                return self._person.ask("POST", path, body)
            except ConnectionRefusedError:
                time.sleep(0.005)
            except NO_ANSWER:
                self.sent.interrupted += 1


@contextmanager
def serving(data: Path) -> Iterator[Server]:
    server = Server(data)
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture
def data(sqlite_template: Path, tmp_path: Path) -> Path:
    shutil.copy(sqlite_template, tmp_path / "serialtrail.sqlite3")
    return tmp_path


def config_of(data: Path) -> Config:
    return config_for(f"sqlite:///{data / 'serialtrail.sqlite3'}", data, Clock())


def test_what_was_answered_stays_and_what_was_not_is_stored_once(
    data: Path, record_property: Callable[[str, object], None]
) -> None:
    add_order(config_of(data), qty=1_000_000)
    seed = int(os.environ.get("KILL_SEED") or random.SystemRandom().randrange(2**32))
    moments = random.Random(seed)
    record_property("told", f"KILL_SEED={seed}")

    is_up = threading.Event()
    with serving(data) as server:
        clients = [Client(Person(server.port, name), is_up) for name in ("ana", "ben")]
        try:
            for client in clients:
                client.start()
            for _ in range(KILLS):
                is_up.set()
                _wait_for_posts(clients)
                time.sleep(moments.uniform(0, KILLED_WITHIN))
                is_up.clear()
                server.end(signal.SIGKILL)
                server.start()
        finally:
            is_up.set()
            for client in clients:
                client.is_enough.set()
                if client.is_alive():
                    client.join(timeout=2 * WITHIN)
        server.end(signal.SIGTERM)
        kills = server.kills

    for client in clients:
        assert client.error is None, client.error
    sent = [client.sent for client in clients]
    interrupted = sum(each.interrupted for each in sent)
    record_property(
        "told",
        f"{kills} kills, {interrupted} posts interrupted, "
        f"{sum(each.had_been_stored for each in sent)} of them batches that had been stored, "
        f"{sum(len(each.serials) for each in sent)} units",
    )
    assert kills == KILLS
    assert interrupted > 0
    with application(config_of(data)) as app, app.app_context():
        _compare(sent)


def _wait_for_posts(clients: list[Client]) -> None:
    """Until each client has begun a post since the last start."""
    before = [client.sent.begun for client in clients]
    deadline = time.monotonic() + WITHIN
    while any(client.sent.begun == count for client, count in zip(clients, before, strict=True)):
        for client in clients:
            assert client.error is None, client.error
        assert time.monotonic() < deadline
        time.sleep(0.005)


def _compare(sent: list[Sent]) -> None:
    """What the database has, with what the clients sent and were told."""
    scans = {text: scan for each in sent for text, scan in each.serials.items()}
    receipts = [receipt for each in sent for receipt in each.receipts]
    session = db.session()

    stored = session.execute(select(Scan.id, Scan.code)).all()
    assert Counter(row.id for row in stored) == Counter(scans.values())
    assert {row.code for row in stored} == {"ok"}
    assert {scan for each in sent for scan in each.acknowledged} == set(scans.values())

    units = session.execute(select(SerialNumber.id, SerialNumber.serial_no).where(SerialNumber.serial_no.in_(scans)))
    text_of = {row.id: row.serial_no for row in units}
    assert sorted(text_of.values()) == sorted(scans)
    moved = session.execute(select(StockLedgerEntry.serial_id, StockLedgerEntry.scan_id, StockLedgerEntry.qty))
    entries = Counter((text_of[row.serial_id], row.scan_id, row.qty) for row in moved if row.serial_id in text_of)
    assert entries == Counter((text, scan, qty) for text, scan in scans.items() for qty in (-1, 1))

    numbers = session.execute(
        select(PurchaseReceipt.id, PurchaseReceipt.status).where(PurchaseReceipt.id.in_(receipts))
    ).all()
    assert sorted(row.id for row in numbers) == sorted(receipts)
    assert {row.status for row in numbers} == {"submitted"}
    assert check_ledger(session).problems == []
