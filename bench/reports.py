"""Every report over ten years, as its screen asks for it and as a whole file: ``python -m bench.reports``.

A database of 100,000 units with 300,000 entries, half of the units sold. The time is that of one answer over HTTP; the
memory is the most that the web process had until then, which was just started before the first of them.
"""

import itertools
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import million, servers
from bench.clients import Client
from bench.receiving import Row
from bench.streaming import fetched
from tests.databases import TemporaryPostgres

UNITS = 100_000
SPAN = "from=2017-01-01&to=2026-12-31"


def run() -> Iterator[tuple[str, Row]]:
    """Measure on SQLite and on PostgreSQL; yields the engine's name and a row."""
    with tempfile.TemporaryDirectory(prefix="serialtrail-bench-") as folder:
        yield from (("SQLite", row) for row in _measured(servers.prepared(None, Path(folder))))
    with tempfile.TemporaryDirectory(prefix="serialtrail-bench-") as folder, TemporaryPostgres() as postgres:
        yield from (("PostgreSQL", row) for row in _measured(servers.prepared(postgres.url, Path(folder))))


def _measured(database: servers.Database) -> Iterator[Row]:
    with servers.application(database):
        million.fill(UNITS)
    with servers.serialtrail(database) as server:
        client = Client(server.port, "sue")
        keys = [report["key"] for report in client.get("/api/reports")["reports"]]
        for key, ending in itertools.product(keys, ("", "/file.csv")):
            start = time.perf_counter()
            path = f"/api/reports/{key}{ending}?site={client.site}&{SPAN}"
            rows, size = fetched(server.port, path, client.cookie)
            seconds = time.perf_counter() - start
            told = (
                f"{seconds:.2f} s, {rows:,} rows, {size / 2**20:.1f} MiB, most memory {server.most_memory_mb():.0f} MiB"
            )
            yield Row(f"{key}, {'file' if ending else 'screen'}", told, "", float("nan"), "")


if __name__ == "__main__":
    for name, row in run():
        print(f"{name:12}{row.what:32}{row.ours}", flush=True)
