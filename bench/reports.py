"""Every report over ten years, as its screen asks for it and as a whole file: ``python -m bench.reports``.

A database of 100,000 units with 300,000 entries over ten years, half of the units sold, with 300,000 scans of 40 devices
and 20,000 holds that were placed and lifted. The time is that of one answer over HTTP; the
memory is the most that the web process had until then, which was just started before the first of them.
"""

import itertools
import random
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from backend.models import Device, Hold, Location, Scan, SerialNumber, User, Voucher
from backend.unit_of_work import UnitOfWork, transact
from bench import generator, servers
from bench.clients import Client
from bench.receiving import Row
from bench.streaming import fetched
from tests.databases import TemporaryPostgres

UNITS, SCANS, DEVICES, HOLDS = 100_000, 300_000, 40, 20_000
START, YEARS = datetime(2017, 1, 1, 6, tzinfo=UTC), timedelta(days=3_600)
SPAN = "from=2017-01-01&to=2026-12-31"


def run() -> Iterator[tuple[str, Row]]:
    """Measure on SQLite and on PostgreSQL; yields the engine's name and a row."""
    with tempfile.TemporaryDirectory(prefix="serialtrail-bench-") as folder:
        yield from (("SQLite", row) for row in _measured(servers.prepared(None, Path(folder))))
    with tempfile.TemporaryDirectory(prefix="serialtrail-bench-") as folder, TemporaryPostgres() as postgres:
        yield from (("PostgreSQL", row) for row in _measured(servers.prepared(postgres.url, Path(folder))))


def _measured(database: servers.Database) -> Iterator[Row]:
    with servers.application(database):
        generator.fill(UNITS, START, YEARS)
        transact(_scans_and_holds)
    with servers.serialtrail(database) as server:
        client = Client(server.port, "sue")
        keys = [report["key"] for report in client.get("/api/reports")["reports"]]
        yield Row("before the first", f"most memory {server.most_memory_mb():.0f} MiB", "", float("nan"), "")
        for key, ending in itertools.product(keys, ("", "/file.csv")):
            start = time.perf_counter()
            path = f"/api/reports/{key}{ending}?site={client.site}&{SPAN}"
            rows, size = fetched(server.port, path, client.cookie)
            seconds = time.perf_counter() - start
            size_told = f"{rows:,} rows, {size / 2**20:.1f} MiB, " if ending else ""
            told = f"{seconds:.2f} s, {size_told}most memory {server.most_memory_mb():.0f} MiB"
            yield Row(f"{key}, {'file' if ending else 'screen'}", told, "", float("nan"), "")


def _scans_and_holds(work: UnitOfWork) -> None:
    session, writer, draw = work.session, generator.Writer(work.connection), random.Random(5)
    site_id = session.scalars(select(Location.id).where(Location.code == "HQ")).one()
    user_id = session.scalars(select(User.id).where(User.username == "ana")).one()
    vouchers = session.scalars(select(Voucher.id).where(Voucher.number.like("PR-M-%"))).all()
    units = session.scalars(select(SerialNumber.id).where(SerialNumber.serial_no.like("MIL0%")).limit(HOLDS)).all()
    guid = lambda: str(uuid.UUID(int=draw.getrandbits(128), version=4))  # noqa: E731
    devices = [guid() for _ in range(DEVICES)]
    seen = {"first_seen_at": START, "last_seen_at": START + YEARS, "clock_skew_ms": 0, "last_counter": SCANS}
    writer.write(Device, [seen | {"id": id, "name": f"Handheld {at}"} for at, id in enumerate(devices)])
    of_all = {"digest": bytes(32), "user_id": user_id, "site_id": site_id, "purpose": "receive", "answer": {}}
    scans: list[dict[str, Any]] = []
    for number in range(SCANS):
        at = START + number * (YEARS / SCANS)
        status = draw.choices(("accepted", "duplicate", "needs_review", "refused"), (90, 5, 2, 3))[0]
        scan = {
            "id": guid(),
            "device_id": devices[number % DEVICES],
            "counter": number // DEVICES + 1,
            "voucher_id": vouchers[number * len(vouchers) // SCANS],
            "raw": b"MIL",
            "symbology": draw.choice(("]d2", "]Q3", "]C1", "")),
            "source": draw.choice(("camera", "wedge", "typed")),
            "scanned_at": at,
            "recorded_at": at,
            "status": status,
            "code": "ok" if status == "accepted" else status,
        }
        scans.append(of_all | scan)
    writer.write(Scan, scans)
    holds: list[dict[str, Any]] = []
    for number, unit_id in enumerate(units):
        at = START + number * (YEARS / HOLDS)
        by = {"kind": "hold", "serial_id": unit_id, "reason": "bench", "placed_by_id": user_id, "placed_at": at}
        lifted = {"lifted_by_id": user_id, "lifted_at": at + timedelta(hours=8), "lift_reason": "bench"}
        holds.append(by | lifted)
    writer.write(Hold, holds)


if __name__ == "__main__":
    for name, row in run():
        print(f"{name:12}{row.what:32}{row.ours}", flush=True)
