"""What a web process needs while it streams long reports: ``python -m bench.streaming``.

A database of 100,000 units of one batch, half of them sold. Each file is fetched whole from a server that has just been
started; the figure is the most memory that its process ever had (VmHWM).
"""

import http.client
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from backend.extensions import db
from backend.models import Batch, Item, SerialNumber
from bench import generator, servers
from bench.clients import Client
from bench.receiving import Row
from tests.databases import TemporaryPostgres

UNITS = 100_000
TARGET = "≤ 200 MiB"


def run() -> Iterator[tuple[str, Row]]:
    """Measure on SQLite and on PostgreSQL; yields the engine's name and a row."""
    with tempfile.TemporaryDirectory(prefix="serialtrail-bench-") as folder:
        yield from (("SQLite", row) for row in _measured(servers.prepared(None, Path(folder))))
    with tempfile.TemporaryDirectory(prefix="serialtrail-bench-") as folder, TemporaryPostgres() as postgres:
        yield from (("PostgreSQL", row) for row in _measured(servers.prepared(postgres.url, Path(folder))))


def _measured(database: servers.Database) -> Iterator[Row]:
    with servers.application(database):
        generator.fill(UNITS)
        batch, batch_no = _one_batch()
    for what, path in (
        ("serial number ledger, CSV", "/api/reports/ledger/file.csv?site={site}"),
        ("serial number ledger, XLSX", "/api/reports/ledger/file.xlsx?site={site}"),
        ("trace of a batch, CSV", f"/api/traces.csv?batch={batch}"),
        ("trace of a batch, JSON", f"/api/traces?batch={batch}"),
        ("its first 200 units, for the screen", f"/api/traces?batch={batch}&limit=200"),
        ("trace report, CSV", f"/api/reports/trace-forward/file.csv?site={{site}}&batch={batch_no}"),
        ("trace report, XLSX", f"/api/reports/trace-forward/file.xlsx?site={{site}}&batch={batch_no}"),
        ("trace report, its first page", f"/api/reports/trace-forward?site={{site}}&batch={batch_no}"),
    ):
        with servers.serialtrail(database) as server:
            client = Client(server.port, "sue")
            idle, start = server.most_memory_mb(), time.perf_counter()
            lines, size = fetched(server.port, path.format(site=client.site), client.cookie)
            seconds = time.perf_counter() - start
            told = f"{server.most_memory_mb():.0f} MiB, {lines:,} rows, {size / 2**20:.0f} MiB in {seconds:.1f} s"
            yield Row(what, told, f"idle {idle:.0f} MiB", server.most_memory_mb() / idle, TARGET)


def _one_batch() -> tuple[int, str]:
    """All units become units of one item and batch, so that one trace comes to all of them."""
    batch, batch_no, item = db.session.execute(
        sa.select(Batch.id, Batch.batch_no, Item.id)
        .join(Item, Item.id == Batch.item_id)
        .where(Item.item_code == "MIL-000")
        .limit(1)
    ).one()
    db.session.rollback()
    with db.engine.begin() as connection:
        of_million = sa.select(Item.id).where(Item.item_code.like("MIL-%"))
        connection.execute(
            sa.update(SerialNumber).where(SerialNumber.item_id.in_(of_million)).values(item_id=item, batch_id=batch)
        )
    return batch, batch_no


def fetched(port: int, path: str, cookie: str) -> tuple[int, int]:
    """Read an answer and let go of it piece by piece; returns its rows and bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {answer.read(500)!r}")
    rows = int(answer.headers.get("X-Total-Rows") or 0)
    lines = size = 0
    word, rest = b'"is_asked_for"', b""
    while piece := answer.read(64 * 1024):
        # A word that two pieces share counts, too.
        lines += piece.count(b"\n") + (rest + piece).count(word)
        rest = piece[1 - len(word) :]
        size += len(piece)
    connection.close()
    return rows or lines, size


if __name__ == "__main__":
    for name, row in run():
        print(f"{name:12}{row.what:32}{row.ours:>50}{row.floor:>18}   {row.target}", flush=True)
