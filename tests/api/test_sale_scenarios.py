"""Scenarios S1 (sale), S6 and S7, through the API, on both databases."""

import uuid
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from backend.domain.receiving import Tracking
from backend.models import Batch, Hold, Item, SerialNumber
from backend.services import masters
from backend.unit_of_work import UnitOfWork, transact
from tests.api_client import Api, Clock
from tests.selling import (
    deliver,
    finish,
    order,
    pick,
    pick_list,
    proposed,
    receive,
    receive_cables,
    receive_laptops,
    receive_pumps,
)


def change(app: Flask, job: Any) -> Any:
    """Change something beside the API."""
    with app.app_context():
        return transact(job)


def hold(app: Flask, kind: str, *, serial_no: str | None = None, batch_no: str | None = None) -> None:
    def place(work: UnitOfWork) -> None:
        work.session.add(
            Hold(
                kind=kind,
                serial_id=work.session.scalar(select(SerialNumber.id).filter_by(serial_no=serial_no)),
                batch_id=work.session.scalar(select(Batch.id).filter_by(batch_no=batch_no)),
                reason="fire risk",
                placed_by_id=1,
                placed_at=work.now,
            )
        )

    change(app, place)


def unit_of(person: Api, serial_no: str) -> dict[str, Any]:
    (found,) = person.get("/api/units", site=person.site, q=serial_no)["matches"]
    unit: dict[str, Any] = person.get(f"/api/units/{found['id']}")
    return unit


def test_s1_a_chosen_laptop_is_picked_delivered_and_invoiced(ana: Api, sue: Api, kim: Api, clock: Clock) -> None:
    receive_laptops(ana)
    clock.set("2026-01-15")
    sold = order(sue, ("LAP-15", 1), number="SO-1")
    sue.post(f"/api/sales-orders/{sold['id']}/reserve", {"serial_nos": ["nb25-0017 "]})

    made = pick_list(ana, sold)
    assert proposed(ana, made) == ["NB25-0017"]
    outcome = pick(ana, made, "NB25-0017")
    assert (outcome["status"], outcome["code"], outcome["message"]) == ("accepted", "ok", "NB25-0017 picked.")
    assert outcome["counts"] == {"expected": 1, "accepted": 1, "rejected": 0}
    assert finish(ana, made)["status"] == "submitted"
    note = deliver(ana, pick_list_id=made["id"])
    invoice = sue.post("/api/sales-invoices", {"id": str(uuid.uuid4()), "delivery_note_id": note["id"]})

    for voucher in (note, invoice):
        (line,) = voucher["lines"]
        assert [unit["serial_no"] for unit in line["units"]] == ["NB25-0017"]
        assert voucher["customer"]["code"] == "ACME"
        assert [each["number"] for each in voucher["sales_orders"]] == ["SO-1"]
    assert note["lines"][0]["units"][0]["warranty_until"] == "2027-01-15"
    unit = unit_of(kim, "NB25-0017")
    assert (unit["state"], unit["owner"]["code"], unit["sold"]["number"]) == ("sold", "ACME", note["number"])
    assert (unit["warranty"]["start"], unit["warranty"]["end"]) == ("2026-01-15", "2027-01-15")
    assert unit["history"][-1]["scanned_at"] is not None
    shown = sue.get(f"/api/sales-orders/{sold['id']}")
    assert (shown["status"], shown["lines"][0]["delivered"]) == ("closed", 1)
    assert sue.get(f"/api/pick-lists/{made['id']}")["status"] == "closed"
    again = sue.post("/api/sales-invoices", {"id": str(uuid.uuid4()), "delivery_note_id": note["id"]}, 409)
    assert (again["code"], again["facts"]["voucher"]) == ("already_invoiced", invoice["number"])


def test_s6_a_pick_takes_what_expires_first_and_never_what_has_expired(
    app: Flask, ana: Api, sue: Api, clock: Clock
) -> None:
    receive_pumps(app, ana)
    clock.set("2026-03-01")

    made = pick_list(ana, order(sue, ("PUMP-1", 4)))

    assert sorted(proposed(ana, made)) == ["P1-01", "P2-01", "P2-02", "P2-03"]
    expired = pick(ana, made, "P0-01")
    assert (expired["status"], expired["code"]) == ("refused", "batch_expired")
    assert "batch P0 expired on 2026-01-31" in expired["message"]
    other_batch = pick(ana, made, "P1-01", batch_no="P2")
    assert (other_batch["status"], other_batch["code"]) == ("refused", "serial_of_other_batch")
    assert "belongs to batch P1" in other_batch["message"]
    shipped = deliver(ana, 409, serial_nos=["P0-01"])
    assert (shipped["code"], "batch P0 expired on 2026-01-31" in shipped["detail"]) == ("batch_expired", True)


def test_s6_an_expired_unit_comes_back_into_quarantine_only(app: Flask, ana: Api, sue: Api, clock: Clock) -> None:
    receive_pumps(app, ana)
    clock.set("2026-01-20")
    deliver(ana, serial_nos=["P0-01"])
    clock.set("2026-03-01")
    back = {"customer": "ACME", "reason": "out of date", "serial_nos": ["P0-01"]}
    for place, expect in (("MAIN", 422), ("REJECT", 200)):
        wanted = back | {"id": str(uuid.uuid4()), "location_id": ana.place(place)}
        answer = ana.post("/api/customer-returns", wanted, expect)
        assert answer.get("code") == (None if expect == 200 else "return_place")

    unit = unit_of(sue, "P0-01")
    assert (unit["state"], unit["location"]["code"], unit["batch"]["state"]) == ("returned", "REJECT", "expired")
    assert deliver(ana, 409, serial_nos=["P0-01"], place="REJECT")["code"] == "serial_not_available"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("fifo", ["P1-01", "P1-02", "P1-03", "P2-01"]), ("lifo", ["P1-03", "P2-01", "P2-02", "P2-03"])],
)
def test_s6_fifo_follows_the_receipts_and_lifo_goes_the_other_way(
    app: Flask, ana: Api, sue: Api, clock: Clock, rule: str, expected: list[str]
) -> None:
    receive_pumps(app, ana)
    clock.set("2026-03-01")
    change(app, lambda work: work.session.execute(update(Item).filter_by(item_code="PUMP-1").values(pick_rule=rule)))

    assert sorted(proposed(ana, pick_list(ana, order(sue, ("PUMP-1", 4))))) == expected


def test_s7a_a_unit_elsewhere_is_refused(ana: Api, sue: Api) -> None:
    receive_laptops(ana, 2)
    made = pick_list(ana, order(sue, ("LAP-15", 1)))
    outcome = pick(ana, made, "NB24-0001")
    assert (outcome["code"], "NB24-0001 is in VAN-7" in outcome["message"]) == ("serial_not_at_location", True)
    assert deliver(ana, 409, serial_nos=["NB24-0001"])["code"] == "serial_not_at_location"


def test_s7b_a_reserved_unit_is_refused_and_a_supervisor_may_take_it(ana: Api, sue: Api) -> None:
    receive_laptops(ana, 5)
    other = order(sue, ("LAP-15", 1), number="SO-9", customer="BETA")
    sue.post(f"/api/sales-orders/{other['id']}/reserve", {"serial_nos": ["NB25-0003"]})
    made = pick_list(ana, order(sue, ("LAP-15", 1)))

    refused = pick(ana, made, "NB25-0003")
    assert (refused["status"], refused["code"]) == ("refused", "serial_reserved")
    assert "NB25-0003 is reserved for SO-9 by sue" in refused["message"]
    assert [action["kind"] for action in refused["actions"]] == ["override"]
    wanted = {"serial_no": "NB25-0003", "reason": "the other one is for a display"}
    assert ana.post(f"/api/pick-lists/{made['id']}/override", wanted, 403)["code"] == "forbidden"

    taken = sue.post(f"/api/pick-lists/{made['id']}/override", wanted)

    (unit,) = [unit for unit in taken["units"] if unit["status"] == "chosen"]
    assert (unit["serial_no"], unit["by"], unit["reason"]) == ("NB25-0003", "sue", wanted["reason"])
    (given_up,) = sue.get(f"/api/sales-orders/{other['id']}")["reserved"]
    assert given_up["status"] == "released"
    assert all(word in given_up["reason"] for word in ("sue", wanted["reason"]))
    assert sue.get(f"/api/sales-orders/{other['id']}")["lines"][0]["to_fetch"] == 1
    # Nobody may pass the other rules.
    assert sue.post(f"/api/pick-lists/{made['id']}/override", wanted | {"serial_no": "NB24-0001"}, 409)["code"] == (
        "serial_not_at_location"
    )


def test_s7c_a_unit_of_another_item_is_refused(app: Flask, ana: Api, sue: Api) -> None:
    receive_laptops(ana, 2)
    receive_pumps(app, ana)
    outcome = pick(ana, pick_list(ana, order(sue, ("PUMP-1", 1))), "NB25-0001")
    assert (outcome["code"], "NB25-0001 belongs to LAP-15" in outcome["message"]) == ("serial_of_other_item", True)
    lines = [{"item_code": "PUMP-1", "qty": 1, "serial_nos": ["NB25-0001"]}]
    assert "belongs to LAP-15" in deliver(ana, 409, lines=lines)["detail"]


def test_s7d_two_units_have_two_serial_numbers(ana: Api) -> None:
    receive_laptops(ana, 2)
    lines = [{"item_code": "LAP-15", "qty": 2, "serial_nos": ["NB25-0001"]}]
    refused = deliver(ana, 422, lines=lines)
    assert (refused["code"], "2 serials needed for LAP-15, 1 given" in refused["detail"]) == ("serial_count", True)


def test_s7f_a_scan_replaces_the_proposal_and_both_are_kept(ana: Api, sue: Api) -> None:
    receive_laptops(ana, 30)
    made = pick_list(ana, order(sue, ("LAP-15", 2)))
    first, last = proposed(ana, made)

    outcome = pick(ana, made, "NB25-0021")

    assert (outcome["status"], outcome["code"]) == ("accepted", "proposal_replaced")
    assert outcome["message"] == f"NB25-0021 picked in place of {last}, which is free again."
    shown = ana.get(f"/api/pick-lists/{made['id']}")
    assert [(unit["serial_no"], unit["status"]) for unit in shown["units"]] == [
        (first, "proposed"),
        ("NB25-0021", "chosen"),
    ]
    (replaced,) = shown["replaced"]
    assert (replaced["serial_no"], replaced["taken"], replaced["by"]) == (last, "NB25-0021", "ana")
    assert last in proposed(ana, pick_list(ana, order(sue, ("LAP-15", 1))))


@pytest.mark.parametrize(("kind", "code"), [("hold", "unit_on_hold"), ("recall", "unit_recalled")])
def test_s7h_a_held_unit_is_never_proposed_and_refused_with_the_reason(
    app: Flask, ana: Api, sue: Api, kind: str, code: str
) -> None:
    receive_laptops(ana, 2)
    receive(ana, ["NB25-0099"], batch_no="B-2026-02")
    hold(app, kind, batch_no="B-2026-01")

    made = pick_list(ana, order(sue, ("LAP-15", 3)))

    assert "NB25-0001" not in proposed(ana, made)
    outcome = pick(ana, made, "NB25-0001")
    assert (outcome["status"], outcome["code"], "fire risk" in outcome["message"]) == ("refused", code, True)


def test_what_was_recalled_after_it_was_picked_is_not_shipped(app: Flask, ana: Api, sue: Api) -> None:
    receive_laptops(ana, 2)
    made = pick_list(ana, order(sue, ("LAP-15", 1)))
    (serial_no,) = proposed(ana, made)
    pick(ana, made, serial_no)
    finish(ana, made)
    hold(app, "recall", serial_no=serial_no)

    assert deliver(ana, 409, pick_list_id=made["id"])["code"] == "unit_recalled"


def test_a_pick_list_promises_to_one_order_what_another_cannot_have(ana: Api, ben: Api, sue: Api) -> None:
    receive_laptops(ana, 4)
    of_ana = pick_list(ana, order(sue, ("LAP-15", 4)))
    of_ben = pick_list(ben, order(sue, ("LAP-15", 4), customer="BETA"))

    both = proposed(ana, of_ana) + proposed(ben, of_ben)

    assert len(both) == len(set(both)) == 5, "four of today and one that was here before"
    assert pick(ben, of_ben, proposed(ana, of_ana)[0])["code"] == "serial_reserved"


def test_a_partial_pick_leaves_the_order_short_and_its_units_free(ana: Api, sue: Api) -> None:
    receive_laptops(ana, 5)
    sold = order(sue, ("LAP-15", 3))
    made = pick_list(ana, sold)
    picked, *left = proposed(ana, made)
    assert pick(ana, made, picked)["code"] == "ok"

    finish(ana, made)
    deliver(ana, pick_list_id=made["id"])

    shown = sue.get(f"/api/sales-orders/{sold['id']}")
    (line,) = shown["lines"]
    assert (shown["status"], line["delivered"], line["to_fetch"]) == ("submitted", 1, 2)
    assert pick(ana, made, left[0])["code"] == "voucher_not_open"
    assert sorted(proposed(ana, pick_list(ana, sold))) == sorted(left)


def test_more_than_the_list_asks_for_is_refused(ana: Api, sue: Api) -> None:
    receive_laptops(ana, 5)
    made = pick_list(ana, order(sue, ("LAP-15", 1)))
    (wanted,) = proposed(ana, made)
    assert pick(ana, made, wanted)["code"] == "ok"
    other = next(serial_no for serial_no in ("NB25-0004", "NB25-0005") if serial_no != wanted)

    refused = pick(ana, made, other)
    assert (refused["status"], refused["code"]) == ("refused", "over_pick")
    again = pick(ana, made, wanted)
    assert (again["status"], again["code"]) == ("duplicate", "already_picked")
    assert f"{wanted} already picked into {made['number']}" in again["message"]
    assert again["counts"] == {"expected": 1, "accepted": 1, "rejected": 0}


def test_a_pick_is_taken_back_by_its_scan_and_sent_again_it_counts_once(ana: Api, sue: Api) -> None:
    receive_laptops(ana, 3)
    made = pick_list(ana, order(sue, ("LAP-15", 1)))
    (wanted,) = proposed(ana, made)
    scan = ana.a_scan(made, wanted, purpose="pick")
    first, second = ana.send(scan)[0], ana.send(scan)[0]
    assert (first["code"], second["code"], second["replayed"]) == ("ok", "ok", True)
    assert ana.send(scan | {"text": "NB25-0003"})[0]["code"] == "id_reused"

    undone = ana.send(ana.a_scan(made, "", purpose="undo", undoes=scan["id"]))[0]
    assert (undone["status"], undone["code"], undone["counts"]["accepted"]) == ("accepted", "undone", 0)
    assert proposed(ana, made) == [wanted]
    assert ana.send(ana.a_scan(made, "", purpose="undo", undoes=scan["id"]))[0]["code"] == "nothing_to_undo"
    assert pick(ana, made, wanted)["code"] == "ok"


def test_gs1_codes_and_product_codes_mean_at_the_pick_what_they_mean_at_the_receipt(ana: Api, sue: Api) -> None:
    receive_laptops(ana, 3)
    made = pick_list(ana, order(sue, ("LAP-15", 2)))
    assert pick(ana, made, "0109506000134352")["code"] == "item_code_not_serial"
    assert pick(ana, made, "010950600013435210B-2026-01\x1d21NB25-0002", symbology="]d2")["code"] in (
        "ok",
        "proposal_replaced",
    )
    wrong = pick(ana, made, "010950600013435210B-77\x1d21NB25-0001", symbology="]d2")
    assert wrong["code"] == "serial_of_other_batch"
    lost = pick(ana, made, "010950600013435210B-2026-0121NB25-0001", symbology="]d2")
    assert (lost["status"], lost["code"]) == ("needs_review", "separator_missing")
    assert pick(ana, made, "")["code"] == "serial_empty"
    assert pick(ana, made, "NB99-1")["code"] == "serial_unknown"


def test_goods_without_serial_numbers_are_picked_by_quantity_and_promised_once(ana: Api, ben: Api, sue: Api) -> None:
    receive_cables(ana, 10)
    sold = order(sue, ("CAB-2", 8))
    made = pick_list(ana, sold)
    (line,) = made["lines"]
    assert (line["qty"], line["location"]["code"]) == (8, "MAIN")
    of_ben = pick_list(ben, order(sue, ("CAB-2", 5), customer="BETA"))
    assert [(each["qty"], each["location"] and each["location"]["code"]) for each in of_ben["lines"]] == [
        (2, "MAIN"),
        (3, None),
    ]

    scan = ana.a_scan(made, "09506000134376", purpose="pick", qty=5)
    assert ana.send(scan)[0]["message"] == "5 CAB-2 picked."
    assert pick(ana, made, "09506000134376")["counts"]["accepted"] == 6
    assert pick(ana, made, "09506000134376", qty=3)["code"] == "over_pick"
    assert pick(ben, of_ben, "09506000134376", qty=3)["code"] == "not_enough_stock"
    assert ana.send(ana.a_scan(made, "", purpose="undo", undoes=scan["id"]))[0]["counts"]["accepted"] == 1
    assert ana.send(ana.a_scan(made, "", purpose="undo", undoes=scan["id"]))[0]["code"] == "nothing_to_undo"

    finish(ana, made)
    note = deliver(ana, pick_list_id=made["id"])
    assert [(each["qty"], each["units"]) for each in note["lines"]] == [(1, [])]
    (left,) = sue.get(f"/api/sales-orders/{sold['id']}")["lines"]
    assert (left["delivered"], left["to_fetch"]) == (1, 7)


def test_goods_are_taken_from_where_they_are_when_they_are_not_where_they_were_proposed(ana: Api, sue: Api) -> None:
    receive_cables(ana, 4, "A-01")
    receive_cables(ana, 4, "A-02")
    made = pick_list(ana, order(sue, ("CAB-2", 4)))
    (line,) = made["lines"]
    elsewhere = "A-02" if line["location"]["code"] == "A-01" else "A-01"

    outcome = pick(ana, made, "09506000134376", qty=3, location_id=ana.place(elsewhere))

    assert outcome["code"] == "ok"
    lines = {each["location"]["code"]: (each["qty"], each["picked"]) for each in finish(ana, made)["lines"]}
    assert lines == {line["location"]["code"]: (1, 0), elsewhere: (3, 3)}
    deliver(ana, pick_list_id=made["id"])


def test_a_fraction_of_a_batch_is_sold_from_its_batch_only(app: Flask, ana: Api, sue: Api) -> None:
    change(
        app,
        lambda work: masters.add_item(
            work, item_code="GEL-5", name="Gel", tracking=Tracking.BATCH, gtin="09506000134383"
        ),
    )
    made = pick_list(ana, order(sue, ("GEL-5", 2.5)))
    assert [(line["qty"], line["location"]) for line in made["lines"]] == [(2.5, None)]
    assert pick(ana, made, "09506000134383", qty=0.5)["code"] == "batch_required"
    assert pick(ana, made, "09506000134383", qty=0.5, batch_no="G-1")["code"] == "batch_unknown"


def test_a_list_for_several_customers_is_delivered_order_by_order(ana: Api, sue: Api) -> None:
    receive_laptops(ana, 4)
    first, second = order(sue, ("LAP-15", 1), number="SO-A"), order(sue, ("LAP-15", 2), customer="BETA", number="SO-B")
    made = pick_list(ana, first, second)
    for serial_no in proposed(ana, made):
        assert pick(ana, made, serial_no)["code"] == "ok"
    finish(ana, made)

    refused = deliver(ana, 409, pick_list_id=made["id"])
    assert (refused["code"], refused["facts"]["orders"]) == ("several_customers", ["SO-A", "SO-B"])
    notes = [deliver(ana, pick_list_id=made["id"], sales_order_id=each["id"]) for each in (first, second)]
    assert [(note["customer"]["code"], note["qty"]) for note in notes] == [("ACME", 1), ("BETA", 2)]
    assert ana.get(f"/api/pick-lists/{made['id']}")["status"] == "closed"


def test_an_invoice_moves_the_stock_in_place_of_a_delivery(ana: Api, sue: Api, kim: Api, clock: Clock) -> None:
    receive_laptops(ana, 2)
    receive_cables(ana, 3)
    clock.set("2026-01-15")
    lines = [
        {"item_code": "LAP-15", "qty": 1, "serial_nos": ["NB25-0001"]},
        {"item_code": "CAB-2", "qty": 2},
    ]
    wanted = {"id": str(uuid.uuid4()), "customer": "ACME", "location_id": sue.place("MAIN"), "lines": lines}

    invoice = sue.post("/api/sales-invoices", wanted | {"number": "SI-77"})

    assert invoice["number"] == "SI-77"
    assert [(line["qty"], [unit["serial_no"] for unit in line["units"]]) for line in invoice["lines"]] == [
        (1, ["NB25-0001"]),
        (2, []),
    ]
    assert sue.post("/api/sales-invoices", wanted | {"number": "SI-77"}) == invoice
    assert unit_of(kim, "NB25-0001")["sold"]["number"] == "SI-77"
    more = wanted | {"id": str(uuid.uuid4()), "lines": [{"item_code": "CAB-2", "qty": 2}]}
    assert sue.post("/api/sales-invoices", more, 409)["code"] == "not_enough_stock"
    assert ana.post("/api/sales-invoices", more, 403)["code"] == "forbidden"


def test_an_invoice_names_scanned_units_beside_counted_goods(ana: Api, sue: Api) -> None:
    receive_laptops(ana, 2)
    receive_cables(ana, 3)
    cables, laptop = {"item_code": "CAB-2", "qty": 2}, {"item_code": "LAP-15", "qty": 1, "serial_nos": ["NB25-0001"]}
    wanted = {"id": str(uuid.uuid4()), "customer": "ACME", "location_id": sue.place("MAIN")}
    wanted |= {"serial_nos": ["nb25-0001"], "lines": [cables]}

    twice = sue.post("/api/sales-invoices", wanted | {"lines": [cables, laptop]}, 409)
    invoice = sue.post("/api/sales-invoices", wanted)

    assert twice["code"] == "serial_twice"
    assert sorted((line["item"]["item_code"], line["qty"]) for line in invoice["lines"]) == [
        ("CAB-2", 2),
        ("LAP-15", 1),
    ]
    assert sue.post("/api/sales-invoices", wanted) == invoice
    for other in ({"lines": []}, {"lines": [cables | {"qty": 1}]}, {"serial_nos": []}, {"lines": [cables, laptop]}):
        assert sue.post("/api/sales-invoices", wanted | other, 409)["code"] == "id_reused"


def test_cancelling_the_sale_frees_the_unit_and_reopens_the_order(ana: Api, sue: Api, kim: Api, clock: Clock) -> None:
    receive_laptops(ana, 2)
    sold = order(sue, ("LAP-15", 1))
    made = pick_list(ana, sold)
    (serial_no,) = proposed(ana, made)
    pick(ana, made, serial_no)
    finish(ana, made)
    note = deliver(ana, pick_list_id=made["id"])

    sue.post(f"/api/vouchers/{note['id']}/cancel", {"reason": "sold by mistake"})

    unit = unit_of(kim, serial_no)
    assert (unit["state"], unit["location"]["code"]) == ("in_stock", "MAIN")
    shown = sue.get(f"/api/sales-orders/{sold['id']}")
    assert (shown["status"], shown["lines"][0]["delivered"], shown["lines"][0]["to_fetch"]) == ("submitted", 0, 1)
    again = pick_list(ana, sold)
    assert proposed(ana, again) == [serial_no]
    pick(ana, again, serial_no)
    finish(ana, again)
    clock.set("2026-02-01")
    second = deliver(ana, pick_list_id=again["id"])
    assert second["lines"][0]["units"][0]["warranty_until"] == "2027-02-01"
    assert sue.get(f"/api/delivery-notes/{note['id']}")["status"] == "cancelled"


def test_a_discarded_list_gives_an_order_the_units_back_that_it_had_chosen(ana: Api, sue: Api) -> None:
    receive_laptops(ana, 5)
    sold = order(sue, ("LAP-15", 2), number="SO-9")
    sue.post(f"/api/sales-orders/{sold['id']}/reserve", {"serial_nos": ["NB25-0004"]})
    made = pick_list(ana, sold)
    assert "NB25-0004" in proposed(ana, made)
    assert sue.post(f"/api/sales-orders/{sold['id']}/cancel", {"reason": "x"}, 409)["code"] == "order_in_progress"

    ana.post(f"/api/pick-lists/{made['id']}/discard", {"reason": "my shift is over"})

    other = pick_list(ana, order(sue, ("LAP-15", 1)))
    assert pick(ana, other, "NB25-0004")["code"] == "serial_reserved"
    assert "SO-9" in pick(ana, other, "NB25-0004")["message"]
    sue.post(f"/api/sales-orders/{sold['id']}/cancel", {"reason": "the customer changed their mind"})
    assert pick(ana, other, "NB25-0004")["code"] == "proposal_replaced"


def test_s7g_the_filters_show_the_forty_nine_that_are_left(ana: Api, sue: Api) -> None:
    receive_laptops(ana)
    deliver(ana, serial_nos=["NB25-0017"])
    item = next(each for each in ana.get("/api/items", site=ana.site)["items"] if each["item_code"] == "LAP-15")
    batches = ana.get(f"/api/stock/items/{item['id']}", site=ana.site)["batches"]
    batch = next(each["id"] for each in batches if each["batch_no"] == "B-2026-01")
    wanted = {"item": item["id"], "batch": batch, "place": ana.place("MAIN"), "state": "available", "limit": 200}

    def shown() -> list[str]:
        return [unit["serial_no"] for unit in ana.get("/api/stock/units", site=ana.site, **wanted)["units"]]

    assert len(shown()) == 49
    assert "NB25-0017" not in shown()
    reserved = order(sue, ("LAP-15", 1))
    sue.post(f"/api/sales-orders/{reserved['id']}/reserve", {"serial_nos": ["NB25-0018"]})
    assert len(shown()) == 48
