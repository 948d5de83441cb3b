"""The same unit, or the same scan, sent by two at the same moment."""

import uuid
from collections import Counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from backend.extensions import db
from backend.models import Scan, SerialNumber, VoucherUnit
from tests.api_client import Api
from tests.concurrency.at_once import at_once
from tests.concurrency.conftest import LogInAt

BATCH = "B-2026-01"
ROUNDS = 10
"""A race is not run the same way twice."""


def scan(person: Api, receipt: dict[str, Any], text: str) -> dict[str, Any]:
    return person.scan(receipt, text, batch_no=BATCH)


def test_one_serial_into_two_receipts(log_in_at: LogInAt, other: int) -> None:
    ana, ben = log_in_at("ana", 0), log_in_at("ben", other)
    here, there = ana.open_receipt(), ben.open_receipt()
    for number in range(ROUNDS):
        text = f"NB25-{number:04d}"
        outcomes = at_once(lambda text=text: scan(ana, here, text), lambda text=text: scan(ben, there, text))
        assert sorted(outcome["code"] for outcome in outcomes) == ["ok", "serial_in_other_receipt"]
    counts = [ana.get(f"/api/purchase-receipts/{receipt['id']}")["counts"] for receipt in (here, there)]
    assert sum(count["accepted"] for count in counts) == ROUNDS


def test_one_serial_into_the_same_receipt(log_in_at: LogInAt, other: int) -> None:
    ana, ben = log_in_at("ana", 0), log_in_at("ben", other)
    receipt = ana.open_receipt()
    for number in range(ROUNDS):
        text = f"NB25-{number:04d}"
        outcomes = at_once(lambda text=text: scan(ana, receipt, text), lambda text=text: scan(ben, receipt, text))
        assert sorted(outcome["code"] for outcome in outcomes) == ["already_scanned", "ok"]
        assert [outcome["counts"]["accepted"] for outcome in outcomes] == [number + 1] * 2


def test_one_serial_at_two_sites(app: Flask, log_in_at: LogInAt, other: int) -> None:
    """No lock is shared here: the unique index decides, and the loser reads who was first."""
    ana, admin = log_in_at("ana", 0), log_in_at("admin", other)
    north = next(site for site in admin.sites if site["code"] == "NORTH")
    here = ana.open_receipt()
    admin.sites = [north]
    there = admin.open_receipt("PO-3", "N-MAIN")
    for number in range(ROUNDS):
        text = f"NB25-{number:04d}"
        outcomes = at_once(lambda text=text: scan(ana, here, text), lambda text=text: scan(admin, there, text))
        # One site orders only five, so that over-receipt comes in as well.
        codes = {outcome["code"] for outcome in outcomes}
        assert "ok" in codes
        assert codes <= {"ok", "serial_in_other_receipt", "over_receipt"}
    with app.app_context():
        open_units = db.session.scalar(select(func.count()).where(VoucherUnit.status == "open"))
    assert open_units == ROUNDS


def test_the_same_serials_in_opposite_order_at_two_sites(app: Flask, log_in_at: LogInAt) -> None:
    """Each waits for what the other has written: PostgreSQL ends one of them, and it is done again."""
    ana, admin = log_in_at("ana", 0), log_in_at("admin", 1)
    admin.sites = [next(site for site in admin.sites if site["code"] == "NORTH")]
    here, there = ana.open_receipt(), admin.open_receipt("PO-3", "N-MAIN")
    for number in range(3):
        texts = [f"NB25-{number}{each}" for each in "ab"]
        first = [ana.a_scan(here, text, batch_no=BATCH) for text in texts]
        second = [admin.a_scan(there, text, batch_no=BATCH) for text in reversed(texts)]
        answers = at_once(lambda first=first: ana.send(*first), lambda second=second: admin.send(*second))
        codes = Counter(outcome["code"] for outcomes in answers for outcome in outcomes)
        assert codes["ok"] == 2, codes


@pytest.mark.parametrize("is_known", [True, False], ids=["known receipt", "unknown receipt"])
def test_one_scan_id_sent_twice_counts_once(app: Flask, log_in_at: LogInAt, other: int, is_known: bool) -> None:
    ana, again = log_in_at("ana", 0), log_in_at("ana", other)
    again.device_id = ana.device_id
    receipt = ana.open_receipt()
    for number in range(ROUNDS):
        voucher = receipt if is_known else {"id": str(uuid.uuid4())}
        batch = [ana.a_scan(voucher, f"NB25-{number}-{each}", batch_no=BATCH) for each in range(3)]
        answers = at_once(lambda batch=batch: ana.send(*batch), lambda batch=batch: again.send(*batch))
        for first, second in zip(*answers, strict=True):
            assert {first.pop("replayed"), second.pop("replayed")} == {True, False}
            assert first == second
            assert first["code"] == ("ok" if is_known else "voucher_unknown")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Scan)) == 3 * ROUNDS
    counts = ana.get(f"/api/purchase-receipts/{receipt['id']}")["counts"]
    assert counts["accepted"] == (3 * ROUNDS if is_known else 0)


def test_eight_clients_that_receive_the_same_twenty_create_twenty(app: Flask, log_in_at: LogInAt) -> None:
    people = [log_in_at(("ana", "ben", "sue", "admin")[index // 2], index) for index in range(8)]
    texts = [f"NB25-{number:04d}" for number in range(1, 21)]
    receipts = [person.open_receipt() for person in people]

    def receive(person: Api, receipt: dict[str, Any]) -> int:
        for text in texts:
            scan(person, receipt, text)
        accepted: int = person.get(f"/api/purchase-receipts/{receipt['id']}")["counts"]["accepted"]
        if accepted:
            person.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
        else:
            assert person.post(f"/api/purchase-receipts/{receipt['id']}/submit", {}, 409)["code"] == "receipt_empty"
        return accepted

    accepted = at_once(
        *(lambda pair=pair: receive(*pair) for pair in zip(people, receipts, strict=True))  # type: ignore[misc]
    )
    assert sum(accepted) == 20
    with app.app_context():
        created = db.session.scalars(select(SerialNumber.serial_no).where(SerialNumber.serial_no.in_(texts))).all()
    assert sorted(created) == texts
