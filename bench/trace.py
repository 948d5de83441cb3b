"""A trace of a batch of 10,000 units beside plain SQL on the driver: ``python -m bench.trace``.

The batch comes by two receipts; 2,000 of its units are built into 500 other units, most of which are sold, and 6,000
are sold by themselves. The floor reads the same rows with plain joins: no rules, no rights, no JSON.
"""

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import HTTPCookieProcessor, Request, build_opener

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from backend.app import create_app
from backend.config import Config
from backend.demo import load_demo
from backend.extensions import db
from backend.models import Batch, SerialNumber
from backend.queries.trace import Direction, trace
from backend.unit_of_work import transact
from bench.receiving import Row
from bench.servers import Database, Server, serialtrail
from tests.api_client import Api, Clock, logged_in, new_id
from tests.databases import TemporaryPostgres
from tests.selling import make_order

UNITS, HOLDERS, PARTS_EACH, SOLD, SOLD_HOLDERS = 10_000, 500, 4, 6_000, 400
TARGET = "<= 2 s"
_ROUNDS = 5
_FLOOR = (
    "SELECT u.id, u.serial_no, i.item_code, b.batch_no, b.expires_on, s.name, r.number, r.dated_on, o.number, l.code,"
    " p.name, p.contact, v.number FROM serial_number u JOIN item i ON i.id = u.item_id"
    " JOIN location l ON l.id = u.location_id JOIN batch b ON b.id = u.batch_id"
    " JOIN stock_ledger_entry e ON e.site_id = u.last_site_id AND e.seq = u.last_seq"
    " JOIN voucher v ON v.id = e.voucher_id LEFT JOIN party s ON s.id = u.supplier_id"
    " LEFT JOIN voucher r ON r.id = u.receipt_id LEFT JOIN voucher o ON o.id = r.source_id"
    " LEFT JOIN party p ON p.id = u.owner_id WHERE {which} ORDER BY u.id",
    "SELECT e.serial_id, l.code, v.number, v.dated_on FROM stock_ledger_entry e"
    " JOIN location l ON l.id = e.location_id JOIN voucher v ON v.id = e.voucher_id"
    " JOIN serial_number u ON u.id = e.serial_id WHERE {which} AND e.qty > 0 ORDER BY e.serial_id, e.posted_at, e.seq",
    "SELECT c.parent_id, c.serial_id, c.put_in_at, c.removed_at, v.number FROM component c"
    " JOIN voucher v ON v.id = c.voucher_id JOIN serial_number u ON u.id = c.serial_id WHERE {which}",
)


def run() -> Iterator[tuple[str, Row]]:
    """Measure on SQLite and on PostgreSQL; yields the engine's name and a row."""
    for engine in ("SQLite", "PostgreSQL"):
        with _application(engine) as app:
            person = logged_in(app, "sue", Clock())
            batch_id = _fill(app, person)
            with app.app_context():
                for row in _measured(app, batch_id):
                    yield engine, row


@contextmanager
def _application(engine: str) -> Iterator[Flask]:
    with tempfile.TemporaryDirectory(prefix="serialtrail-bench-") as folder:
        if engine == "SQLite":
            yield from _made(f"sqlite:///{folder}/bench.sqlite3", Path(folder))
            return
        with TemporaryPostgres() as server:
            yield from _made(server.url, Path(folder))


def _made(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app(Config(database_url=url, secret_key="bench" * 8, data_dir=folder, clock=Clock()))
    with app.app_context():
        upgrade(directory=app.extensions["migrate"].directory)
        transact(load_demo)
    yield app
    app.extensions["serialtrail_sandbox"].close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _fill(app: Flask, person: Api) -> int:
    texts, holders = [f"T-{n:05d}" for n in range(UNITS)], [f"H-{n:04d}" for n in range(HOLDERS)]
    with app.app_context():
        transact(lambda work: make_order(work, person.site, "LAP-15", UNITS + HOLDERS, "PO-TRACE"))
    for some, batch_no in ((texts[:5_000], "B-T"), (texts[5_000:], "B-T"), (holders, "B-H")):
        receipt = person.open_receipt("PO-TRACE")
        wanted = {"id": new_id(), "item_id": receipt["lines"][0]["item"]["id"], "batch_no": batch_no}
        person.post(f"/api/purchase-receipts/{receipt['id']}/units", wanted | {"serial_nos": some})
        person.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    main = person.place("MAIN")
    for at, holder in enumerate(holders):
        parts = texts[at * PARTS_EACH : (at + 1) * PARTS_EACH]
        entry = {"id": new_id(), "location_id": main, "purpose": "consume", "remark": "built in"}
        person.post("/api/stock-entries", entry | {"serial_nos": parts, "parent_serial_no": holder})
    left = texts[HOLDERS * PARTS_EACH :][:SOLD]
    for start in range(0, SOLD, 500):
        _deliver(person, main, left[start : start + 500])
    _deliver(person, main, holders[:SOLD_HOLDERS])
    with app.app_context():
        found = db.session.scalars(select(Batch.id).where(Batch.batch_no == "B-T")).one()
        db.session.rollback()
        return found


def _deliver(person: Api, place: int, serial_nos: list[str]) -> None:
    wanted = {"id": new_id(), "customer": "ACME", "location_id": place, "serial_nos": serial_nos}
    person.post("/api/delivery-notes", wanted)


def _measured(app: Flask, batch_id: int) -> Iterator[Row]:
    of_batch = select(SerialNumber.id).where(SerialNumber.batch_id == batch_id)
    holders = select(SerialNumber.id).where(SerialNumber.serial_no.like("H-%"))
    forward, backward = f"u.batch_id = {batch_id}", "u.serial_no LIKE 'H-%%'"
    for what, units, direction, which in (
        ("forward from the batch", of_batch, Direction.FORWARD, forward),
        ("backward from what it is in", holders, Direction.BACKWARD, backward),
    ):
        count = 0

        def traced(units: Any = units, direction: Direction = direction) -> None:
            nonlocal count
            found = trace(db.session(), units, direction)
            count = sum(1 for _ in found.units(db.session()))
            db.session.rollback()

        ours, least = _best(traced), _best(lambda which=which: _plain(which))
        yield Row(f"trace {what}", f"{count} units, {ours:.2f} s", f"{least:.2f} s", ours / least, TARGET)

    config: Config = app.extensions["serialtrail"]
    with serialtrail(Database(config.database_url, config.data_dir, "")) as server:
        asked = _asking(server, batch_id)
        ours, least = _best(asked), _best(lambda: _plain(forward))
    yield Row("the same over HTTP as JSON", f"{ours:.2f} s", f"{least:.2f} s", ours / least, TARGET)


def _asking(server: Server, batch_id: int) -> Callable[[], None]:
    """A person at the embedded server, in a process of its own, who reads the whole answer."""
    address = f"http://127.0.0.1:{server.port}/api"
    browser = build_opener(HTTPCookieProcessor())
    who = json.dumps({"username": "sue", "password": "demo-sue"}).encode()
    browser.open(Request(f"{address}/session", who, {"Content-Type": "application/json"})).read()

    def asked() -> None:
        answer = browser.open(f"{address}/traces?batch={batch_id}").read()
        assert answer.count(b'"is_asked_for"') == UNITS + HOLDERS

    return asked


def _plain(which: str) -> None:
    with db.engine.connect() as connection:
        for statement in _FLOOR:
            connection.exec_driver_sql(statement.format(which=which)).fetchall()


def _best(job: Callable[[], None]) -> float:
    """The shortest of some rounds: what else runs on the machine only ever adds."""
    times = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        job()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    for name, row in run():
        print(f"{name:12}{row.what:36}{row.ours:>28}{row.floor:>12}{row.ratio:>8.1f}   {row.target}", flush=True)
