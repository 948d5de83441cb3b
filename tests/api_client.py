"""A person's client of the API, and the clock that server and device share in a test."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient


def new_id() -> str:
    """An id as a device makes it."""
    return str(uuid.uuid4())


@dataclass(slots=True)
class Clock:
    """The server's clock in a test: stands still until it is told."""

    now: datetime = datetime(2026, 1, 5, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def set(self, text: str) -> None:
        """Set it to an ISO moment or day."""
        self.now = datetime.fromisoformat(text).replace(tzinfo=UTC)

    def forward(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


@dataclass(slots=True)
class Api:
    """A logged-in client of the API."""

    client: FlaskClient
    username: str
    csrf_token: str
    sites: list[dict[str, Any]]
    clock: Clock
    device_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    counter: int = 0

    @property
    def site(self) -> int:
        return int(self.sites[0]["id"])

    def get(self, path: str, expect: int = 200, **query: Any) -> Any:
        return self._checked(self.client.get(path, query_string=query), expect)

    def post(self, path: str, body: Any, expect: int = 200) -> Any:
        headers = {"X-CSRF-Token": self.csrf_token}
        return self._checked(self.client.post(path, json=body, headers=headers), expect)

    def open_receipt(self, order: str = "PO-1", place: str = "MAIN") -> dict[str, Any]:
        """Open a receipt for an order of the demo data at a place."""
        receipt: dict[str, Any] = self.post("/api/purchase-receipts", self.receipt_request(order, place))
        return receipt

    def receipt_request(self, order: str = "PO-1", place: str = "MAIN") -> dict[str, Any]:
        orders = self.get("/api/purchase-orders", site=self.site)["purchase_orders"]
        return {
            "id": str(uuid.uuid4()),
            "purchase_order_id": next(each["id"] for each in orders if each["number"] == order),
            "location_id": self.place(place),
            "device_id": self.device_id,
        }

    def place(self, code: str) -> int:
        places = self.get("/api/locations", site=self.site)["locations"]
        return int(next(each["id"] for each in places if each["code"] == code))

    def a_scan(self, receipt: dict[str, Any], text: str, **more: Any) -> dict[str, Any]:
        """A scan as the outbox keeps it."""
        self.counter += 1
        return {
            "id": str(uuid.uuid4()),
            "n": self.counter,
            "purpose": "receive",
            "voucher_id": receipt["id"],
            "text": text,
            "scanned_at": self.clock.now.isoformat(),
            "source": "camera",
            **more,
        }

    def send(self, *scans: Any, expect: int = 200) -> list[dict[str, Any]]:
        """Send scans as the outbox does; returns their outcomes."""
        answer = self.post("/api/scans", self.envelope(*scans), expect)
        outcomes: list[dict[str, Any]] = answer["outcomes"] if expect == 200 else [answer]
        return outcomes

    def envelope(self, *scans: Any) -> dict[str, Any]:
        return self._device() | {"scans": list(scans)}

    def an_action(self, kind: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
        """An action as the outbox keeps it; its id is that of the body, where the body has one."""
        self.counter += 1
        return {
            "id": body.get("id", str(uuid.uuid4())),
            "n": self.counter,
            "kind": kind,
            "done_at": self.clock.now.isoformat(),
            "body": body,
            **more,
        }

    def sync(self, *entries: Any, **more: Any) -> list[dict[str, Any]]:
        """Send entries of any kind as the outbox does; returns their outcomes."""
        outcomes: list[dict[str, Any]] = self.post("/api/sync", self.outbox(*entries) | more)["outcomes"]
        return outcomes

    def outbox(self, *entries: Any) -> dict[str, Any]:
        return self._device() | {"entries": list(entries)}

    def _device(self) -> dict[str, Any]:
        return {
            "device_id": self.device_id,
            "device_name": f"{self.username}'s phone",
            "sent_at": self.clock.now.isoformat(),
        }

    def scan(self, receipt: dict[str, Any], text: str, **more: Any) -> dict[str, Any]:
        """Scan one code into a receipt."""
        return self.send(self.a_scan(receipt, text, **more))[0]

    @staticmethod
    def _checked(response: Any, expect: int) -> Any:
        assert response.status_code == expect, f"{response.status_code}: {response.get_data(as_text=True)}"
        return response.get_json() if response.data else None


def logged_in(app: Flask, username: str, clock: Clock, password: str | None = None) -> Api:
    """Log a person in; those of the demo data have the password that the demo gives them."""
    client = app.test_client()
    credentials = {"username": username, "password": password or f"demo-{username}"}
    answer = client.post("/api/session", json=credentials)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    session = answer.get_json()
    return Api(client, username, session["csrf_token"], session["sites"], clock)
