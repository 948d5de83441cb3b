"""The rule of what is available, in Python and in SQL: the same for units with every mixture of reasons."""

import itertools
import uuid
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from backend.domain.availability import Availability, availability_of
from backend.domain.locations import LocationKind
from backend.extensions import WRITE, db
from backend.models import Balance, Batch, Hold, Location, Reservation, SerialNumber, User, Voucher, VoucherLine, table
from backend.queries import stock, stock_units
from backend.queries.availability import availabilities
from backend.queries.stock import StockFilter
from backend.services.choosing import facts_of
from tests.api.test_receiving_scenarios import nb25
from tests.api_client import Api, Clock
from tests.orders import add_order

KINDS = [kind for kind in LocationKind if kind not in (LocationKind.SITE, LocationKind.SUPPLIER)]


def test_python_and_sql_say_the_same_of_every_unit(app: Flask, ana: Api, clock: Clock) -> None:
    mixtures = list(itertools.product(KINDS, (None, -1, 0), (None, "hold", "recall"), (None, "hold"), (False, True)))
    add_order(app, "PO-9", len(mixtures))
    receipt = ana.open_receipt("PO-9")
    item = receipt["lines"][0]["item"]["id"]
    ana.post(
        f"/api/purchase-receipts/{receipt['id']}/units",
        {"id": str(uuid.uuid4()), "item_id": item, "serial_nos": nb25(1, len(mixtures)), "batch_no": "B-1"},
    )
    ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    today = clock.now.date()
    with app.app_context(), db.engine.connect() as connection:
        begun = connection.execution_options(**{WRITE: True}).begin()
        session = Session(connection)
        units = session.scalars(select(SerialNumber.id).where(SerialNumber.serial_no.like("NB25-%"))).all()
        for unit_id, mixture in zip(units, mixtures, strict=True):
            _make(session, unit_id, mixture, ana.site, item, clock)
        session.flush()

        said = availabilities(session, units, today)
        facts = facts_of(connection, units)
        for unit_id, mixture in zip(units, mixtures, strict=True):
            unit = facts[unit_id]
            expected = availability_of(
                unit.state,
                today=today,
                hold=unit.hold and unit.hold.kind,
                expires_on=unit.expires_on,
                is_reserved=unit.reserved is not None,
            )
            assert said[unit_id] == expected, mixture
        # Balances say where to look; here every place may have some of everything.
        session.execute(delete(table(Balance)))
        rows = select(SerialNumber.location_id, SerialNumber.item_id, SerialNumber.batch_id, func.count())
        rows = rows.group_by(SerialNumber.location_id, SerialNumber.item_id, SerialNumber.batch_id)
        session.execute(insert(table(Balance)).from_select(["location_id", "item_id", "batch_id", "qty"], rows))
        for state in Availability:
            of_state = StockFilter(ana.site, state=state)
            listed, _ = stock_units.units(session, of_state, clock.now, limit=1_000)
            assert {unit["id"] for unit in listed} & set(units) == {each for each in units if said[each] == state}
            assert stock.totals(session, of_state, today).get(state, 0) == len(listed)
        session.close()
        begun.rollback()


def _make(session: Session, unit_id: int, mixture: Any, site: int, item: int, clock: Clock) -> None:
    kind, expires_in, on_batch, on_unit, is_reserved = mixture
    place = session.scalars(select(Location.id).where(Location.site_id == site, Location.kind == kind)).first()
    batch = Batch(item_id=item, batch_no=f"M-{unit_id}", batch_key=f"m-{unit_id}", created_at=clock.now)
    batch.expires_on = None if expires_in is None else clock.now.date() + timedelta(expires_in)
    session.add(batch)
    session.flush()
    session.execute(
        update(table(SerialNumber))
        .where(table(SerialNumber).c.id == unit_id)
        .values(location_id=place, batch_id=batch.id)
    )
    user = session.scalars(select(User.id)).first()
    for held, subject in ((on_batch, {"batch_id": batch.id}), (on_unit, {"serial_id": unit_id})):
        if held is not None:
            session.add(Hold(kind=held, reason="x", placed_by_id=user, placed_at=clock.now, **subject))
    if is_reserved:
        voucher = session.scalars(select(Voucher.id).where(Voucher.number == "PO-9")).one()
        line = session.scalars(select(VoucherLine.id).where(VoucherLine.voucher_id == voucher)).one()
        session.execute(
            insert(table(Reservation)),
            {
                "voucher_id": voucher,
                "line_id": line,
                "serial_id": unit_id,
                "status": "proposed",
                "user_id": user,
                "at": clock.now,
            },
        )
