"""Two people at the same moment, on two connections: one of them was first, and both are told the truth."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.domain.errors import DomainError
from backend.domain.people import Actor
from backend.extensions import db
from backend.models import Event, Item, Party, PurchaseReceipt, Scan, SerialNumber, StockLedgerEntry
from backend.services import delivering, receiving, scanning
from backend.services.feed import SiteFeed
from backend.services.masters import OrderLine, add_purchase_order
from backend.services.scan_batches import IncomingScan, Outcome
from backend.unit_of_work import UnitOfWork, transact, unit_of_work
from tests.conftest import LogIn
from tests.sites import Site, new_id, new_site, scan_of

ROUNDS = 10
PATIENCE = 60.0
"""Seconds after which something waits for good; never a measure of speed."""

AtOnce = Callable[..., list[Any]]


@pytest.fixture
def site(app: Flask):
    with app.app_context():
        yield transact(lambda work: new_site(work, {"laptop": 50}, {"laptop": 50}))


@pytest.fixture
def at_once(app: Flask) -> AtOnce:
    """Runs jobs in a thread each, which begin together; a refusal is told by its code."""

    def run(*jobs: Callable[[], Any]) -> list[Any]:
        line = threading.Barrier(len(jobs))

        def start(job: Callable[[], Any]) -> Any:
            with app.app_context():
                line.wait(PATIENCE)
                try:
                    return job()
                except DomainError as error:
                    return error.refusal.code

        with ThreadPoolExecutor(len(jobs)) as threads:
            return [future.result(PATIENCE) for future in [threads.submit(start, job) for job in jobs]]

    return run


def opened(site: Site, order: int = 0, actor: Actor | None = None) -> str:
    receipt_id = new_id()
    transact(
        lambda work: receiving.open_receipt(
            work,
            actor or site.ana,
            receipt_id=receipt_id,
            order_id=site.orders[order],
            location_id=site.places["MAIN"],
        )
    )
    return receipt_id


def record(site: Site, actor: Actor, *scans: IncomingScan) -> list[Outcome]:
    return transact(lambda work: scanning.record_scans(work, site.id, [site.batch(actor, *scans)]))[0]


def codes(answers: Sequence[list[Outcome]]) -> list[str]:
    return sorted(outcome.code for outcomes in answers for outcome in outcomes)


def test_one_serial_number_in_two_receipts(site: Site, at_once: AtOnce) -> None:
    one, other = opened(site), opened(site, order=1)
    for number in range(ROUNDS):
        scans = [scan_of(receipt, site.serial(number)) for receipt in (one, other)]
        answers = at_once(partial(record, site, site.ana, scans[0]), partial(record, site, site.ben, scans[1]))
        assert codes(answers) == ["ok", "serial_in_other_receipt"]


def test_one_serial_number_at_two_sites(site: Site, at_once: AtOnce) -> None:
    """Their locks differ, so that only the database's own index stands between them."""
    north = transact(lambda work: new_site(work, {"laptop": 50}))
    shared = {"item_id": site.laptop}
    order = transact(lambda work: _order_at(work, north, site.laptop))
    one, other = opened(site), new_id()
    transact(
        lambda work: receiving.open_receipt(
            work, north.ben, receipt_id=other, order_id=order, location_id=north.places["MAIN"]
        )
    )
    for number in range(ROUNDS):
        scans = [scan_of(receipt, site.serial(number), **shared) for receipt in (one, other)]
        answers = at_once(partial(record, site, site.ana, scans[0]), partial(record, north, north.ben, scans[1]))
        assert codes(answers) == ["ok", "serial_in_other_receipt"]


def _order_at(work: UnitOfWork, site: Site, item_id: int) -> str:
    supplier = work.session.scalars(select(Party).where(Party.kind == "supplier")).first()
    assert supplier is not None
    lines = [OrderLine(work.session.get_one(Item, item_id), 50)]
    order = add_purchase_order(work, site.ben, order_id=new_id(), site_id=site.id, supplier=supplier, lines=lines)
    return str(order.id)


def test_one_serial_number_twice_in_one_receipt(site: Site, at_once: AtOnce) -> None:
    receipt = opened(site)
    for number in range(ROUNDS):
        scans = [scan_of(receipt, site.serial(number)) for _ in range(2)]
        answers = at_once(partial(record, site, site.ana, scans[0]), partial(record, site, site.ben, scans[1]))
        assert codes(answers) == ["already_scanned", "ok"]


def test_one_scan_sent_by_two_counts_once(site: Site, at_once: AtOnce) -> None:
    receipt = opened(site)
    for number in range(ROUNDS):
        scan = scan_of(receipt, site.serial(number))
        answers = at_once(*[partial(record, site, site.ana, scan)] * 2)
        assert codes(answers) == ["ok", "ok"]
        assert sorted(outcome.replayed for (outcome,) in answers) == [False, True]
    with Session(db.engine) as session:
        assert session.get(PurchaseReceipt, receipt).accepted == ROUNDS  # type: ignore[union-attr]
        assert session.scalar(select(func.count()).where(Scan.voucher_id == receipt)) == ROUNDS


def test_a_receipt_is_posted_once(site: Site, at_once: AtOnce) -> None:
    for number in range(ROUNDS):
        receipt = opened(site)
        record(site, site.ana, scan_of(receipt, site.serial(number)))

        def submit(actor: Actor, receipt: str = receipt) -> str:
            return transact(lambda work: receiving.submit_receipt(work, actor, receipt_id=receipt).status)

        assert at_once(lambda: submit(site.ana), lambda: submit(site.ben)) == ["submitted", "submitted"]
        with Session(db.engine) as session:
            of_receipt = select(func.count()).where(StockLedgerEntry.voucher_id == receipt)
            assert session.scalar(of_receipt) == 2
            told = session.scalars(select(Event.kind).where(Event.voucher_id == receipt)).all()
        assert Counter(told)["receipt_submitted"] == 1


def test_a_unit_is_sold_once(site: Site, at_once: AtOnce) -> None:
    receipt = opened(site)
    record(site, site.ana, *(scan_of(receipt, site.serial(number)) for number in range(ROUNDS)))
    transact(lambda work: receiving.submit_receipt(work, site.ana, receipt_id=receipt))
    for number in range(ROUNDS):

        def sell(customer: str, number: int = number) -> str:
            return transact(
                lambda work: (
                    delivering.deliver(
                        work,
                        site.ana,
                        note_id=new_id(),
                        customer_code=customer,
                        location_id=site.places["MAIN"],
                        serial_nos=[site.serial(number)],
                    ).status
                )
            )

        answers = at_once(lambda: sell("ACME"), lambda: sell("BETA"))
        assert sorted(answers) == ["serial_not_available", "submitted"]


def test_receipts_opened_together_have_numbers_of_their_own(site: Site, at_once: AtOnce) -> None:
    receipts = at_once(*[lambda: opened(site)] * 8)
    with Session(db.engine) as session:
        numbers = session.scalars(select(PurchaseReceipt.number).where(PurchaseReceipt.id.in_(receipts))).all()
    counters = sorted(int(number.rsplit("-", 1)[1]) for number in numbers)
    assert counters == list(range(counters[0], counters[0] + 8))


def test_eight_clients_that_receive_the_same_20_create_20(app: Flask, log_in: LogIn, at_once: AtOnce) -> None:
    """Tryton made 160 of them, InvenTree 115."""
    clients = [log_in(name) for name in ["ana", "ben"] * 4]
    serials = [f"RACE-{number:04d}" for number in range(20)]

    def receive(client: Any) -> Counter[str]:
        receipt = client.open_receipt()
        told = Counter(client.scan(receipt, text, batch_no="B-1")["code"] for text in serials)
        if told["ok"]:
            client.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
        return told

    told: Counter[str] = sum(at_once(*[lambda client=client: receive(client) for client in clients]), Counter())

    assert told["ok"] == 20
    assert told.keys() <= {"ok", "serial_in_other_receipt", "serial_in_stock"}
    with app.app_context(), Session(db.engine) as session:
        made = session.scalars(select(SerialNumber.serial_no).where(SerialNumber.serial_no.like("RACE-%"))).all()
    assert sorted(made) == serials


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_sites_do_not_wait_for_each_other(app: Flask, site: Site, at_once: AtOnce) -> None:
    """SQLite has one writer for all; see docs/deployment.md."""
    north = transact(lambda work: new_site(work, {"laptop": 5}))
    receipt = opened(north)

    def work_at_north() -> str:
        assert record(north, north.ana, scan_of(receipt, north.serial(1)))[0].code == "ok"
        return transact(lambda work: receiving.submit_receipt(work, north.ana, receipt_id=receipt).status)

    with unit_of_work() as work:
        SiteFeed(work, site.id)
        # Were this to wait for the lock that is held here, it would wait until PATIENCE ends.
        assert at_once(work_at_north) == ["submitted"]
