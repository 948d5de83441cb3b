"""Scenario S12: a cancel writes the opposite entries, and what later movements contradict is refused."""

import uuid
from typing import Any

from tests.api.test_receiving_scenarios import available, look_up, nb25, receive
from tests.api_client import Api, Clock
from tests.selling import order, pick_list


def sell(person: Api, *serial_nos: str, customer: str = "ACME", expect: int = 200) -> dict[str, Any]:
    wanted = {
        "id": str(uuid.uuid4()),
        "customer": customer,
        "location_id": person.place("MAIN"),
        "serial_nos": list(serial_nos),
    }
    sold: dict[str, Any] = person.post("/api/delivery-notes", wanted, expect)
    return sold


def cancel(person: Api, voucher: dict[str, Any], expect: int = 200, reason: str = "wrong customer") -> Any:
    return person.post(f"/api/vouchers/{voucher['id']}/cancel", {"reason": reason}, expect)


def test_s12_a_cancelled_sale_puts_the_unit_back_and_voids_its_warranty(
    ana: Api, sue: Api, kim: Api, clock: Clock
) -> None:
    receive(ana, nb25(1, 50))
    clock.set("2026-01-15")
    sale = sell(ana, "NB25-0017")
    clock.forward(hours=1)

    cancelled = cancel(sue, sale)

    assert (cancelled["status"], cancelled["cancelled_by"]) == ("cancelled", "sue")
    unit = look_up(kim, "NB25-0017")
    assert (unit["state"], unit["location"]["code"], unit["owner"], unit["sold"]) == ("in_stock", "MAIN", None, None)
    assert unit["warranty"]["status"] == "void"
    assert "wrong customer" in unit["warranty"]["message"]
    assert [(line["what"], line["to"]["code"]) for line in unit["history"]] == [
        ("received", "MAIN"),
        ("sold", "CUSTOMER"),
        ("cancelled", "MAIN"),
    ]
    assert {line["voucher"]["number"] for line in unit["history"][1:]} == {sale["number"]}
    assert available(ana) == nb25(1, 50)

    clock.forward(hours=1)
    assert cancel(sue, sale, reason="pressed twice") == cancelled
    assert cancel(ana, sale, expect=403)["code"] == "forbidden"
    again = sell(ana, "NB25-0017", customer="BETA")
    assert look_up(kim, "NB25-0017")["warranty"]["start"] == "2026-01-15"
    assert look_up(kim, "NB25-0017")["warranty"]["status"] == "under"
    assert cancel(sue, again)["status"] == "cancelled"


def test_s12_a_receipt_whose_unit_was_sold_is_not_cancelled(ana: Api, sue: Api, kim: Api, clock: Clock) -> None:
    receipt = receive(ana, nb25(1, 50))
    clock.set("2026-01-15")
    sale = sell(ana, "NB25-0017")

    refused = cancel(sue, receipt, expect=409)
    assert refused["code"] == "has_later_moves"
    assert f"NB25-0017 has later moves: {sale['number']}" in refused["detail"]
    assert refused["facts"]["voucher_id"] == sale["id"]

    clock.forward(hours=1)
    cancel(sue, sale)
    clock.forward(hours=1)
    assert cancel(sue, receipt)["status"] == "cancelled"
    assert look_up(kim, "NB25-0018")["state"] == "returned_to_supplier"
    order = ana.get(f"/api/purchase-orders/{receipt['purchase_order']['id']}")
    assert (order["status"], order["lines"][0]["received"]) == ("submitted", 0)


def test_units_of_a_cancelled_receipt_are_received_again_as_the_same_units(
    ana: Api, sue: Api, kim: Api, clock: Clock
) -> None:
    receipt = receive(ana, nb25(1, 3))
    first = look_up(kim, "NB25-0002")
    clock.forward(hours=1)
    cancel(sue, receipt)
    assert look_up(kim, "NB25-0002")["received"] is None
    clock.forward(hours=1)

    second = receive(ana, nb25(2, 4))

    again = look_up(kim, "NB25-0002")
    assert again["id"] == first["id"]
    assert again["received"]["number"] == second["number"]
    assert [line["what"] for line in again["history"]] == ["received", "cancelled", "received"]
    clock.forward(hours=1)
    assert cancel(sue, second)["status"] == "cancelled"


def test_what_brought_a_unit_that_is_promised_is_not_cancelled(ana: Api, sue: Api, clock: Clock) -> None:
    receipt = receive(ana, nb25(1, 2))
    clock.forward(hours=1)
    sold = order(sue, ("LAP-15", 1), number="SO-9")
    sue.post(f"/api/sales-orders/{sold['id']}/reserve", {"serial_nos": ["NB25-0002"]})

    refused = cancel(sue, receipt, expect=409)
    assert (refused["code"], refused["facts"]["voucher"]) == ("serial_reserved", "SO-9")
    assert "NB25-0002 is reserved for SO-9" in refused["detail"]
    assert refused["next_step"] == "Give NB25-0002 free in SO-9 first."
    made = pick_list(ana, sold)
    assert cancel(sue, receipt, expect=409)["next_step"] == f"Discard {made['number']} first."
    sue.post(f"/api/pick-lists/{made['id']}/discard", {"reason": "not today"})
    sue.post(f"/api/sales-orders/{sold['id']}/release", {"serial_nos": ["NB25-0002"]})
    assert cancel(sue, receipt)["status"] == "cancelled"


def test_drafts_and_orders_that_something_stands_on_are_not_cancelled(ana: Api, sue: Api) -> None:
    draft = ana.open_receipt()
    assert cancel(sue, draft, expect=409)["code"] == "voucher_not_open"
    order = {"id": draft["purchase_order"]["id"]}
    refused = cancel(sue, order, expect=409)
    assert refused["code"] == "has_later_vouchers"
    assert draft["number"] in refused["detail"]
    sue.post(f"/api/purchase-receipts/{draft['id']}/discard", {"reason": "not today"})
    assert cancel(sue, order)["status"] == "cancelled"
    assert cancel(sue, {"id": str(uuid.uuid4())}, expect=404)["code"] == "voucher_unknown"
