"""A phone that speaks real HTTP to a real server, and keeps its scans until they are answered."""

import http.client
import json
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

LOST = (urllib.error.URLError, ConnectionError, TimeoutError, http.client.HTTPException)
"""The server went away in the middle: whether it has stored what was sent is not known."""


@dataclass(slots=True)
class Phone:
    """One device with its person. ``port`` may change when the server comes back elsewhere."""

    port: int
    username: str
    device_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    cookie: str = ""
    csrf_token: str = ""
    site: int = 0
    counter: int = 0

    def log_in(self) -> None:
        """Log in with the password of the demo data."""
        session = self.ask("POST", "/api/session", {"username": self.username, "password": f"demo-{self.username}"})
        self.csrf_token, self.site = session["csrf_token"], session["sites"][0]["id"]

    def open_receipt(self, order: str, place: str = "MAIN") -> str:
        """Open a receipt for an order; returns its id."""
        orders = self.ask("GET", f"/api/purchase-orders?site={self.site}")["purchase_orders"]
        places = self.ask("GET", f"/api/locations?site={self.site}")["locations"]
        wanted = {
            "id": str(uuid.uuid4()),
            "purchase_order_id": next(each["id"] for each in orders if each["number"] == order),
            "location_id": next(each["id"] for each in places if each["code"] == place),
        }
        return str(self.ask("POST", "/api/purchase-receipts", wanted)["id"])

    def batch(self, receipt_id: str, serial_nos: list[str]) -> dict[str, Any]:
        """Scans as the outbox keeps them until they are answered."""
        scans = []
        for serial_no in serial_nos:
            self.counter += 1
            scans.append(
                {
                    "id": str(uuid.uuid4()),
                    "n": self.counter,
                    "purpose": "receive",
                    "voucher_id": receipt_id,
                    "text": serial_no,
                    "scanned_at": datetime.now(UTC).isoformat(),
                    "batch_no": "B-KILL",
                }
            )
        now = datetime.now(UTC).isoformat()
        return {"device_id": self.device_id, "device_name": "phone", "sent_at": now, "scans": scans}

    def ask(self, method: str, path: str, body: Any = None, timeout: float = 30) -> Any:
        """Send a request; raises one of ``LOST`` when no answer comes."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Cookie": self.cookie, "X-CSRF-Token": self.csrf_token},
        )
        with urllib.request.urlopen(request, timeout=timeout) as response:
            if cookie := response.headers.get("Set-Cookie"):
                self.cookie = cookie.split(";")[0]
            data = response.read()
        return json.loads(data) if data else None
