"""Transfers with goods in transit, returns to suppliers, and stock entries, on both databases."""

import uuid
from typing import Any

import pytest

from tests.api.test_cancelling import cancel, sell
from tests.api.test_receiving_scenarios import look_up, nb25, receive
from tests.api_client import Api, Clock
from tests.conftest import LogIn


def a_move(person: Api, *serial_nos: str, place: str = "MAIN", **more: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "location_id": person.place(place), "serial_nos": list(serial_nos), **more}


def transfer(person: Api, *serial_nos: str, to: str | int, expect: int = 200, **more: Any) -> Any:
    to_id = person.place(to) if isinstance(to, str) else to
    return person.post("/api/stock-transfers", a_move(person, *serial_nos, **more) | {"to_location_id": to_id}, expect)


def enter(person: Api, purpose: str, *serial_nos: str, expect: int = 200, **more: Any) -> Any:
    wanted = a_move(person, *serial_nos, **{"remark": "for the workshop"} | more) | {"purpose": purpose}
    return person.post("/api/stock-entries", wanted, expect)


@pytest.fixture
def goods(ana: Api, clock: Clock) -> dict[str, Any]:
    """Five laptops in MAIN, an hour ago."""
    received = receive(ana, nb25(1, 5))
    clock.forward(hours=1)
    return received


def cables(person: Api, count: int) -> int:
    """Receive cables, which have no serial numbers; their item."""
    receipt = person.open_receipt("PO-2")
    person.send(*(person.a_scan(receipt, "9506000134376") for _ in range(count)))
    person.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    person.clock.forward(hours=1)
    return int(next(line["item"]["id"] for line in receipt["lines"] if line["item"]["item_code"] == "CAB-2"))


def test_a_transfer_in_one_step_moves_units_from_any_bin_of_a_place(ana: Api, kim: Api, goods: Any) -> None:
    done = transfer(ana, "NB25-0001", "NB25-0002", to="A-01")
    assert (done["status"], done["qty"], done["received"]) == ("closed", 2, 2)
    assert look_up(kim, "NB25-0001")["location"]["path"] == "MAIN / A-01"
    wanted = a_move(ana, "nb25-0001 ", "NB25-0003") | {"to_location_id": ana.place("A-02")}
    first = ana.post("/api/stock-transfers", wanted)
    assert ana.post("/api/stock-transfers", wanted) == first
    assert ana.post("/api/stock-transfers", wanted | {"remark": "other"}, 409)["code"] == "id_reused"
    assert [unit["place"] for unit in first["units"]] == ["MAIN / A-02", "MAIN / A-02"]


def test_what_a_transfer_refuses(ana: Api, sue: Api, goods: Any) -> None:
    sell(ana, "NB25-0005")
    assert transfer(ana, "NB25-0001", to="MAIN", expect=409)["code"] == "same_place"
    assert transfer(ana, to="A-01", expect=409)["code"] == "nothing_to_move"
    assert transfer(ana, "NB25-0001", to="A-01", place="VAN-7", expect=409)["code"] == "serial_not_at_location"
    sold = transfer(ana, "NB25-0005", to="A-01", expect=409)
    assert sold["code"] == "serial_already_sold"
    assert "NB25-0005" in sold["detail"]
    transfer(ana, "NB25-0001", to="A-01")
    assert transfer(ana, "NB25-0001", to="A-01", expect=409)["code"] == "already_there"
    transfer(ana, "NB25-0002", to="REJECT")
    assert transfer(ana, "NB25-0002", to="MAIN", place="REJECT", expect=403)["code"] == "forbidden"
    assert transfer(sue, "NB25-0002", to="MAIN", place="REJECT")["status"] == "closed"
    customers = ana.place("CUSTOMER")
    assert transfer(ana, "NB25-0001", to=customers, expect=422)["code"] == "location_unknown"


def test_what_is_in_transit_arrives_in_parts_and_the_rest_stays_visible(
    ana: Api, ben: Api, kim: Api, sue: Api, clock: Clock, goods: Any
) -> None:
    cable = cables(ana, 8)
    sent = transfer(ana, *nb25(1, 3), to="VAN-7", over_transit=True, goods=[{"item_id": cable, "qty": 8}])
    clock.forward(hours=1)
    assert sent["status"] == "submitted"
    assert look_up(kim, "NB25-0001")["state"] == "in_transit"
    assert sent["id"] in {
        each["id"] for each in ben.get("/api/stock-transfers", site=ben.site, status="open")["transfers"]
    }
    (line,) = (line for line in sent["lines"] if not line["by_serial"])
    arrival = {"serial_nos": nb25(1, 2), "goods": [{"line_id": line["id"], "qty": 5}]}
    path = f"/api/stock-transfers/{sent['id']}/receive"

    part = ben.post(path, arrival)

    assert (part["status"], part["qty"], part["received"]) == ("submitted", 11, 7)
    assert [unit["in_transit"] for unit in part["units"]] == [False, False, True]
    assert ben.post(path, arrival) == part
    assert ben.post(path, {"serial_nos": ["NB25-0004"]}, 409)["code"] == "serial_not_on_transfer"
    too_many = {"goods": [{"line_id": line["id"], "qty": 9}]}
    assert ben.post(path, too_many, 409)["code"] == "more_than_sent"
    clock.forward(hours=1)
    whole = ben.post(path, {"serial_nos": ["NB25-0003"], "goods": [{"line_id": line["id"], "qty": 8}]})
    assert (whole["status"], whole["received"]) == ("closed", 11)
    assert look_up(kim, "NB25-0003")["location"]["code"] == "VAN-7"
    clock.forward(hours=1)
    assert cancel(sue, sent)["status"] == "cancelled"
    assert look_up(kim, "NB25-0003")["location"]["code"] == "MAIN"


def test_goods_by_quantity_are_never_more_than_there_are(ana: Api, sue: Api, clock: Clock) -> None:
    cable = cables(ana, 3)
    refused = transfer(ana, to="A-01", goods=[{"item_id": cable, "qty": 4}], expect=409)
    assert refused["code"] == "not_enough_stock"
    assert "3 CAB-2 are in MAIN" in refused["detail"]
    moved = transfer(ana, to="A-01", goods=[{"item_id": cable, "qty": 3}])
    clock.forward(hours=1)
    on = transfer(ana, to="A-02", place="A-01", goods=[{"item_id": cable, "qty": 2}])
    clock.forward(hours=1)
    refused = cancel(sue, moved, expect=409)
    assert (refused["code"], refused["facts"]["voucher"]) == ("has_later_moves", on["number"])


def test_a_transfer_between_sites_is_in_both_ledgers(
    ana: Api, kim: Api, clock: Clock, goods: Any, log_in: LogIn
) -> None:
    admin = log_in("admin")
    there = next(
        each["id"]
        for each in ana.get("/api/transfer-destinations", site=ana.site)["destinations"]
        if each["path"] == "N-MAIN"
    )
    assert transfer(ana, "NB25-0001", to=there, expect=403)["code"] == "forbidden"
    sent = transfer(ana, "NB25-0001", "NB25-0002", to=there, over_transit=True)
    clock.forward(hours=1)
    assert ana.post(f"/api/stock-transfers/{sent['id']}/receive", {"serial_nos": ["NB25-0001"]}, 403)
    admin.post(f"/api/stock-transfers/{sent['id']}/receive", {"serial_nos": ["NB25-0001"]})
    unit = look_up(kim, "NB25-0001")
    assert (unit["state"], unit["location"]["code"]) == ("in_stock", "N-MAIN")
    assert unit["site_id"] == next(site["id"] for site in admin.sites if site["code"] == "NORTH")
    assert [line["to"]["code"] for line in unit["history"]] == ["MAIN", "TRANSIT", "N-MAIN"]
    clock.forward(hours=1)
    direct = transfer(admin, "NB25-0003", to=there)
    assert direct["status"] == "closed"
    clock.forward(hours=1)
    assert cancel(admin, direct)["status"] == "cancelled"
    assert cancel(admin, sent)["status"] == "cancelled"
    assert {look_up(kim, text)["location"]["code"] for text in nb25(1, 3)} == {"MAIN"}


def test_a_supplier_gets_back_what_came_from_him(ana: Api, sue: Api, kim: Api, clock: Clock, goods: Any) -> None:
    def back(*serial_nos: str, expect: int = 200, **more: Any) -> Any:
        wanted = a_move(ana, *serial_nos, remark="dead on arrival") | {"supplier": "NorthStar"} | more
        return ana.post("/api/supplier-returns", wanted, expect)

    assert back("NB25-0001", supplier="ACME", expect=422)["code"] == "supplier_unknown"
    assert back("NB23-0002", receipt_id=goods["id"], expect=409)["code"] == "serial_of_other_receipt"
    done = back("NB25-0001", receipt_id=goods["id"])
    unit = look_up(kim, "NB25-0001")
    assert (unit["state"], unit["history"][-1]["party"]) == ("returned_to_supplier", "NorthStar")
    clock.forward(hours=1)
    assert cancel(sue, goods, expect=409)["code"] == "has_later_moves"
    assert cancel(sue, done)["status"] == "cancelled"
    assert look_up(kim, "NB25-0001")["location"]["code"] == "MAIN"


def test_a_unit_is_built_into_another_and_taken_out(ana: Api, sue: Api, kim: Api, clock: Clock, goods: Any) -> None:
    cable = cables(ana, 2)
    assert enter(ana, "consume", "NB25-0002", expect=409)["code"] == "parent_needed"
    refused = enter(ana, "consume", "NB25-0001", parent_serial_no="NB25-0001", expect=409)
    assert refused["code"] == "serial_in_itself"
    built = enter(ana, "consume", "NB25-0002", parent_serial_no="NB25-0001", goods=[{"item_id": cable, "qty": 2}])
    parent, part = look_up(kim, "NB25-0001"), look_up(kim, "NB25-0002")
    assert (part["state"], part["part_of"]["serial_no"]) == ("consumed", "NB25-0001")
    assert [(each["serial_no"], each["qty"]) for each in parent["components"]] == [("NB25-0002", 1), (None, 2)]
    assert enter(ana, "take_out", "NB25-0003", parent_serial_no="NB25-0001", expect=409)["code"] == "not_a_component"

    clock.forward(hours=1)
    sale = sell(ana, "NB25-0001")
    clock.forward(hours=1)
    refused = cancel(sue, built, expect=409)
    assert refused["code"] == "has_later_moves"
    assert f"NB25-0001 has later moves: {sale['number']}" in refused["detail"]
    cancel(sue, sale)
    clock.forward(hours=1)
    out = enter(ana, "take_out", "NB25-0002", parent_serial_no="NB25-0001", place="A-01")
    assert look_up(kim, "NB25-0002")["location"]["code"] == "A-01"
    assert look_up(kim, "NB25-0001")["components"][0]["removed_at"] is not None
    clock.forward(hours=1)
    cancel(sue, out)
    assert look_up(kim, "NB25-0002")["part_of"]["serial_no"] == "NB25-0001"
    clock.forward(hours=1)
    cancel(sue, built)
    assert look_up(kim, "NB25-0002")["state"] == "in_stock"


def test_issued_and_scrapped_units_are_gone_until_that_is_cancelled(
    ana: Api, sue: Api, kim: Api, clock: Clock, goods: Any
) -> None:
    assert enter(ana, "issue", "NB25-0001")["purpose"] == "issue"
    scrapped = enter(ana, "scrap", "NB25-0002")
    assert [look_up(kim, text)["state"] for text in nb25(1, 2)] == ["consumed", "scrapped"]
    assert enter(ana, "scrap", "NB25-0001", expect=409)["code"] == "serial_not_available"
    clock.forward(hours=1)
    cancel(sue, scrapped)
    assert look_up(kim, "NB25-0002")["state"] == "in_stock"


def test_s12_a_business_date_never_runs_backwards_for_a_unit(ana: Api, kim: Api, clock: Clock, goods: Any) -> None:
    clock.set("2026-01-15")
    sale = sell(ana, "NB25-0001")
    transfer(ana, "NB25-0002", to="VAN-7", dated_on="2026-01-10")
    clock.set("2026-01-20")
    refused = enter(ana, "issue", "NB25-0002", place="VAN-7", dated_on="2026-01-09", expect=409)
    assert refused["code"] == "has_later_moves"
    assert "NB25-0002 has later moves" in refused["detail"]
    assert "2026-01-10" in refused["detail"]
    assert enter(ana, "issue", "NB25-0002", place="VAN-7", dated_on="2026-01-10")["dated_on"] == "2026-01-10"
    assert transfer(ana, "NB25-0003", to="VAN-7", dated_on="2026-01-21", expect=409)["code"] == "date_in_future"
    assert transfer(ana, "NB25-0003", to="VAN-7", dated_on="2025-01-21", expect=409)["code"] == "date_too_far_back"
    # The receipt of a unit that was sold, dated whenever, is refused and names the sale.
    receipt = ana.open_receipt()
    outcome = ana.scan(receipt, "NB25-0001", batch_no="B-2026-01")
    assert outcome["code"] == "serial_sold"
    assert sale["number"] in outcome["message"]


def test_s12_a_mistyped_serial_number_is_corrected_once(ana: Api, sue: Api, kim: Api, goods: Any) -> None:
    unit = look_up(kim, "NB25-0001")
    path = f"/api/units/{unit['id']}/serial-no"

    def correct(text: str, expect: int = 200, person: Api = sue) -> Any:
        return person.post(path, {"serial_no": text, "reason": "typed 0001 for 0071"}, expect)

    assert correct("NB25-0071", 403, ana)["code"] == "forbidden"
    assert correct("nb25-0002", 409)["code"] == "serial_taken"
    assert correct(" ", 409)["code"] == "serial_empty"
    assert correct("9506000134352", 409)["code"] in ("item_code_not_serial", "serial_shape")
    assert correct("NB25-0001", 409)["code"] == "same_serial"
    receipt = ana.open_receipt()
    ana.scan(receipt, "NB25-0072", batch_no="B-2026-01")
    assert correct("NB25-0072", 409)["code"] == "serial_in_other_receipt"

    corrected = correct("NB25-0071")
    assert (corrected["serial_no"], corrected["correction"]["by"]) == ("NB25-0071", "sue")
    assert correct("NB25-0071") == corrected
    assert correct("NB25-0073", 409)["code"] == "corrected_before"
    found = kim.get("/api/units", site=kim.site, q="nb25-0001")["matches"]
    assert [(each["id"], each["formerly"]) for each in found] == [(unit["id"], "NB25-0001")]
    assert look_up(kim, "NB25-0071")["id"] == unit["id"]
    # The unit whose label really says so may come later, and has the text then.
    receive(ana, ["NB25-0001"])
    assert look_up(kim, "NB25-0001")["id"] != unit["id"]


def test_a_sale_and_a_receipt_can_be_dated_back_but_not_before_what_happened_earlier(
    ana: Api, kim: Api, clock: Clock
) -> None:
    clock.set("2026-01-08")
    receipt = ana.open_receipt()
    ana.send(*(ana.a_scan(receipt, text, batch_no="B-2026-01") for text in nb25(1, 2)))
    submit = f"/api/purchase-receipts/{receipt['id']}/submit"
    assert ana.post(submit, {"dated_on": "2026-01-09"}, expect=409)["code"] == "date_in_future"
    ana.post(submit, {"dated_on": "2026-01-06"})
    assert look_up(kim, "NB25-0001")["received"]["on"] == "2026-01-06"

    note = {"customer": "ACME", "location_id": ana.place("MAIN"), "serial_nos": ["NB25-0001"]}
    early = note | {"id": str(uuid.uuid4()), "dated_on": "2026-01-05"}
    refused = ana.post("/api/delivery-notes", early, expect=409)
    assert (refused["code"], receipt["number"] in refused["detail"]) == ("has_later_moves", True)

    ana.post("/api/delivery-notes", note | {"id": str(uuid.uuid4()), "dated_on": "2026-01-07"})
    assert look_up(kim, "NB25-0001")["warranty"]["start"] == "2026-01-07"

    back = a_move(ana, "NB25-0002", remark="dead on arrival", supplier="NorthStar")
    left = ana.post("/api/supplier-returns", back)
    again = ana.open_receipt()
    ana.scan(again, "NB25-0002", batch_no="B-2026-01")
    refused = ana.post(f"/api/purchase-receipts/{again['id']}/submit", {"dated_on": "2026-01-07"}, expect=409)
    assert (refused["code"], refused["facts"]["voucher"]) == ("has_later_moves", left["number"])
    assert f"NB25-0002 has later moves: {left['number']} of 2026-01-08" in refused["detail"]
