"""The check finds whatever is changed behind the program's back, and says where."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Executable, Select, delete, func, null, select, update
from sqlalchemy.orm import Session

from backend.extensions import WRITE, db
from backend.models import (
    Balance,
    Batch,
    Event,
    Feed,
    Item,
    Location,
    Party,
    Scan,
    SerialNumber,
    StockLedgerEntry,
    User,
    Voucher,
    VoucherLine,
    VoucherUnit,
)
from backend.queries.ledger_check import check_ledger
from backend.services import projections
from backend.unit_of_work import transact
from tests.api_client import Api

Problems = Callable[..., list[str]]

Entry = StockLedgerEntry
SEQ = 31
"""An entry in the middle of the chain, made from a scan."""


@pytest.fixture
def goods(ana: Api) -> None:
    """Behind the demo data's entries: four units from scans, one of them in REJECT, one of them sold."""
    receipt = ana.open_receipt()
    for number in range(1, 5):
        condition = "rejected" if number == 4 else "accepted"
        ana.scan(receipt, f"NB25-{number:04d}", batch_no="B-1", condition=condition)
    ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    draft = ana.open_receipt()
    ana.scan(draft, "NB25-0010", batch_no="B-1")
    ana.post(
        "/api/delivery-notes",
        {
            "id": "11111111-1111-4111-8111-111111111111",
            "customer": "ACME",
            "location_id": ana.place("MAIN"),
            "serial_nos": ["NB25-0001"],
        },
    )


@pytest.fixture
def problems_after(app: Flask, goods: None) -> Problems:
    """What the check says after some statements, which then are taken back together with the guards' removal."""

    def check(*statements: Executable) -> list[str]:
        with app.app_context(), db.engine.connect() as connection, taken_back(connection):
            for trigger in open_triggers(connection):
                connection.exec_driver_sql(trigger)
            for statement in statements:
                changed = connection.execute(statement).rowcount
                assert changed, f"changed nothing: {statement}"
            with Session(connection) as session:
                return check_ledger(session).problems

    return check


@contextmanager
def taken_back(connection: Connection) -> Iterator[None]:
    """A transaction that is rolled back whatever happens in it."""
    begun = connection.execution_options(**{WRITE: True}).begin()
    try:
        yield
    finally:
        begun.rollback()


def open_triggers(connection: Connection) -> Sequence[str]:
    """What takes the database's own guards away."""
    if connection.dialect.name == "postgresql":
        return [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in ("stock_ledger_entry", "event")]
    names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
    return [f"DROP TRIGGER {name}" for name in names]


def another(kind: Any, column: Any) -> Select[Any]:
    """The key of another row of a table."""
    return select(func.min(kind.id)).where(kind.id != column)


HERE = Entry.seq == SEQ

CHANGES = {
    "item_id": select(func.max(Item.id)).scalar_subquery(),
    "serial_id": another(SerialNumber, Entry.serial_id).scalar_subquery(),
    "batch_id": another(Batch, Entry.batch_id).scalar_subquery(),
    "location_id": another(Location, Entry.location_id).scalar_subquery(),
    "qty": Entry.qty * 2,
    "party_id": select(func.max(Party.id)).scalar_subquery(),
    "voucher_id": select(Voucher.id).where(Voucher.number == "PO-1").scalar_subquery(),
    "voucher_line_id": another(VoucherLine, Entry.voucher_line_id).scalar_subquery(),
    "scan_id": null(),
    "actor_id": select(User.id).where(User.username == "kim").scalar_subquery(),
    "scanned_at": null(),
    "posted_at": null(),
    "prev_hash": b"\1" * 32,
    "hash": b"\1" * 32,
}
"""Another value for every column that an entry is not found by."""


def test_the_goods_are_in_order(problems_after: Problems) -> None:
    assert problems_after() == []


def test_every_column_of_an_entry_is_tried() -> None:
    assert CHANGES.keys() | {"site_id", "seq"} == {column.key for column in Entry.__table__.columns}


def test_a_change_of_any_column_of_an_entry_is_found_and_placed(app: Flask, problems_after: Problems, ana: Api) -> None:
    with app.app_context(), Session(db.engine) as session:
        posted_at = session.scalars(select(Entry.posted_at).where(HERE, Entry.site_id == ana.site)).one()
    for name, value in CHANGES.items():
        other = posted_at + timedelta(microseconds=1) if name == "posted_at" else value
        change = update(Entry).where(HERE, Entry.site_id == ana.site).values({name: other})
        found = problems_after(change.execution_options(synchronize_session=False))
        assert any(f"site {ana.site}, entry {SEQ}: " in problem for problem in found), (name, found)


def test_a_cut_off_end_is_found_by_the_units_although_the_feed_was_cut_with_it(
    app: Flask, problems_after: Problems, ana: Api
) -> None:
    with app.app_context(), Session(db.engine) as session:
        last = session.scalars(select(Entry).where(Entry.seq == SEQ - 1, Entry.site_id == ana.site)).one()
    found = problems_after(
        delete(Entry).where(Entry.seq >= SEQ, Entry.site_id == ana.site),
        update(Feed).where(Feed.site_id == ana.site).values(ledger_seq=last.seq, ledger_hash=last.hash),
    )
    assert any(problem.startswith("unit ") for problem in found)
    assert any(problem.startswith("balance ") for problem in found)


def test_entries_of_a_site_without_feed_are_found(problems_after: Problems, ana: Api) -> None:
    found = problems_after(delete(Feed).where(Feed.site_id == ana.site))
    assert any(f"site {ana.site}: " in problem and "no feed" in problem for problem in found)


SOLD_UNIT = SerialNumber.serial_no == "NB25-0001"
UNIT = SerialNumber.serial_no == "NB25-0002"
RECEIPT = select(SerialNumber.receipt_id).where(UNIT).scalar_subquery()
DRAFT = select(Voucher.id).where(Voucher.status == "draft").scalar_subquery()

PROJECTIONS: dict[str, tuple[Executable, str]] = {
    "a unit's place": (
        update(SerialNumber)
        .where(UNIT)
        .values(location_id=another(Location, SerialNumber.location_id).scalar_subquery()),
        "unit NB25-0002",
    ),
    "a unit's owner": (update(SerialNumber).where(SOLD_UNIT).values(owner_id=None), "unit NB25-0001"),
    "an owner of an unsold unit": (
        update(SerialNumber).where(UNIT).values(owner_id=select(func.min(Party.id)).scalar_subquery()),
        "unit NB25-0002",
    ),
    "a unit's last entry": (update(SerialNumber).where(UNIT).values(last_seq=1), "unit NB25-0002"),
    "a unit's batch": (
        update(SerialNumber).where(UNIT).values(batch_id=another(Batch, SerialNumber.batch_id).scalar_subquery()),
        "unit NB25-0002",
    ),
    "a balance": (update(Balance).where(Balance.qty > 0).values(qty=Balance.qty + 1), "balance of place"),
    "a balance that is gone": (delete(Balance), "balance of place"),
    "the head of the feed": (update(Feed).values(head=Feed.head + 1), "the feed says"),
    "the end of the chain": (update(Feed).values(ledger_hash=b"\2" * 32), "the ledger ends at"),
    "an event that is gone": (delete(Event).where(Event.seq == 5), "events"),
    "a receipt's count": (update(Voucher).where(Voucher.id == RECEIPT).values(accepted=7), "receipt PR-"),
    "a receipt's other count": (update(Voucher).where(Voucher.id == DRAFT).values(rejected=7), "receipt PR-"),
    "a line's count": (update(VoucherLine).where(VoucherLine.voucher_id == RECEIPT).values(accepted=7), "receipt line"),
    "a line's count without units": (
        update(VoucherUnit).where(VoucherUnit.voucher_id == DRAFT).values(status="undone"),
        "receipt line",
    ),
    "what an order got": (update(VoucherLine).where(VoucherLine.received > 0).values(received=49), "order line"),
    "what is scanned of an order": (update(VoucherLine).where(VoucherLine.scanned > 0).values(scanned=0), "order line"),
}


def test_a_change_of_anything_that_follows_from_the_ledger_is_found(problems_after: Problems) -> None:
    for name, (statement, told) in PROJECTIONS.items():
        found = problems_after(statement.execution_options(synchronize_session=False))
        assert any(told in problem for problem in found), (name, found)


def test_balances_are_rebuilt_from_the_ledger(app: Flask, goods: None) -> None:
    with app.app_context():
        with db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
            connection.execute(update(Balance).values(qty=Balance.qty + 5))
            connection.execute(delete(Balance).where(Balance.id == select(func.min(Balance.id)).scalar_subquery()))
        with Session(db.engine) as session:
            assert check_ledger(session).problems
        assert transact(projections.rebuild_balances) > 0
        with Session(db.engine) as session:
            assert check_ledger(session).problems == []


def test_scans_point_at_entries_that_exist(app: Flask, goods: None) -> None:
    """Every accepted and posted scan has its two entries, and no entry names a scan that is not there."""
    with app.app_context(), Session(db.engine) as session:
        posted = session.scalars(
            select(VoucherUnit.scan_id).where(VoucherUnit.status == "posted", VoucherUnit.scan_id.is_not(None))
        ).all()
        named = session.scalars(select(Entry.scan_id).where(Entry.scan_id.is_not(None))).all()
        known = set(session.scalars(select(Scan.id)))
    assert sorted([*posted, *posted]) == sorted(named)
    assert set(named) <= known
