"""The document at /api/openapi.json: complete, and the answers of the server are what it says."""

import io
import re
import uuid
from collections import Counter
from collections.abc import Iterator, Set
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from backend.models import Conflict, Item
from backend.unit_of_work import UnitOfWork, transact
from tests.api.test_attachments import a_picture, asked
from tests.api.test_frames import jpeg, symbol
from tests.api_client import Api, Clock, logged_in, new_id
from tests.conventions.calls import CALLS, Call, Things, a_draft, at_site, reject_place, service_things, things_at
from tests.servicing import a_plan, a_visit, an_intake

JSON_TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


@pytest.fixture
def engine_name() -> str:
    """The shape of an answer is made by its schema, not by a database."""
    return "sqlite"


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    answer = app.test_client().get("/api/openapi.json")
    assert answer.content_type == "application/json"
    found: dict[str, Any] = answer.get_json()
    return found


@pytest.fixture
def admin(app: Flask, clock: Clock) -> Api:
    return at_site(logged_in(app, "admin", clock), "HQ")


@pytest.fixture
def here(admin: Api) -> Things:
    return things_at(admin, "PO-1", "MAIN", "NB25-0001")


def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == "Serialtrail"


def test_it_lists_every_route_of_the_api_and_no_other(app: Flask, document: dict[str, Any]) -> None:
    routes = {
        (method.lower(), _documented_path(rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.endpoint != "api-docs.openapi_json"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(method, path) for path, method, _ in _operations(document)} == routes


def test_every_operation_has_a_name_of_its_own_and_a_description(document: dict[str, Any]) -> None:
    names = Counter(operation["operationId"] for *_, operation in _operations(document))
    assert [name for name, times in names.items() if times > 1] == []
    assert [name for *_, operation in _operations(document) if not (name := operation.get("summary"))] == []


def test_every_body_and_every_answer_has_a_schema(document: dict[str, Any]) -> None:
    missing = []
    for path, method, operation in _operations(document):
        takes_body = method in ("post", "put", "patch")
        parts = {"body": operation.get("requestBody", {})} if takes_body else {}
        parts |= {status: answer for status, answer in operation["responses"].items() if status != "204"}
        assert "default" in parts, "errors are described"
        for name, part in parts.items():
            contents = _resolved(document, part).get("content", {}).values()
            if not contents or not all(_is_described(document, content.get("schema", {})) for content in contents):
                missing.append((method, path, name))
    assert missing == []


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    assert [reference for reference in _references(document) if not _resolved(document, {"$ref": reference})] == []


def test_errors_are_described_as_they_are(document: dict[str, Any], admin: Api, here: Things) -> None:
    answers = [
        Call("POST", "/api/session", json={}).send(admin),
        Call("POST", "/api/session", json={"username": "ana", "password": "wrong"}).send(admin),
        Call("GET", "/api/units/999999").send(admin),
        Call("POST", "/api/scans", json={}).send(admin, headers={}),
        CALLS["receiving.add_units"](here).send(admin),
        CALLS["receiving.submit_receipt"](here).send(admin),
    ]
    assert [answer.status_code for answer in answers] == [422, 401, 404, 403, 422, 409]
    schema = {"$ref": "#/components/schemas/Problem"}
    for answer in answers:
        assert answer.content_type == "application/problem+json"
        assert list(_deviations(document, schema, answer.get_json(), "", optional={"errors"})) == []


def test_answers_have_exactly_the_fields_that_are_described(document: dict[str, Any], admin: Api, here: Things) -> None:
    """Every route that answers with JSON, called so that as much as possible is filled."""
    told = {(call.method.lower(), path): answer for path, call, answer in _good_answers(document, admin, here)}
    assert {k: a.get_data(as_text=True) for k, a in told.items() if a.status_code not in (200, 204)} == {}
    with_json = {
        (method, path)
        for path, method, operation in _operations(document)
        if "application/json" in operation["responses"].get("200", {}).get("content", {})
    }
    assert with_json - told.keys() == set()
    deviations = [
        deviation
        for method, path in sorted(with_json)
        for deviation in _deviations(
            document, _schema_of(document, method, path), told[method, path].get_json(), f"{method} {path}"
        )
    ]
    assert deviations == []


def _a_conflict(admin: Api, here: Things) -> str:
    """A scan that met another person's: its id."""
    scan = admin.a_scan({"id": here.receipt}, "")
    admin.send(scan)
    conflict = {"site_id": here.site, "voucher_id": here.receipt, "serial_id": here.unit, "opened_at": admin.clock.now}
    with admin.client.application.app_context():
        transact(lambda work: work.session.add(Conflict(scan_id=scan["id"], **conflict)))
    return str(scan["id"])


def _good_answers(document: dict[str, Any], admin: Api, here: Things) -> Iterator[tuple[str, Call, TestResponse]]:
    envelope = admin.envelope(
        admin.a_scan({"id": here.receipt}, "NB25-0002", batch_no="B-1", expires_on="2030-01-31"),
        admin.a_scan({"id": here.receipt}, "NB25-0003", batch_no="B-1", condition="rejected", reason="wet"),
        admin.a_scan({"id": here.receipt}, "NB25-0002", batch_no="B-1"),
        {"id": "not a scan"},
    )
    receipt = f"/api/purchase-receipts/{here.receipt}"
    line = {"id": new_id(), "item_id": here.line_item, "serial_nos": ["NB25-0004"], "batch_no": "B-1"}
    spare = f"/api/purchase-receipts/{admin.open_receipt()['id']}"
    units = [here.serial_no]
    begin = {"id": new_id(), "site": here.site, "location_id": here.place}
    opening = f"/api/opening-stocks/{here.opening}"
    spare_opening = f"/api/opening-stocks/{admin.post('/api/opening-stocks', begin)['id']}"
    cables = admin.open_receipt("PO-2")
    of_cables = f"/api/purchase-receipts/{cables['id']}"
    cable = next(each["item"]["id"] for each in cables["lines"] if each["item"]["item_code"] == "CAB-2")
    _give_batch_series(admin)
    batch = {"id": new_id(), "item_id": here.line_item}
    lines = [{"item_id": here.line_item, "qty": 2}]
    draft = {"id": new_id(), "site": here.site, "supplier": "NorthStar", "lines": lines}
    admin.post("/api/purchase-orders", draft)
    other = draft | {"id": new_id()}
    admin.post("/api/purchase-orders", other)
    order = f"/api/purchase-orders/{other['id']}"
    announced = {"item_id": here.line_item, "serial_nos": ["Z-1", "Z-2"]}
    admin.post(f"{order}/expected-serials", announced)
    others, others_second = (_a_count_of_others(admin) for _ in range(2))
    delivery = {"id": str(uuid.uuid4()), "customer": "ACME", "location_id": here.place, "serial_nos": units}
    (recalled,) = admin.get(f"/api/recalls/{here.recall}/units")["units"]
    found = {"id": new_id(), "done_at": "2026-01-05T10:00:00Z", "recall_id": here.recall, "outcome": "found"}
    of_recalled = {"origin": "serials", "serial_nos": [recalled["serial_no"]]}
    to_scrap = service_things(admin, "MAIN", "SVC-1", "PO-1")["repair_order"]
    given_back = service_things(admin, "MAIN", "SVC-2", "PO-1")["repair_order"]
    admin.post(f"/api/repair-orders/{given_back}/give-back", {})
    finished = admin.post("/api/voucher-drafts", a_draft(here.site) | {"revision": 0, "kind": "stock_entry"})
    entry = _a_move(admin, "NB24-0003") | {"purpose": "scrap", "draft": {"id": finished["id"], "revision": 1}}
    calls = {
        "recalls.start": Call(
            "POST",
            "/api/recalls",
            json={"id": new_id(), "site": here.site, "scope": of_recalled, "reason": "drop test"},
        ),
        "recalls.add_step": Call(
            "POST", "/api/recall-steps", json=found | {"recall_unit_ids": [recalled["recall_unit_id"]]}
        ),
        "recalls.close": Call("POST", f"/api/recalls/{here.recall}/close", json={"reason": "the rest is scrap"}),
        "alerts.set_rule": Call(
            "POST", "/api/alert-rules", json={"id": new_id(), "site": here.site, "kind": "serial_unlisted"}
        ),
        "alerts.change_rule": Call(
            "POST", f"/api/alert-rules/{here.alert_rule}", json={"threshold": 5, "email": "dock@example.com"}
        ),
        "session.log_in": Call("POST", "/api/session", json={"username": "admin", "password": "demo-admin"}),
        "scans.post_scans": Call("POST", "/api/scans", json=envelope),
        "servicing.take_in": Call("POST", "/api/repair-orders", json=an_intake(admin, "SVC-2")),
        "servicing.assign": Call(
            "POST", f"/api/repair-orders/{here.repair_order}/technician", json={"technician": "tom"}
        ),
        "servicing.scrap": Call("POST", f"/api/repair-orders/{to_scrap}/scrap", json={"remark": "x"}),
        "servicing.close_visit": Call("POST", "/api/service-visits", json=a_visit(admin, here.repaired_serial)),
        "servicing.make_plan": Call("POST", "/api/maintenance-plans", json=a_plan(admin, here.repaired_serial)),
        "attachments.attach": Call("POST", "/api/attachments", json=asked(admin, a_picture())),
        "conflicts.settle_conflict": Call(
            "POST", f"/api/conflicts/{_a_conflict(admin, here)}/settle", json={"decision": "left_short"}
        ),
        "sync.post_sync": Call(
            "POST", "/api/sync", json=admin.outbox({"kind": "scan"} | admin.a_scan({"id": here.receipt}, ""))
        ),
        "receiving.add_units": Call("POST", f"{receipt}/units", json=line),
        "receiving.open_receipt": Call("POST", "/api/purchase-receipts", json=admin.receipt_request()),
        "receiving.discard_receipt": Call("POST", f"{spare}/discard", json={"reason": "x"}),
        "units.correct": Call(
            "POST", f"/api/units/{here.unit}/serial-no", json={"serial_no": "NB25-0999", "reason": "worn label"}
        ),
        "moves.transfer": Call(
            "POST",
            "/api/stock-transfers",
            json=_a_move(admin, "NB24-0001") | {"to_location_id": here.place, "over_transit": True},
        ),
        "moves.return_to_supplier": Call(
            "POST", "/api/supplier-returns", json=_a_move(admin, "NB24-0002") | {"supplier": "NorthStar"}
        ),
        "moves.enter_stock": Call("POST", "/api/stock-entries", json=entry),
        "voucher_drafts.save_draft": Call("POST", "/api/voucher-drafts", json=a_draft(here.site) | {"revision": 0}),
        "voucher_drafts.show_draft": Call("GET", f"/api/voucher-drafts/{finished['id']}"),
        "voucher_drafts.discard_draft": Call("POST", f"/api/voucher-drafts/{here.draft}/discard", json={"revision": 1}),
        "counts.open_count": Call(
            "POST", "/api/stock-counts", json={"id": str(uuid.uuid4()), "location_id": here.place}
        ),
        "counts.recount": Call("POST", f"/api/stock-counts/{others}/recount", json={"round": 2}),
        "counts.approve_count": Call("POST", f"/api/stock-counts/{others_second}/approve", json={}),
        "delivering.deliver": Call("POST", "/api/delivery-notes", json=delivery),
        "cancelling.cancel": Call("POST", f"/api/vouchers/{delivery['id']}/cancel", json={"reason": "x"}),
        "intake.add_numbered_units": Call(
            "POST",
            f"{receipt}/numbered-units",
            json={"id": new_id(), "item_id": here.line_item, "count": 2, "batch_no": "B-1"},
        ),
        "intake.number_opening_units": Call(
            "POST",
            f"{opening}/numbered-units",
            json={"id": new_id(), "item_id": here.line_item, "count": 2, "batch_no": "B-1"},
        ),
        "receiving.open_opening_stock": Call("POST", "/api/opening-stocks", json=begin),
        "receiving.add_opening_units": Call(
            "POST", f"{opening}/units", json=line | {"id": new_id(), "serial_nos": ["NB25-0005"]}
        ),
        "receiving.discard_opening_stock": Call("POST", f"{spare_opening}/discard", json={"reason": "x"}),
        "receiving.add_quantity": Call(
            "POST", f"{of_cables}/quantities", json={"id": new_id(), "item_id": cable, "qty": 2.5}
        ),
        "receiving.add_opening_quantity": Call(
            "POST", f"{opening}/quantities", json={"id": new_id(), "item_id": cable, "qty": "2.5"}
        ),
        "receiving.admit_more": Call(
            "POST",
            f"{receipt}/over-receipts",
            json={"id": new_id(), "item_id": here.line_item, "qty": 2, "reason": "the supplier gave two more"},
        ),
        "purchase_orders.draft_order": Call("POST", "/api/purchase-orders", json=draft | {"id": new_id()}),
        "purchase_orders.edit_order": Call(
            "POST", f"/api/purchase-orders/{draft['id']}", json={"supplier": "NorthStar", "lines": draft["lines"]}
        ),
        "purchase_orders.submit_order": Call("POST", f"/api/purchase-orders/{draft['id']}/submit", json={}),
        "purchase_orders.cancel_order": Call(
            "POST", f"/api/purchase-orders/{draft['id']}/cancel", json={"reason": "x"}
        ),
        "purchase_orders.announce": Call("POST", f"{order}/expected-serials", json=announced),
        "purchase_orders.upload_expected": Call(
            "POST", f"{order}/expected-serials/upload", form=_file_of(b"Serial No\nZ-1\n", item_id=here.line_item)
        ),
        "purchase_orders.upload_orders": Call(
            "POST",
            "/api/purchase-order-uploads",
            form=_file_of(b"Order No,Supplier,Item,Qty\nX-1,NorthStar,CAB-2,3\n", site=here.site, mode="dry_run"),
        ),
        "intake.number_a_batch": Call("POST", f"{receipt}/batches", json=batch),
        "intake.number_opening_batch": Call("POST", f"{opening}/batches", json=batch | {"id": new_id()}),
        "intake.parse_serial_list": Call("POST", "/api/serial-lists/parse", json={"text": "A-1\n10 to 5\n10-15"}),
        "intake.upload_units": Call("POST", f"{receipt}/upload", form=_a_file(here)),
        "intake.upload_opening_units": Call("POST", f"{opening}/upload", form=_a_file(here)),
        "batches.change_batch_dates": Call(
            "POST",
            f"/api/batches/{here.batch}/dates",
            json={"manufactured_on": "2026-01-01", "expires_on": "2030-01-31", "reason": "label"},
        ),
        "frames.read_frames": Call("POST", "/api/frames", form={"frame": _picture()}),
        **_changes_of_masters(admin, here),
        "receiving.note_secondaries_of_unit": Call(
            "POST",
            f"{receipt}/secondary-serials",
            json={"unit": "NB25-0004", "secondary_serials": [{"kind": "imei", "text": "490154203237518"}]},
        ),
        "receiving.note_opening_secondaries": Call(
            "POST",
            f"{opening}/secondary-serials",
            json={"unit": "NB25-0005", "secondary_serials": [{"kind": "imei", "text": "354178036859797"}]},
        ),
        **_good_sales(admin, here),
        **_good_claims(admin, here),
    }
    calls |= {name: call(here) for name, call in CALLS.items() if name not in calls}
    last = [
        "frames.remove_kept",
        "receiving.submit_receipt",
        "receiving.submit_opening_stock",
        "session.log_out",
        "session.log_in",
    ]
    first = [
        "customer_returns.inspect_unit",
        "receiving.add_opening_units",
        "scans.post_scans",
        "receiving.add_units",
        "delivering.deliver",
    ]
    for name in [*first, *(name for name in calls if name not in first + last), *last]:
        call = calls[name]
        yield _path_of(document, call), call, call.send(admin)


def _a_file(here: Things) -> dict[str, Any]:
    content = b"Serial No,Colour\nA-1,red\nA-1,red\n"
    return {"item_id": str(here.line_item), "mode": "dry_run", "file": (io.BytesIO(content), "serials.csv")}


def _file_of(content: bytes, **form: Any) -> dict[str, Any]:
    return {name: str(value) for name, value in form.items()} | {"file": (io.BytesIO(content), "a.csv")}


def _give_batch_series(admin: Api) -> None:
    app = admin.client.application

    def change(work: UnitOfWork) -> None:
        work.session.execute(update(Item).values(batch_no_series="B-.YYYY.-.###"))

    with app.app_context():
        transact(change)


def _changes_of_masters(admin: Api, here: Things) -> dict[str, Call]:
    item, party = f"/api/masters/items/{here.line_item}", "/api/masters/parties/2"
    further = f"/api/units/{here.unit}/secondary-serials"
    empty = {"site": here.site, "name": "Empty", "code": "EMPTY", "kind": "bin", "parent_id": here.place}
    place = f"/api/masters/places/{admin.post('/api/masters/places', empty)['id']}"
    code = {"site": here.site, "name": "New", "code": "NEW"}
    new_place = code | {"kind": "bin", "parent_id": here.place}
    new_item = {"site": here.site, "name": "New", "item_code": "NEW", "profile": "pharma", "barcodes": ["NEW-1"]}
    upload = {"site": str(here.site), "mode": "dry_run", "file": (io.BytesIO(b"Code,Odd\nA,1\n"), "parties.csv")}
    batches = upload | {"file": (io.BytesIO(b"Batch ID,Item,Odd\nA,NO,1\n"), "batches.csv")}
    series = {"site": here.site, "kind": "item", "pattern": "X-.#", "seen": None}
    return {
        "erpnext.upload_erpnext": Call("POST", "/api/erpnext/batch/upload", form=batches),
        "master_files.upload_masters": Call("POST", "/api/masters/parties/upload", form=upload),
        "items.create_item": Call("POST", "/api/masters/items", json=new_item),
        "items.edit_item": Call("POST", item, json={"version": 1, "secondary_kinds": ["imei"]}),
        "secondary_serials.add_secondary_serial": Call(
            "POST", further, json={"kind": "imei", "text": "354178036859789"}
        ),
        "secondary_serials.remove_secondary_serial": Call("DELETE", f"{further}/1"),
        "items.retire_item": Call("POST", f"{item}/retire", json={"version": 2}),
        "items.bring_item_back": Call("POST", f"{item}/bring-back", json={"version": 3}),
        "items.link_barcode": Call("POST", f"{item}/barcodes", json={"text": "FOREIGN-1"}),
        "items.unlink_barcode": Call("DELETE", f"{item}/barcodes/{_barcode_of(admin, item)}"),
        "items.set_picture": Call("POST", f"{item}/picture", form={"picture": _picture()}),
        "parties.create_party": Call("POST", "/api/masters/parties", json=code | {"kind": "customer"}),
        "parties.edit_party": Call("POST", party, json={"version": 1, "contact": None}),
        "parties.retire_party": Call("POST", f"{party}/retire", json={"version": 2}),
        "parties.bring_party_back": Call("POST", f"{party}/bring-back", json={"version": 3}),
        "places.create_place": Call("POST", "/api/masters/places", json=new_place),
        "places.edit_place": Call("POST", place, json={"version": 1, "walk_order": 7}),
        "places.retire_place": Call("POST", f"{place}/retire", json={"version": 2}),
        "places.bring_place_back": Call("POST", f"{place}/bring-back", json={"version": 3}),
        "places.change_series": Call("POST", "/api/masters/series", json=series),
    }


def _barcode_of(admin: Api, item: str) -> int:
    return int(admin.get(item)["barcodes"][0]["id"])


def _a_move(person: Api, serial_no: str) -> dict[str, Any]:
    van = person.place("VAN-7")
    return {"id": str(uuid.uuid4()), "location_id": van, "serial_nos": [serial_no], "remark": "x"}


def _a_count_of_others(person: Api) -> str:
    """A count that somebody else has submitted."""
    ben = logged_in(person.client.application, "ben", person.clock)
    wanted = {"id": str(uuid.uuid4()), "location_id": person.place("REJECT")}
    path = f"/api/stock-counts/{ben.post('/api/stock-counts', wanted)['id']}"
    ben.post(f"{path}/scans", {"scans": [{"id": str(uuid.uuid4()), "text": "X-77"}]})
    return str(ben.post(f"{path}/submit", {})["id"])


def _good_sales(admin: Api, here: Things) -> dict[str, Call]:
    """Orders and pick lists in every state that a request asks for, and these requests."""
    received = admin.open_receipt()
    assert admin.scan(received, "NB25-0777", batch_no="B-1")["code"] == "ok"
    admin.post(f"/api/purchase-receipts/{received['id']}/submit", {})
    sold = {"customer": "ACME", "lines": [{"item_code": "LAP-15", "qty": 1}]}
    sent = [{"id": str(uuid.uuid4()), "site": here.site, **sold, "submit": True} for _ in range(4)]
    draft, other_draft = ({**each, "id": str(uuid.uuid4()), "submit": False} for each in sent[:2])
    for each in (*sent, draft, other_draft):
        admin.post("/api/sales-orders", each)
    fetched, discarded, made = (
        {"id": str(uuid.uuid4()), "sales_order_ids": [each["id"]], "location_id": here.place, "manual": True}
        for each in sent[1:]
    )
    for each in (fetched, discarded):
        admin.post("/api/pick-lists", each)
    admin.post(f"/api/vouchers/{here.sales_invoice}/cancel", {"reason": "x"})
    orders, lists, units = "/api/sales-orders", "/api/pick-lists", {"serial_nos": ["NB25-0777"]}
    return {
        "sales_orders.create_sales_order": Call("POST", orders, json=sent[0]),
        "sales_orders.reserve_units": Call("POST", f"{orders}/{sent[0]['id']}/reserve", json=units),
        "sales_orders.show_sales_order": Call("GET", f"{orders}/{sent[0]['id']}"),
        "sales_orders.release_units": Call("POST", f"{orders}/{sent[0]['id']}/release", json=units),
        "sales_orders.edit_sales_order": Call("POST", f"{orders}/{draft['id']}/edit", json=sold),
        "sales_orders.submit_sales_order": Call("POST", f"{orders}/{draft['id']}/submit", json={}),
        "sales_orders.cancel_sales_order": Call("POST", f"{orders}/{other_draft['id']}/cancel", json={"reason": "x"}),
        "picking.make_pick_list": Call("POST", lists, json=made),
        "picking.override": Call(
            "POST", f"{lists}/{fetched['id']}/override", json={"serial_no": "NB25-0777", "reason": "x"}
        ),
        "picking.finish_pick_list": Call("POST", f"{lists}/{fetched['id']}/submit", json={}),
        "picking.show_pick_list": Call("GET", f"{lists}/{fetched['id']}"),
        "picking.discard_pick_list": Call("POST", f"{lists}/{discarded['id']}/discard", json={"reason": "x"}),
        "delivering.make_sales_invoice": Call(
            "POST", "/api/sales-invoices", json={"id": str(uuid.uuid4()), "delivery_note_id": here.delivery_note}
        ),
    }


def _good_claims(admin: Api, here: Things) -> dict[str, Call]:
    """Claims, returns and warranties; the unit that the demo has sold is theirs."""
    unit = admin.get("/api/units", site=here.site, q="NB23-0001")["matches"][0]
    of_customer = {"customer": "ACME", "site": here.site}
    held = of_customer | {"serial_no": "NOBODY-2", "complaint": "dead", "hold": True}
    entered = [admin.post("/api/warranty-claims", held | {"id": new_id()})["id"] for _ in range(2)]
    claims, warranty = "/api/warranty-claims", f"/api/units/{unit['id']}/warranty"
    contract = {"id": new_id(), **of_customer, "start_on": "2027-02-01", "end_on": "2028-01-31"}
    (came,) = admin.get(f"/api/customer-returns/{here.customer_return}")["units"]
    terms = [unit["serial_no"] for unit in admin.get(f"/api/service-contracts/{here.contract}")["units"]]
    return {
        "claims.enter_claim": Call("POST", claims, json=held | {"id": new_id()}),
        "claims.assign_claim": Call("POST", f"{claims}/{entered[0]}/technician", json={"technician": "tom"}),
        "claims.end_claim": Call("POST", f"{claims}/{entered[0]}/outcome", json={"outcome": "reject"}),
        "claims.decide_held_claim": Call("POST", f"{claims}/{entered[1]}/unit", json={"serial_no": "NB23-0001"}),
        "warranties.make_contract": Call(
            "POST", "/api/service-contracts", json=contract | {"serial_nos": ["NB23-0001"]}
        ),
        "warranties.change_contract": Call(
            "POST",
            f"/api/service-contracts/{here.contract}",
            json={"serial_nos": terms, "start_on": "2027-01-01", "end_on": "2029-12-31", "reason": "x"},
        ),
        "warranties.end_contract": Call(
            "POST", f"/api/service-contracts/{here.contract}/end", json={"last_day": "2027-02-01", "reason": "x"}
        ),
        "warranties.install_unit": Call(
            "POST", "/api/installations", json={"id": new_id(), **of_customer, "serial_no": "NB23-0001"}
        ),
        "warranties.show_warranty": Call("GET", warranty),
        "warranties.extend_warranty": Call("POST", f"{warranty}/extend", json={"end_on": "2030-01-01", "reason": "x"}),
        "warranties.void_warranty": Call("POST", f"{warranty}/void", json={"reason": "x"}),
        "customer_returns.inspect_unit": Call(
            "POST",
            f"/api/customer-returns/{here.customer_return}/inspections",
            json={"unit_id": came["id"], "outcome": "restock", "location_id": here.place},
        ),
        "customer_returns.take_back": Call(
            "POST",
            "/api/customer-returns",
            json={
                "id": new_id(),
                "customer": "ACME",
                "location_id": reject_place(admin),
                "serial_nos": ["NB23-0001"],
                "reason": "x",
            },
        ),
    }


def _picture() -> tuple[Any, str]:
    return io.BytesIO(jpeg(symbol("(01)09506000134352(21)SN0001", "DataMatrix", gs1=True, force_square=True))), "a.jpg"


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method != "parameters":
                yield path, method, operation


def _documented_path(rule: str) -> str:
    return re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule)


def _path_of(document: dict[str, Any], call: Call) -> str:
    return next(path for path in document["paths"] if re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), call.path))


def _schema_of(document: dict[str, Any], method: str, path: str) -> dict[str, Any]:
    answers = document["paths"][path][method]["responses"]
    found: dict[str, Any] = answers["200"]["content"]["application/json"]["schema"]
    return found


def _resolved(document: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        found: Any = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found.get(step, {})
        part = found
    return part


def _is_described(document: dict[str, Any], schema: dict[str, Any]) -> bool:
    found = _resolved(document, schema)
    return bool(found.get("properties")) or found.get("type") == "string"


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for inner in part.values():
            yield from _references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _references(inner)


def _deviations(
    document: dict[str, Any], schema: dict[str, Any], value: Any, at: str, optional: Set[str] = frozenset()
) -> Iterator[str]:
    """Where a value differs from its schema: another type, a field that is not described or not there."""
    schema = _resolved(document, schema)
    choices = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf")
    if choices:
        if all(list(_deviations(document, choice, value, at)) for choice in choices):
            yield f"{at}: {value!r} is none of {choices}"
        return
    types = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", [])
    if types and not any(isinstance(value, JSON_TYPES[name]) for name in types):
        yield f"{at}: {value!r} is not of {types}"
    if isinstance(value, dict) and "properties" in schema:
        described = schema["properties"]
        yield from (f"{at}.{name} is not described" for name in value.keys() - described)
        yield from (f"{at}.{name} is missing" for name in described.keys() - value.keys() - optional)
        for name in value.keys() & described:
            yield from _deviations(document, described[name], value[name], f"{at}.{name}")
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _deviations(document, schema.get("items", {}), inner, f"{at}[{index}]")
