"""Purchase orders: drafted, edited, submitted, cancelled, imported, and the serial numbers suppliers announce."""

import io
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.api.test_ways_in import BATCH, a_list, address, item_of
from tests.api_client import Api, new_id

HEADER = "Order No;Supplier;Item;Qty;Ordered On"


def wanted(person: Api, *qtys: Any, **more: Any) -> dict[str, Any]:
    lines = [{"item_id": item_of(person, "LAP-15"), "qty": qty} for qty in qtys]
    return {"id": new_id(), "site": person.site, "supplier": "NorthStar", "lines": lines, **more}


def send_file(person: Api, path: str, content: bytes, expect: int = 200, name: str = "f.csv", **form: Any) -> Any:
    fields = {name: str(value) for name, value in form.items()} | {"file": FileStorage(io.BytesIO(content), name)}
    boundary, body = encode_multipart(fields)
    headers = {"X-CSRF-Token": person.csrf_token}
    content_type = f"multipart/form-data; boundary={boundary}"
    return person._checked(person.client.post(path, data=body, content_type=content_type, headers=headers), expect)


def an_order(person: Api, qty: int, *serial_nos: str) -> dict[str, Any]:
    """A submitted order of laptops whose supplier announced some serial numbers."""
    draft = wanted(person, qty)
    person.post("/api/purchase-orders", draft)
    order: dict[str, Any] = person.post(f"/api/purchase-orders/{draft['id']}/submit", {})
    announced = {"item_id": item_of(person, "LAP-15"), "serial_nos": list(serial_nos)}
    person.post(f"/api/purchase-orders/{draft['id']}/expected-serials", announced)
    return order


def test_an_order_is_drafted_edited_submitted_and_received(ana: Api, sue: Api) -> None:
    draft = wanted(sue, 3, remark="for the spring")
    assert ana.post("/api/purchase-orders", draft, 403)["code"] == "forbidden"
    first = sue.post("/api/purchase-orders", draft)
    assert (first["status"], first["number"]) == ("draft", "PO-2026-00004")
    assert sue.post("/api/purchase-orders", draft) == first
    assert sue.post("/api/purchase-orders", draft | {"remark": "x"}, 409)["code"] == "id_reused"
    receipt = {"id": new_id(), "purchase_order_id": first["id"], "location_id": ana.place("MAIN")}
    assert ana.post("/api/purchase-receipts", receipt, 409)["code"] == "order_closed"

    path = f"/api/purchase-orders/{first['id']}"
    edit = {"supplier": "NorthStar", "lines": [{"item_id": item_of(sue, "CAB-2"), "qty": 7.5}]}
    assert [line["qty"] for line in sue.post(path, edit)["lines"]] == [7.5]
    assert sue.post(f"{path}/submit", {}) == sue.post(f"{path}/submit", {})
    assert sue.post(path, edit, 409)["code"] == "voucher_not_open"

    opened = ana.post("/api/purchase-receipts", receipt)
    refused = sue.post(f"{path}/cancel", {"reason": "too late"}, 409)
    assert (refused["code"], opened["number"] in refused["detail"]) == ("has_later_vouchers", True)
    ana.post(f"{address(opened)}/discard", {"reason": "wrong"})
    assert sue.post(f"{path}/cancel", {"reason": "too late"})["status"] == "cancelled"
    assert sue.post(f"{path}/cancel", {"reason": "too late"})["cancel_reason"] == "too late"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"supplier": "ACME"}, 422, "supplier_unknown"),
        ({"lines": []}, 422, "invalid_request"),
        ({"lines": [{"item_id": 999_999, "qty": 1}]}, 422, "item_unknown"),
        ({"lines": [{"item_id": 1, "qty": 0}]}, 422, "invalid_request"),
        ({"lines": [{"item_id": 1, "qty": 1.5}]}, 422, "quantity_not_whole"),
        ({"number": "PO-1"}, 409, "number_taken"),
        ({"site": 999_999}, 403, "forbidden"),
    ],
)
def test_an_order_that_is_none_is_refused(sue: Api, change: dict[str, Any], status: int, code: str) -> None:
    assert sue.post("/api/purchase-orders", wanted(sue, 1) | change, status)["code"] == code


def test_what_the_supplier_announced_is_told_from_what_came(ana: Api, sue: Api) -> None:
    order = an_order(sue, 4, "S-1", "S-2", "S-3")
    (expected,) = ana.get("/api/units", site=ana.site, q=" s-2")["expected"]
    assert (expected["state"], expected["purchase_order"]["number"]) == ("expected", order["number"])

    wanted_receipt = {"id": new_id(), "purchase_order_id": order["id"], "location_id": ana.place("MAIN")}
    receipt = ana.post("/api/purchase-receipts", wanted_receipt)
    codes = [each["code"] for each in ana.send(*(ana.a_scan(receipt, f"S-{n}", batch_no=BATCH) for n in (1, 9)))]
    assert codes == ["ok", "serial_not_expected"]
    (asked,) = ana.send(ana.a_scan(receipt, "S-9", batch_no=BATCH))
    assert (asked["status"], asked["actions"][0]["kind"]) == ("needs_review", "take_unexpected")
    assert ana.scan(receipt, "S-9", batch_no=BATCH, takes_unexpected=True)["code"] == "ok"
    two = a_list(ana, "S-2", "S-8")
    problem = ana.post(f"{address(receipt)}/units", two, 422)
    assert [each["code"] for each in problem["facts"]["refused"]] == ["serial_not_expected"]
    ana.post(f"{address(receipt)}/units", two | {"takes_unexpected": True})

    (told,) = ana.get(f"{address(receipt)}/expected-serials")["items"]
    counts = {name: told[name] for name in ("expected", "found", "missing", "unexpected")}
    assert counts == {"expected": 3, "found": 2, "missing": 1, "unexpected": 2}
    assert (told["missing_serial_nos"], told["unexpected_serial_nos"]) == (["S-3"], ["S-9", "S-8"])
    assert [unit["is_unexpected"] for unit in ana.get(address(receipt))["units"]] == [True, False, True, False]
    ana.post(f"{address(receipt)}/submit", {})
    assert ana.get("/api/units", site=ana.site, q="S-2")["expected"] == []


def test_a_list_of_the_supplier_is_taken_whole_or_not_at_all(ana: Api, sue: Api) -> None:
    order = an_order(sue, 4, "S-1")
    path, item = f"/api/purchase-orders/{order['id']}/expected-serials", item_of(sue, "LAP-15")
    problem = sue.post(path, {"item_id": item, "serial_nos": ["S-5", " s-5", "", "S\u0007"]}, 422)
    assert [(each["index"], each["code"]) for each in problem["facts"]["refused"]] == [
        (1, "duplicate_in_list"),
        (2, "serial_empty"),
        (3, "serial_has_control_characters"),
    ]
    cable = {"item_id": item_of(sue, "CAB-2"), "serial_nos": ["S-5"]}
    assert sue.post(path, cable, 409)["code"] == "item_not_on_order"
    assert sue.get(path)["items"][0]["missing_serial_nos"] == ["S-1"]
    assert send_file(sue, f"{path}/upload", b"Serial No\nS-7\nS-8\n", item_id=item)["items"][0]["expected"] == 2
    assert send_file(sue, f"{path}/upload", b"Serial No\n=1+1\n", 422, item_id=item)["code"] == "rows_refused"
    assert sue.post(path, {"item_id": item, "serial_nos": []})["items"] == []


def test_orders_come_in_a_file_and_once(ana: Api, sue: Api) -> None:
    path, form = "/api/purchase-order-uploads", {"site": sue.site, "mode": "commit"}
    rows = [
        "A-1;NorthStar;LAP-15;5;2026-01-02",
        "A-1;NorthStar;CAB-2;2.5;2026-01-02",
        "A-2;NorthStar;LAP-15;1e6;",
        "A-2;NorthStar;LAP-15;6;",
        "A-3;NOBODY;LAP-15;6;",
        "A-4;NorthStar;NOTHING;6;",
        "PO-1;NorthStar;LAP-15;50;",
        ";NorthStar;LAP-15;6;",
        "A-5;NorthStar;LAP-15;1.5;03/04/2026",
        "A-6;NorthStar;=cmd();1;",
    ]
    content = "\r\n".join([HEADER, *rows]).encode("utf-8-sig")
    assert send_file(ana, path, content, 403, **form)["code"] == "forbidden"
    tried = send_file(sue, path, content, **form | {"mode": "dry_run"})
    assert [row["code"] for row in tried["rows"]] == [
        "ok",
        "ok",
        "quantity_unreadable",
        "order_held_up",
        "supplier_unknown",
        "item_unknown",
        "order_there",
        "cell_empty",
        "date_unreadable",
        "formula_refused",
    ]
    assert send_file(sue, path, content, 422, **form)["code"] == "rows_refused"
    taken = send_file(sue, path, content, policy="good_rows", **form)
    assert (taken["committed"], taken["counts"]["new"]) == (True, 2)
    again = send_file(sue, path, content, policy="good_rows", **form)
    assert (again["counts"]["new"], again["counts"]["already_there"]) == (0, 3)
    orders = ana.get("/api/purchase-orders", site=ana.site, status="open")["purchase_orders"]
    (order,) = (order for order in orders if order["number"] == "A-1")
    assert [line["qty"] for line in order["lines"]] == [5, 2.5]


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "f.csv", "file_empty"),
        (b"Colour,Size\nred,1\n", "f.csv", "header_missing"),
        (b"PK\x03\x04", "f.csv", "file_name_mismatch"),
        (HEADER.encode(), "f.csv", "file_empty"),
        (b"\x00\x01", "f.csv", "file_not_text"),
    ],
)
def test_a_file_of_orders_that_is_none_is_refused(sue: Api, content: bytes, name: str, code: str) -> None:
    form = {"site": sue.site, "mode": "dry_run"}
    assert send_file(sue, "/api/purchase-order-uploads", content, 422, name, **form)["code"] == code
