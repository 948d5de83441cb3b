"""What a large database costs to read, from ten thousand units to a million: ``python -m bench.million``."""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from backend.domain.picking import PickRule
from backend.extensions import db
from backend.models import Batch, Item, Location, SerialNumber
from backend.services.proposals import propose_units
from backend.unit_of_work import transact
from bench import servers
from bench.clients import Client, together
from bench.generator import fill
from tests.databases import TemporaryPostgres

PAGES = 60


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: p50 and p95 and processor time in milliseconds, or seconds and megabytes."""

    what: str
    value: str


def measure(database: servers.Database, postgres: int | None) -> Iterator[Figure]:
    """Ask the embedded server for pages of units drawn at random, then run the check in a process of its own.

    Args:
        database: What ``fill`` has filled.
        postgres: The process of its server, whose processor time counts, too.
    """
    draw = random.Random(2)
    with servers.application(database):
        with Session(db.engine) as session:
            low, high = session.execute(
                sa.select(sa.func.min(SerialNumber.id), sa.func.max(SerialNumber.id)).where(
                    SerialNumber.serial_no.like("MIL0%")
                )
            ).one()
            halls = session.scalars(sa.select(Location.id).where(Location.code.like("HALL-%"))).all()
            items = session.scalars(sa.select(Item.id).where(Item.item_code.like("MIL-%"))).all()
            batches = session.scalars(sa.select(Batch.id).where(Batch.batch_no.like("MB-%"))).all()
            bins = session.scalars(sa.select(Location.id).where(Location.parent_id.in_(halls))).all()
        proposed = _timed(
            lambda: transact(
                lambda work: propose_units(
                    work, item_id=draw.choice(items), rule=PickRule.FEFO, qty=100, places=frozenset([*bins, *halls])
                )
            ),
            40,
        )
    with servers.serialtrail(database) as server:
        client = Client(server.port, "sue")
        processes = [server.process.pid, *([postgres] if postgres else [])]
        unit = lambda: draw.randint(low, high)  # noqa: E731
        site = f"site={client.site}"
        pages: dict[str, Callable[[], str]] = {
            "look-up by serial number": lambda: f"/api/units?{site}&q=mil{unit():09d}",
            "page of a unit with its history": lambda: f"/api/units/{unit()}",
            "stock page, first, with totals": lambda: f"/api/stock?{site}",
            "stock of an item": lambda: f"/api/stock?{site}&item={draw.choice(items)}",
            "stock of a hall": lambda: f"/api/stock?{site}&place={draw.choice(halls)}",
            "units available at the site": lambda: f"/api/stock/units?{site}&state=available",
            "units of an item in a hall": lambda: (
                f"/api/stock/units?{site}&item={draw.choice(items)}&place={draw.choice(halls)}"
            ),
            "units on hold": lambda: f"/api/stock/units?{site}&state=on_hold",
            "batch page": lambda: f"/api/batches/{draw.choice(batches)}",
            "list of vouchers": lambda: f"/api/vouchers?{site}&type=delivery_note",
        }
        for what, path in pages.items():
            client.get(path())
            before = sum(map(servers.processor_seconds, processes))
            load = together([client], lambda c, i, path=path: c.made("GET", path()), PAGES)
            used = (sum(map(servers.processor_seconds, processes)) - before) * 1000 / PAGES
            times = f"{load.percentile_ms(0.5):.1f} / {load.percentile_ms(0.95):.1f} ms"
            yield Figure(what, f"{times}, processor {used:.1f} ms")
    yield Figure(
        "FEFO proposal of 100 units",
        f"{proposed[len(proposed) // 2]:.1f} / {proposed[int(len(proposed) * 0.95)]:.1f} ms",
    )
    start = time.perf_counter()
    answer, memory = _check(database)
    yield Figure("check-ledger", f"{time.perf_counter() - start:.1f} s, {memory:.0f} MB: {answer}")


def _timed(job: Callable[[], Any], times: int) -> list[float]:
    took = []
    for _ in range(times):
        start = time.perf_counter()
        assert len(job()) == 100
        took.append((time.perf_counter() - start) * 1000)
    return sorted(took)


def _check(database: servers.Database) -> tuple[str, float]:
    process = subprocess.run(
        [sys.executable, "-c", _CHECK], env=servers._environment(database), capture_output=True, text=True, check=False
    )
    *said, peak = process.stdout.splitlines() or [process.stderr]
    return said[-1] if said else process.stderr[-300:], int(peak) / 1024


_CHECK = """
import sys
from pathlib import Path
from backend.__main__ import main
sys.argv = ["serialtrail", "check-ledger"]
try:
    main()
except SystemExit as end:
    pass
print(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
"""


def main() -> None:
    """Make databases of the sizes asked for on both engines, and measure each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], action="append")
    asked = parser.parse_args()
    for engine in asked.engine or ["sqlite", "postgresql"]:
        for size in asked.sizes:
            with ExitStack() as stack:
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="serialtrail-bench-"))
                postgres = stack.enter_context(TemporaryPostgres()) if engine == "postgresql" else None
                database = servers.prepared(postgres.url if postgres else None, Path(folder))
                start = time.perf_counter()
                with servers.application(database):
                    fill(size)
                print(
                    f"\n{engine}, {size:,} units made in {time.perf_counter() - start:.0f} s, load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )
                for figure in measure(database, postgres.process.pid if postgres and postgres.process else None):
                    print(f"  {figure.what:34}{figure.value:>40}", flush=True)


if __name__ == "__main__":
    main()
