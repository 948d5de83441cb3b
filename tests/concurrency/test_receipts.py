"""Receipts opened, filled and posted by two at the same moment."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import func, select

from backend.extensions import db
from backend.models import PurchaseReceipt, StockLedgerEntry
from tests.api_client import Api, new_id
from tests.concurrency.at_once import at_once
from tests.concurrency.conftest import LogInAt

BATCH = "B-2026-01"
on_postgres = pytest.mark.parametrize("engine_name", ["postgresql"])


def submit(person: Api, receipt: dict[str, Any]) -> dict[str, Any]:
    posted: dict[str, Any] = person.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    return posted


def test_two_who_post_one_receipt_post_it_once(app: Flask, log_in_at: LogInAt, other: int) -> None:
    ana, ben = log_in_at("ana", 0), log_in_at("ben", other)
    for number in range(5):
        receipt = ana.open_receipt()
        ana.send(*(ana.a_scan(receipt, f"NB25-{number}-{each}", batch_no=BATCH) for each in range(3)))
        first, second = at_once(lambda: submit(ana, receipt), lambda: submit(ben, receipt))  # noqa: B023
        assert first == second
        assert first["status"] == "submitted"
        with app.app_context():
            entries = select(func.count()).where(StockLedgerEntry.voucher_id == receipt["id"])
            assert db.session.scalar(entries) == 6


def test_two_who_open_one_receipt_open_one(app: Flask, log_in_at: LogInAt, other: int) -> None:
    ana, again = log_in_at("ana", 0), log_in_at("ana", other)
    for number in range(1, 6):
        wanted = ana.receipt_request()
        first, second = at_once(
            lambda: ana.post("/api/purchase-receipts", wanted),  # noqa: B023
            lambda: again.post("/api/purchase-receipts", wanted),  # noqa: B023
        )
        assert first == second
        with app.app_context():
            drafts = select(func.count()).where(PurchaseReceipt.status == "draft")
            assert db.session.scalar(drafts) == number


def test_two_receipts_opened_at_once_get_two_numbers(log_in_at: LogInAt, other: int) -> None:
    ana, admin = log_in_at("ana", 0), log_in_at("admin", other)
    admin.sites = [next(site for site in admin.sites if site["code"] == "NORTH")]
    numbers = [
        receipt["number"]
        for _ in range(5)
        for receipt in at_once(ana.open_receipt, lambda: admin.open_receipt("PO-3", "N-MAIN"))
    ]
    assert len(set(numbers)) == 10


class HeldFeed:
    """The feed row of a site, locked by a transaction of the test's own, on PostgreSQL."""

    def __init__(self, holder: sa.Connection, watcher: sa.Connection, site: int) -> None:
        self._holder, self._watcher = holder, watcher
        holder.execute(sa.text("SELECT head FROM feed WHERE site_id = :site FOR UPDATE"), {"site": site})

    def waits(self, count: int) -> None:
        """Return when so many others wait for a lock."""
        waiting = sa.text(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        deadline = time.monotonic() + 30
        while self._watcher.execute(waiting).scalar() != count:
            assert time.monotonic() < deadline, f"{count} should wait for the lock"
            time.sleep(0.01)

    def let_go(self) -> None:
        self._holder.commit()


@contextmanager
def held_feed(database_url: str, site: int) -> Iterator[HeldFeed]:
    engine = sa.create_engine(database_url)
    # What a transaction sees of the others' activity does not change while it lasts.
    watching = engine.execution_options(isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as holder, watching.connect() as watcher:
            yield HeldFeed(holder, watcher, site)
    finally:
        engine.dispose()


@on_postgres
def test_a_site_that_is_held_up_does_not_hold_up_another(log_in_at: LogInAt, database_url: str) -> None:
    ana, admin = log_in_at("ana", 0), log_in_at("admin", 0)
    north = next(site for site in admin.sites if site["code"] == "NORTH")
    admin.sites = [north]
    there = admin.open_receipt("PO-3", "N-MAIN")
    with ThreadPoolExecutor(1) as pool, held_feed(database_url, north["id"]) as feed:
        held_up = pool.submit(admin.scan, there, "NB25-0099", batch_no="B-NORTH")
        feed.waits(1)

        receipt = ana.open_receipt()
        assert ana.scan(receipt, "NB25-0001", batch_no=BATCH)["code"] == "ok"
        assert submit(ana, receipt)["status"] == "submitted"

        assert not held_up.done()
        feed.let_go()
        assert held_up.result(timeout=60)["code"] == "ok"


@on_postgres
@pytest.mark.parametrize("what", ["list", "scan", "discard"])
def test_what_comes_after_the_posting_finds_the_receipt_posted(
    log_in_at: LogInAt, database_url: str, what: str
) -> None:
    """Whoever waited for the lock must look again: what it read before has changed meanwhile."""
    ana, ben = log_in_at("ana", 0), log_in_at("ben", 1)
    receipt = ana.open_receipt()
    accepted = ana.scan(receipt, "NB25-0001", batch_no=BATCH)
    path = f"/api/purchase-receipts/{receipt['id']}"
    late = {
        "list": lambda: ben.post(
            f"{path}/units",
            {"id": new_id(), "item_id": accepted["unit"]["item_id"], "serial_nos": ["NB25-0002"], "batch_no": BATCH},
            409,
        ),
        "scan": lambda: ben.scan(receipt, "NB25-0002", batch_no=BATCH),
        "discard": lambda: ben.post(f"{path}/discard", {"reason": "wrong order"}, 409),
    }[what]
    with ThreadPoolExecutor(2) as pool, held_feed(database_url, ana.site) as feed:
        posting = pool.submit(submit, ana, receipt)
        feed.waits(1)
        comes_late = pool.submit(late)
        feed.waits(2)
        feed.let_go()
        assert posting.result(timeout=60)["status"] == "submitted"
        assert comes_late.result(timeout=60)["code"] == "voucher_not_open"
    assert ana.get(path)["counts"]["accepted"] == 1


@on_postgres
def test_an_order_that_was_just_filled_is_not_received_again(log_in_at: LogInAt, database_url: str) -> None:
    ana, ben = log_in_at("ana", 0), log_in_at("ben", 1)
    receipt = ana.open_receipt()
    ana.send(*(ana.a_scan(receipt, f"NB25-{number:04d}", batch_no=BATCH) for number in range(50)))
    wanted = ben.receipt_request()
    with ThreadPoolExecutor(2) as pool, held_feed(database_url, ana.site) as feed:
        posting = pool.submit(submit, ana, receipt)
        feed.waits(1)
        opening = pool.submit(ben.post, "/api/purchase-receipts", wanted, 409)
        feed.waits(2)
        feed.let_go()
        assert posting.result(timeout=60)["status"] == "submitted"
        assert opening.result(timeout=60)["code"] == "order_closed"


def test_readers_do_not_wait_for_a_writer(log_in_at: LogInAt, app: Flask) -> None:
    """A look-up answers while somebody's transaction is open, with what was committed before."""
    from backend.services.feed import SiteFeed
    from backend.unit_of_work import unit_of_work

    ana = log_in_at("ana", 0)
    receipt = ana.open_receipt()
    head = ana.get("/api/feed", site=ana.site, since=0)["head"]
    is_reading = threading.Event()

    def write() -> None:
        with app.app_context(), unit_of_work() as work:
            feed = SiteFeed(work, ana.site)
            feed.tell("order_changed", voucher_id=None)
            feed.close()
            assert is_reading.wait(timeout=60)

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        assert ana.get(f"/api/purchase-receipts/{receipt['id']}")["counts"]["accepted"] == 0
        assert ana.get("/api/feed", site=ana.site, since=0)["head"] == head
        is_reading.set()
        writing.result(timeout=60)
    assert ana.get("/api/feed", site=ana.site, since=0)["head"] == head + 1
