"""A hold or recall takes back what open pick lists and orders had taken, and says so at once."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import select

from backend.models import Batch
from backend.queries.ledger_check import check_ledger
from backend.unit_of_work import UnitOfWork, transact
from tests.api.test_counts import approve, open_count, scan, seen, submit
from tests.api_client import Api, Clock
from tests.orders import change_item
from tests.selling import deliver, finish, order, pick, pick_list, proposed, receive_laptops, receive_pumps


def unit_id(person: Api, serial_no: str) -> int:
    (found,) = person.get("/api/units", site=person.site, q=serial_no)["matches"]
    return int(found["id"])


def batch_id(app: Flask, batch_no: str) -> int:
    def find(work: UnitOfWork) -> int:
        return work.session.scalars(select(Batch.id).filter_by(batch_no=batch_no)).one()

    with app.app_context():
        return transact(find)


def problems(app: Flask) -> list[str]:
    with app.app_context():
        return transact(lambda work: list(check_ledger(work.session).problems))


def news(person: Api, since: int) -> list[tuple[str, Any]]:
    return [
        (each["kind"], each["voucher_id"]) for each in person.get("/api/feed", site=person.site, since=since)["events"]
    ]


def test_whoever_picks_for_another_order_hears_that_a_unit_was_taken_from_their_list(ana: Api, sue: Api) -> None:
    receive_laptops(ana, 1)
    theirs = pick_list(ana, order(sue, ("LAP-15", 1)))
    (taken,) = proposed(ana, theirs)
    assert pick(ana, theirs, taken)["code"] == "ok"
    mine = pick_list(sue, order(sue, ("LAP-15", 1)), manual=True)
    before = ana.get("/api/feed", site=ana.site, since=0, limit=1)["head"]
    wanted = {"serial_no": taken, "reason": "a customer waits"}
    sue.post(f"/api/pick-lists/{mine['id']}/override", wanted)
    assert news(ana, before) == [("rule_overridden", mine["id"]), ("pick_list_changed", theirs["id"])]
    left = ana.get(f"/api/pick-lists/{theirs['id']}")
    assert (left["units"], left["counts"]["accepted"]) == ([], 0)


def test_a_list_hears_of_other_words_and_dates_of_its_units_and_that_one_lies_in_another_bin(
    app: Flask, ana: Api, ben: Api, sue: Api, clock: Clock
) -> None:
    receive_pumps(app, ana)
    made = pick_list(ana, order(sue, ("PUMP-1", 1)))
    (serial_no,) = proposed(ana, made)
    clock.forward(hours=1)

    def is_told(change: Callable[[], Any]) -> bool:
        before = ana.get("/api/feed", site=ana.site, since=0, limit=1)["head"]
        change()
        return ("pick_list_changed", made["id"]) in news(ana, before)

    def count_in_a_bin() -> None:
        count = open_count(ben, "MAIN")
        scan(ben, count, seen(serial_no, location_id=ben.place("A-01")))
        submit(ben, count)
        clock.forward(minutes=1)
        approve(sue, count)

    dates = {"manufactured_on": None, "expires_on": "2031-01-31", "reason": "misread"}
    assert is_told(lambda: sue.post(f"/api/batches/{batch_id(app, 'P0')}/dates", dates))
    assert is_told(count_in_a_bin)
    right = {"serial_no": "P0-01B", "reason": "misread"}
    assert is_told(lambda: sue.post(f"/api/units/{unit_id(sue, serial_no)}/serial-no", right))
    (unit,) = ana.get(f"/api/pick-lists/{made['id']}")["units"]
    assert (unit["serial_no"], unit["expires_on"], unit["location"]["code"]) == ("P0-01B", "2031-01-31", "A-01")


def test_a_held_unit_leaves_the_open_list_and_another_is_proposed(app: Flask, ana: Api, sue: Api) -> None:
    receive_laptops(ana, 4)
    made = pick_list(ana, order(sue, ("LAP-15", 2)))
    fetched, waiting = proposed(ana, made)
    assert pick(ana, made, fetched)["code"] == "ok"
    before = ana.get("/api/feed", site=ana.site, since=0, limit=1)["head"]

    for serial_no in (fetched, waiting):
        sue.post(f"/api/units/{unit_id(sue, serial_no)}/hold", {"reason": "battery swells"})

    shown = ana.get(f"/api/pick-lists/{made['id']}")
    assert shown["counts"] == {"expected": 2, "accepted": 0, "rejected": 0}
    instead = [unit["serial_no"] for unit in shown["units"] if unit["status"] == "proposed"]
    assert len(instead) == 2
    assert not {fetched, waiting} & set(instead)
    gone = {each["serial_no"]: each for each in shown["released"]}
    assert (gone[fetched]["was_picked"], gone[waiting]["was_picked"]) == (True, False)
    assert {each["instead"] for each in gone.values()} <= {*instead, waiting}
    assert {(each["reason"], each["by"], each["kind"]) for each in gone.values()} == {("battery swells", "sue", "hold")}
    assert shown["replaced"] == []
    assert news(ana, before).count(("pick_list_changed", made["id"])) == 2
    assert pick(ana, made, fetched)["code"] == "unit_on_hold"
    assert pick(ana, made, instead[0])["code"] == "ok"
    assert problems(app) == []


def test_a_recalled_batch_leaves_lists_and_orders_short_when_there_is_no_other(app: Flask, ana: Api, sue: Api) -> None:
    receive_pumps(app, ana)
    reserved = order(sue, ("PUMP-1", 1), number="SO-9")
    sue.post(f"/api/sales-orders/{reserved['id']}/reserve", {"serial_nos": ["P1-03"]})
    made = pick_list(ana, order(sue, ("PUMP-1", 3)))
    before = ana.get("/api/feed", site=ana.site, since=0, limit=1)["head"]

    sue.post(f"/api/batches/{batch_id(app, 'P1')}/hold", {"reason": "alarm fails", "kind": "recall"})

    shown = ana.get(f"/api/pick-lists/{made['id']}")
    gone = [each["serial_no"] for each in shown["released"]]
    assert not any(unit["batch_no"] == "P1" for unit in shown["units"])
    assert all(serial_no.startswith("P1-") for serial_no in gone)
    (given_up,) = sue.get(f"/api/sales-orders/{reserved['id']}")["reserved"]
    assert (given_up["status"], given_up["reason"]) == ("released", "P1-03 is recalled: alarm fails")
    assert ("order_changed", reserved["id"]) in news(ana, before)
    assert problems(app) == []


def test_a_finished_list_keeps_the_unit_and_its_delivery_is_refused(app: Flask, ana: Api, sue: Api) -> None:
    receive_laptops(ana, 2)
    made = pick_list(ana, order(sue, ("LAP-15", 1)))
    (serial_no,) = proposed(ana, made)
    pick(ana, made, serial_no)
    finish(ana, made)

    sue.post(f"/api/units/{unit_id(sue, serial_no)}/hold", {"reason": "battery swells"})

    refused = deliver(ana, 409, pick_list_id=made["id"])
    assert (refused["code"], "battery swells" in refused["detail"]) == ("unit_on_hold", True)
    ana.post(f"/api/pick-lists/{made['id']}/discard", {"reason": "one of it is held"})
    assert problems(app) == []


def test_goods_of_a_held_batch_are_asked_for_from_another(app: Flask, ana: Api, sue: Api) -> None:
    change_item(app, "CAB-2", tracking="batch")
    for batch_no, qty in (("C-1", 5), ("C-2", 4)):
        receipt = ana.open_receipt("PO-2")
        for _ in range(qty):
            ana.scan(receipt, "09506000134376", batch_no=batch_no)
        ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    made = pick_list(ana, order(sue, ("CAB-2", 5)))
    assert pick(ana, made, "09506000134376", batch_no="C-1", qty=2)["code"] == "ok"

    sue.post(f"/api/batches/{batch_id(app, 'C-1')}/hold", {"reason": "insulation cracks", "kind": "recall"})

    shown = ana.get(f"/api/pick-lists/{made['id']}")
    asked = {each["batch_no"]: (each["qty"], each["picked"]) for each in shown["lines"]}
    assert asked == {"C-1": (2, 2), "C-2": (3, 0)}
    (gone,) = shown["released"]
    assert (gone["serial_no"], gone["batch_no"], gone["kind"], gone["was_picked"]) == (None, "C-1", "recall", True)
    assert pick(ana, made, "09506000134376", batch_no="C-2", qty=3)["code"] == "ok"
    assert problems(app) == []
