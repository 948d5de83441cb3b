"""``python -m bench.sync [devices]``: draining outboxes after a shift without a network, beside live scans."""

import sys
import threading
import time
import uuid
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import servers
from bench.clients import Client
from bench.receiving import new_serial_no

DRAINED, BATCH = 1_000, 50
DEVICES, QUEUED, CONNECTIONS = 500, 200, 16
LIVE_EVERY = 0.25
"""Seconds between two scans of somebody who works meanwhile."""


def main() -> None:
    """Measure on SQLite and print."""
    devices = int(sys.argv[1]) if len(sys.argv) > 1 else DEVICES
    with TemporaryDirectory(prefix="serialtrail-bench-") as folder:
        database = servers.prepared(None, Path(folder))
        with servers.serialtrail(database) as server:
            clients = [Client(server.port, ("ana", "ben")[index % 2]) for index in range(CONNECTIONS)]
            receipt = clients[0].open_receipt(database.order_id)
            seconds = drain(clients[0], receipt, DRAINED)
            print(f"draining {DRAINED} entries of one device: {seconds:.2f} s (target 5 s)", flush=True)
            live = Client(server.port, "ana")
            seconds, latencies = many(clients, live, receipt, devices)
            p95 = sorted(latencies)[int(0.95 * len(latencies))] * 1000
            print(f"{devices} devices x {QUEUED} entries: {seconds:.0f} s (target 300 s)")
            print(f"live scans meanwhile: {len(latencies)}, p95 {p95:.0f} ms (target 1000 ms)")


def drain(client: Client, receipt: str, count: int) -> float:
    """Send so many scans as the app does, one batch after the other; the seconds."""
    requests = [outbox(client, receipt, BATCH) for _ in range(count // BATCH)]
    start = time.perf_counter()
    for request in requests:
        client.ask(request)
    return time.perf_counter() - start


def many(clients: list[Client], live: Client, receipt: str, devices: int) -> tuple[float, list[float]]:
    """Let many devices send what they queued, over some connections, while one person goes on scanning."""
    left = iter(range(devices))
    lock = threading.Lock()
    is_over = threading.Event()
    latencies: list[float] = []

    def send(client: Client) -> None:
        while True:
            with lock:
                if next(left, None) is None:
                    return
            client.device_id, client.counter = str(uuid.uuid4()), 0
            for _ in range(QUEUED // BATCH):
                client.ask(outbox(client, receipt, BATCH))

    def scan() -> None:
        while not is_over.wait(LIVE_EVERY):
            request = outbox(live, receipt, 1)
            start = time.perf_counter()
            live.ask(request)
            latencies.append(time.perf_counter() - start)

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    watcher = threading.Thread(target=scan)
    start = time.perf_counter()
    for thread in (*threads, watcher):
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    is_over.set()
    watcher.join()
    return seconds, latencies


def outbox(client: Client, receipt: str, count: int) -> bytes:
    """A batch as the app sends it."""
    batch: dict[str, Any] = client.scans(receipt, [new_serial_no() for _ in range(count)])
    entries = [{"kind": "scan"} | scan for scan in batch.pop("scans")]
    return client.made("POST", "/api/sync", batch | {"holds": [], "entries": entries})


if __name__ == "__main__":
    main()
