"""Recording scans, where the order inside one group matters."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.extensions import db
from backend.models import Event, Scan
from backend.queries import receipts
from backend.services import receiving, scanning
from backend.services.scan_batches import IncomingScan, Outcome
from backend.unit_of_work import transact
from tests.sites import Site, new_id, new_site, scan_of, undo_of

Record = Callable[..., list[Outcome]]


@pytest.fixture
def site(app: Flask):
    with app.app_context():
        yield transact(lambda work: new_site(work, {"laptop": 3, "cable": 2}))


@pytest.fixture
def record(site: Site) -> Record:
    """Records scans as one group of one phone."""

    def together(*scans: IncomingScan) -> list[Outcome]:
        batches = [site.batch(site.ana, *scans)]
        return transact(lambda work: scanning.record_scans(work, site.id, batches))[0]

    return together


def opened(site: Site) -> str:
    receipt_id, place = new_id(), site.places["MAIN"]
    transact(
        lambda work: receiving.open_receipt(
            work, site.ana, receipt_id=receipt_id, order_id=site.orders[0], location_id=place
        )
    )
    return receipt_id


def codes(outcomes: list[Outcome]) -> list[str]:
    return [outcome.code for outcome in outcomes]


def serials_on(receipt_id: str) -> list[str]:
    with Session(db.engine) as session:
        return [unit["serial_no"] for unit in receipts.units(session, receipt_id)]


def test_of_two_contents_with_one_id_in_a_group_the_first_counts(site, record):
    """The second one's text was once taken for the first one's."""
    first = scan_of(opened(site), site.serial(1))
    assert codes(record(first, replace(first, text=site.serial(2)))) == ["ok", "id_reused"]
    assert serials_on(first.voucher_id) == [site.serial(1)]


def test_an_id_used_for_other_content_is_refused_ever_after(site, record):
    first = scan_of(opened(site), site.serial(1))
    record(first)
    for other in (
        replace(first, text=site.serial(2)),
        replace(first, batch_no="B-2"),
        replace(first, condition="rejected"),
        replace(first, n=2),
        replace(first, raw=b"x"),
        undo_of(first, id=first.id),
    ):
        assert codes(record(other)) == ["id_reused"]
    (again,) = record(first)
    assert (again.code, again.replayed) == ("ok", True)


def test_a_scan_twice_in_a_group_counts_once(site, record):
    scan = scan_of(opened(site), site.serial(1))
    outcomes = record(scan, scan, scan)
    assert [(outcome.code, outcome.replayed) for outcome in outcomes] == [("ok", False), ("ok", True), ("ok", True)]
    assert {tuple(outcome.counts.items()) for outcome in outcomes} == {
        (("expected", 5), ("accepted", 1), ("rejected", 0))
    }


def test_a_replay_tells_the_first_answer_and_not_the_present_one(site, record):
    scan = scan_of(opened(site), site.serial(1))
    (told,) = record(scan)
    record(scan_of(scan.voucher_id, site.serial(2)))
    (again,) = record(scan)
    assert again == replace(told, replayed=True)


def test_a_refused_scan_stays_refused_although_it_would_count_now(site, record):
    """Its device was told, and its person acted on it; who wants the unit counted scans it again."""
    receipt = opened(site)
    first, second = scan_of(receipt, site.serial(1)), scan_of(receipt, site.serial(1))
    assert codes(record(first, second)) == ["ok", "already_scanned"]
    assert codes(record(undo_of(first))) == ["undone"]
    assert codes(record(second)) == ["already_scanned"]
    assert serials_on(receipt) == []


def test_scan_undo_and_scan_again_in_one_group(site, record):
    receipt = opened(site)
    first, second = scan_of(receipt, site.serial(1)), scan_of(receipt, site.serial(1))
    assert codes(record(first, undo_of(first), second)) == ["ok", "undone", "ok"]
    assert serials_on(receipt) == [site.serial(1)]


def test_undo_of_an_earlier_scan_and_the_same_unit_again_in_one_group(site, record):
    receipt = opened(site)
    first, second = scan_of(receipt, site.serial(1)), scan_of(receipt, site.serial(1))
    record(first)
    assert codes(record(undo_of(first), second)) == ["undone", "ok"]
    assert serials_on(receipt) == [site.serial(1)]


def test_a_unit_is_taken_back_only_on_its_own_receipt(site, record):
    """With scans of both receipts in one group it once was, through the other one."""
    one, other = opened(site), opened(site)
    scan = scan_of(one, site.serial(1))
    outcomes = record(scan, scan_of(other, site.serial(2)), undo_of(scan, through=other))
    assert codes(outcomes) == ["ok", "ok", "nothing_to_undo"]
    assert serials_on(one) == [site.serial(1)]


@pytest.mark.parametrize("condition", ["accepted", "rejected"])
def test_screens_hear_of_every_undo_as_one(site, record, condition):
    scan = scan_of(opened(site), site.serial(1), condition=condition)
    undo = undo_of(scan, condition=condition)
    assert codes(record(scan, undo)) == ["ok", "undone"]
    with Session(db.engine) as session:
        kinds = dict(
            session.execute(select(Event.scan_id, Event.kind).where(Event.scan_id.in_([scan.id, undo.id]))).all()
        )
    assert kinds == {scan.id: f"unit_{condition}", undo.id: "scan_undone"}


def test_every_scan_is_kept_as_it_came(site, record):
    """What a scan was taken to mean may be wrong; the bytes are what the label had."""
    receipt = opened(site)
    odd = [scan_of(receipt, text) for text in ("", "NB\u202e25", "NB\ud800", "x" * 4096, "\x00\x1d")]
    odd.append(scan_of(receipt, site.serial(1), raw=b"\xff\x00", symbology="]d2", source="camera"))
    record(*odd)
    with Session(db.engine) as session:
        rows = session.execute(select(Scan.id, Scan.raw).where(Scan.id.in_([scan.id for scan in odd])))
        kept = {row.id: row.raw for row in rows}
    assert [kept[scan.id] for scan in odd] == [
        *(scan.text.encode("utf-8", "surrogatepass") for scan in odd[:-1]),
        b"\xff\x00",
    ]
