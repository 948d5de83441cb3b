"""Scenario S17: what is on the shelves against what the books say, on both databases."""

import uuid
from typing import Any

import pytest

from tests.api.test_cancelling import cancel, sell
from tests.api.test_moves import cables, transfer
from tests.api.test_receiving_scenarios import look_up, nb25, receive
from tests.api_client import Api, Clock
from tests.selling import deliver, finish, order, pick, pick_list, proposed


def open_count(person: Api, place: str = "A-01", **more: Any) -> dict[str, Any]:
    wanted = {"id": str(uuid.uuid4()), "location_id": person.place(place)} | more
    opened: dict[str, Any] = person.post("/api/stock-counts", wanted)
    return opened


def seen(text: str, **more: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "text": text} | more


def scan(person: Api, count: dict[str, Any], *scans: dict[str, Any] | str, expect: int = 200) -> Any:
    sent = [seen(each) if isinstance(each, str) else each for each in scans]
    answer = person.post(f"/api/stock-counts/{count['id']}/scans", {"scans": sent}, expect)
    return answer["outcomes"] if expect == 200 else answer


def submit(person: Api, count: dict[str, Any], expect: int = 200) -> Any:
    return person.post(f"/api/stock-counts/{count['id']}/submit", {}, expect)


def approve(person: Api, count: dict[str, Any], expect: int = 200) -> Any:
    return person.post(f"/api/stock-counts/{count['id']}/approve", {}, expect)


def result(person: Api, count: dict[str, Any]) -> dict[str, list[str]]:
    lines = person.get(f"/api/stock-counts/{count['id']}/result")["lines"]
    told: dict[str, list[str]] = {}
    for line in lines:
        told.setdefault(line["kind"], []).append(line["text"])
    return told


@pytest.fixture
def shelves(ana: Api, clock: Clock) -> None:
    """NB25-0001 to 0010 in A-01, 0011 in A-02, 0012 in MAIN."""
    receive(ana, nb25(1, 12))
    clock.forward(hours=1)
    transfer(ana, *nb25(1, 10), to="A-01")
    transfer(ana, "NB25-0011", to="A-02")
    clock.forward(hours=1)


def test_s17_a_stock_count(ana: Api, ben: Api, sue: Api, kim: Api, clock: Clock, shelves: None) -> None:
    count = open_count(ana)
    assert count["shelves"][0]["expected"] is None
    outcomes = scan(ana, count, *nb25(1, 8), "NB25-0011", "X-77", "nb25-0001 ")
    assert [each["status"] for each in outcomes] == ["counted"] * 9 + ["unknown", "duplicate"]
    assert "Go on: it is noted" in outcomes[-2]["message"]
    submit(ana, count)

    assert {kind: len(texts) for kind, texts in result(sue, count).items()} == {
        "found": 8,
        "missing": 2,
        "misplaced": 1,
        "unknown": 1,
    }
    assert result(sue, count)["missing"] == nb25(9, 10)
    assert ana.get(f"/api/stock-counts/{count['id']}/result", 403)["code"] == "forbidden"
    assert look_up(kim, "NB25-0009")["location"]["code"] == "A-01"
    assert look_up(kim, "NB25-0011")["location"]["code"] == "A-02"
    assert approve(ana, count, expect=403)["code"] == "forbidden"

    clock.forward(hours=1)
    approved = approve(sue, count)
    assert (approved["status"], approved["approved_by"]) == ("closed", "sue")
    assert [look_up(kim, text)["state"] for text in nb25(8, 10)] == ["in_stock", "lost", "lost"]
    assert look_up(kim, "NB25-0011")["location"]["code"] == "A-01"
    assert result(sue, count)["unknown"] == ["X-77"]
    assert approve(sue, count) == approved
    clock.forward(hours=1)
    cancel(sue, count)
    assert look_up(kim, "NB25-0009")["location"]["code"] == "A-01"
    assert look_up(kim, "NB25-0011")["location"]["code"] == "A-02"


def test_s17_what_is_sold_or_moved_during_the_count_is_not_missing(
    ana: Api, ben: Api, sue: Api, kim: Api, clock: Clock, shelves: None
) -> None:
    count = open_count(ana)
    scan(ana, count, *nb25(1, 7))
    clock.forward(minutes=1)
    sell(ben, "NB25-0008", "NB25-0007")
    transfer(ben, "NB25-0009", to="VAN-7")
    transfer(ben, "NB25-0012", to="A-01")
    submit(ana, count)
    assert result(sue, count) == {"found": nb25(1, 7), "missing": ["NB25-0010"]}
    clock.forward(minutes=1)
    # Found and sold between the review and the approval: nothing of it is posted any more.
    sell(ben, "NB25-0010")
    clock.forward(minutes=1)
    approve(sue, count)
    assert look_up(kim, "NB25-0010")["state"] == "sold"
    assert look_up(kim, "NB25-0009")["location"]["code"] == "VAN-7"


def test_s17_a_second_person_counts_again_and_only_that_is_posted(
    ana: Api, ben: Api, sue: Api, kim: Api, clock: Clock, shelves: None
) -> None:
    count = open_count(ana, is_blind=False)
    assert count["shelves"][0]["expected"] == 10
    (told,) = scan(ana, count, "NB25-0011")
    assert told["status"] == "misplaced"
    assert "A-02" in told["message"]
    submit(ana, count)
    path = f"/api/stock-counts/{count['id']}/recount"
    assert ana.post(path, {"round": 2}, 409)["code"] == "counted_before"
    clock.forward(minutes=1)
    again = ben.post(path, {"round": 2})
    assert (again["status"], again["round"], again["is_blind"]) == ("draft", 2, True)
    assert ben.post(path, {"round": 2}) == again
    assert scan(ana, count, "NB25-0001", expect=409)["code"] == "counted_before"
    scan(ben, count, *nb25(1, 10))
    submit(ben, count)
    assert result(sue, count) == {"found": nb25(1, 10)}
    clock.forward(minutes=1)
    assert sue.post(f"/api/stock-counts/{count['id']}/approve", {"round": 1}, 409)["code"] == "round_changed"
    approve(sue, count)
    assert look_up(kim, "NB25-0011")["location"]["code"] == "A-02"


def test_a_fetched_unit_is_not_missing_and_one_that_lies_elsewhere_leaves_its_list(
    ana: Api, ben: Api, sue: Api, clock: Clock, shelves: None
) -> None:
    made = pick_list(ana, order(sue, ("LAP-15", 3)), place="A-01")
    fetched, astray, left = proposed(ana, made)
    assert [pick(ana, made, each)["code"] for each in (fetched, astray)] == ["ok", "ok"]
    reserved = order(sue, ("LAP-15", 1), number="SO-9", customer="BETA")
    sue.post(f"/api/sales-orders/{reserved['id']}/reserve", {"serial_nos": ["NB25-0011"]})
    count = open_count(ben, "MAIN")
    here, there = ben.place("A-01"), ben.place("A-02")
    scan(ben, count, *(seen(text, location_id=here) for text in nb25(1, 12) if text not in (fetched, astray, left)))
    scan(ben, count, seen(astray, location_id=there))
    submit(ben, count)
    assert result(sue, count)["missing"] == ["NB23-0002", left]
    clock.forward(minutes=1)

    approve(sue, count)

    shown = ana.get(f"/api/pick-lists/{made['id']}")
    assert [unit["serial_no"] for unit in shown["units"] if unit["status"] == "chosen"] == [fetched]
    instead = {unit["serial_no"] for unit in shown["units"] if unit["status"] == "proposed"}
    assert len(instead & {*nb25(1, 10)} - {fetched, astray, left}) == 2
    assert {each.pop("instead") for each in shown["released"]} == instead
    moment = shown["released"][0].pop("at")
    assert (shown["released"][1].pop("at"), moment < clock().isoformat()) == (moment, True)
    because = {"item_code": "LAP-15", "batch_no": "B-2026-01", "reason": count["number"], "by": "ben"}
    assert sorted(shown["released"], key=lambda each: each["kind"]) == [
        because | {"serial_no": astray, "kind": "misplaced", "was_picked": True},
        because | {"serial_no": left, "kind": "missing", "was_picked": False},
    ]
    assert shown["replaced"] == []
    assert shown["counts"]["accepted"] == 1
    assert pick(ana, made, left)["code"] == "serial_not_available"
    assert pick(ana, made, astray)["code"] == "serial_not_at_location"
    (of_order,) = sue.get(f"/api/sales-orders/{reserved['id']}")["reserved"]
    assert (of_order["status"], of_order["place"]) == ("chosen", "A-01")
    finish(ana, made)
    note = deliver(ana, pick_list_id=made["id"])
    assert [unit["serial_no"] for unit in note["lines"][0]["units"]] == [fetched]


def test_who_counted_does_not_approve(sue: Api, shelves: None) -> None:
    count = open_count(sue)
    scan(sue, count, "NB25-0001")
    submit(sue, count)
    assert approve(sue, count, expect=409)["code"] == "approve_own_count"


def test_a_scan_sent_twice_counts_once_and_can_be_taken_back(ana: Api, sue: Api, shelves: None) -> None:
    count = open_count(ana, "MAIN")
    a_01, a_02 = ana.place("A-01"), ana.place("A-02")
    first, other = seen("NB25-0001", location_id=a_01), seen("NB25-0011", location_id=a_01)
    assert scan(ana, count, first) == scan(ana, count, first)
    (reused,) = scan(ana, count, first | {"text": "NB25-0002"})
    assert (reused["status"], reused["code"]) == ("refused", "id_reused")
    (outside,) = scan(ana, count, seen("NB25-0002", location_id=ana.place("VAN-7")))
    assert outside["code"] == "location_unknown"
    scan(ana, count, other)
    scan(ana, count, seen("", undoes=other["id"]), seen("NB25-0011", location_id=a_02))
    # Seen on one shelf, then on another: the last word counts.
    scan(ana, count, seen("NB25-0002", location_id=a_02), seen("NB25-0002", location_id=a_01))
    submit(ana, count)
    assert scan(ana, count, first)[0]["status"] == "counted"
    told = result(sue, count)
    assert told["found"] == ["NB25-0001", "NB25-0002", "NB25-0011"]
    assert "misplaced" not in told
    assert scan(ana, count, "NB25-0003", expect=409)["code"] == "voucher_not_open"


def test_goods_without_serial_numbers_are_counted_by_quantity(
    ana: Api, ben: Api, sue: Api, clock: Clock, shelves: None
) -> None:
    cable = cables(ana, 8)
    count = open_count(ana, "MAIN")
    scan(ana, count, seen("", item_id=cable, qty=4), "9506000134376")
    transfer(ben, to="VAN-7", goods=[{"item_id": cable, "qty": 2}])
    submit(ana, count)
    lines = sue.get(f"/api/stock-counts/{count['id']}/result")["lines"]
    (line,) = (line for line in lines if line["text"] == "CAB-2")
    assert (line["kind"], line["qty"], line["note"]) == ("missing", 3, "5 counted, the books had 8")
    clock.forward(minutes=1)
    approve(sue, count)
    refused = transfer(ana, to="VAN-7", goods=[{"item_id": cable, "qty": 4}], expect=409)
    assert refused["facts"]["there"] == "3"
    more = open_count(ana, "MAIN")
    scan(ana, more, *[seen("", item_id=cable, qty=6)], *nb25(1, 12))
    submit(ana, more)
    clock.forward(minutes=1)
    approve(sue, more)
    assert transfer(ana, to="VAN-7", goods=[{"item_id": cable, "qty": 6}])["status"] == "closed"
    sold = open_count(ana, "VAN-7")
    scan(ana, sold, "NB23-0001", "9506000134352")
    submit(ana, sold)
    told = sue.get(f"/api/stock-counts/{sold['id']}/result")["lines"]
    assert "is sold to ACME" in next(line["note"] for line in told if line["text"] == "NB23-0001")
