"""What happened, as EPCIS 2.0 that the official schema accepts, on both databases."""

import json
import re
from typing import Any

from flask import Flask

from tests.api.test_cancelling import cancel
from tests.api.test_moves import cables, enter, transfer
from tests.api.test_receiving_scenarios import look_up, nb25, receive
from tests.api_client import Api, Clock
from tests.epcis_schema import errors_of
from tests.selling import deliver

GTIN = "09506000134352"


def export(person: Api, **query: Any) -> list[dict[str, Any]]:
    """The events of an export, whose document the official schema accepts."""
    response = person.client.get("/api/epcis/events", query_string={"site": person.site} | query)
    assert (response.status_code, response.mimetype) == (200, "application/ld+json"), response.text
    document = json.loads(response.text)
    assert errors_of(document) == []
    events: list[dict[str, Any]] = document["epcisBody"]["eventList"]
    return events


def said(events: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    return [
        (event["type"], event["action"], event["bizStep"], event.get("disposition", ""), event["serialtrail:what"])
        for event in events
    ]


def test_the_schema_is_one_that_refuses() -> None:
    good = {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-05T10:00:00Z",
        "epcisBody": {"eventList": []},
    }
    event = {"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "receiving", "epcList": ["urn:epc:id:sgtin:1.2.3"]}
    event |= {"eventTime": "2026-01-05T10:00:00Z", "eventTimeZoneOffset": "+00:00"}
    assert errors_of(good | {"epcisBody": {"eventList": [event]}}) == []
    for change in ({"bizStep": "returning"}, {"epcList": ["no uri"]}, {"eventTime": "today"}, {"batch": "B"}):
        assert errors_of(good | {"epcisBody": {"eventList": [event | change]}}) != [], change


def test_a_units_life_is_told_in_the_terms_of_the_vocabulary(ana: Api, sue: Api, clock: Clock) -> None:
    receive(ana, nb25(1, 3))
    clock.forward(hours=1)
    transfer(ana, "NB25-0001", to="A-01")
    clock.forward(hours=1)
    transfer(ana, "NB25-0001", to="VAN-7", place="A-01", over_transit=True)
    unit = look_up(ana, "NB25-0001")

    received, moved, shipped = events = export(ana, unit=unit["id"])

    assert said(events) == [
        ("ObjectEvent", "OBSERVE", "receiving", "in_progress", "received"),
        ("ObjectEvent", "OBSERVE", "storing", "", "moved"),
        ("ObjectEvent", "OBSERVE", "shipping", "in_transit", "shipped"),
    ]
    assert received["epcList"] == [f"https://id.gs1.org/01/{GTIN}/21/NB25-0001"]
    assert received["sourceList"][0]["type"] == "possessing_party"
    assert [each.get("type") for each in received["bizTransactionList"]] == ["recadv", "po"]
    assert received["bizTransactionList"][1]["bizTransaction"].endswith("/id/purchase-order/PO-1")
    assert moved["bizLocation"]["id"].endswith("/id/place/HQ/A-01")
    assert shipped["readPoint"] == moved["bizLocation"]
    assert "bizLocation" not in shipped, "in transit it is at no place of business"
    assert len({event["eventID"] for event in events}) == 3
    assert all(re.fullmatch(r"ni:///sha-256;[\w-]{43}", event["eventID"]) for event in events)
    assert [event["eventID"] for event in export(sue, unit=unit["id"])] == [event["eventID"] for event in events]


def test_an_undone_sale_is_the_same_event_declared_wrong(ana: Api, sue: Api, clock: Clock) -> None:
    receive(ana, nb25(1, 2))
    item = cables(ana, 5)
    clock.forward(hours=1)
    note = deliver(ana, serial_nos=["NB25-0001", "NB25-0002"])
    moved = transfer(ana, to="A-01", goods=[{"item_id": item, "qty": 4}])
    clock.forward(hours=1)
    cancel(sue, note)
    cancel(sue, moved)

    sales, undone = split(export(ana, voucher=note["id"]))
    assert {event["disposition"] for event in sales} == {"retail_sold"}
    assert {event["destinationList"][0]["destination"].rsplit("/id/")[1] for event in sales} == {"customer/ACME"}
    assert undone == sales[::-1]
    moves, undone = split(export(ana, voucher=moved["id"]))
    assert [event["quantityList"][0]["quantity"] for event in moves] == [4]
    assert undone == moves[::-1]


def split(events: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What happened, and what was taken back, without its declaration."""
    wrong = [event for event in events if "errorDeclaration" in event]
    assert {event.pop("errorDeclaration")["reason"] for event in wrong} == {"did_not_occur"}
    return events[: -len(wrong)], wrong


def test_units_that_we_number_are_commissioned_and_what_is_built_in_is_associated(
    ana: Api, sue: Api, clock: Clock
) -> None:
    receipt = ana.open_receipt()
    item = receipt["lines"][0]["item"]["id"]
    drawn = ana.post(
        f"/api/purchase-receipts/{receipt['id']}/numbered-units",
        {"id": "99999999-9999-4999-8999-999999999999", "item_id": item, "count": 2, "batch_no": "B-1"},
    )["serial_nos"]
    ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    clock.forward(hours=1)
    enter(sue, "consume", drawn[1], parent_serial_no=drawn[0])
    clock.forward(hours=1)
    enter(sue, "take_out", drawn[1], parent_serial_no=drawn[0])
    clock.forward(hours=1)
    enter(sue, "scrap", drawn[1])
    unit = look_up(ana, drawn[1])

    events = export(ana, unit=unit["id"])

    assert said(events) == [
        ("ObjectEvent", "ADD", "commissioning", "active", "numbered"),
        ("ObjectEvent", "OBSERVE", "receiving", "in_progress", "received"),
        ("AssociationEvent", "ADD", "installing", "", "installed"),
        ("AssociationEvent", "DELETE", "removing", "", "removed"),
        ("ObjectEvent", "DELETE", "destroying", "destroyed", "scrapped"),
    ]
    assert events[0]["ilmd"] == {"cbvmda:lotNumber": "B-1"}
    assert events[2]["parentID"].endswith(drawn[0])
    assert events[2]["childEPCs"] == events[1]["epcList"]


def test_holds_of_a_batch_stand_among_its_movements_and_days_end_at_midnight(ana: Api, sue: Api, clock: Clock) -> None:
    receive(ana, nb25(1, 2))
    clock.set("2026-01-06T09:00")
    batch = look_up(ana, "NB25-0001")["batch"]
    sue.post(f"/api/batches/{batch['id']}/hold", {"kind": "recall", "reason": "fire risk <b>"})
    clock.set("2026-01-07T00:00")
    transfer(ana, "NB25-0002", to="REJECT")

    of_batch = export(sue, batch=batch["id"])
    of_days = export(sue, first_day="2026-01-06", last_day="2026-01-06")

    assert [event["serialtrail:what"] for event in of_batch] == ["received", "received", "recalled", "inspected"]
    assert [event["serialtrail:what"] for event in of_days] == ["recalled"]
    assert of_days[0]["persistentDisposition"] == {"set": ["recalled"]}
    assert of_days[0]["quantityList"] == [{"epcClass": f"https://id.gs1.org/01/{GTIN}/10/B-2026-01"}]


def test_one_thing_is_exported_at_a_time(ana: Api) -> None:
    for query in ({}, {"unit": 1, "batch": 1}, {"first_day": "2026-01-01"}, {"unit": 0}):
        assert ana.get("/api/epcis/events", 422, site=ana.site, **query)["code"] == "invalid_request"


def test_nobody_exports_what_they_may_not_see(ana: Api, app: Flask) -> None:
    assert ana.get("/api/epcis/events", 403, site=ana.site + 999, batch=1)["code"] == "forbidden"
    assert ana.get("/api/epcis/events", 404, site=ana.site, unit=2**31 - 1)["code"] == "not_found"
    assert (
        ana.get("/api/epcis/events", 404, site=ana.site, voucher="99999999-9999-4999-8999-999999999999")["code"]
        == "not_found"
    )


def test_a_suppliers_events_are_what_the_order_expects(ana: Api, sue: Api, clock: Clock) -> None:
    order = next(o for o in sue.get("/api/purchase-orders", site=sue.site)["purchase_orders"] if o["number"] == "PO-1")
    path = f"/api/purchase-orders/{order['id']}/epcis-events"
    shipped = {"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping", "eventID": "ni:///sha-256;a"}
    shipped |= {"eventTime": "2026-01-04T10:00:00Z", "eventTimeZoneOffset": "+01:00", "x:more": {"any": 1}}
    names = [f"https://id.gs1.org/01/{GTIN}/21/NB25%2D0001", "urn:epc:id:sgtin:9506000.013435.NB25-0002"]
    wrong = shipped | {"eventID": "ni:///sha-256;b", "epcList": [f"https://id.gs1.org/01/{GTIN}/21/WRONG"]}
    events = [shipped | {"epcList": names}, wrong, wrong | {"errorDeclaration": {"reason": "did_not_occur"}}]
    document = {"@context": [], "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-01-04T10:00:00Z"}

    def capture(events: list[Any], expect: int = 200) -> Any:
        return sue.post(path, document | {"epcisBody": {"eventList": events}}, expect)

    assert capture(events) == capture(events) == {"units": 2, "events": 3, "ignored": 2}
    (expected,) = sue.get(f"/api/purchase-orders/{order['id']}/expected-serials")["items"]
    assert (expected["expected"], expected["missing_serial_nos"]) == (2, nb25(1, 2))
    bad = [
        f"https://id.gs1.org/01/{GTIN}",
        "https://id.gs1.org/01/09506000134376/21/1",
        "urn:epc:id:sgtin:1.2.3",
        "\u202ex",
    ]
    refused = capture([shipped | {"epcList": [*names, *bad]}], 422)
    assert [each["code"] for each in refused["facts"]["refused"]] == [
        "epc_unreadable",
        "item_not_on_order",
        "epc_unreadable",
        "epc_unreadable",
    ]
    assert capture([shipped], 409)["code"] == "no_units_announced"
    assert sue.post(path, document, 422)["code"] == "invalid_request"
    (unchanged,) = sue.get(f"/api/purchase-orders/{order['id']}/expected-serials")["items"]
    assert unchanged == expected
    assert ana.post(path, document | {"epcisBody": {"eventList": events}}, 403)["code"] == "forbidden"
