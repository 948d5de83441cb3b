"""Whoever turns the pages sees every unit once, whatever moves meanwhile; on both databases, with drawn page sizes."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.domain.availability import Availability
from backend.extensions import WRITE, db
from backend.models import Balance, Location, SerialNumber, table
from backend.queries import stock_units
from backend.queries.stock import StockFilter
from tests.api.test_receiving_scenarios import nb25, receive
from tests.api_client import Api, Clock

COUNT = 24


@pytest.fixture
def spread(app: Flask, ana: Api) -> list[str]:
    """Units in three places by turns."""
    for start, place in ((1, "MAIN"), (9, "A-01"), (17, "VAN-7")):
        receive(ana, nb25(start, start + 7), place=place)
    return nb25(1, COUNT)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    limit=st.integers(1, 9),
    moves=st.lists(st.tuples(st.integers(0, 12), st.integers(1, COUNT), st.sampled_from(["MAIN", "A-01", "VAN-7"]))),
    state=st.sampled_from([None, Availability.AVAILABLE]),
)
def test_no_unit_is_shown_twice_or_left_out_while_units_move(
    app: Flask, ana: Api, clock: Clock, spread: list[str], limit: int, moves: Any, state: Any
) -> None:
    with app.app_context(), db.engine.connect() as connection:
        begun = connection.execution_options(**{WRITE: True}).begin()
        session = Session(connection)
        places = dict(session.execute(select(Location.code, Location.id).where(Location.site_id == ana.site)).all())
        # Every cell of the balances counts for somebody who looks, and how much it says does not matter here.
        session.execute(update(table(Balance)).where(table(Balance).c.qty > 0).values(qty=COUNT))
        seen: list[str] = []
        after, page = 0, 0
        while after is not None:
            for at, number, place in moves:
                if at == page:
                    session.execute(
                        update(table(SerialNumber))
                        .where(table(SerialNumber).c.serial_no == f"NB25-{number:04d}")
                        .values(location_id=places[place])
                    )
            units, after = stock_units.units(session, StockFilter(ana.site, state=state), clock.now, after, limit)
            assert len(units) <= limit
            seen += [unit["serial_no"] for unit in units if unit["serial_no"].startswith("NB25")]
            page += 1
        session.close()
        begun.rollback()
    assert seen == spread
