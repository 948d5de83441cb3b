"""One unit, sold by two at the same moment."""

import uuid
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from backend.extensions import db
from backend.models import SerialNumber, StockLedgerEntry, Warranty
from tests.api_client import Api
from tests.concurrency.at_once import at_once
from tests.concurrency.conftest import LogInAt

ROUNDS = 10


def sell(person: Api, text: str, customer: str, place: int) -> Any:
    note = {"id": str(uuid.uuid4()), "customer": customer, "location_id": place, "serial_nos": [text]}
    headers = {"X-CSRF-Token": person.csrf_token}
    return person.client.post("/api/delivery-notes", json=note, headers=headers).get_json()


def test_s7e_a_unit_is_sold_to_one_of_two_customers(app: Flask, log_in_at: LogInAt, other: int) -> None:
    ana, ben = log_in_at("ana", 0), log_in_at("ben", other)
    receipt, place = ana.open_receipt(), ana.place("MAIN")
    texts = [f"NB25-{number:04d}" for number in range(ROUNDS)]
    ana.send(*(ana.a_scan(receipt, text, batch_no="B-1") for text in texts))
    ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})

    for text in texts:
        answers = at_once(
            lambda text=text: sell(ana, text, "ACME", place),  # type: ignore[misc]
            lambda text=text: sell(ben, text, "BETA", place),  # type: ignore[misc]
        )
        (sold,) = (answer for answer in answers if answer["status"] == "submitted")
        (refused,) = (answer for answer in answers if answer is not sold)
        assert refused["code"] == "serial_already_sold"
        assert f"{text} is already sold to {sold['customer']['code']} on {sold['number']}." in refused["detail"]

    sold = select(SerialNumber.id).where(SerialNumber.serial_no.in_(texts))
    with app.app_context():
        moves = select(func.count()).where(StockLedgerEntry.serial_id.in_(sold), StockLedgerEntry.qty > 0)
        assert db.session.scalar(moves) == 2 * ROUNDS
        assert db.session.scalar(select(func.count()).where(Warranty.serial_id.in_(sold))) == ROUNDS
