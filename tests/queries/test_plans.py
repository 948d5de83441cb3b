"""What stock pages, look-ups and vouchers ask for is found by an index, however many units there are."""

import itertools
import re
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask

from backend.domain.availability import Availability
from backend.extensions import db
from backend.queries import batches, stock, stock_units, unit_card, units, vouchers
from backend.queries.stock import StockFilter
from backend.queries.vouchers import VoucherFilter
from tests.api.test_receiving_scenarios import BATCH, look_up, nb25, receive
from tests.api_client import Api, Clock

GROWING = ("serial_number", "stock_ledger_entry", "voucher_unit", "voucher_line", "voucher", "scan", "event")
"""Tables that have a row or more for every unit or voucher."""


def test_no_page_reads_a_growing_table_row_by_row(app: Flask, engine_name: str, ana: Api, clock: Clock) -> None:
    receipt = receive(ana, nb25(1, 20))
    unit = look_up(ana, "NB25-0007")
    assert unit["batch"]["batch_no"] == BATCH
    today, sites = clock.now.date(), {ana.site}
    item, batch, place = unit["item"]["id"], unit["batch"]["id"], ana.place("MAIN")
    with app.app_context():
        session = db.session()
        asks: list[Callable[[], Any]] = [
            lambda: units.find(session, "nb25-0007", "", today, sites),
            lambda: unit_card.unit(session, unit["id"], today, sites),
            lambda: batches.batch(session, batch, today, sites),
            lambda: vouchers.vouchers(session, VoucherFilter(ana.site)),
            lambda: vouchers.voucher(session, receipt["id"], sites),
            lambda: vouchers.units(session, receipt["id"]),
        ]
        for wanted in (
            StockFilter(ana.site),
            StockFilter(ana.site, item_id=item, place_id=place),
            StockFilter(ana.site, batch_id=batch),
            *(StockFilter(ana.site, state=state) for state in Availability),
        ):
            asks.append(lambda wanted=wanted: stock.lines(session, wanted, today))  # type: ignore[misc]
            asks.append(lambda wanted=wanted: stock.totals(session, wanted, today))  # type: ignore[misc]
            asks.append(lambda wanted=wanted: stock_units.units(session, wanted, clock.now))  # type: ignore[misc]
        read_through = {statement: plan for statement, plan in _plans(session, asks).items() if _scans(plan)}
        session.rollback()
    assert read_through == {}


def test_totals_begin_with_the_few_units_that_are_named(app: Flask, ana: Api, clock: Clock) -> None:
    receive(ana, nb25(1, 20))
    with app.app_context():
        session = db.session()
        plans = _plans(session, [lambda: stock.totals(session, StockFilter(ana.site), clock.now.date())])
        [steps] = [plan for plan in plans.values() if any("serial_number" in step for step in plan)]
        session.rollback()
    reads = [step for step in steps if re.search(r"SEARCH serial_number |on serial_number ", step)]
    assert reads
    assert all(re.search(r"PRIMARY KEY|pk_serial_number", step) for step in reads), steps


def _plans(session: Any, asks: list[Callable[[], Any]]) -> dict[str, list[str]]:
    asked: dict[str, Any] = {}

    def remember(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.lstrip("( ").startswith(("SELECT", "WITH")):
            asked[statement] = values

    connection = session.connection()
    if connection.dialect.name == "postgresql":
        # Small tables are read whole, however many indexes they have; so it is made dear.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    sa.event.listen(connection, "before_cursor_execute", remember)
    try:
        for ask in asks:
            ask()
    finally:
        sa.event.remove(connection, "before_cursor_execute", remember)
    explain = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    return {
        statement: [str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {statement}", values)]
        for statement, values in asked.items()
    }


def _scans(plan: list[str]) -> bool:
    """Whether a step reads a whole growing table: "SCAN named" of SQLite, "Seq Scan on voucher" of PostgreSQL."""
    for step in plan:
        words = step.replace("->", "").split()
        for before, table in itertools.pairwise(words):
            if before == "SCAN" and (table in GROWING or table == "named"):
                return True
        if "Seq Scan on " in step and step.split("Seq Scan on ")[1].split()[0] in GROWING:
            return True
    return False
