"""Many units at once, on receipts and on opening stock: each request counts once, each rule holds on each way in."""

from typing import Any

import pytest
from flask import Flask

from tests.api.test_upload import csv_of, upload
from tests.api_client import Api, new_id
from tests.orders import add_order, change_item, set_series

BATCH = "B-2026-01"


def item_of(person: Api, item_code: str) -> int:
    items = person.get("/api/items", site=person.site)["items"]
    return int(next(item["id"] for item in items if item["item_code"] == item_code))


def address(receipt: dict[str, Any]) -> str:
    kind = {"purchase_receipt": "purchase-receipts", "opening_stock": "opening-stocks"}[receipt["kind"]]
    return f"/api/{kind}/{receipt['id']}"


def a_list(person: Api, *serial_nos: str, item_code: str = "LAP-15", **more: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "item_id": item_of(person, item_code),
        "serial_nos": list(serial_nos),
        "batch_no": BATCH,
        **more,
    }


def a_quantity(person: Api, qty: Any, item_code: str = "CAB-2", **more: Any) -> dict[str, Any]:
    return {"id": new_id(), "item_id": item_of(person, item_code), "qty": qty, **more}


def lines_of(receipt: dict[str, Any]) -> list[tuple[Any, Any]]:
    return [(line["accepted"], line["rejected"]) for line in receipt["lines"]]


@pytest.mark.parametrize("is_posted", [False, True], ids=["still open", "posted since"])
def test_a_request_whose_answer_was_lost_is_answered_not_repeated(ana: Api, is_posted: bool) -> None:
    receipt = ana.open_receipt()
    typed = a_list(ana, "NB25-0001", "NB25-0002")
    numbered = {"id": new_id(), "item_id": typed["item_id"], "count": 3, "batch_no": BATCH}
    file = csv_of([["NB25-0003", BATCH], ["NB25-0003", BATCH], ["NB25-0001", BATCH], ["NB25-0004", BATCH]])
    commit = {"id": new_id(), "mode": "commit", "policy": "good_rows"}

    first = [
        ana.post(f"{address(receipt)}/units", typed),
        ana.post(f"{address(receipt)}/numbered-units", numbered),
        upload(ana, receipt, file, **commit),
    ]
    if is_posted:
        ana.post(f"{address(receipt)}/submit", {})
    again = [
        ana.post(f"{address(receipt)}/units", typed),
        ana.post(f"{address(receipt)}/numbered-units", numbered),
        upload(ana, receipt, file, **commit),
    ]

    assert [answer["added"] for answer in (first[0], again[0])] == [2, 2]
    assert again[1]["serial_nos"] == first[1]["serial_nos"] == [f"LAP-2026-0000{number}" for number in (1, 2, 3)]
    assert again[2] == first[2]
    assert ana.get(address(receipt))["counts"]["accepted"] == 7
    for path, wanted in (("units", typed | {"batch_no": "B-2"}), ("numbered-units", numbered | {"count": 4})):
        assert ana.post(f"{address(receipt)}/{path}", wanted, 409)["code"] == "id_reused"
    assert upload(ana, receipt, file + b"NB25-0005,B\r\n", **commit, expect=409)["code"] == "id_reused"


def test_the_lines_of_one_item_are_filled_in_their_order(app: Flask, ana: Api) -> None:
    add_order(app, "TWO", 2, 3)
    receipt = ana.open_receipt("TWO")
    first = ana.send(*(ana.a_scan(receipt, f"T-{number}", batch_no=BATCH) for number in range(3)))
    assert [outcome["code"] for outcome in first] == ["ok"] * 3
    assert lines_of(ana.get(address(receipt))) == [(2, 0), (1, 0)]

    ana.send(ana.a_scan(receipt, "", purpose="undo", undoes=first[0]["id"]))
    assert lines_of(ana.get(address(receipt))) == [(1, 0), (1, 0)]
    assert lines_of(ana.post(f"{address(receipt)}/units", a_list(ana, "T-3", "T-4", "T-5"))) == [(2, 0), (3, 0)]
    (refused,) = ana.send(ana.a_scan(receipt, "T-6", batch_no=BATCH))
    assert (refused["code"], refused["facts"]) == ("over_receipt", {"expected": 5, "taken": 5})

    ana.post(f"{address(receipt)}/submit", {})
    order = ana.get(f"/api/purchase-orders/{receipt['purchase_order']['id']}")
    assert (order["status"], [line["received"] for line in order["lines"]]) == ("closed", [2, 3])


def test_goods_without_serial_numbers_come_as_a_quantity(app: Flask, ana: Api) -> None:
    add_order(app, "CABLES", 6, 10, item_code="CAB-2")
    receipt = ana.open_receipt("CABLES", "A-01")
    wanted = a_quantity(ana, 7.5)
    for _ in range(2):
        answer = ana.post(f"{address(receipt)}/quantities", wanted)
        assert (answer["added"], lines_of(answer)) == (7.5, [(6, 0), (1.5, 0)])
    ana.post(f"{address(receipt)}/quantities", a_quantity(ana, "0.500001", condition="rejected", reason="frayed"))
    problem = ana.post(f"{address(receipt)}/quantities", a_quantity(ana, 9), 409)
    assert (problem["code"], problem["facts"]) == ("over_receipt", {"expected": 16, "taken": "8.000001"})

    posted = ana.post(f"{address(receipt)}/submit", {})
    assert (posted["counts"]["accepted"], posted["counts"]["rejected"]) == (7.5, 0.500001)
    assert ana.post(f"{address(receipt)}/quantities", wanted)["added"] == 7.5


@pytest.mark.parametrize("qty", [0, -1, 1_000_000_000, 1e12, "1e6x", "0.0000001", True, None, "٣"])
def test_what_is_no_quantity_is_refused_with_the_limit(ana: Api, qty: Any) -> None:
    problem = ana.post(f"{address(ana.open_receipt('PO-2'))}/quantities", a_quantity(ana, qty), 422)
    assert list(problem["errors"]["json"]) == ["qty"]


def test_an_item_with_batches_only_needs_its_batch(app: Flask, ana: Api) -> None:
    change_item(app, "CAB-2", tracking="batch")
    receipt = ana.open_receipt("PO-2")
    assert ana.post(f"{address(receipt)}/quantities", a_quantity(ana, 4), 409)["code"] == "batch_required"
    ana.post(f"{address(receipt)}/quantities", a_quantity(ana, 4, batch_no="C-1", expires_on="2027-01-31"))
    wrong = a_quantity(ana, 4, batch_no="C-1", expires_on="2027-02-01")
    assert ana.post(f"{address(receipt)}/quantities", wrong, 409)["code"] == "batch_expiry_conflict"
    laptops = a_quantity(ana, 4, "LAP-15", batch_no=BATCH)
    assert ana.post(f"{address(receipt)}/quantities", laptops, 422)["code"] == "item_has_serials"
    assert ana.post(f"{address(receipt)}/submit", {})["counts"]["accepted"] == 4


def test_a_supervisor_lets_in_more_than_was_ordered(app: Flask, ana: Api, sue: Api) -> None:
    add_order(app, "TWO", 2)
    receipt = ana.open_receipt("TWO")
    three = a_list(ana, "T-1", "T-2", "T-3")
    problem = ana.post(f"{address(receipt)}/units", three, 422)
    assert problem["facts"]["refused"][0]["code"] == "over_receipt"
    more = {"id": new_id(), "item_id": three["item_id"], "qty": 1, "reason": "the supplier gave one for free"}
    assert ana.post(f"{address(receipt)}/over-receipts", more, 403)["code"] == "forbidden"
    assert sue.post(f"{address(receipt)}/over-receipts", more | {"qty": 0.5}, 422)["code"] == "quantity_not_whole"

    for _ in range(2):
        assert sue.post(f"{address(receipt)}/over-receipts", more)["lines"][0]["admitted"] == 1

    assert ana.post(f"{address(receipt)}/units", three)["counts"]["accepted"] == 3
    # What a device judges by that opens the next receipt of the order without a network.
    (line,) = ana.get(f"/api/purchase-orders/{ana.get(address(receipt))['purchase_order']['id']}")["lines"]
    (beside,) = ana.get(address(ana.open_receipt("TWO")))["lines"]
    assert (line["allowed"], line["scanned"]) == (beside["allowed"], beside["scanned_elsewhere"]) == (3, 3)
    assert ana.get(address(receipt))["lines"][0]["scanned_elsewhere"] == 0
    (fourth,) = ana.send(ana.a_scan(receipt, "T-4", batch_no=BATCH))
    assert fourth["code"] == "over_receipt"
    assert fourth["actions"][0]["kind"] == "admit_more"
    ana.post(f"{address(receipt)}/submit", {})
    (kept,) = sue.get(f"{address(receipt)}/over-receipts")["over_receipts"]
    assert {name: kept[name] for name in ("item_code", "qty", "reason", "by")} == {
        "item_code": "LAP-15",
        "qty": 1,
        "reason": "the supplier gave one for free",
        "by": "sue",
    }


def test_batches_are_numbered_by_the_series_of_the_item(app: Flask, ana: Api) -> None:
    receipt = ana.open_receipt()
    item = item_of(ana, "LAP-15")
    assert ana.get(f"/api/items/{item}/next-batch", 422)["code"] == "series_missing"
    change_item(app, "LAP-15", batch_no_series="B-.YYYY.-.###")
    ana.post(f"{address(receipt)}/units", a_list(ana, "NB25-0001", batch_no="b-2026-001"))
    assert ana.get(f"/api/items/{item}/next-batch")["batch_no"] == "B-2026-002"

    wanted = {"id": new_id(), "item_id": item, "manufactured_on": "2025-12-01", "expires_on": "2027-12-01"}
    drawn = {ana.post(f"{address(receipt)}/batches", wanted)["batch_no"] for _ in range(2)}

    assert drawn == {"B-2026-002"}
    ana.post(f"{address(receipt)}/units", a_list(ana, "NB25-0002", batch_no="B-2026-002"))
    assert ana.get(address(receipt))["units"][0]["expires_on"] == "2027-12-01"
    backwards = {"id": new_id(), "item_id": item, "manufactured_on": "2027-12-01", "expires_on": "2025-12-01"}
    problem = ana.post(f"{address(receipt)}/batches", backwards, 409)
    assert problem["code"] == "expiry_before_manufacture"
    assert ana.get(f"/api/items/{item_of(ana, 'CAB-2')}/next-batch", 422)["code"] == "item_has_no_batches"


def test_opening_stock_is_filled_by_the_same_four_ways(app: Flask, ana: Api, kim: Api) -> None:
    begin = {"id": new_id(), "site": ana.site, "location_id": ana.place("A-01")}
    assert kim.post("/api/opening-stocks", begin, 403)["code"] == "forbidden"
    opening = ana.post("/api/opening-stocks", begin)
    assert ana.post("/api/opening-stocks", begin) == opening
    elsewhere = begin | {"location_id": ana.place("A-02")}
    assert ana.post("/api/opening-stocks", elsewhere, 409)["code"] == "id_reused"

    (scanned,) = ana.send(ana.a_scan(opening, "]d2010950600013435210B-1\x1d21OLD-1"))
    assert scanned["code"] == "ok"
    ana.post(f"{address(opening)}/units", a_list(ana, "OLD-2", "OLD-3"))
    set_series(app, "PUMP-1", "P-.####")
    pumps = {
        "id": new_id(),
        "item_id": item_of(ana, "PUMP-1"),
        "count": 2,
        "batch_no": "P-1",
        "expires_on": "2030-01-31",
    }
    ana.post(f"{address(opening)}/numbered-units", pumps)
    ana.post(f"{address(opening)}/quantities", a_quantity(ana, 12.5))
    known = ana.post(f"{address(opening)}/units", a_list(ana, "NB24-0001"), 422)
    assert known["facts"]["refused"][0]["code"] == "serial_in_stock"
    posted = ana.post(f"{address(opening)}/submit", {})

    assert (posted["kind"], posted["purchase_order"], posted["supplier"]) == ("opening_stock", None, None)
    assert [(line["item"]["item_code"], line["accepted"]) for line in posted["lines"]] == [
        ("LAP-15", 3),
        ("PUMP-1", 2),
        ("CAB-2", 12.5),
    ]
    (found,) = ana.get("/api/units", site=ana.site, q="old-3")["matches"]
    assert (found["state"], found["location"]["code"]) == ("in_stock", "A-01")
    assert [each["id"] for each in ana.get("/api/opening-stocks", site=ana.site)["opening_stocks"]] == [opening["id"]]


def test_opening_stock_takes_a_file_and_can_be_given_up(ana: Api) -> None:
    begin = {"id": new_id(), "site": ana.site, "location_id": ana.place("A-01")}
    opening = ana.post("/api/opening-stocks", begin)
    item = str(item_of(ana, "LAP-15"))
    file = csv_of([["OLD-1", BATCH], ["OLD-2", BATCH]])
    counts = upload(ana, opening, file, item_id=item)["counts"]
    assert (counts["new"], ana.get(address(opening))["lines"]) == (2, [])
    upload(ana, opening, file, item_id=item, mode="commit")
    assert ana.post(f"{address(opening)}/discard", {"reason": "wrong shelf"})["status"] == "cancelled"
    assert ana.get("/api/units", site=ana.site, q="OLD-1")["code"] == "serial_unknown"
