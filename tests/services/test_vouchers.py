"""The id of a voucher is made by its caller and means one voucher for ever; its number is drawn and free."""

import uuid
from typing import Any

from flask import Flask
from sqlalchemy import update

from backend.extensions import db
from backend.models import Voucher
from backend.unit_of_work import UnitOfWork, transact
from tests.api_client import Api
from tests.conftest import LogIn


def a_delivery(person: Api, *serial_nos: str, **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "customer": "ACME",
        "location_id": person.place("MAIN"),
        "serial_nos": list(serial_nos),
        **more,
    }


def test_a_delivery_sent_twice_delivers_once(ana: Api, sue: Api) -> None:
    wanted = a_delivery(ana, "NB23-0002")
    assert ana.post("/api/delivery-notes", wanted) == ana.post("/api/delivery-notes", wanted)
    assert ana.post("/api/delivery-notes", wanted | {"serial_nos": ["nb23-0002 "]})["id"] == wanted["id"]
    (unit,) = sue.get("/api/units", site=sue.site, q="NB23-0002")["matches"]
    sue.post(f"/api/units/{unit['id']}/serial-no", {"serial_no": "NB23-0902", "reason": "typed from a worn label"})
    again = ana.post("/api/delivery-notes", wanted)
    assert again["id"] == wanted["id"]
    assert sum(line["qty"] for line in again["lines"]) == 1


def test_the_id_of_a_delivery_with_other_content_is_refused(ana: Api, log_in: LogIn) -> None:
    admin = log_in("admin")
    wanted = a_delivery(ana, "NB23-0002")
    ana.post("/api/delivery-notes", wanted)
    north = next(site["id"] for site in admin.sites if site["code"] == "NORTH")
    elsewhere = next(
        place["id"] for place in admin.get("/api/locations", site=north)["locations"] if place["code"] == "N-MAIN"
    )
    for other in (
        {"customer": "BETA"},
        {"serial_nos": ["NB24-0001"]},
        {"serial_nos": ["NB23-0002", "NB24-0001"]},
        {"location_id": ana.place("VAN-7")},
        {"location_id": elsewhere},
    ):
        assert admin.post("/api/delivery-notes", wanted | other, expect=409)["code"] == "id_reused", other


def test_the_id_of_a_voucher_of_another_kind_is_refused(ana: Api) -> None:
    receipt, delivery = ana.receipt_request(), a_delivery(ana, "NB23-0002")
    ana.post("/api/purchase-receipts", receipt)
    ana.post("/api/delivery-notes", delivery)

    for taken in (receipt["id"], receipt["purchase_order_id"]):
        assert ana.post("/api/delivery-notes", delivery | {"id": taken}, expect=409)["code"] == "id_reused"
    for taken in (delivery["id"], receipt["purchase_order_id"]):
        assert ana.post("/api/purchase-receipts", receipt | {"id": taken}, expect=409)["code"] == "id_reused"


def test_a_number_that_is_taken_is_skipped(app: Flask, ana: Api) -> None:
    first = ana.open_receipt()
    digits = first["number"].removeprefix("PR-2026-")
    next_two = [f"PR-2026-{int(digits) + ahead:05d}" for ahead in (1, 2)]

    def take(work: UnitOfWork) -> None:
        # As from an import of earlier receipts.
        work.session.execute(update(Voucher).where(Voucher.id == first["id"]).values(number=next_two[0]))

    with app.app_context():
        transact(take)
        db.session.remove()

    assert ana.open_receipt()["number"] == next_two[1]
