"""Batches that are cut, delayed, repeated and reordered on their way: nothing is lost, nothing is doubled."""

import random
import uuid
from collections import Counter
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import select

from backend.domain.people import Actor, Role
from backend.extensions import db
from backend.models import Scan, User, VoucherUnit
from backend.services import scanning
from backend.services.scan_batches import IncomingScan, Outcome, ScanBatch
from backend.unit_of_work import transact
from tests.api_client import Api, Clock
from tests.orders import add_order

DEVICES, SCANS, BATCHES = 20, 250, 10_000
SEED = 20261127
FAULTS = {"cut_up": 20, "cut_down": 25, "repeated": 15, "delayed": 15, "none": 25}
"""How often of a hundred: lost on the way, answer lost, sent twice, comes after later ones, as it should be."""


@dataclass(slots=True)
class Phone:
    """A device and its outbox: the oldest go first, and one goes out of it when the server has answered for its id."""

    device_id: str
    queue: list[IncomingScan]
    answers: dict[str, Outcome] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)

    def batch(self, actor: Actor, clock: Clock, most: int) -> ScanBatch:
        return ScanBatch(actor, self.device_id, "a phone", clock.now, tuple(self.queue[:most]))

    def hear(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            first = self.answers.setdefault(str(outcome.id), outcome)
            assert outcome.as_answer() == first.as_answer(), "a replay gets another answer"
        self.queue = [scan for scan in self.queue if scan.id not in self.answers]


class FaultyNetwork:
    """What lies between phones and server; the server takes what arrives together in one transaction."""

    def __init__(self, site_id: int, chance: random.Random) -> None:
        self._site_id = site_id
        self._chance = chance
        self._late: list[ScanBatch] = []
        self.seen: list[ScanBatch] = []
        self.faults: Counter[str] = Counter()

    def carry(self, sent: list[tuple[Phone, ScanBatch]]) -> None:
        arrived: list[tuple[Phone | None, ScanBatch]] = []
        for phone, batch in sent:
            fault = self._chance.choices(list(FAULTS), list(FAULTS.values()))[0]
            self.faults[fault] += 1
            if fault == "delayed":
                self._late.append(batch)
            elif fault != "cut_up":
                arrived.append((phone if fault != "cut_down" else None, batch))
            if fault == "repeated":
                arrived.append((None, self._chance.choice([batch, *self.seen[-50:]])))
            self.seen.append(batch)
        while self._late and self._chance.random() < 0.3:
            arrived.append((None, self._late.pop(self._chance.randrange(len(self._late)))))
        self._chance.shuffle(arrived)
        batches = [batch for _, batch in arrived]
        answers = transact(lambda work: scanning.record_scans(work, self._site_id, batches))
        for (phone, _), outcomes in zip(arrived, answers, strict=True):
            if phone is not None:
                phone.hear(outcomes)


@pytest.fixture
def phones(app: Flask, ana: Api, clock: Clock) -> list[Phone]:
    add_order(app, "PO-NET", DEVICES * SCANS)
    receipt = ana.open_receipt("PO-NET")
    return [_phone(device, receipt["id"], clock) for device in range(DEVICES)]


def test_10000_batches_over_a_bad_network_count_once_each(
    app: Flask, ana: Api, clock: Clock, phones: list[Phone]
) -> None:
    chance = random.Random(SEED)
    with app.app_context():
        user = db.session.scalars(select(User).where(User.username == "ana")).one()
        actor = Actor(user.id, user.username, {ana.site: frozenset({Role.PICKER})})
        network = FaultyNetwork(ana.site, chance)
        while sum(network.faults.values()) < BATCHES or any(phone.queue for phone in phones):
            waiting = [phone for phone in phones if phone.queue]
            # At the end of the queues old batches still come, sent again by phones that heard nothing.
            sent = [(phone, phone.batch(actor, clock, chance.randint(1, 2))) for phone in waiting or phones[:1]]
            if not waiting:
                sent = [(phones[0], chance.choice(network.seen)) for _ in range(DEVICES)]
            clock.forward(seconds=1)
            network.carry(sent)
        _nothing_lost_nothing_doubled(phones)
    print(f"seed {SEED}: {sum(network.faults.values())} batches, faults {dict(network.faults)}")
    assert min(network.faults.values()) > 500


def _nothing_lost_nothing_doubled(phones: list[Phone]) -> None:
    db.session.rollback()
    rows = db.session.execute(select(Scan.device_id, Scan.id, Scan.status).order_by(Scan.feed_seq)).all()
    ours = {phone.device_id: phone.made for phone in phones}
    stored = {device_id: [row.id for row in rows if row.device_id == device_id] for device_id in ours}
    assert stored == ours, "lost, doubled or out of order"
    assert {row.status for row in rows if row.device_id in ours} == {"accepted"}
    units = db.session.scalars(select(VoucherUnit.scan_id).where(VoucherUnit.scan_id.is_not(None))).all()
    assert len(units) == len(set(units)) == DEVICES * SCANS


def _phone(number: int, receipt_id: str, clock: Clock) -> Phone:
    scans = [
        IncomingScan(
            id=str(uuid.uuid4()),
            n=n,
            purpose="receive",
            voucher_id=receipt_id,
            text=f"NET{number:02}-{n:04}",
            scanned_at=clock.now,
            batch_no="B-NET",
        )
        for n in range(1, SCANS + 1)
    ]
    return Phone(str(uuid.uuid4()), scans, made=[scan.id for scan in scans])
