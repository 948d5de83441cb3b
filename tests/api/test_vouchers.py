"""Vouchers of every type as one list and one page, on both databases."""

from typing import Any

import pytest

from tests.api.test_receiving_scenarios import BATCH, nb25
from tests.api_client import Api, Clock

DELIVERY = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def receipt(ana: Api, clock: Clock) -> dict[str, Any]:
    """Three laptops of PO-1 on an open receipt, then posted; one of them delivered."""
    opened = ana.open_receipt()
    ana.send(*(ana.a_scan(opened, text, batch_no=BATCH) for text in nb25(1, 3)))
    return opened


def deliver(ana: Api, receipt: dict[str, Any], clock: Clock) -> None:
    ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    clock.forward(hours=1)
    wanted = {"id": DELIVERY, "customer": "ACME", "location_id": ana.place("MAIN"), "serial_nos": ["NB25-0002"]}
    ana.post("/api/delivery-notes", wanted)


def test_a_receipt_shows_what_waits_on_it_and_then_what_it_moved(
    ana: Api, receipt: dict[str, Any], clock: Clock
) -> None:
    path = f"/api/vouchers/{receipt['id']}"
    draft = ana.get(path)
    assert (draft["type"], draft["status"], draft["movements"]) == ("purchase_receipt", "draft", [])
    waiting = ana.get(f"{path}/units")["units"]
    assert [(unit["serial_no"], unit["unit_id"], unit["what"]) for unit in waiting] == [
        (serial_no, None, "accepted") for serial_no in nb25(1, 3)
    ]

    deliver(ana, receipt, clock)

    shown = ana.get(path)
    assert [(source["number"], source["type"]) for source in shown["sources"]] == [("PO-1", "purchase_order")]
    assert [(act["what"], act["by"]) for act in shown["acts"]] == [("opened", "ana"), ("submitted", "ana")]
    assert [(each["place"]["code"], each["qty"], each["batch"]["batch_no"]) for each in shown["movements"]] == [
        ("SUPPLIER", -3, BATCH),
        ("MAIN", 3, BATCH),
    ]
    first = ana.get(f"{path}/units", limit=2)
    rest = ana.get(f"{path}/units", limit=2, cursor=first["next_cursor"])
    moved = first["units"] + rest["units"]
    assert [unit["serial_no"] for unit in moved] == nb25(1, 3)
    assert {unit["place"]["code"] for unit in moved} == {"MAIN"}
    assert all(unit["unit_id"] for unit in moved)
    assert rest["next_cursor"] is None
    order = ana.get(f"/api/vouchers/{shown['sources'][0]['id']}")
    assert [each["number"] for each in order["follow_ups"]] == [receipt["number"]]
    assert (order["lines"][0]["qty"], order["lines"][0]["received"]) == (50, 3)


def test_the_list_is_filtered_and_paged(ana: Api, kim: Api, receipt: dict[str, Any], clock: Clock) -> None:
    deliver(ana, receipt, clock)

    def listed(**wanted: Any) -> list[str]:
        return [each["number"] for each in kim.get("/api/vouchers", site=kim.site, **wanted)["vouchers"]]

    whole = listed()
    assert whole[0].startswith("DN-")
    assert listed(type="delivery_note", party="ACME", status="submitted")[0] == whole[0]
    assert listed(q="po-1") == ["PO-1"]
    assert listed(q="%") == []
    assert listed(party="BETA") == ["DN-2024-00001"]
    paged, cursor = [], {}
    while True:
        page = kim.get("/api/vouchers", site=kim.site, limit=2, **cursor)
        paged += [each["number"] for each in page["vouchers"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert paged == whole
    kim.get("/api/vouchers", expect=422, site=kim.site, type="voucher")
    kim.get("/api/vouchers/22222222-2222-4222-8222-222222222222", expect=404)
