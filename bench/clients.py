"""Keep-alive HTTP clients, each a thread with a connection of its own."""

import json
import socket
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

PEOPLE = ("ana", "ben")


class Client:
    """One connection, logged in as a person of the demo data."""

    def __init__(self, port: int, username: str | None = "ana") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = self._socket.makefile("rb", buffering=64 * 1024)
        self._host = f"127.0.0.1:{port}"
        self._csrf = ""
        self.cookie = ""
        self.device_id = str(uuid.uuid4())
        self.counter = 0
        self.site = 0
        if username is not None:
            session = self.post("/api/session", {"username": username, "password": f"demo-{username}"})
            self._csrf = session["csrf_token"]
            self.site = session["sites"][0]["id"]

    def close(self) -> None:
        """End the connection."""
        self._reader.close()
        self._socket.close()

    def get(self, path: str) -> Any:
        """GET; anything but a success ends the measurement."""
        return json.loads(self.ask(self.made("GET", path)))

    def post(self, path: str, body: Any) -> Any:
        """POST JSON."""
        return json.loads(self.ask(self.made("POST", path, body)))

    def made(self, method: str, path: str, body: Any = None) -> bytes:
        """A request as bytes; making them beforehand keeps the load cheap beside what is measured."""
        data = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self._host}\r\nCookie: {self.cookie}\r\n"
            f"X-CSRF-Token: {self._csrf}\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        return head.encode() + data

    def made_frame(self, picture: bytes) -> bytes:
        """A picture as a phone posts it."""
        mark = "serialtrail-bench"
        part = f'--{mark}\r\nContent-Disposition: form-data; name="frame"; filename="frame.jpg"\r\n\r\n'
        data = part.encode() + picture + f"\r\n--{mark}--\r\n".encode()
        head = (
            f"POST /api/frames HTTP/1.1\r\nHost: {self._host}\r\nCookie: {self.cookie}\r\n"
            f"X-CSRF-Token: {self._csrf}\r\nContent-Type: multipart/form-data; boundary={mark}\r\n"
            f"Content-Length: {len(data)}\r\n\r\n"
        )
        return head.encode() + data

    def ask(self, request: bytes) -> bytes:
        """Send a request and read the body of its answer."""
        self._socket.sendall(request)
        status = self._reader.readline()
        length = 0
        while (line := self._reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            elif name.lower() == b"set-cookie" and value.strip().startswith(b"serialtrail="):
                # The log-in alone: the cookie of a device would make one browser of all that share a client.
                self.cookie = value.strip().split(b";")[0].decode()
        data = self._reader.read(length)
        if not status.startswith(b"HTTP/1.1 2"):
            raise SystemExit(f"{request[:80]!r}: {status!r} {data[:500]!r}")
        return data

    def open_receipt(self, order_id: str) -> str:
        """Open a receipt for the large order; returns its id."""
        places = self.get(f"/api/locations?site={self.site}")["locations"]
        receipt = self.post(
            "/api/purchase-receipts",
            {
                "id": str(uuid.uuid4()),
                "purchase_order_id": order_id,
                "location_id": next(place["id"] for place in places if place["code"] == "MAIN"),
            },
        )
        return str(receipt["id"])

    def scans(self, receipt_id: str, texts: list[str]) -> dict[str, Any]:
        """A batch of scans as a phone sends it."""
        now = datetime.now(UTC).isoformat()
        batch = []
        for text in texts:
            self.counter += 1
            batch.append(
                {
                    "id": str(uuid.uuid4()),
                    "n": self.counter,
                    "purpose": "receive",
                    "voucher_id": receipt_id,
                    "text": text,
                    "symbology": "]C0",
                    "source": "camera",
                    "scanned_at": now,
                    "batch_no": "B-BENCH",
                }
            )
        return {"device_id": self.device_id, "device_name": "bench", "sent_at": now, "scans": batch}


@dataclass(slots=True)
class Load:
    """What a number of clients did together."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Requests a second over the whole run."""
        return len(self.latencies) / self.seconds

    def percentile_ms(self, share: float) -> float:
        """A percentile of the latency, in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


def together(clients: list[Client], make: Callable[[Client, int], bytes], each: int) -> Load:
    """Let every client make ``each`` requests, one after the other; all clients at once.

    Args:
        clients: The clients, a thread each.
        make: The n-th request of a client, as bytes; all are made before the clock starts.
        each: Requests a client.
    """
    gate = threading.Barrier(len(clients) + 1)
    prepared = {client: [make(client, index) for index in range(each)] for client in clients}

    def work(client: Client) -> list[float]:
        mine = []
        gate.wait()
        for request in prepared[client]:
            start = time.perf_counter()
            client.ask(request)
            mine.append(time.perf_counter() - start)
        return mine

    with ThreadPoolExecutor(len(clients)) as threads:
        working = [threads.submit(work, client) for client in clients]
        gate.wait()
        start = time.perf_counter()
        wait(working)
        seconds = time.perf_counter() - start
    # A refused request ends the measurement here: what is left undone is not fast.
    return Load(seconds, [latency for each_client in working for latency in each_client.result()])
