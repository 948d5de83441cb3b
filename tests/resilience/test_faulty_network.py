"""Batches that are cut, delayed, repeated and reordered by a proxy before the server: nothing lost, nothing doubled."""

import asyncio
import http.client
import os
import random
import secrets
import sys
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from backend.extensions import db
from backend.models import Scan, VoucherUnit
from backend.queries.ledger_check import check_ledger
from tests.api_client import Clock
from tests.conftest import application, config_for
from tests.proxies import Proxy, Request, running_proxy
from tests.realtime.remote import Person, serving
from tests.resilience.orders import LARGE_ORDER, add_order

DEVICES = 20
BATCHES = int(os.environ.get("FAULTY_BATCHES", "200"))
"""How many go out at least, all devices together; the promise is 10,000."""
SEED = 20261127
FAULTS = {"cut up": 20, "cut down": 25, "repeated": 15, "delayed": 15, "none": 25}
"""How often of a hundred: lost on the way, answer lost, sent again with another, after later ones, as it should."""


class FaultyProxy(Proxy):
    """What lies between phones and server."""

    def __init__(self, to_port: int) -> None:
        super().__init__(to_port)
        self.faults: Counter[str] = Counter()
        self._chance = random.Random(SEED)
        self._seen: list[Request] = []
        self._late: set[asyncio.Task[bytes | None]] = set()

    async def answer(self, request: Request) -> bytes | None:
        if request.line != "POST /api/sync":
            return await self.ask(request)
        fault = self._chance.choices(list(FAULTS), list(FAULTS.values()))[0]
        self.faults[fault] += 1
        self._seen = [*self._seen[-50:], request]
        match fault:
            case "cut up":
                return None
            case "cut down":
                await self.ask(request)
                return None
            case "repeated":
                # At the same time, and so at times in the other order.
                answer, _, _ = await asyncio.gather(*map(self.ask, (request, request, self._chance.choice(self._seen))))
                return answer
            case "delayed":
                late = asyncio.ensure_future(self._ask_later(request))
                self._late.add(late)
                late.add_done_callback(self._late.discard)
                return None
        return await self.ask(request)

    @property
    def has_late(self) -> bool:
        """Whether something is still on its way that its phone has given up."""
        return bool(self._late)

    async def _ask_later(self, request: Request) -> bytes | None:
        await asyncio.sleep(self._chance.uniform(0.05, 1))
        return await self.ask(request)


@dataclass(slots=True)
class Phone:
    """A device and its outbox: the oldest go first, and one goes out of it when the server has answered for its id."""

    person: Person
    receipt_id: str
    number: int
    device_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    made: list[str] = field(default_factory=list)
    queue: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    gap: Any = None
    error: BaseException | None = None

    def work(self, chance: random.Random, is_over: Callable[[], bool], failed: threading.Event) -> None:
        """Scan and send until it is enough, and then until nothing waits any more; no further when a phone failed."""
        try:
            while not failed.is_set() and (not is_over() or self.queue):
                if not is_over():
                    self.queue += [self._scan() for _ in range(chance.randint(0, 2))]
                if self.queue:
                    self._send(chance.randint(1, 5))
        except BaseException as error:
            self.error = error
            failed.set()

    def _send(self, most: int) -> None:
        later = self.queue[most:]
        batch = {
            "device_id": self.device_id,
            "device_name": f"Phone {self.number}",
            "sent_at": datetime.now(UTC).isoformat(),
            "holds": [[later[0]["n"], later[-1]["n"]]] if later else [],
            "entries": self.queue[:most],
        }
        try:
            answer = self.person.ask("POST", "/api/sync", batch)
        except (ConnectionError, http.client.HTTPException):
            return
        for outcome in answer["outcomes"]:
            assert outcome["status"] == "accepted", outcome
            known = {key: value for key, value in outcome.items() if key != "replayed"}
            assert self.answers.setdefault(outcome["id"], known) == known, "a replay gets another answer"
        self.gap = answer["gap"]
        self.queue = [entry for entry in self.queue if entry["id"] not in self.answers]

    def _scan(self) -> dict[str, Any]:
        n = len(self.made) + 1
        self.made.append(str(uuid.uuid4()))
        return {
            "kind": "scan",
            "id": self.made[-1],
            "n": n,
            "purpose": "receive",
            "voucher_id": self.receipt_id,
            "text": f"NET{self.number:02}-{n:05}",
            "source": "wedge",
            "scanned_at": datetime.now(UTC).isoformat(),
            "batch_no": "B-NET",
        }


def test_batches_over_a_bad_network_count_once_each(
    engine_name: str, database_url: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    config = config_for(database_url, tmp_path, Clock())
    add_order(config, qty=10 * BATCHES)
    command = [sys.executable, "-m", "backend", "serve", "--port", "{port}"]
    settings = {"SERIALTRAIL_DATABASE_URL": database_url, "SERIALTRAIL_SECRET_KEY": secrets.token_hex(32)}
    with serving(tmp_path, command, **settings) as server:
        receipt_id = Person(server.http_port, "ana").open_receipt(LARGE_ORDER)
        with running_proxy(FaultyProxy(server.http_port)) as proxy:
            person = Person(proxy.port, "ana")
            phones = [Phone(person, receipt_id, number) for number in range(DEVICES)]
            failed = threading.Event()
            threads = [
                threading.Thread(
                    target=phone.work,
                    args=(random.Random(SEED + phone.number), lambda: proxy.faults.total() >= BATCHES, failed),
                    daemon=True,
                )
                for phone in phones
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            while proxy.has_late and not failed.is_set():
                threading.Event().wait(0.05)
    assert [phone.error for phone in phones if phone.error] == []
    assert [phone.gap for phone in phones if phone.gap] == []
    with application(config) as app, app.app_context():
        lost, doubled = _compare({phone.device_id: phone.made for phone in phones})
        problems = check_ledger(db.session()).problems
    told = ", ".join(f"{count} {fault}" for fault, count in sorted(proxy.faults.items()))
    scans = sum(len(phone.made) for phone in phones)
    record_property(
        "told",
        f"{engine_name}, seed {SEED}: {proxy.faults.total()} batches ({told}) with {scans} scans, "
        f"{lost} lost, {doubled} doubled",
    )
    assert min(proxy.faults[fault] for fault in FAULTS) > BATCHES // 20
    assert (lost, doubled, problems) == (0, 0, [])


def _compare(made: dict[str, list[str]]) -> tuple[int, int]:
    """What the server has, with what the phones made: how much is missing, and how much is there twice."""
    session = db.session()
    rows = session.execute(select(Scan.device_id, Scan.id, Scan.status).order_by(Scan.feed_seq)).all()
    ours = [row for row in rows if row.device_id in made]
    stored = {device_id: [row.id for row in ours if row.device_id == device_id] for device_id in made}
    units = Counter(session.scalars(select(VoucherUnit.scan_id).where(VoucherUnit.scan_id.is_not(None))))
    scans = [scan_id for ids in made.values() for scan_id in ids]
    lost = sum(units[scan_id] == 0 for scan_id in scans)
    doubled = sum(units[scan_id] > 1 for scan_id in scans)
    if not lost + doubled:
        assert stored == made, "out of order"
        assert {row.status for row in ours} == {"accepted"}
    return lost, doubled
