"""What the boards of a site show, on both databases."""

from datetime import timedelta
from typing import Any

from flask import Flask

from backend.domain.people import Permission
from backend.extensions import db
from backend.models import Item
from backend.unit_of_work import transact
from tests.api_client import Api, Clock
from tests.conftest import LogIn
from tests.selling import order, pick_list, receive_laptops

GS = "\x1d"
KINDS = ("receiving", "picking", "stock", "service", "decisions", "recalls")


def board(person: Api, kind: str, expect: int = 200) -> Any:
    return person.get(f"/api/boards/{kind}", expect, site=person.site)


def test_boards_are_for_who_may_see_them_at_that_site(ana: Api, kim: Api) -> None:
    for kind in KINDS:
        assert board(kim, kind)["site"]["code"] == "HQ"
        assert board(ana, kind, 403)["facts"] == {"permission": Permission.BOARDS_READ}
        assert kim.get(f"/api/boards/{kind}", 403, site=kim.site + 1000)["code"] == "forbidden"


def test_a_receipt_tells_when_it_is_done_who_is_quiet_and_what_nobody_knows(ana: Api, sue: Api, clock: Clock) -> None:
    receipt = ana.open_receipt()
    scans = [ana.a_scan(receipt, f"NB25-{number:04}", batch_no="B-1") for number in range(1, 11)]
    ana.sync(*({"kind": "scan"} | scan for scan in scans), holds=[[11, 13]])
    shown = the_receipt(sue, receipt)
    # Ten in two minutes are five a minute, and 40 are left.
    assert shown["estimated_finish"] == (clock.now + timedelta(minutes=8)).isoformat().replace("+00:00", "Z")
    (device,) = shown["devices"]
    assert (device["name"], device["is_quiet"], device["unsent"]) == ("ana's phone", False, 3)
    assert shown["needs_review"] == 0
    asked = ana.scan(receipt, f"]d20109506000134352{GS}10ABC123{GS}10ABC124{GS}21SN1")
    assert asked["status"] == "needs_review"
    clock.forward(minutes=3)
    shown = the_receipt(sue, receipt)
    assert shown["estimated_finish"] is None
    assert shown["devices"][0]["is_quiet"]
    assert shown["needs_review"] == 1


def test_a_dock_shows_what_is_received_in_it_and_inside(ana: Api, sue: Api, clock: Clock) -> None:
    # What came with the demo data has left the board by then.
    clock.forward(minutes=31)
    in_main, in_bin, in_van = (ana.open_receipt(place=place) for place in ("MAIN", "A-01", "VAN-7"))
    for receipt, text in ((in_main, "NB25-0001"), (in_bin, "NB25-0002"), (in_van, "NB25-0003")):
        ana.scan(receipt, text, batch_no="B-1")

    def shown(dock: int | None = None) -> tuple[Any, set[str], list[str]]:
        picture = sue.get("/api/boards/receiving", site=sue.site, **({} if dock is None else {"dock": dock}))
        rows = {row["id"] for row in picture["receipts"]}
        return picture["dock"], rows, [scan["serial_no"] for scan in picture["stream"]]

    everything = {each["id"] for each in (in_main, in_bin, in_van)}
    assert shown() == (None, everything, ["NB25-0003", "NB25-0002", "NB25-0001"])
    main, bin_, van = (sue.place(code) for code in ("MAIN", "A-01", "VAN-7"))
    assert shown(main)[1:] == ({in_main["id"], in_bin["id"]}, ["NB25-0002", "NB25-0001"])
    assert shown(bin_) == (
        {"id": bin_, "path": "MAIN / A-01", "name": "Bin A-01"},
        {in_bin["id"]},
        ["NB25-0002"],
    )
    ana.post(f"/api/purchase-receipts/{in_van['id']}/discard", {"reason": "not ours"})
    clock.forward(seconds=6)
    assert shown(van)[1:] == (set(), [])
    docks = sue.get("/api/boards/receiving", site=sue.site, dock=van)["docks"]
    assert [each["path"] for each in docks] == ["MAIN", "MAIN / A-01"]


def test_what_is_no_dock_of_the_site_is_refused(sue: Api, log_in: LogIn) -> None:
    admin = log_in("admin")
    north = next(site["id"] for site in admin.sites if site["code"] == "NORTH")
    places = admin.get("/api/locations", site=north)["locations"]
    theirs = next(each["id"] for each in places if each["code"] == "N-MAIN")
    for dock in (theirs, sue.site, 999_999):
        refused = sue.get("/api/boards/receiving", 404, site=sue.site, dock=dock)
        assert (refused["code"], refused["next_step"]) == (
            "dock_unknown",
            "Open the receiving board again: it shows all docks, and a list of them.",
        )
    assert sue.get("/api/boards/stock", 422, site=sue.site, dock=theirs)["code"] == "invalid_request"


def the_receipt(person: Api, receipt: dict[str, Any]) -> dict[str, Any]:
    return next(each for each in board(person, "receiving")["receipts"] if each["id"] == receipt["id"])


def test_pick_lists_are_open_then_late_then_gone(ana: Api, sue: Api, clock: Clock) -> None:
    receive_laptops(ana, 3)
    made = pick_list(ana, order(sue, ("LAP-15", 2), number="SO-77"))
    (shown,) = board(sue, "picking")["pick_lists"]
    assert (shown["number"], shown["by"], shown["status"]) == (made["number"], "ana", "draft")
    assert (shown["customers"], shown["qty"], shown["picked"], shown["is_late"]) == (["ACME Hospital"], 2, 0, False)
    clock.forward(days=1)
    assert board(sue, "picking")["pick_lists"][0]["is_late"]
    ana.post(f"/api/pick-lists/{made['id']}/discard", {"reason": "not wanted"})
    assert board(sue, "picking")["pick_lists"] == []


def test_stock_runs_low_at_its_reorder_level(app: Flask, ana: Api, sue: Api) -> None:
    receive_laptops(ana, 3)
    with app.app_context():
        set_level(7)
        assert [(row["item_code"], row["qty"]) for row in board(sue, "stock")["low"]] == [("LAP-15", 7)]
        set_level(6)
    sue.clock.forward(seconds=10)
    assert board(sue, "stock")["low"] == []


def set_level(level: int) -> None:
    def change(work: Any) -> None:
        item = work.session.query(Item).filter_by(item_code="LAP-15").one()
        item.reorder_level = level

    transact(change)
    db.session.rollback()
