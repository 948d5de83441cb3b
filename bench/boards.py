"""Scan to board: how long after a scan was sent each of many boards has heard of it."""

import json
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import websocket

from bench import servers
from bench.clients import Client
from bench.receiving import Row, new_serial_no

LOADS = ((50, 5, 500, 50, True), (200, 1, 100, 20, False))
"""Boards, phones that scan, scans of all of them, how many a second, and whether each board reads its picture."""

EVERY = 0.5
"""Seconds from one reading of a board to the next, as in the app (pwa/src/board/board-state.ts)."""


class Board:
    """One open board: a socket that watches a site, and readings of the picture as the app makes them."""

    def __init__(self, port: int, viewer: Client, expected: int, *, reads: bool) -> None:
        self.heard_at: dict[str, float] = {}
        self.shown_at: dict[str, float] = {}
        self.seqs: list[int] = []
        self._expected = expected
        self._viewer = viewer
        self._reader = Client(port, None)
        self._reader.cookie = viewer.cookie
        self._is_changed, self._is_over = threading.Event(), False
        self._socket = websocket.create_connection(
            f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket",
            header=[f"Cookie: {viewer.cookie}"],
            timeout=60,
        )
        self._socket.recv()
        self._socket.send("40")
        self._socket.recv()
        self._socket.send("420" + json.dumps(["watch", {"site": viewer.site}]))
        answer = self._socket.recv()
        if '"ok":true' not in answer:
            raise SystemExit(f"not let in: {answer}")
        jobs = (self._listen, self._show) if reads else (self._listen,)
        self._threads = [threading.Thread(target=job, daemon=True) for job in jobs]
        for thread in self._threads:
            thread.start()

    def _listen(self) -> None:
        while len(self.heard_at) < self._expected:
            message = self._socket.recv()
            now = time.perf_counter()
            if message == "2":
                self._socket.send("3")
            elif message.startswith("42"):
                for event in json.loads(message[2:])[1]["events"]:
                    self.seqs.append(event["seq"])
                    if event["scan_id"]:
                        self.heard_at[event["scan_id"]] = now
                self._is_changed.set()

    def _show(self) -> None:
        request = self._reader.made("GET", f"/api/boards/receiving?site={self._viewer.site}")
        while not self._is_over:
            if not self._is_changed.wait(timeout=1):
                continue
            self._is_changed.clear()
            heard, start = list(self.heard_at), time.perf_counter()
            self._reader.ask(request)
            now = time.perf_counter()
            for scan in heard:
                self.shown_at.setdefault(scan, now)
            time.sleep(max(0.0, EVERY - (now - start)))

    def close(self) -> None:
        """Wait until every scan was heard and shown, then hang up."""
        self._threads[0].join(timeout=60)
        deadline = time.perf_counter() + 10
        while self._threads[1:] and len(self.shown_at) < self._expected and time.perf_counter() < deadline:
            time.sleep(0.05)
        self._is_over = True
        for thread in self._threads[1:]:
            thread.join(timeout=10)
        self._socket.close()


def run() -> Iterator[tuple[str, Row]]:
    """Measure with the embedded server on SQLite."""
    for load in LOADS:
        with tempfile.TemporaryDirectory(prefix="serialtrail-bench-") as folder:
            yield from _measured(servers.prepared(None, Path(folder)), *load)


def _measured(
    database: servers.Database, count: int, phones: int, scans: int, per_second: int, reads: bool
) -> Iterator[tuple[str, Row]]:
    with servers.serialtrail(database) as server:
        idle = server.memory_mb()
        pickers = [Client(server.port, ("ana", "ben")[each % 2]) for each in range(phones)]
        viewer = Client(server.port, "sue")
        receipt = pickers[0].open_receipt(database.order_id)
        boards = [Board(server.port, viewer, scans, reads=reads) for _ in range(count)]
        memory = server.memory_mb()
        spent = servers.processor_seconds(server.process.pid)
        start, sent_at = time.perf_counter(), {}

        def scan(picker: Client) -> None:
            for number in range(scans // phones):
                body = picker.scans(receipt, [new_serial_no()])
                # By the clock, so that a slow answer does not slow the load down.
                time.sleep(max(0.0, start + number * phones / per_second - time.perf_counter()))
                sent_at[body["scans"][0]["id"]] = time.perf_counter()
                picker.post("/api/scans", body)

        with ThreadPoolExecutor(phones) as pool:
            list(pool.map(scan, pickers))
        rate = scans / (time.perf_counter() - start)
        for board in boards:
            board.close()
        spent = servers.processor_seconds(server.process.pid) - spent
        memory = max(memory, server.memory_mb())
    heard, shown = (
        _latencies(sent_at, [getattr(board, name) for board in boards]) for name in ("heard_at", "shown_at")
    )
    in_order = sum(board.seqs == list(range(board.seqs[0], board.seqs[0] + len(board.seqs))) for board in boards)
    rows = (
        ("scans a second", f"{rate:.0f}", str(per_second)),
        ("scan to board, p50 / p95", f"{_ms(heard, 0.5)} / {_ms(heard, 0.95)} ms", "p95 ≤ 500 ms"),
        ("scan to the picture read anew, p50 / p95", f"{_ms(shown, 0.5)} / {_ms(shown, 0.95)} ms", ""),
        (
            "processor time of the web process, a scan",
            f"{spent / scans * 1000:.0f} ms",
            f"≤ {1000 / per_second:.0f} ms",
        ),
        ("events missed", str(count * scans - len(heard)), "0"),
        ("boards with all events in order", str(in_order), str(count)),
        ("memory of the web process, idle / then", f"{idle:.0f} / {memory:.0f} MB", ""),
    )
    for what, ours, target in rows:
        yield f"{count} boards, {per_second} scans a second", Row(what, ours, "", float("nan"), target)


def _latencies(sent_at: dict[str, float], boards: list[dict[str, float]]) -> list[float]:
    return sorted(at[scan] - sent for at in boards for scan, sent in sent_at.items() if scan in at)


def _ms(ordered: list[float], share: float) -> str:
    return f"{ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000:.0f}" if ordered else "nothing"


if __name__ == "__main__":
    for name, row in run():
        print(f"{name:34}{row.what:44}{row.ours:>20}   {row.target}", flush=True)
