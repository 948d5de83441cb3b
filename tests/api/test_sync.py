"""The outbox of a device: scans and other actions in one order, each with its own answer, on both databases."""

import uuid
from typing import Any

import pytest
from flask import Flask

from backend.api.actions import ACTIONS
from tests.api.test_moves import a_move
from tests.api.test_receiving_scenarios import look_up, nb25, receive
from tests.api_client import Api, Clock


@pytest.fixture
def goods(ana: Api, clock: Clock) -> dict[str, Any]:
    """Five laptops in MAIN, an hour ago."""
    received = receive(ana, nb25(1, 5))
    clock.forward(hours=1)
    return received


def a_transfer(person: Api, *serial_nos: str, to: str = "A-01", **more: Any) -> dict[str, Any]:
    return person.an_action(
        "stock_transfer", a_move(person, *serial_nos, **more) | {"to_location_id": person.place(to)}
    )


def codes(outcomes: list[dict[str, Any]]) -> list[str]:
    return [outcome["code"] for outcome in outcomes]


def test_each_entry_has_its_answer_and_none_holds_the_others_up(ana: Api, kim: Api, goods: Any) -> None:
    receipt = ana.open_receipt()
    entries = [
        a_transfer(ana, "NB25-0001"),
        {"kind": "scan"} | ana.a_scan(receipt, "NB25-0101", batch_no="B1"),
        a_transfer(ana, "NB25-0001"),
        {"id": "not an id", "n": 4, "kind": "stock_transfer"},
        ana.an_action("stock_transfer", {"serial_nos": "NB25-0001"}),
        ana.an_action("wish_for_rain", {}),
        a_transfer(ana, "NB25-0002"),
        "not even an object",
        ana.an_action("purchase_receipt.submit", {}, voucher_id=receipt["id"]),
    ]
    outcomes = ana.sync(*entries)
    assert codes(outcomes) == [
        "ok",
        "ok",
        "already_there",
        "malformed_scan",
        "malformed_action",
        "kind_unknown",
        "ok",
        "malformed_scan",
        "ok",
    ]
    assert [outcome["id"] for outcome in outcomes[:3]] == [entry["id"] for entry in entries[:3]]  # type: ignore[index]
    assert (outcomes[0]["voucher"]["type"], outcomes[0]["voucher"]["status"]) == ("stock_transfer", "closed")
    assert outcomes[2]["next_step"]
    assert outcomes[8]["voucher"]["status"] == "submitted"
    assert look_up(kim, "NB25-0101")["state"] == "in_stock"
    assert look_up(kim, "NB25-0002")["location"]["path"] == "MAIN / A-01"


def test_what_is_sent_again_gets_its_first_answer_and_an_id_with_other_content_none(ana: Api, goods: Any) -> None:
    moved, refused = a_transfer(ana, "NB25-0001"), a_transfer(ana, "NB25-0001", to="MAIN")
    first = ana.sync(moved, refused)
    again = ana.sync(refused, moved, moved)
    assert codes(first) == ["ok", "same_place"]
    assert again == [outcome | {"replayed": True} for outcome in (first[1], first[0], first[0])]
    other = moved | {"body": moved["body"] | {"remark": "other"}}
    assert codes(ana.sync(other)) == ["id_reused"]
    assert ana.post("/api/stock-transfers", moved["body"])["number"] == first[0]["voucher"]["number"]
    twice = a_transfer(ana, "NB25-0003")
    assert [outcome["replayed"] for outcome in ana.sync(twice, twice)] == [False, True]


def test_an_entry_asks_for_the_permission_of_its_kind(ana: Api, kim: Api, goods: Any) -> None:
    entry = a_transfer(ana, "NB25-0001")
    assert codes(kim.sync(entry)) == ["forbidden"]
    assert codes(ana.sync(entry)) == ["ok"]


def test_a_count_goes_through_the_outbox_scan_by_scan(ana: Api, goods: Any) -> None:
    count_id = str(uuid.uuid4())
    scans = [
        ana.an_action("stock_count.scan", {"text": text}, voucher_id=count_id)
        for text in ("NB25-0001", "NB25-0001", "X-77")
    ]
    outcomes = ana.sync(
        ana.an_action("stock_count", {"id": count_id, "location_id": ana.place("MAIN")}),
        *scans,
        ana.an_action("stock_count.submit", {"round": 1}, voucher_id=count_id),
    )
    assert [outcome["status"] for outcome in outcomes] == ["accepted", "accepted", "duplicate", "accepted", "accepted"]
    assert [outcome["facts"].get("counted") for outcome in outcomes[1:4]] == ["counted", "duplicate", "unknown"]
    assert outcomes[-1]["voucher"]["status"] == "submitted"
    assert codes(ana.sync(ana.an_action("stock_count.scan", {"text": "A"}))) == ["malformed_action"]


def test_a_fault_in_one_entry_is_its_own(ana: Api, goods: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = a_transfer(ana, "NB25-0001"), a_transfer(ana, "NB25-0002")

    def fails(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("backend.services.supplier_returns.return_to_supplier", fails)
        broken = ana.an_action("supplier_return", a_move(ana, "NB25-0003", remark="broken", supplier="NORTHSTAR"))
        assert codes(ana.sync(good, broken, bad)) == ["ok", "internal_error", "ok"]
    assert ana.sync(broken)[0]["replayed"] is False, "what was not stored is tried anew under its id"


@pytest.mark.parametrize("kind", sorted(ACTIONS))
def test_an_action_is_what_a_route_does(kind: str, app: Flask) -> None:
    """No second way to do one thing: the same schema, permission and write."""
    action = ACTIONS[kind]
    if kind == "stock_count.scan":
        return  # One of the many that its route takes at once.
    callers = [
        view for view in app.view_functions.values() if any(value is action for value in _globals_used(view).values())
    ]
    assert len(callers) in (1, 2), f"the route of {kind} does not call it"
    assert {view.asked for view in callers} == {frozenset({action.permission})}  # type: ignore[attr-defined]


def _globals_used(view: Any) -> dict[str, Any]:
    inner = view
    while hasattr(inner, "__wrapped__"):
        inner = inner.__wrapped__
    return {name: inner.__globals__[name] for name in inner.__code__.co_names if name in inner.__globals__}


def gap_of(person: Api, *entries: Any, **more: Any) -> str | None:
    gap = person.post("/api/sync", person.outbox(*entries) | {"holds": []} | more)["gap"]
    return gap and str(gap["message"])


def test_numbers_that_never_came_are_named_until_they_come(ana: Api, ben: Api) -> None:
    entries = [ana.an_action("stock_transfer", {}) for _ in range(20)]
    assert gap_of(ana, *entries[:5]) is None
    assert gap_of(ana, entries[19], holds=[[6, 19]]) is None, "they wait on the device"
    assert gap_of(ana, entries[4], holds=None) is None, "a build that does not say is believed"
    assert gap_of(ana, entries[9], holds=[[15, 19]]) == ("8 entries of this device never arrived: n 6-9, 11-14.")
    ben.device_id = ana.device_id
    assert gap_of(ben, *entries[5:9], *entries[10:14], holds=[]) == ("5 entries of this device never arrived: n 15-19.")
    assert gap_of(ana, *entries[14:18]) == "1 entry of this device never arrived: n 19."
    assert gap_of(ana, {"id": "no entry at all", "n": 19}) is None, "it came, though nobody can read it"


@pytest.mark.parametrize("at", ["1970-01-01T00:00:00Z", "2026-01-07T11:00:00Z", "2099-12-31T23:59:59Z"])
def test_a_clock_that_is_far_off_is_flagged_and_the_server_s_decides(ana: Api, kim: Api, goods: Any, at: str) -> None:
    entry = a_transfer(ana, "NB25-0001") | {"done_at": at}
    answer = ana.post("/api/sync", ana.outbox(entry) | {"sent_at": at})
    assert (answer["clock_off"], codes(answer["outcomes"])) == (True, ["ok"])
    history = look_up(kim, "NB25-0001")
    assert history["location"]["path"] == "MAIN / A-01"
    assert answer["outcomes"][0]["recorded_at"] == answer["server_time"]


def test_a_batch_of_5000_is_taken_whole_with_one_malformed_entry_in_the_middle(ana: Api, goods: Any) -> None:
    receipt = ana.open_receipt()
    entries: list[Any] = [{"kind": "scan"} | ana.a_scan(receipt, f"CABLE-{n}") for n in range(5000)]
    entries[2500] = {"kind": "scan", "n": 2501, "text": 5}
    outcomes = ana.sync(*entries)
    assert len(outcomes) == 5000
    assert outcomes[2500]["code"] == "malformed_scan"
    assert {outcome["id"] for outcome in outcomes if outcome["id"]} == {
        entry["id"] for entry in entries if "id" in entry
    }
    ana.post("/api/sync", ana.outbox(*entries, entries[0]), expect=422)
