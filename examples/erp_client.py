"""An ERP that orders, receives what came and reads back the serial numbers: Python's standard library is enough.

    export SERIALTRAIL_URL=http://localhost:8000 SERIALTRAIL_TOKEN=st_...
    python examples/erp_client.py LAP-15 NorthStar SN-1 SN-2

The token needs the permissions orders.manage, orders.read, receive and units.read. Every id is made here and kept, so
that a request whose answer was lost can be sent again and counts once.
"""

import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid
from typing import Any


class Serialtrail:
    """The API of a Serialtrail server; its description is at /api/openapi.json."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = url.rstrip("/"), token

    def get(self, path: str, **query: Any) -> Any:
        """Read something."""
        return self._ask("GET", f"{path}?{urllib.parse.urlencode(query)}", None)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Do something."""
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        request = urllib.request.Request(  # noqa: S310  # the address is the operator's own
            self._url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as error:
            problem = json.load(error)
            sys.exit(f"{problem['code']}: {problem['detail']} {problem['next_step']}")


def receive(api: Serialtrail, item_code: str, supplier: str, serial_nos: list[str]) -> list[str]:
    """Order units, receive them, and return the serial numbers that are in stock now."""
    site = api.get("/api/session")["sites"][0]["id"]
    item = next(each for each in api.get("/api/masters/items", q=item_code)["items"] if each["item_code"] == item_code)
    place = next(
        each for each in api.get("/api/locations", site=site)["locations"] if each["kind"] in ("warehouse", "bin")
    )
    order_id, receipt_id = str(uuid.uuid4()), str(uuid.uuid4())
    lines = [{"item_id": item["id"], "qty": len(serial_nos)}]
    order = api.post("/api/purchase-orders", {"id": order_id, "site": site, "supplier": supplier, "lines": lines})
    api.post(f"/api/purchase-orders/{order_id}/submit", {})
    opened = {"id": receipt_id, "purchase_order_id": order_id, "location_id": place["id"]}
    api.post("/api/purchase-receipts", opened)
    units = {"id": str(uuid.uuid4()), "item_id": item["id"], "serial_nos": serial_nos, "batch_no": "ERP-1"}
    api.post(f"/api/purchase-receipts/{receipt_id}/units", units)
    api.post(f"/api/purchase-receipts/{receipt_id}/submit", {})
    print(f"{order['number']} is received.")  # noqa: T201
    return [unit["serial_no"] for unit in api.get(f"/api/vouchers/{receipt_id}/units")["units"]]


if __name__ == "__main__":
    client = Serialtrail(os.environ["SERIALTRAIL_URL"], os.environ["SERIALTRAIL_TOKEN"])
    for serial_no in receive(client, sys.argv[1], sys.argv[2], sys.argv[3:]):
        print(serial_no)  # noqa: T201
