"""Scenarios S1 (receiving and look-up) and S2, through the API, on both databases."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.api_client import Api, Clock

BATCH = "B-2026-01"


def receive(picker: Api, serials: list[str], order: str = "PO-1", place: str = "MAIN") -> dict[str, Any]:
    """Scan serial numbers into a new receipt and post it."""
    receipt = picker.open_receipt(order, place)
    outcomes = picker.send(*(picker.a_scan(receipt, text, batch_no=BATCH) for text in serials))
    assert {outcome["code"] for outcome in outcomes} == {"ok"}
    posted: dict[str, Any] = picker.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    return posted


def nb25(first: int, last: int) -> list[str]:
    return [f"NB25-{number:04d}" for number in range(first, last + 1)]


def look_up(person: Api, text: str) -> Any:
    found = person.get("/api/units", site=person.site, q=text)
    assert len(found["matches"]) == 1, found
    return person.get(f"/api/units/{found['matches'][0]['id']}")


def available(person: Api) -> list[str]:
    """What of the batch lies in MAIN and may be sold; the quantity says the same."""
    wanted = {"site": person.site, "place": person.place("MAIN"), "q": BATCH, "state": "available"}
    units = person.get("/api/stock/units", limit=200, **wanted)["units"]
    (line,) = person.get("/api/stock", **wanted)["lines"]
    assert line["states"] == {"available": len(units)}
    return [unit["serial_no"] for unit in units]


def test_s1_fifty_laptops_are_received_and_looked_up(ana: Api, kim: Api, clock: Clock) -> None:
    posted = receive(ana, nb25(1, 50))

    assert posted["status"] == "submitted"
    assert posted["counts"] == {"expected": 50, "accepted": 50, "rejected": 0}
    units = ana.get(f"/api/purchase-receipts/{posted['id']}/units", limit=1000)["units"]
    assert sorted(unit["serial_no"] for unit in units) == nb25(1, 50)
    order = ana.get(f"/api/purchase-orders/{posted['purchase_order']['id']}")
    assert (order["status"], order["lines"][0]["received"]) == ("closed", 50)
    assert available(ana) == nb25(1, 50)

    clock.set("2026-07-15")
    unit = look_up(kim, "NB25-0017")
    assert unit["state"] == "in_stock"
    assert unit["location"]["code"] == "MAIN"
    assert unit["batch"]["batch_no"] == BATCH
    assert unit["supplier"]["code"] == "NorthStar"
    assert (unit["received"]["on"], unit["received"]["purchase_order"]) == ("2026-01-05", "PO-1")
    assert unit["technician"] is None
    assert unit["warranty"]["status"] == "not_started"
    assert "not started" in unit["warranty"]["message"]
    assert look_up(kim, "nb25-0017 ")["id"] == unit["id"]

    (received,) = unit["history"]
    assert (received["what"], received["from"]["code"], received["to"]["code"]) == ("received", "SUPPLIER", "MAIN")
    assert (received["actor"], received["voucher"]["number"]) == ("ana", posted["number"])
    assert received["scanned_at"] is not None
    assert received["posted_at"] == "2026-01-05T10:00:00Z"


def test_s1_a_sale_starts_the_warranty(ana: Api, kim: Api, clock: Clock) -> None:
    receive(ana, nb25(1, 50))
    clock.set("2026-01-15")
    ana.post(
        "/api/delivery-notes",
        {
            "id": str(uuid.uuid4()),
            "customer": "ACME",
            "location_id": ana.place("MAIN"),
            "serial_nos": ["NB25-0017"],
        },
    )

    assert available(ana) == [serial_no for serial_no in nb25(1, 50) if serial_no != "NB25-0017"]

    clock.set("2026-07-15")
    unit = look_up(kim, "NB25-0017")
    assert look_up(kim, "nb25-0017 ") == unit
    assert (unit["state"], unit["owner"]["code"], unit["sold"]["on"]) == ("sold", "ACME", "2026-01-15")
    assert (unit["warranty"]["start"], unit["warranty"]["end"]) == ("2026-01-15", "2027-01-15")
    assert (unit["warranty"]["status"], unit["warranty"]["days_left"]) == ("under", 184)
    assert "Under Warranty" in unit["warranty"]["message"]
    assert "184 days left" in unit["warranty"]["message"]
    assert (unit["services"], unit["repair"], unit["technician"]) == ([], None, None)
    assert (unit["batch"]["batch_no"], unit["supplier"]["code"]) == (BATCH, "NorthStar")
    assert (unit["received"]["on"], unit["received"]["purchase_order"]) == ("2026-01-05", "PO-1")
    assert [line["what"] for line in unit["history"]] == ["received", "sold"]
    assert look_up(kim, "NB25-0018")["warranty"]["status"] == "not_started"


def test_s2a_a_second_scan_of_a_serial_counts_once(ana: Api, clock: Clock) -> None:
    clock.set("2026-01-05T10:02")
    receipt = ana.open_receipt()
    ana.scan(receipt, "NB25-0003", batch_no=BATCH)
    clock.forward(minutes=5)

    again = ana.scan(receipt, "NB25-0003", batch_no=BATCH)

    assert (again["status"], again["code"]) == ("duplicate", "already_scanned")
    local = (clock.now - timedelta(minutes=5)).astimezone()
    assert again["message"] == f"NB25-0003 already scanned in this receipt at {local:%H:%M} by ana."
    assert again["counts"] == {"expected": 50, "accepted": 1, "rejected": 0}


def test_s2b_serials_are_matched_whole(ana: Api) -> None:
    receipt = ana.open_receipt()
    assert ana.scan(receipt, "NB25-10", batch_no=BATCH)["code"] == "ok"
    assert ana.scan(receipt, "NB25-1", batch_no=BATCH)["code"] == "ok"


def test_s2c_a_unit_in_stock_elsewhere_is_refused(ana: Api) -> None:
    outcome = ana.scan(ana.open_receipt(), "NB24-0001", batch_no=BATCH)
    assert (outcome["status"], outcome["code"]) == ("refused", "serial_in_stock")
    assert outcome["message"] == "NB24-0001 is already in stock in VAN-7."


def test_s2d_a_sold_unit_is_never_received_as_new(ana: Api, kim: Api) -> None:
    before = look_up(kim, "NB23-0001")

    outcome = ana.scan(ana.open_receipt(), "nb23-0001", batch_no=BATCH)

    assert (outcome["status"], outcome["code"]) == ("refused", "serial_sold")
    assert "ACME" in outcome["message"]
    assert [action["kind"] for action in outcome["actions"]] == ["return_intake", "repair_intake"]
    assert look_up(kim, "NB23-0001") == before


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "serial_empty"),
        ("   ", "serial_empty"),
        ("X" * 300, "serial_too_long"),
        ("NB25\u0007-1", "serial_has_control_characters"),
        ("NB25\u202e-1", "serial_has_control_characters"),
        ("NB25\u0000-1", "serial_has_control_characters"),
        ("NB25\ud800-1", "serial_has_control_characters"),
    ],
)
def test_s2e_texts_that_are_no_serial_are_refused(ana: Api, text: str, code: str) -> None:
    outcome = ana.scan(ana.open_receipt(), text, batch_no=BATCH)
    assert (outcome["status"], outcome["code"]) == ("refused", code)
    assert outcome["next_step"]


def test_s2f_one_more_than_ordered_is_refused(ana: Api) -> None:
    receipt = ana.open_receipt()
    ana.send(*(ana.a_scan(receipt, text, batch_no=BATCH) for text in nb25(1, 50)))
    outcome = ana.scan(receipt, "NB25-0051", batch_no=BATCH)
    assert (outcome["status"], outcome["code"]) == ("refused", "over_receipt")
    assert "expected 50" in outcome["message"]
    assert "NB25-0051" in outcome["message"]


def test_s2g_the_product_code_is_not_a_serial(ana: Api) -> None:
    for text, symbology in (("9506000134352", "]E0"), ("9506000134352", ""), ("09506000134352", "")):
        outcome = ana.scan(ana.open_receipt(), text, symbology=symbology, batch_no=BATCH)
        assert (outcome["status"], outcome["code"]) == ("refused", "item_code_not_serial")
        assert "LAP-15" in outcome["message"]
        assert "Scan the serial" in outcome["next_step"]


def test_s2h_damaged_units_go_to_reject(ana: Api, kim: Api) -> None:
    receipt = ana.open_receipt()
    ana.send(*(ana.a_scan(receipt, text, batch_no=BATCH) for text in nb25(1, 48)))
    for text in nb25(49, 50):
        outcome = ana.scan(receipt, text, batch_no=BATCH, condition="rejected", reason="broken screen")
        assert outcome["code"] == "ok"

    posted = ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})

    assert posted["counts"] == {"expected": 50, "accepted": 48, "rejected": 2}
    rejected = [unit for unit in posted["units"] if unit["condition"] == "rejected"]
    assert sorted(unit["serial_no"] for unit in rejected) == nb25(49, 50)
    assert {unit["reason"] for unit in rejected} == {"broken screen"}
    damaged = look_up(kim, "NB25-0049")
    assert (damaged["state"], damaged["location"]["code"]) == ("on_hold", "REJECT")
    assert look_up(kim, "NB25-0048")["state"] == "in_stock"
