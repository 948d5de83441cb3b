"""What is where, batches and holds, through the API, on both databases; S7 (g) and (h) from the reading side."""

import csv
import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from backend.domain.people import Role
from backend.extensions import WRITE, db
from backend.models import Reservation, SerialNumber, User, Voucher, VoucherLine, table
from backend.services import masters, people
from backend.unit_of_work import UnitOfWork, transact
from tests.api.test_receiving_scenarios import BATCH, look_up, nb25, receive
from tests.api_client import Api, Clock, logged_in
from tests.orders import add_order


def stock(person: Api, **filters: Any) -> Any:
    return person.get("/api/stock", site=person.site, **filters)


def units(person: Api, limit: int = 200, **filters: Any) -> list[Any]:
    """All units that fit, page by page."""
    found: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        page = person.get("/api/stock/units", site=person.site, limit=limit, **filters, **cursor)
        found += page["units"]
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


def reserve(app: Flask, unit_id: int) -> None:
    """As a pick list does: the unit is taken for a voucher."""
    with app.app_context(), db.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        voucher_id = connection.scalar(select(Voucher.id).where(Voucher.number == "PO-1"))
        connection.execute(
            insert(table(Reservation)),
            {
                "voucher_id": voucher_id,
                "line_id": connection.scalar(select(VoucherLine.id).where(VoucherLine.voucher_id == voucher_id)),
                "serial_id": unit_id,
                "status": "chosen",
                "user_id": connection.scalar(select(User.id).where(User.username == "ben")),
                "at": connection.scalar(select(SerialNumber.created_at).where(SerialNumber.id == unit_id)),
            },
        )


@pytest.fixture
def laptops(ana: Api) -> dict[str, Any]:
    """The end of S1: fifty received, one sold."""
    posted = receive(ana, nb25(1, 50))
    ana.post(
        "/api/delivery-notes",
        {
            "id": "11111111-1111-4111-8111-111111111111",
            "customer": "ACME",
            "location_id": ana.place("MAIN"),
            "serial_nos": ["NB25-0017"],
        },
    )
    return posted


def test_s7g_by_batch_place_and_state_the_49_are_left(ana: Api, laptops: dict[str, Any]) -> None:
    batch = look_up(ana, "NB25-0018")["batch"]["id"]
    wanted = {"batch": batch, "place": ana.place("MAIN"), "state": "available"}

    answer = stock(ana, **wanted)

    (line,) = answer["lines"]
    assert (line["item"]["item_code"], line["batch"]["batch_no"], line["place"]["path"]) == ("LAP-15", BATCH, "MAIN")
    assert (line["qty"], line["states"], answer["totals"]) == (49, {"available": 49}, {"available": 49})
    left = [serial_no for serial_no in nb25(1, 50) if serial_no != "NB25-0017"]
    assert [unit["serial_no"] for unit in units(ana, limit=20, **wanted)] == left
    (sold,) = units(ana, batch=batch, state="sold")
    assert (sold["serial_no"], sold["availability"]) == ("NB25-0017", "sold")


def test_every_reason_against_a_unit_shows_in_lines_in_units_and_on_its_page(
    app: Flask, ana: Api, sue: Api, clock: Clock, laptops: dict[str, Any]
) -> None:
    add_order(app, "PO-9", 2)
    rejected = ana.open_receipt("PO-9")
    ana.scan(rejected, "NB25-0100", batch_no=BATCH, condition="rejected", reason="wet")
    ana.post(f"/api/purchase-receipts/{rejected['id']}/submit", {})
    of = {serial_no: look_up(sue, serial_no)["id"] for serial_no in ("NB25-0001", "NB25-0002", "NB25-0003")}
    sue.post(f"/api/units/{of['NB25-0001']}/hold", {"reason": "drop test"})
    held = sue.post(f"/api/units/{of['NB25-0002']}/hold", {"reason": "fire risk", "kind": "recall"})
    reserve(app, of["NB25-0003"])
    reserve(app, of["NB25-0001"])
    batch = look_up(ana, "NB25-0018")["batch"]["id"]

    totals = stock(ana, batch=batch)["totals"]
    by_place = {line["place"]["code"]: line["states"] for line in stock(ana, batch=batch)["lines"]}

    assert totals == {"available": 46, "reserved": 1, "on_hold": 2, "recalled": 1}
    assert by_place == {
        "MAIN": {"available": 46, "reserved": 1, "on_hold": 1, "recalled": 1},
        "REJECT": {"on_hold": 1},
    }
    for state, expected in (
        ("on_hold", ["NB25-0001", "NB25-0100"]),
        ("recalled", ["NB25-0002"]),
        ("reserved", ["NB25-0003"]),
    ):
        found = units(ana, state=state, batch=batch)
        assert [unit["serial_no"] for unit in found] == expected
        assert {unit["availability"] for unit in found} == {state}
        assert sum(line["states"][state] for line in stock(ana, state=state, batch=batch)["lines"]) == len(expected)
    assert held["availability"] == "recalled"
    assert [(hold["kind"], hold["reason"], hold["placed_by"]) for hold in held["holds"]] == [
        ("recall", "fire risk", "sue")
    ]
    reserved = look_up(ana, "NB25-0003")
    assert (reserved["availability"], reserved["reserved"]["number"], reserved["reserved"]["by"]) == (
        "reserved",
        "PO-1",
        "ben",
    )
    (unit,) = units(ana, q="nb25-0003 ")
    assert unit["reserved_for"] == "PO-1"


def test_s7h_a_batch_is_held_and_lifted_and_the_unit_says_so(ana: Api, sue: Api, laptops: dict[str, Any]) -> None:
    unit = look_up(ana, "NB25-0020")
    batch = f"/api/batches/{unit['batch']['id']}"
    assert ana.get(batch)["state"] == "released"

    held = sue.post(f"{batch}/hold", {"reason": "supplier asks to wait"})

    assert (held["state"], held["holds"][0]["reason"]) == ("on_hold", "supplier asks to wait")
    assert stock(ana, batch=held["id"])["totals"] == {"on_hold": 49}
    seen = look_up(ana, "NB25-0020")
    assert (seen["state"], seen["availability"], seen["batch"]["state"]) == ("in_stock", "on_hold", "on_hold")
    assert seen["holds"][0]["reason"] == "supplier asks to wait"
    (match,) = ana.get("/api/units", site=ana.site, q="NB25-0020")["matches"]
    assert match["availability"] == "on_hold"
    problem = ana.post(
        "/api/delivery-notes",
        {
            "id": "22222222-2222-4222-8222-222222222222",
            "customer": "ACME",
            "location_id": ana.place("MAIN"),
            "serial_nos": ["NB25-0020"],
        },
        expect=409,
    )
    assert (problem["code"], problem["facts"]["reason"]) == ("unit_on_hold", "supplier asks to wait")
    again = sue.post(f"{batch}/hold", {"reason": "once more"}, expect=409)
    assert again["code"] == "already_on_hold"
    assert "by sue: supplier asks to wait" in again["detail"]

    lifted = sue.post(f"{batch}/lift", {"reason": "cleared by the supplier"})

    assert lifted["state"] == "released"
    (hold,) = lifted["holds"]
    assert (hold["lifted_by"], hold["lift_reason"]) == ("sue", "cleared by the supplier")
    assert look_up(ana, "NB25-0020")["availability"] == "available"
    assert sue.post(f"{batch}/lift", {"reason": "again"}, expect=409)["code"] == "not_on_hold"


def test_who_may_hold_and_what_needs_a_reason(ana: Api, sue: Api, laptops: dict[str, Any]) -> None:
    unit = look_up(ana, "NB25-0020")
    for path in (f"/api/batches/{unit['batch']['id']}/hold", f"/api/units/{unit['id']}/hold"):
        ana.post(path, {"reason": "x"}, expect=403)
        for reason in ("", "   ", None, "x" * 501):
            sue.post(path, {"reason": reason}, expect=422)
        sue.post(path, {}, expect=422)
    sue.post("/api/batches/2147483647/hold", {"reason": "x"}, expect=404)
    sue.post("/api/units/2147483647/lift", {"reason": "x"}, expect=404)


def test_a_batch_gets_other_dates_with_a_reason(ana: Api, sue: Api, clock: Clock, laptops: dict[str, Any]) -> None:
    batch = look_up(ana, "NB25-0020")["batch"]["id"]
    path = f"/api/batches/{batch}/dates"

    problem = sue.post(
        path, {"manufactured_on": "2026-01-05", "expires_on": "2026-01-04", "reason": "label"}, expect=409
    )
    assert problem["code"] == "expiry_before_manufacture"
    sue.post(path, {"expires_on": "2026-01-04", "reason": "label"}, expect=422)
    ana.post(path, {"manufactured_on": None, "expires_on": None, "reason": "x"}, expect=403)
    changed = sue.post(path, {"manufactured_on": "2025-12-01", "expires_on": "2026-02-28", "reason": "label"})

    assert (changed["manufactured_on"], changed["expires_on"]) == ("2025-12-01", "2026-02-28")
    (change,) = changed["changes"]
    assert (change["expires_before"], change["reason"], change["changed_by"]) == (None, "label", "sue")
    same = sue.post(path, {"manufactured_on": "2025-12-01", "expires_on": "2026-02-28", "reason": "again"})
    assert len(same["changes"]) == 1
    clock.set("2026-02-20")
    assert len(units(ana, expires_within=8)) == 49
    assert units(ana, expires_within=7) == []
    clock.set("2026-03-01")
    assert ana.get(f"/api/batches/{batch}")["state"] == "expired"
    assert stock(ana, batch=batch)["totals"] == {"expired": 49}
    assert len(units(ana, state="expired")) == 49
    assert len(units(ana, older_than=54)) >= 49
    assert look_up(ana, "NB25-0020")["availability"] == "expired"


def test_items_places_and_untracked_goods_have_their_pages(app: Flask, ana: Api, laptops: dict[str, Any]) -> None:
    receipt = ana.open_receipt("PO-2", "A-01")
    for _ in range(3):
        ana.scan(receipt, "09506000134376")
    ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    (cables,) = stock(ana, q="cab-2")["lines"]
    assert (cables["qty"], cables["batch"], cables["item"]["tracking"]) == (3, None, "none")
    assert cables["states"] == {"available": 3}

    item = ana.get(f"/api/stock/items/{look_up(ana, 'NB25-0001')['item']['id']}", site=ana.site)
    assert item["totals"]["available"] == 49 + 4
    assert (BATCH, 49, "released") in [(batch["batch_no"], batch["qty"], batch["state"]) for batch in item["batches"]]

    main = ana.get(f"/api/stock/places/{ana.place('MAIN')}")
    assert (main["place"]["path"], main["name"], main["site_id"]) == ("MAIN", "Main warehouse", ana.site)
    assert [(inner["code"], inner["qty"]) for inner in main["inside"]] == [("A-01", 3), ("A-02", 0)]
    assert main["totals"] == {"available": 49 + 1 + 3}
    assert ana.get(f"/api/stock/places/{ana.place('A-01')}")["parent"]["code"] == "MAIN"
    assert {line["place"]["code"] for line in stock(ana, place=ana.place("MAIN"))["lines"]} == {"MAIN", "A-01"}
    assert stock(ana, q="nb25-0018")["lines"][0]["qty"] == 49
    assert [unit["serial_no"] for unit in units(ana, q="nb25-0018")] == ["NB25-0018"]
    assert len(units(ana, q="b-2026")) == 49
    assert len(units(ana, q="laptop", state="available", place=ana.place("MAIN"))) == 50


def test_lines_are_paged_by_cursor(ana: Api, laptops: dict[str, Any]) -> None:
    whole = stock(ana)["lines"]
    paged, cursor = [], {}
    while True:
        page = stock(ana, limit=1, **cursor)
        paged += page["lines"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert len(whole) == 4
    assert paged == whole
    for wrong in ("x", "bnVsbA==", "WzFd", "W10="):
        assert stock_refuses(ana, wrong)


def stock_refuses(person: Api, cursor: str) -> bool:
    person.get("/api/stock", expect=422, site=person.site, cursor=cursor)
    person.get("/api/vouchers", expect=422, site=person.site, cursor=cursor + "x")
    return True


def test_lists_are_files_in_which_nothing_calculates(app: Flask, ana: Api, sue: Api) -> None:
    receive(ana, ["NB25-0001", "=1+1", "@SUM(A1)"])
    answer = ana.client.get(f"/api/stock/units.csv?site={ana.site}")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="stock-units.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert {"'=1+1", "'@SUM(A1)", "NB25-0001"} <= {row["Serial No"] for row in rows}
    answer = ana.client.get(f"/api/stock/lines.csv?site={ana.site}")
    lines = csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert (BATCH, "3", "3") in [(line["Batch No"], line["Quantity"], line["available"]) for line in lines]


def test_another_site_sees_nothing_of_it(app: Flask, ana: Api, clock: Clock, laptops: dict[str, Any]) -> None:
    def hire(work: UnitOfWork) -> None:
        north = masters.site_by_code(work, "NORTH")
        roles = {north.id: frozenset({Role.SUPERVISOR})}
        people.add_user(work, username="ned", name="Ned", password="demo-ned", roles=roles)

    with app.app_context():
        transact(hire)
    ned = logged_in(app, "ned", clock)
    unit = look_up(ana, "NB25-0018")
    ned.get(f"/api/batches/{unit['batch']['id']}", expect=404)
    ned.post(f"/api/batches/{unit['batch']['id']}/hold", {"reason": "x"}, expect=404)
    ned.post(f"/api/units/{unit['id']}/hold", {"reason": "x"}, expect=404)
    ned.get(f"/api/stock/places/{ana.place('MAIN')}", expect=403)
    ned.get("/api/stock", expect=403, site=ana.site)
    assert ned.get("/api/stock", site=ned.site, batch=unit["batch"]["id"])["lines"] == []
    assert ned.get("/api/stock/units", site=ned.site, place=ana.place("MAIN"))["units"] == []
