"""What a service read before it got the lock of its site counts for nothing once it has it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from backend.extensions import db
from backend.services import filling, receiving
from backend.services.feed import SiteFeed
from backend.unit_of_work import UnitOfWork, transact
from tests.api_client import Api, Clock, new_id
from tests.elsewhere import elsewhere

# SQLite has one writer, which reads nothing before it may write.
pytestmark = pytest.mark.parametrize("engine_name", ["postgresql"])

Meanwhile = Callable[[Callable[[], Any]], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Lets somebody else be first at the lock of the site, once."""
    first: list[Callable[[], Any]] = []

    class Waited(SiteFeed):
        def __init__(self, work: UnitOfWork, site_id: int) -> None:
            if first:
                elsewhere(first.pop())
            super().__init__(work, site_id)

    for module in (receiving, filling):
        monkeypatch.setattr(module, "SiteFeed", Waited)
    return first.append


def a_list(receipt: dict[str, Any], *serial_nos: str) -> dict[str, Any]:
    item = receipt["lines"][0]["item"]["id"]
    return {"id": new_id(), "item_id": item, "serial_nos": list(serial_nos), "batch_no": "B-1"}


def test_a_list_for_a_receipt_that_was_posted_meanwhile_is_refused(ana: Api, ben: Api, meanwhile: Meanwhile) -> None:
    receipt = ana.open_receipt()
    ana.scan(receipt, "NB25-0001", batch_no="B-1")
    address = f"/api/purchase-receipts/{receipt['id']}"
    meanwhile(lambda: ben.post(f"{address}/submit", {}))

    assert ana.post(f"{address}/units", a_list(receipt, "NB25-0002"), expect=409)["code"] == "voucher_not_open"

    assert ana.get(address)["counts"]["accepted"] == 1


def test_a_receipt_for_an_order_that_was_closed_meanwhile_is_refused(ana: Api, ben: Api, meanwhile: Meanwhile) -> None:
    receipt = ben.open_receipt()
    ben.post(
        f"/api/purchase-receipts/{receipt['id']}/units",
        a_list(receipt, *(f"NB25-{number:04d}" for number in range(50))),
    )
    meanwhile(lambda: ben.post(f"/api/purchase-receipts/{receipt['id']}/submit", {}))

    answer = ana.post("/api/purchase-receipts", ana.receipt_request(), expect=409)

    assert answer["code"] == "order_closed"


def test_what_waited_happens_when_its_turn_comes(app: Flask, ana: Api, clock: Clock) -> None:
    asked_at = clock.now

    def job(work: UnitOfWork) -> None:
        clock.forward(seconds=5)
        SiteFeed(work, ana.site)
        assert work.now == asked_at + timedelta(seconds=5)

    with app.app_context():
        transact(job)
        db.session.remove()
