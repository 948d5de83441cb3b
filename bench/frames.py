"""Scans beside pictures: how long a scan takes while four pictures are being read at once."""

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from bench import servers
from bench.clients import Client, together
from bench.receiving import Row, new_serial_no

SCANS = 300
PHOTOGRAPHERS = ("ben", "sue", "kim", "tom")
"""People of their own, since the number of pictures is limited for each."""
PICTURES_AT_ONCE = len(PHOTOGRAPHERS)


def run() -> Iterator[tuple[str, Row]]:
    """Measure with the embedded server on SQLite, which reads pictures in child processes of its own."""
    with tempfile.TemporaryDirectory(prefix="serialtrail-bench-") as folder:
        database = servers.prepared(None, Path(folder))
        with servers.serialtrail(database) as server:
            picker = Client(server.port, "ana")
            receipt = picker.open_receipt(database.order_id)
            picker.post("/api/scans", picker.scans(receipt, ["WARM-UP"]))

            def scan(client: Client, _index: int) -> bytes:
                return client.made("POST", "/api/scans", client.scans(receipt, [new_serial_no()]))

            idle = together([picker], scan, SCANS)
            is_over = threading.Event()
            photographers = [Client(server.port, username) for username in PHOTOGRAPHERS]
            counts = [0] * PICTURES_AT_ONCE
            picture = _picture()

            def photograph(index: int) -> None:
                request = photographers[index].made_frame(picture)
                while not is_over.is_set():
                    photographers[index].ask(request)
                    counts[index] += 1

            threads = [threading.Thread(target=photograph, args=(index,)) for index in range(PICTURES_AT_ONCE)]
            for thread in threads:
                thread.start()
            busy = together([picker], scan, SCANS)
            is_over.set()
            for thread in threads:
                thread.join()
    ratio = busy.percentile_ms(0.99) / idle.percentile_ms(0.99)
    told = f"p50 {busy.percentile_ms(0.5):.1f}, p99 {busy.percentile_ms(0.99):.1f} ms"
    alone = f"p50 {idle.percentile_ms(0.5):.1f}, p99 {idle.percentile_ms(0.99):.1f} ms"
    yield (
        "pictures",
        Row(f"scan beside {PICTURES_AT_ONCE} pictures (floor: alone)", told, alone, ratio, "p99 ≤ 2 × alone"),
    )
    yield "pictures", Row("pictures read meanwhile", f"{sum(counts) / busy.seconds:.1f}/s", "", float("nan"), "")


def _picture() -> bytes:
    """A 1280 × 720 frame without a code, the slowest kind, as a phone sends it."""
    noise = np.random.default_rng(7).integers(0, 255, (720, 1280), np.uint8)
    return bytes(cv2.imencode(".jpg", cv2.blur(noise, (5, 5)), [cv2.IMWRITE_JPEG_QUALITY, 80])[1])
