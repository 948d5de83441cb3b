"""The server killed while scans are posted: nothing lost, nothing doubled."""

import random
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from backend.config import Config
from tests.databases import free_port
from tests.resilience.orders import LARGE_ORDER, add_order
from tests.resilience.phone import LOST, Phone
from tests.running import Running, environment, running, serialtrail

KILLS = 50
BATCH = 5
SEED = random.SystemRandom().randrange(2**32)


class Outbox:
    """Posts batches until the server dies; what was not answered stays and is sent again, with the same ids."""

    def __init__(self, phone: Phone, receipt_id: str, name: str) -> None:
        self.phone, self.receipt_id, self.prefix = phone, receipt_id, name
        self.waiting: dict[str, Any] | None = None
        self.sent: list[str] = []
        self.acknowledged: list[str] = []
        self.interrupted = 0
        self.resent = 0

    def post_until_lost(self) -> None:
        """Post one batch after the other until no answer comes."""
        try:
            while True:
                if self.waiting is None:
                    texts = [f"{self.prefix}-{len(self.sent) + index:06d}" for index in range(BATCH)]
                    self.waiting = self.phone.batch(self.receipt_id, texts)
                    self.sent += texts
                else:
                    self.resent += 1
                outcomes = self.phone.ask("POST", "/api/scans", self.waiting)["outcomes"]
                assert {outcome["code"] for outcome in outcomes} == {"ok"}, outcomes
                self.acknowledged += [outcome["unit"]["serial_no"] for outcome in outcomes]
                self.waiting = None
        except LOST:
            self.interrupted += 1


def test_fifty_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    moments = random.Random(SEED)
    assert serialtrail(tmp_path, "db", "upgrade").returncode == 0
    assert serialtrail(tmp_path, "demo").returncode == 0
    add_order(Config(f"sqlite:///{tmp_path / 'serialtrail.sqlite3'}", "unused", tmp_path), qty=1_000_000)
    outboxes: list[Outbox] = []
    kills = 0
    while kills < KILLS:
        with serving(tmp_path) as server:
            if not outboxes:
                outboxes = [begun(server.http_port, name) for name in ("ana", "ben")]
            for outbox in outboxes:
                outbox.phone.port = server.http_port
            threads = [threading.Thread(target=outbox.post_until_lost) for outbox in outboxes]
            for thread in threads:
                thread.start()
            time.sleep(moments.uniform(0.01, 0.25))
            server.process.send_signal(signal.SIGKILL)
            server.process.wait()
            kills += 1
            for thread in threads:
                thread.join(timeout=60)
    with serving(tmp_path) as server:
        for outbox in outboxes:
            outbox.phone.port = server.http_port
            finish(outbox)
        for outbox in outboxes:
            assert sorted(outbox.acknowledged) == sorted(outbox.sent)
            assert listed(outbox) == sorted(outbox.sent)
    checked = serialtrail(tmp_path, "check-ledger")
    interrupted = sum(outbox.interrupted for outbox in outboxes)
    resent = sum(outbox.resent for outbox in outboxes)
    scans = sum(len(outbox.sent) for outbox in outboxes)
    print(f"seed {SEED}: {kills} kills, {interrupted} posts interrupted, {resent} resent, {scans} scans")
    assert interrupted > 0
    assert resent > 0
    assert checked.returncode == 0, checked.stdout


def serving(data: Path) -> Any:
    """The real server on SQLite."""
    port = free_port()
    command = [sys.executable, "-m", "backend", "serve", "--port", str(port)]
    return running(Running(data, 0, port, 0), command, environment(data))


def begun(port: int, username: str) -> Outbox:
    phone = Phone(port, username)
    phone.log_in()
    return Outbox(phone, phone.open_receipt(LARGE_ORDER), f"K-{username.upper()}")


def finish(outbox: Outbox) -> None:
    """Send what is still waiting, and only that."""
    if outbox.waiting is not None:
        outcomes = outbox.phone.ask("POST", "/api/scans", outbox.waiting)["outcomes"]
        assert {outcome["code"] for outcome in outcomes} == {"ok"}, outcomes
        outbox.acknowledged += [outcome["unit"]["serial_no"] for outcome in outcomes]
        outbox.waiting = None


def listed(outbox: Outbox) -> list[str]:
    """The serial numbers that count on the receipt, read page by page."""
    found: list[str] = []
    before = ""
    while True:
        path = f"/api/purchase-receipts/{outbox.receipt_id}/units?limit=1000{before}"
        page = outbox.phone.ask("GET", path)["units"]
        found += [unit["serial_no"] for unit in page]
        if len(page) < 1000:
            return sorted(found)
        before = f"&before={page[-1]['id']}"
