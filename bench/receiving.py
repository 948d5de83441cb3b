"""Scans and receipts: ours and the floor, one after the other on the same database."""

import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import servers
from bench.clients import Client, Load, together
from tests.databases import TemporaryPostgres

SINGLE_CLIENTS, SINGLE_EACH = 8, 250
BATCH_CLIENTS, BATCH_EACH, BATCH_SIZE = 4, 15, 100
RECEIPTS = (50, 1_000, 10_000)


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: ours, the floor, and the ratio of what they cost."""

    what: str
    ours: str
    floor: str
    ratio: float
    target: str


def run() -> Iterator[tuple[str, Row]]:
    """Measure on SQLite and on PostgreSQL; yields the engine's name and a row."""
    for engine in ("SQLite", "PostgreSQL"):
        with _database(engine) as database:
            for row in _measured(database):
                yield engine, row


@contextmanager
def _database(engine: str) -> Iterator[servers.Database]:
    with tempfile.TemporaryDirectory(prefix="serialtrail-bench-") as folder:
        if engine == "SQLite":
            yield servers.prepared(None, Path(folder))
        else:
            with TemporaryPostgres() as server:
                yield servers.prepared(server.url, Path(folder))


def _measured(database: servers.Database) -> Iterator[Row]:
    with servers.serialtrail(database) as server:
        idle = server.memory_mb()
        clients = [Client(server.port, ("ana", "ben")[index % 2]) for index in range(SINGLE_CLIENTS)]
        receipt = clients[0].open_receipt(database.order_id)
        clients[0].post("/api/scans", clients[0].scans(receipt, ["WARM-UP"]))
        single = together(
            clients, lambda c, i: c.made("POST", "/api/scans", c.scans(receipt, [new_serial_no()])), SINGLE_EACH
        )
        batch = together(
            clients[:BATCH_CLIENTS],
            lambda c, i: c.made("POST", "/api/scans", c.scans(receipt, [new_serial_no() for _ in range(BATCH_SIZE)])),
            BATCH_EACH,
        )
        posted = {count: _our_receipt(clients[0], database.order_id, count) for count in RECEIPTS}
        looked_up = _our_look_up(clients[0])
        same = _same_twenty(clients, database.order_id)
    with servers.floor(database) as bare:
        plain = [Client(bare.port, None) for _ in range(SINGLE_CLIENTS)]
        body = lambda count: {"receipt": receipt, "texts": [new_serial_no() for _ in range(count)]}  # noqa: E731
        floor_single = together(plain, lambda c, i: c.made("POST", "/scans", body(1)), SINGLE_EACH)
        floor_batch = together(
            plain[:BATCH_CLIENTS], lambda c, i: c.made("POST", "/scans", body(BATCH_SIZE)), BATCH_EACH
        )
        floor_posted = {}
        for count in RECEIPTS:
            start = time.perf_counter()
            plain[0].post("/receipts", body(count))
            floor_posted[count] = time.perf_counter() - start
        found = looked_up[1]
        floor_look_up = together(plain[:1], lambda c, i: c.made("GET", f"/units/{found}"), 200)

    yield _rate("single scans, 8 clients", single, floor_single, 1, "≤ 4 × floor, ≥ 400/s")
    yield _rate("batches of 100, 4 clients", batch, floor_batch, BATCH_SIZE, "≥ 3,000/s")
    for count in RECEIPTS:
        target = {1_000: "≤ 0.25 s, ≤ 20 × floor"}.get(count, "≤ 20 × floor")
        ours, bare_seconds = posted[count], floor_posted[count]
        yield Row(f"receipt of {count:,} units", f"{ours:.3f} s", f"{bare_seconds:.3f} s", ours / bare_seconds, target)
    ratio = looked_up[0].percentile_ms(0.5) / floor_look_up.percentile_ms(0.5)
    yield Row(
        "look-up of a unit, p50",
        f"{looked_up[0].percentile_ms(0.5):.1f} ms",
        f"{floor_look_up.percentile_ms(0.5):.1f} ms",
        ratio,
        "≤ 5 ms",
    )
    yield Row("8 clients, the same 20 serials", f"{same} units", "", float("nan"), "20")
    yield Row("memory, idle", f"{idle:.0f} MB", "", float("nan"), "")


def _rate(what: str, ours: Load, bare: Load, size: int, target: str) -> Row:
    def told(load: Load) -> str:
        return f"{load.per_second * size:,.0f}/s, p50 {load.percentile_ms(0.5):.0f} ms, p99 {load.percentile_ms(0.99):.0f} ms"

    return Row(what, told(ours), told(bare), bare.per_second / ours.per_second, target)


def _our_receipt(client: Client, order_id: str, count: int) -> float:
    """From the list of serial numbers to the posted receipt: two requests, with every rule."""
    receipt = client.open_receipt(order_id)
    shown = client.get(f"/api/purchase-receipts/{receipt}")
    item = shown["lines"][0]["item"]["id"]
    texts = [new_serial_no() for _ in range(count)]
    start = time.perf_counter()
    client.post(
        f"/api/purchase-receipts/{receipt}/units",
        {"id": str(uuid.uuid4()), "item_id": item, "serial_nos": texts, "batch_no": "B-BENCH"},
    )
    client.post(f"/api/purchase-receipts/{receipt}/submit", {})
    return time.perf_counter() - start


def _our_look_up(client: Client) -> tuple[Load, str]:
    """By serial number to the unit's page: two requests, counted as one look-up."""
    receipts = client.get(f"/api/purchase-receipts?site={client.site}&status=submitted")["purchase_receipts"]
    text = client.get(f"/api/purchase-receipts/{receipts[0]['id']}/units?limit=1")["units"][0]["serial_no"]

    unit = client.get(f"/api/units?site={client.site}&q={text}")["matches"][0]
    asked = (f"/api/units?site={client.site}&q={text}", f"/api/units/{unit['id']}")
    load = together([client], lambda c, i: c.made("GET", asked[i % 2]), 400)
    both = [sum(load.latencies[index : index + 2]) for index in range(0, len(load.latencies), 2)]
    return Load(load.seconds, both), text


def _same_twenty(clients: list[Client], order_id: str) -> int:
    """Eight clients scan the same twenty serial numbers into receipts of their own; how many units count?"""
    receipts = {client.device_id: client.open_receipt(order_id) for client in clients}
    texts = [new_serial_no() for _ in range(20)]
    together(clients, lambda c, i: c.made("POST", "/api/scans", c.scans(receipts[c.device_id], [texts[i]])), 20)
    return sum(
        int(clients[0].get(f"/api/purchase-receipts/{receipt}")["counts"]["accepted"]) for receipt in receipts.values()
    )


def new_serial_no() -> str:
    """A serial number that is not known yet."""
    return f"NB-{uuid.uuid4().hex[:12].upper()}"
