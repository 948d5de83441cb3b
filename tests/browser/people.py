"""A person's log-in outside the browser: to prepare what a test starts from, and to ask the API for the truth."""

import json
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode


@dataclass
class Person:
    """A logged-in person of the demo data."""

    url: str
    username: str
    cookie: str = field(init=False)
    csrf_token: str = field(init=False)
    sites: list[dict[str, Any]] = field(init=False)
    device_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    counter: int = 0

    def __post_init__(self) -> None:
        self.log_in()

    def log_in(self) -> None:
        """Log in, also again after the session was ended."""
        credentials = {"username": self.username, "password": f"demo-{self.username}"}
        with self._asked("POST", "/api/session", credentials) as answer:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
            session = json.load(answer)
        self.csrf_token, self.sites = session["csrf_token"], session["sites"]

    @property
    def site(self) -> int:
        return int(self.sites[0]["id"])

    def cookies(self) -> list[Any]:
        """The log-in, for a browser."""
        name, value = self.cookie.split("=", 1)
        return [{"name": name, "value": value, "url": self.url, "httpOnly": True, "sameSite": "Lax"}]

    def get(self, path: str, **query: Any) -> Any:
        with self._asked("GET", f"{path}?{urlencode(query)}") as answer:
            return json.load(answer)

    def post(self, path: str, body: Any) -> Any:
        with self._asked("POST", path, body) as answer:
            return json.load(answer)

    def order(self, number: str) -> dict[str, Any]:
        orders: list[dict[str, Any]] = self.get("/api/purchase-orders", site=self.site)["purchase_orders"]
        return next(order for order in orders if order["number"] == number)

    def open_receipt(self, order: str = "PO-1", place: str = "MAIN") -> str:
        """Open a receipt for an order of the demo data at a place; its id."""
        return self.open_receipt_at(self.order(order)["id"], self.place(place))

    def submit_order(self, item_code: str, qty: int) -> str:
        """Order units of an item of the demo data, so that a test receives none that another one counts on; its id."""
        items = self.get("/api/masters/items", q=item_code)["items"]
        item_id = next(item["id"] for item in items if item["item_code"] == item_code)
        order = {"id": str(uuid.uuid4()), "site": self.site, "supplier": "NorthStar"}
        self.post("/api/purchase-orders", order | {"lines": [{"item_id": item_id, "qty": qty}]})
        self.post(f"/api/purchase-orders/{order['id']}/submit", {})
        return str(order["id"])

    def place(self, code: str) -> int:
        """The id of a place of the person's site."""
        places = self.get("/api/locations", site=self.site)["locations"]
        return int(next(each["id"] for each in places if each["code"] == code))

    def open_receipt_at(self, order_id: str, place_id: int) -> str:
        wanted = {
            "id": str(uuid.uuid4()),
            "purchase_order_id": order_id,
            "location_id": place_id,
            "device_id": self.device_id,
        }
        return str(self.post("/api/purchase-receipts", wanted)["id"])

    def receipt(self, receipt_id: str) -> dict[str, Any]:
        receipt: dict[str, Any] = self.get(f"/api/purchase-receipts/{receipt_id}")
        return receipt

    def scan(self, receipt_id: str, *texts: str, **more: Any) -> list[dict[str, Any]]:
        """Scan from another device, with further fields of the scans; the outcomes."""
        return self.send(*(self.a_scan(receipt_id, text, **more) for text in texts))

    def send(self, *scans: dict[str, Any]) -> list[dict[str, Any]]:
        """Send scans of another device; the outcomes."""
        answer = self.post(
            "/api/scans",
            {
                "device_id": self.device_id,
                "device_name": f"{self.username}'s handheld",
                "sent_at": "2026-01-05T10:00:00Z",
                "scans": scans,
            },
        )
        outcomes: list[dict[str, Any]] = answer["outcomes"]
        return outcomes

    def a_scan(self, receipt_id: str, text: str, **more: Any) -> dict[str, Any]:
        """A scan as the outbox keeps it."""
        self.counter += 1
        return {
            "id": str(uuid.uuid4()),
            "n": self.counter,
            "purpose": "receive",
            "voucher_id": receipt_id,
            "text": text,
            "source": "wedge",
            "scanned_at": "2026-01-05T10:00:00Z",
            "batch_no": "B-2026-01",
            **more,
        }

    def _asked(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Content-Type": "application/json"}
        if path != "/api/session":
            headers |= {"Cookie": self.cookie, "X-CSRF-Token": self.csrf_token}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        return urllib.request.urlopen(request, timeout=30)
