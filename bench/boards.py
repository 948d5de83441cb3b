"""Scan to board: how long after a scan was sent each of many boards has heard of it, and is shown its picture."""

import json
import random
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import websocket

from bench import servers
from bench.clients import Client
from bench.receiving import Row, new_serial_no


class Load(NamedTuple):
    """What the server has to bear.

    Args:
        boards: Open boards.
        phones: Phones that scan.
        scans: Scans of all of them.
        per_second: How many scans a second.
        is_shown: Whether each board is shown its picture.
        never_reading: Boards more that take nothing of what they are sent, with a small buffer of their system.
    """

    boards: int
    phones: int
    scans: int
    per_second: int
    is_shown: bool
    never_reading: int = 0

    def __str__(self) -> str:
        more = f", {self.never_reading} more never read" if self.never_reading else ""
        return f"{self.boards} boards, {self.per_second} scans a second{more}"


LOADS = (Load(50, 5, 500, 50, True), Load(200, 1, 100, 20, False), Load(50, 5, 3000, 50, True, never_reading=20))

ASKS_EVERY = 5.0
"""Seconds from one word of a board that it is there to the next, as in the app (pwa/src/live.ts)."""
READS_EVERY = 15.0
"""Seconds from one reading over HTTP to the next, as in the app (pwa/src/board/board-state.ts)."""


class Board:
    """One open board as the app has it: a socket that watches a site, and readings of the picture now and then."""

    def __init__(self, port: int, viewer: Client, expected: int, *, is_shown: bool) -> None:
        self.heard_at: dict[str, float] = {}
        self.shown_at: dict[str, float] = {}
        self.seqs: list[int] = []
        self._waiting: list[tuple[int, str]] = []
        self._head = 0
        self._expected, self._is_shown = expected, is_shown
        self._viewer = viewer
        self._reader = Client(port, None)
        self._reader.cookie = viewer.cookie
        self._is_over = threading.Event()
        self._socket = websocket.create_connection(
            f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket",
            header=[f"Cookie: {viewer.cookie}"],
            timeout=60,
            # Its validation is in Python, and takes longer than everything else together.
            skip_utf8_validation=True,
        )
        self._socket.recv()
        self._socket.send("40")
        self._socket.recv()
        self._watch()
        answer = self._socket.recv()
        if '"ok":true' not in answer:
            raise SystemExit(f"not let in: {answer}")
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._others = [threading.Thread(target=job, daemon=True) for job in (self._ask, self._read)]
        for thread in (self._listener, *self._others):
            thread.start()

    def _watch(self) -> None:
        board = {"board": "receiving"} if self._is_shown else {}
        self._socket.send("420" + json.dumps(["watch", {"site": self._viewer.site, **board}]))

    def _is_complete(self) -> bool:
        return len(self.heard_at) >= self._expected and (not self._is_shown or not self._waiting)

    def _listen(self) -> None:
        while not self._is_complete():
            message = self._socket.recv()
            now = time.perf_counter()
            if message == "2":
                self._socket.send("3")
            elif message.startswith("42"):
                name, content = json.loads(message[2:])
                if name == "events":
                    self._hear(content["events"], now)
                else:
                    self._show(content["picture"]["head"], now)

    def _hear(self, events: list[dict[str, Any]], now: float) -> None:
        for event in events:
            self.seqs.append(event["seq"])
            if event["scan_id"]:
                self.heard_at[event["scan_id"]] = now
                self._waiting.append((event["seq"], event["scan_id"]))
        # A picture may have come before what is in it was told.
        self._show(self._head, now)

    def _show(self, head: int, now: float) -> None:
        self._head = max(self._head, head)
        for seq, scan in self._waiting:
            if seq <= self._head:
                self.shown_at[scan] = now
        self._waiting = [each for each in self._waiting if each[0] > self._head]

    def _ask(self) -> None:
        while not self._is_over.wait(ASKS_EVERY):
            self._watch()

    def _read(self) -> None:
        request = self._reader.made("GET", f"/api/boards/receiving?site={self._viewer.site}")
        while self._is_shown and not self._is_over.wait(READS_EVERY * random.random()):
            self._reader.ask(request)
            if self._is_over.wait(READS_EVERY / 2):
                break

    def close(self) -> None:
        """Wait until every scan was heard and shown, then hang up."""
        self._listener.join(timeout=60)
        self._is_over.set()
        for thread in self._others:
            thread.join(timeout=10)
        self._socket.close()


def run() -> Iterator[tuple[str, Row]]:
    """Measure with the embedded server on SQLite."""
    for load in LOADS:
        with tempfile.TemporaryDirectory(prefix="serialtrail-bench-") as folder:
            yield from _measured(servers.prepared(None, Path(folder)), load)


def _measured(database: servers.Database, load: Load) -> Iterator[tuple[str, Row]]:
    count, phones, scans, per_second, is_shown, never_reading = load
    with servers.serialtrail(database) as server:
        idle = server.memory_mb()
        pickers = [Client(server.port, ("ana", "ben")[each % 2]) for each in range(phones)]
        viewer = Client(server.port, "sue")
        receipt = pickers[0].open_receipt(database.order_id)
        boards = [Board(server.port, viewer, scans, is_shown=is_shown) for _ in range(count)]
        stuck = [_never_reads(server.port, viewer) for _ in range(never_reading)]
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
        dropped = sum(_is_dropped(each) for each in stuck)
        memory = max(memory, server.memory_mb())
    heard, shown = (
        _latencies(sent_at, [getattr(board, name) for board in boards]) for name in ("heard_at", "shown_at")
    )
    in_order = sum(board.seqs == list(range(board.seqs[0], board.seqs[0] + len(board.seqs))) for board in boards)
    rows = (
        ("scans a second", f"{rate:.0f}", str(per_second)),
        ("scan to board, p50 / p95", f"{_ms(heard, 0.5)} / {_ms(heard, 0.95)} ms", "p95 ≤ 500 ms"),
        *(
            [("scan to its picture, p50 / p95", f"{_ms(shown, 0.5)} / {_ms(shown, 0.95)} ms", "p95 ≤ 500 ms")]
            if is_shown
            else []
        ),
        (
            "processor time of the web process, a scan",
            f"{spent / scans * 1000:.0f} ms",
            f"≤ {1000 / per_second:.0f} ms",
        ),
        ("events missed", str(count * scans - len(heard)), "0"),
        ("boards with all events in order", str(in_order), str(count)),
        ("memory of the web process, idle / then", f"{idle:.0f} / {memory:.0f} MB", "+ ≤ 100 MB"),
        *([("dropped of those that never read", str(dropped), str(never_reading))] if never_reading else []),
    )
    for what, ours, target in rows:
        yield str(load), Row(what, ours, "", float("nan"), target)


def _never_reads(port: int, viewer: Client) -> socket.socket:
    """A board that asked to be shown its picture and takes nothing of it."""
    line = websocket.create_connection(
        f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket",
        header=[f"Cookie: {viewer.cookie}"],
        sockopt=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)],
    )
    line.recv()
    line.send("40")
    line.recv()
    line.send("420" + json.dumps(["watch", {"site": viewer.site, "board": "receiving"}]))
    held: socket.socket = line.sock
    return held


def _is_dropped(line: socket.socket) -> bool:
    """Whether the server has hung up: what it had sent before is taken first."""
    line.settimeout(1)
    try:
        while line.recv(65536):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        pass
    return True


def _latencies(sent_at: dict[str, float], boards: list[dict[str, float]]) -> list[float]:
    return sorted(at[scan] - sent for at in boards for scan, sent in sent_at.items() if scan in at)


def _ms(ordered: list[float], share: float) -> str:
    return f"{ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000:.0f}" if ordered else "nothing"


if __name__ == "__main__":
    for name, row in run():
        print(f"{name:56}{row.what:44}{row.ours:>20}   {row.target}", flush=True)
