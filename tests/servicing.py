"""Units that are sold, fans to build into them, and what a technician does with both, through the API."""

import uuid
from typing import Any

from flask import Flask
from sqlalchemy import select

from backend.domain.people import Actor
from backend.domain.receiving import Tracking
from backend.models import Item, Party
from backend.services import masters
from backend.unit_of_work import UnitOfWork, transact
from tests.api.test_cancelling import sell
from tests.api_client import Api
from tests.selling import receive


def add_fans(app: Flask, picker: Api, *serial_nos: str, place: str = "VAN-7") -> None:
    """Fans, which are spare parts with serial numbers, in a place."""

    def order(work: UnitOfWork) -> str:
        fan = work.session.scalar(select(Item).filter_by(item_code="FAN-80")) or masters.add_item(
            work, item_code="FAN-80", name="Fan 80 mm", tracking=Tracking.SERIAL
        )
        number = f"PO-{uuid.uuid4().hex[:8]}"
        masters.add_purchase_order(
            work,
            Actor(1, "ana", {}),
            order_id=str(uuid.uuid4()),
            site_id=picker.site,
            supplier=work.session.scalars(select(Party).filter_by(kind="supplier")).one(),
            lines=[masters.OrderLine(fan, len(serial_nos))],
            number=number,
        )
        return number

    with app.app_context():
        number = transact(order)
    receive(picker, list(serial_nos), order=number, place=place, batch_no=None)


def build_in(picker: Api, parent: str, *serial_nos: str, place: str = "VAN-7") -> None:
    """Build parts into a unit in stock, as a workshop does before it is sold."""
    picker.post(
        "/api/stock-entries",
        {
            "id": str(uuid.uuid4()),
            "location_id": picker.place(place),
            "serial_nos": list(serial_nos),
            "purpose": "consume",
            "parent_serial_no": parent,
            "remark": "assembled",
        },
    )


def sold_laptop(app: Flask, picker: Api, serial_no: str = "NB25-0025", customer: str = "ACME") -> None:
    """A laptop with fan F-9 inside that a customer has, and fans F-31 and F-32 in the van."""
    receive(picker, [serial_no, "NB25-0026"])
    add_fans(app, picker, "F-9", "F-31", "F-32")
    picker.clock.forward(hours=1)
    build_in(picker, serial_no, "F-9")
    picker.clock.forward(hours=1)
    sell(picker, serial_no, customer=customer)
    picker.clock.forward(hours=1)


def take_in(person: Api, serial_no: str = "NB25-0025", expect: int = 200, **more: Any) -> Any:
    return person.post("/api/repair-orders", an_intake(person, serial_no, **more), expect)


def an_intake(person: Api, serial_no: str = "NB25-0025", **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "done_at": person.clock.now.isoformat(),
        "site": person.site,
        "serial_no": serial_no,
        "customer": "ACME",
        "complaint": "gets hot and stops",
        **more,
    }


def a_visit(person: Api, serial_no: str = "NB25-0025", **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "done_at": person.clock.now.isoformat(),
        "site": person.site,
        "serial_no": serial_no,
        "work_done": "fan replaced",
        "result": "fixed",
        **more,
    }


def visit(person: Api, serial_no: str = "NB25-0025", expect: int = 200, **more: Any) -> Any:
    return person.post("/api/service-visits", a_visit(person, serial_no, **more), expect)


def swap(person: Api, out: str = "F-9", into: str = "F-31", van: str = "VAN-7", to: str = "REJECT") -> dict[str, Any]:
    """The parts of a visit that replaces a fan."""
    return {
        "from_location_id": person.place(van),
        "put_in": [into],
        "to_location_id": person.place(to),
        "taken_out": [out],
    }


def a_plan(person: Api, serial_no: str = "NB25-0025", **more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "site": person.site,
        "serial_no": serial_no,
        "name": "yearly check",
        "every": 3,
        "period": "months",
        "starts_on": "2026-01-31",
        **more,
    }
