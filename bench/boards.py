"""Scan to board: how long after a scan was sent each of many boards has heard of it."""

import json
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import websocket

from bench import servers
from bench.clients import Client
from bench.receiving import Row, new_serial_no

BOARDS = 200
SCANS = 100
PER_SECOND = 20


class Board:
    """One open board: a socket that watches a site, in a thread of its own."""

    def __init__(self, port: int, cookie: str, site: int, expected: int) -> None:
        self.heard_at: dict[str, float] = {}
        self.seqs: list[int] = []
        self._expected = expected
        self._socket = websocket.create_connection(
            f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket", header=[f"Cookie: {cookie}"], timeout=60
        )
        self._socket.recv()
        self._socket.send("40")
        self._socket.recv()
        self._socket.send("420" + json.dumps(["watch", {"site": site}]))
        answer = self._socket.recv()
        if '"ok":true' not in answer:
            raise SystemExit(f"not let in: {answer}")
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

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

    def close(self) -> None:
        """Wait until every scan was heard, then hang up."""
        self._thread.join(timeout=30)
        self._socket.close()


def run() -> Iterator[tuple[str, Row]]:
    """Measure with the embedded server on SQLite."""
    with tempfile.TemporaryDirectory(prefix="serialtrail-bench-") as folder:
        database = servers.prepared(None, Path(folder))
        with servers.serialtrail(database) as server:
            idle = server.memory_mb()
            picker, supervisor = Client(server.port, "ana"), Client(server.port, "sue")
            receipt = picker.open_receipt(database.order_id)
            boards = [Board(server.port, supervisor.cookie, supervisor.site, SCANS) for _ in range(BOARDS)]
            memory = server.memory_mb()
            sent_at: dict[str, float] = {}
            for _ in range(SCANS):
                body = picker.scans(receipt, [new_serial_no()])
                sent_at[body["scans"][0]["id"]] = time.perf_counter()
                picker.post("/api/scans", body)
                time.sleep(1 / PER_SECOND)
            for board in boards:
                board.close()
    latencies = sorted(
        board.heard_at[scan] - sent for board in boards for scan, sent in sent_at.items() if scan in board.heard_at
    )
    missing = BOARDS * SCANS - len(latencies)
    in_order = sum(board.seqs == list(range(board.seqs[0], board.seqs[0] + len(board.seqs))) for board in boards)
    nothing = float("nan")
    yield "boards", Row(f"scan to board, {BOARDS} boards, p50", f"{_ms(latencies, 0.5)} ms", "", nothing, "")
    yield "boards", Row(f"scan to board, {BOARDS} boards, p95", f"{_ms(latencies, 0.95)} ms", "", nothing, "≤ 500 ms")
    yield "boards", Row("events missed", str(missing), "", nothing, "0")
    yield "boards", Row("boards with all events in order", str(in_order), "", nothing, str(BOARDS))
    yield "boards", Row("memory of the web process, idle", f"{idle:.0f} MB", "", nothing, "")
    yield "boards", Row(f"… with {BOARDS} boards", f"{memory:.0f} MB", "", nothing, "")


def _ms(ordered: list[float], share: float) -> str:
    return f"{ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000:.0f}"
