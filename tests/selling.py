"""Goods to sell and what a salesperson and a picker do with them, through the API."""

import uuid
from typing import Any

from flask import Flask
from sqlalchemy import select

from backend.domain.people import Actor
from backend.models import Item, Party
from backend.services import masters
from backend.unit_of_work import UnitOfWork, transact
from tests.api_client import Api

PUMPS = {"P1": "2026-09-30", "P2": "2026-06-30", "P0": "2026-01-31"}
"""The batches of scenario S6 and their last days."""


def receive(picker: Api, serial_nos: list[str], *, order: str = "PO-1", place: str = "MAIN", **more: Any) -> None:
    """Bring units into stock."""
    receipt = picker.open_receipt(order, place)
    outcomes = picker.send(*(picker.a_scan(receipt, text, **{"batch_no": "B-2026-01", **more}) for text in serial_nos))
    assert {outcome["code"] for outcome in outcomes} == {"ok"}, outcomes
    picker.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})


def receive_laptops(picker: Api, count: int = 50) -> list[str]:
    """The laptops of scenario S1, in MAIN."""
    serial_nos = [f"NB25-{number:04d}" for number in range(1, count + 1)]
    receive(picker, serial_nos)
    return serial_nos


def make_laptops(app: Flask, picker: Api, count: int) -> list[str]:
    """Many laptops in MAIN, received from a list."""
    serial_nos = [f"BULK-{number:05d}" for number in range(count)]
    with app.app_context():
        transact(lambda work: make_order(work, picker.site, "LAP-15", count, "PO-BULK"))
    receipt = picker.open_receipt("PO-BULK")
    wanted = {"id": str(uuid.uuid4()), "item_id": receipt["lines"][0]["item"]["id"], "batch_no": "B-BULK"}
    picker.post(f"/api/purchase-receipts/{receipt['id']}/units", wanted | {"serial_nos": serial_nos})
    picker.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    return serial_nos


def receive_cables(picker: Api, count: int, place: str = "MAIN") -> None:
    """Goods without serial numbers."""
    receipt = picker.open_receipt("PO-2", place)
    picker.send(*(picker.a_scan(receipt, "09506000134376") for _ in range(count)))
    picker.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})


def receive_pumps(app: Flask, picker: Api) -> None:
    """The pumps of scenario S6, in MAIN."""
    with app.app_context():
        pump = transact(lambda work: make_order(work, picker.site, "PUMP-1", 7, "PO-7"))
    for batch_no, count in (("P1", 3), ("P2", 3), ("P0", 1)):
        serial_nos = [f"{batch_no}-{number:02d}" for number in range(1, count + 1)]
        receive(picker, serial_nos, order="PO-7", batch_no=batch_no, expires_on=PUMPS[batch_no], item_id=pump)


def make_order(work: UnitOfWork, site_id: int, item_code: str, qty: int, number: str) -> int:
    item = work.session.scalars(select(Item).filter_by(item_code=item_code)).one()
    masters.add_purchase_order(
        work,
        Actor(1, "ana", {}),
        order_id=str(uuid.uuid4()),
        site_id=site_id,
        supplier=work.session.scalars(select(Party).filter_by(kind="supplier")).one(),
        lines=[masters.OrderLine(item, qty)],
        number=number,
    )
    return item.id


def order(seller: Api, *lines: tuple[str, Any], customer: str = "ACME", **more: Any) -> dict[str, Any]:
    """Write and submit a sales order."""
    wanted = {
        "id": str(uuid.uuid4()),
        "site": seller.site,
        "customer": customer,
        "lines": [{"item_code": item_code, "qty": qty} for item_code, qty in lines],
        "submit": True,
        **more,
    }
    written: dict[str, Any] = seller.post("/api/sales-orders", wanted)
    return written


def pick_list(
    picker: Api, *orders: dict[str, Any], place: str = "MAIN", expect: int = 200, **more: Any
) -> dict[str, Any]:
    """Make a pick list for orders."""
    wanted = {
        "id": str(uuid.uuid4()),
        "sales_order_ids": [each["id"] for each in orders],
        "location_id": picker.place(place),
        **more,
    }
    made: dict[str, Any] = picker.post("/api/pick-lists", wanted, expect)
    return made


def proposed(picker: Api, made: dict[str, Any]) -> list[str]:
    """What is still to be fetched, in walking order."""
    units = picker.get(f"/api/pick-lists/{made['id']}/proposal")["units"]
    return [unit["serial_no"] for unit in units]


def pick(picker: Api, made: dict[str, Any], text: str, **more: Any) -> dict[str, Any]:
    """Scan one code into a pick list."""
    return picker.send(picker.a_scan(made, text, purpose="pick", **more))[0]


def deliver(picker: Api, expect: int = 200, place: str = "MAIN", **wanted: Any) -> dict[str, Any]:
    """Deliver goods that are named, or a finished pick list."""
    body = {"id": str(uuid.uuid4())} | wanted
    if "pick_list_id" not in wanted:
        body = {"customer": "ACME", "location_id": picker.place(place)} | body
    delivered: dict[str, Any] = picker.post("/api/delivery-notes", body, expect)
    return delivered


def finish(picker: Api, made: dict[str, Any]) -> dict[str, Any]:
    """End the fetching."""
    finished: dict[str, Any] = picker.post(f"/api/pick-lists/{made['id']}/submit", {})
    return finished
