"""Scenario S14: a batch is recalled, and every unit of it followed to its end, on both databases."""

import csv
import io
import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.extensions import db
from backend.models import Event
from backend.queries.recalls import open_recall_of
from backend.unit_of_work import transact
from tests.api.test_counts import approve, open_count, submit
from tests.api.test_moves import transfer
from tests.api_client import Api, Clock, new_id
from tests.selling import deliver, make_order, order, pick_list, proposed, receive

P9 = [f"P9-{number:02d}" for number in range(1, 11)]


def start(person: Api, scope: dict[str, Any], expect: int = 200, **more: Any) -> dict[str, Any]:
    wanted = {"id": new_id(), "site": person.site, "scope": scope, "reason": "valve may stick"} | more
    started: dict[str, Any] = person.post("/api/recalls", wanted, expect)
    return started


def listed(person: Api, recall: dict[str, Any], **query: Any) -> dict[str, dict[str, Any]]:
    units = person.get(f"/api/recalls/{recall['id']}/units", **query)["units"]
    return {each["serial_no"]: each for each in units}


def resolve(person: Api, recall: dict[str, Any], outcome: str, *serial_nos: str, **more: Any) -> dict[str, Any]:
    units = listed(person, recall)
    wanted = {
        "id": new_id(),
        "done_at": "2026-04-11T09:00:00Z",
        "recall_id": recall["id"],
        "recall_unit_ids": [units[serial_no]["recall_unit_id"] for serial_no in serial_nos],
        "outcome": outcome,
    }
    answer: dict[str, Any] = person.post("/api/recall-steps", wanted | more)
    return answer


def batch_of(person: Api, serial_no: str) -> dict[str, Any]:
    return {"origin": "batch", "batch_id": unit_of(person, serial_no)["batch"]["id"]}


def unit_of(person: Api, serial_no: str) -> dict[str, Any]:
    (found,) = person.get("/api/units", site=person.site, q=serial_no)["matches"]
    unit: dict[str, Any] = person.get(f"/api/units/{found['id']}")
    return unit


@pytest.fixture
def pumps(app: Flask, ana: Api, ben: Api, sue: Api, clock: Clock) -> dict[str, Any]:
    """Ten pumps: P9-01 on ben's open pick, 02 to 04 and 06 in MAIN, 05 in VAN-7, 07 missing, 08 to 10 sold."""
    clock.set("2026-03-01")
    with app.app_context():
        pump = transact(lambda work: make_order(work, ana.site, "PUMP-1", 10, "PO-9"))
    receive(ana, P9, order="PO-9", batch_no="P9", expires_on="2027-03-31", item_id=pump)
    clock.set("2026-04-01")
    transfer(ana, "P9-05", to="VAN-7")
    transfer(ana, "P9-07", to="A-01")
    count = open_count(ana)
    submit(ana, count)
    approve(sue, count)
    deliver(ana, serial_nos=["P9-08", "P9-09"])
    deliver(ana, serial_nos=["P9-10"], customer="BETA")
    list_of_ben = pick_list(ben, order(sue, ("PUMP-1", 1)))
    assert proposed(ben, list_of_ben) == ["P9-01"]
    clock.set("2026-04-10")
    return list_of_ben


def test_s14_a_recalled_batch_is_frozen_listed_and_followed(
    app: Flask, ana: Api, ben: Api, sue: Api, kim: Api, clock: Clock, pumps: dict[str, Any]
) -> None:
    scope = batch_of(sue, "P9-01")
    preview = sue.post("/api/recalls/preview", {"site": sue.site, "scope": scope})
    assert (preview["scope"], preview["total"]) == ("batch P9 of PUMP-1", 10)
    assert preview["by_state"] == {"in_stock": 6, "sold": 3, "lost": 1}
    # Ben fetches one without a network; his phone sends it after the recall.
    offline = ben.a_scan(pumps, "P9-01", purpose="pick")

    recall = start(sue, scope)

    assert (recall["number"], recall["status"], recall["progress"]) == (
        "RC-2026-00001",
        "submitted",
        "0 of 10 resolved",
    )
    assert recall["counts"] == {"all": 10, "open": 10, "resolved": 0, "not_accounted_for": 1, "at_customer": 3}
    assert proposed(ben, pumps) == []
    with app.app_context():
        told = db.session.execute(select(Event.kind, Event.voucher_id).order_by(Event.seq.desc()).limit(5)).all()
    assert ("pick_list_changed", pumps["id"]) in [tuple(row) for row in told]
    (refused,) = ben.send(offline)
    assert (refused["status"], refused["code"]) == ("refused", "unit_recalled")
    assert "RC-2026-00001: valve may stick" in refused["message"]

    units = listed(kim, recall)
    assert list(units) == P9
    where = {name: (each["unit"]["state"], each["unit"]["place"]["code"]) for name, each in units.items()}
    assert where["P9-01"] == where["P9-02"] == ("in_stock", "MAIN")
    assert (where["P9-05"], where["P9-07"][0]) == (("in_stock", "VAN-7"), "lost")
    assert [name for name, each in units.items() if not each["is_accounted_for"]] == ["P9-07"]
    assert list(listed(kim, recall, show="not_accounted_for")) == ["P9-07"]
    sold = listed(kim, recall, show="at_customer")
    assert {name: each["unit"]["customer"]["code"] for name, each in sold.items()} == {
        "P9-08": "ACME",
        "P9-09": "ACME",
        "P9-10": "BETA",
    }
    beta = sold["P9-10"]["unit"]
    assert beta["customer"]["contact"] == "desk@beta.example"
    assert (beta["voucher"]["type"], beta["since"]) == ("delivery_note", "2026-04-01")
    back = units["P9-02"]["unit"]
    assert (back["supplier"]["code"], back["batch"]["expires_on"]) == ("NorthStar", "2027-03-31")
    assert (back["receipt"]["purchase_order"], back["receipt"]["dated_on"]) == ("PO-9", "2026-03-01")

    refusal = deliver(ana, expect=409, serial_nos=["P9-02"])
    assert (refusal["code"], "RC-2026-00001" in refusal["detail"]) == ("unit_recalled", True)
    assert transfer(ana, "P9-02", to="A-02", expect=409)["code"] == "unit_recalled"
    transfer(ana, "P9-02", to="REJECT")
    asked = {"id": new_id(), "site": sue.site, "customer": "ACME", "serial_no": "P9-08", "complaint": "valve sticks"}
    refusal = sue.post("/api/warranty-claims", asked, expect=409)
    assert (refusal["code"], "P9-08 is under the recall RC-2026-00001" in refusal["detail"]) == (
        "serial_recalled",
        True,
    )
    assert sue.post("/api/warranty-claims", asked | {"goodwill_reason": "at once"})["decision"] == "goodwill"

    resolve(sue, recall, "found", "P9-02", "P9-03", "P9-04", "P9-06")
    resolve(sue, recall, "returned", "P9-08", "P9-09", note="ACME sent them back")
    assert resolve(sue, recall, "repaired", "P9-05")["progress"] == "7 of 10 resolved"
    assert start_close(sue, recall, expect=409)["code"] == "recall_not_done"
    assert resolve(sue, recall, "destroyed", "P9-01", "P9-07", "P9-10")["percent"] == 100
    assert start_close(sue, recall)["status"] == "closed"
    steps = listed(kim, recall)["P9-08"]["steps"]
    assert [(step["outcome"], step["by"], step["note"]) for step in steps] == [
        ("returned", "sue", "ACME sent them back")
    ]
    assert deliver(ana, expect=409, serial_nos=["P9-03"])["code"] == "unit_recalled"


def start_close(person: Api, recall: dict[str, Any], expect: int = 200, **more: Any) -> dict[str, Any]:
    closed: dict[str, Any] = person.post(f"/api/recalls/{recall['id']}/close", more, expect)
    return closed


def test_a_recall_means_one_thing_for_ever(sue: Api, ana: Api, clock: Clock, pumps: dict[str, Any]) -> None:
    wanted = {"id": new_id()}
    scope = {"origin": "serials", "serial_nos": ["P9-02", "p9-03 ", "X-1"]}
    first = start(sue, scope, **wanted)
    assert (first["total"], first["counts"]["not_accounted_for"]) == (3, 1)
    assert start(sue, scope, **wanted)["number"] == first["number"]
    assert start(sue, scope, expect=409, reason="another", **wanted)["code"] == "id_reused"
    assert listed(sue, first)["X-1"]["unit"] is None
    step = {"id": new_id()}
    assert resolve(sue, first, "found", "P9-02", **step) == resolve(sue, first, "found", "P9-02", **step)
    assert len(listed(sue, first)["P9-02"]["steps"]) == 1
    of_unit = listed(sue, first)["P9-03"]["recall_unit_id"]
    body = {"recall_id": first["id"], "recall_unit_ids": [of_unit], "outcome": "destroyed"}
    for _ in range(2):  # As a phone sends it that had no network beside the shredder.
        entry = sue.an_action("recall_step", body | {"id": step["id"][:-4] + "beef"})
        assert [outcome["code"] for outcome in sue.sync(entry)] == ["ok"]
    assert len(listed(sue, first)["P9-03"]["steps"]) == 1
    resolve(sue, first, "open", "P9-02", note="it was another one")
    assert listed(sue, first)["P9-02"]["outcome"] == "open"
    assert ana.post("/api/recalls", {**wanted, "site": ana.site, "scope": scope, "reason": "x"}, 403)


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        ({"origin": "serials", "serial_nos": []}, "recall_empty"),
        ({"origin": "serials", "serial_nos": ["NOBODY-1"]}, "recall_empty"),
        ({"origin": "component", "component": "NOBODY-1"}, "recall_empty"),
        ({"origin": "dates", "from_on": "2026-01-01", "to_on": "2026-01-02", "item_id": 1}, "recall_empty"),
        ({"origin": "batch", "batch_id": 2**31 - 1}, "batch_unknown"),
        ({"origin": "receipt", "receipt_id": "11111111-1111-4111-8111-111111111111"}, "receipt_unknown"),
        ({"origin": "dates", "from_on": "2026-01-01", "to_on": "2026-01-02"}, "recall_scope_incomplete"),
    ],
    ids=["no serials", "unknown serial", "unknown part", "days without receipts", "batch", "receipt", "half of dates"],
)
def test_a_recall_of_nothing_is_refused(sue: Api, scope: dict[str, Any], code: str) -> None:
    for path, more in (("/api/recalls", {"id": new_id(), "reason": "x"}), ("/api/recalls/preview", {})):
        expect = 200 if "preview" in path and code == "recall_empty" else 409 if code == "recall_empty" else 422
        expect = 404 if code == "receipt_unknown" else expect
        answer = sue.post(path, {"site": sue.site, "scope": scope} | more, expect)
        assert answer.get("code", code) == code


def test_by_receipt_by_dates_and_by_component(sue: Api, pumps: dict[str, Any]) -> None:
    unit = unit_of(sue, "P9-02")
    dates = {"origin": "dates", "from_on": "2026-03-01", "to_on": "2026-03-01", "supplier": "NorthStar"}
    for scope in ({"origin": "receipt", "receipt_id": unit["received"]["voucher_id"]}, dates):
        assert sue.post("/api/recalls/preview", {"site": sue.site, "scope": scope})["total"] == 10
    main = {"id": new_id(), "location_id": sue.place("MAIN"), "remark": "built in"}
    consumed = {"purpose": "consume", "serial_nos": ["P9-03"], "parent_serial_no": "P9-02"}
    sue.post("/api/stock-entries", main | consumed)
    sue.post(
        "/api/stock-entries",
        main | {"id": new_id()} | consumed | {"serial_nos": ["P9-02"], "parent_serial_no": "P9-04"},
    )
    deliver(sue, serial_nos=["P9-04"], customer="BETA")

    recall = start(sue, {"origin": "component", "component": "p9-03"})

    units = listed(sue, recall)
    assert {name: each["via"] for name, each in units.items()} == {"P9-03": None, "P9-02": "P9-03", "P9-04": "P9-02"}
    assert {each["unit"]["customer"]["code"] for each in units.values()} == {"BETA"}
    assert units["P9-03"]["unit"]["inside"]["serial_no"] == "P9-04"
    forward = sue.get("/api/traces", component="P9-03")["units"]
    assert {each["serial_no"]: each["customer"]["code"] for each in forward} == dict.fromkeys(units, "BETA")
    back = sue.get("/api/traces", unit=units["P9-04"]["unit"]["id"], direction="backward")["units"]
    assert {each["serial_no"] for each in back} == set(units)
    assert {each["receipt"]["purchase_order"] for each in back} == {"PO-9"}


def test_one_hold_serves_two_recalls_and_falls_with_the_last(
    app: Flask, sue: Api, ana: Api, pumps: dict[str, Any]
) -> None:
    scope = {"origin": "serials", "serial_nos": ["P9-02"]}
    first, second = start(sue, scope), start(sue, scope)
    path = f"/api/units/{unit_of(sue, 'P9-02')['id']}/lift"
    assert sue.post(path, {"kind": "recall", "reason": "x"}, 409)["code"] == "recall_open"
    sue.post(f"/api/vouchers/{first['id']}/cancel", {"reason": "wrong list"})
    assert deliver(ana, expect=409, serial_nos=["P9-02"])["code"] == "unit_recalled"
    with app.app_context():
        unit_id = unit_of(sue, "P9-02")["id"]
        assert open_recall_of(db.session(), [unit_id])[unit_id]["number"] == second["number"]
    sue.post(f"/api/vouchers/{second['id']}/cancel", {"reason": "wrong list"})
    deliver(ana, serial_nos=["P9-02"])


def test_the_file_holds_what_the_list_does(sue: Api, kim: Api, pumps: dict[str, Any]) -> None:
    recall = start(sue, batch_of(sue, "P9-01"), reason='=HYPERLINK("x")')
    answer = kim.client.get(f"/api/recalls/{recall['id']}/units.csv")
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert [row["Serial No"] for row in rows] == P9
    assert [row["Accounted For"] for row in rows].count("NO") == 1
    told = kim.client.get(f"/api/recalls/{recall['id']}/events.jsonld")
    events = json.loads(told.get_data())["epcisBody"]["eventList"]
    epcs = {epc for event in events for epc in event.get("epcList", ())}
    assert {epc.rsplit("/", 1)[1] for epc in epcs} == {row["Serial No"] for row in rows}
    traced = kim.client.get(f"/api/traces.csv?recall={recall['id']}")
    rows = list(csv.DictReader(io.StringIO(traced.get_data().decode("utf-8-sig"))))
    assert [row["Serial No"] for row in rows] == P9
    assert {row["Purchase Order"] for row in rows} == {"PO-9"}
