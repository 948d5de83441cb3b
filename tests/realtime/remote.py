"""A running server as its users meet it: a person over HTTP, a board over its socket."""

import http.client
import json
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import websocket

from tests.databases import free_port
from tests.running import Running, environment, running

WITHIN = 60.0
"""Seconds after which something that should happen soon counts as not happening; the machine may be busy."""

NO_ANSWER = (ConnectionError, TimeoutError, http.client.HTTPException)
"""What a client sees of a server that is gone."""


class Refused(Exception):
    """The server answered with a problem."""

    def __init__(self, status: int, problem: Any) -> None:
        super().__init__(f"{status}: {problem}")
        self.status, self.code = status, problem.get("code")


class Person:
    """Somebody of the demo data with a device, logged in at a port."""

    def __init__(self, port: int, username: str) -> None:
        self.port = port
        self.username = username
        self.device_id = str(uuid.uuid4())
        self.counter = 0
        self.cookie = self._csrf = ""
        credentials = {"username": username, "password": f"demo-{username}"}
        session = self.ask("POST", "/api/session", credentials)
        self._csrf = session["csrf_token"]
        self.sites: dict[str, int] = {site["code"]: site["id"] for site in session["sites"]}

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask on a connection of its own."""
        headers = {"Content-Type": "application/json", "Cookie": self.cookie, "X-CSRF-Token": self._csrf}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=WITHIN)) as connection:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            data = answer.read()
        # The log-in alone: the cookie of a device would make one browser of all that share a person.
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            if cookie.startswith("serialtrail="):
                self.cookie = cookie.split(";")[0]
        if answer.status >= 400:
            raise Refused(answer.status, json.loads(data))
        return json.loads(data) if data else None

    def get(self, path: str, **query: Any) -> Any:
        return self.ask("GET", f"{path}?{urlencode(query)}")

    def receipt_request(self, order: str = "PO-1", place: str = "MAIN", site: str = "HQ") -> dict[str, Any]:
        orders = self.get("/api/purchase-orders", site=self.sites[site])["purchase_orders"]
        places = self.get("/api/locations", site=self.sites[site])["locations"]
        return {
            "id": str(uuid.uuid4()),
            "purchase_order_id": next(each["id"] for each in orders if each["number"] == order),
            "location_id": next(each["id"] for each in places if each["code"] == place),
            "device_id": self.device_id,
        }

    def open_receipt(self, order: str = "PO-1", place: str = "MAIN", site: str = "HQ") -> str:
        """Open a receipt; returns its id."""
        return str(self.ask("POST", "/api/purchase-receipts", self.receipt_request(order, place, site))["id"])

    def batch(self, receipt_id: str, texts: list[str]) -> dict[str, Any]:
        """Scans as the outbox sends them."""
        now = datetime.now(UTC).isoformat()
        scans = []
        for text in texts:
            self.counter += 1
            scans.append(
                {
                    "id": str(uuid.uuid4()),
                    "n": self.counter,
                    "purpose": "receive",
                    "voucher_id": receipt_id,
                    "text": text,
                    "source": "camera",
                    "scanned_at": now,
                    "batch_no": "B-2026-01",
                }
            )
        return {"device_id": self.device_id, "device_name": "Zebra 7", "sent_at": now, "scans": scans}

    def scan(self, receipt_id: str, *texts: str) -> list[dict[str, Any]]:
        """Scan into a receipt; the outcomes."""
        outcomes: list[dict[str, Any]] = self.ask("POST", "/api/scans", self.batch(receipt_id, list(texts)))["outcomes"]
        return outcomes


class Board:
    """An open screen: a socket, and what it heard."""

    def __init__(self, port: int, cookie: str = "", *, takes: int | None = None) -> None:
        """Open it; ``takes`` is how many bytes may lie unread before the server cannot send more."""
        self.messages: list[str] = []
        self.events: list[dict[str, Any]] = []
        self.heads: list[int] = []
        self.picture: dict[str, Any] = {"head": -1}
        self.is_connected = False
        self.was_revoked = False
        self._acknowledged: dict[int, Any] = {}
        self._asked = 0
        self._socket = websocket.create_connection(
            f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket",
            header=[f"Cookie: {cookie}"] if cookie else [],
            timeout=1,
            sockopt=[] if takes is None else [(socket.SOL_SOCKET, socket.SO_RCVBUF, takes)],
            # Its validation is in Python, and takes longer than all that is tested.
            skip_utf8_validation=True,
        )
        assert self._socket.recv().startswith("0{")
        self._socket.send("40")
        self.wait(lambda: self.is_connected or self.messages)

    def watch(self, site: Any, **more: Any) -> Any:
        """Ask to hear a site, and perhaps to be shown a board; what the server said to it."""
        self._asked += 1
        asked = self._asked
        self._socket.send(f"42{asked}" + json.dumps(["watch", {"site": site, **more}]))
        self.wait(lambda: asked in self._acknowledged)
        return self._acknowledged[asked]

    def shout(self, *message: Any) -> None:
        """Say something without waiting for an answer."""
        self._socket.send("42" + json.dumps(message))

    def hear(self, seq: int) -> list[int]:
        """Listen until an event was heard; the numbers of all that were."""
        self.wait(lambda: any(event["seq"] >= seq for event in self.events))
        return [event["seq"] for event in self.events]

    def listen(self, seconds: float) -> None:
        """Listen for a while, for what must not be heard."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._receive()

    def wait(self, until: Callable[[], object]) -> None:
        """Listen until something is so."""
        end = time.monotonic() + WITHIN
        while not until():
            assert time.monotonic() < end, f"not heard of; heard: {self.messages[-5:]}"
            self._receive()

    def wait_for_the_end(self) -> None:
        """Wait until the server has ended the connection; nothing answers its good-bye, as on a phone that is gone."""
        self._socket.settimeout(WITHIN)
        while self._socket.sock.recv(4096):
            pass

    def close(self) -> None:
        self._socket.close()

    def _receive(self) -> None:
        try:
            message = str(self._socket.recv())
        except websocket.WebSocketTimeoutException:
            return
        except (websocket.WebSocketConnectionClosedException, ConnectionError):
            message = ""
        match message[:2]:
            case "" | "1" | "41":
                self.is_connected = False
                time.sleep(0.05)
            case "2":
                self._socket.send("3")
            case "40":
                self.is_connected = True
            case "42":
                self._hear(message)
            case "43":
                number, _, answer = message[2:].partition("[")
                self._acknowledged[int(number)] = json.loads("[" + answer)[0]
            case _:
                self.messages.append(message)

    def _hear(self, message: str) -> None:
        self.messages.append(message)
        name, content = json.loads(message[2:])
        if name == "events":
            self.events += content["events"]
            self.heads.append(content["head"])
        elif name == "board":
            self.picture = content["picture"]
        else:
            assert name == "revoked"
            self.was_revoked = True


def head_of(person: Person, site: str = "HQ") -> int:
    """The number of a site's newest event."""
    return int(person.get("/api/feed", site=person.sites[site], since=0, limit=1)["head"])


@contextmanager
def serving(data: Path, command: list[str], **settings: str) -> Iterator[Running]:
    """A server process on a free port, ``{port}`` in its command; its data are in a folder."""
    port = free_port()
    server = Running(data, https_port=0, http_port=port, connect_port=0, is_gunicorn=True)
    with running(
        server, [part.replace("{port}", str(port)) for part in command], environment(data, PORT=str(port), **settings)
    ):
        yield server
