"""Everything that an auditor looks for stands in the reports with who, when, why and what; on both databases."""

import pytest
import sqlalchemy as sa
from flask import Flask

from backend.domain.people import Role
from backend.extensions import db
from backend.queries.reports import REPORTS
from backend.services import people
from backend.unit_of_work import transact
from tests.api.test_conflicts import begins_anew, picks
from tests.api.test_integrations import add_webhook
from tests.api.test_label_prints import wanted
from tests.api.test_purchase_orders import an_order
from tests.api.test_receiving_scenarios import look_up
from tests.api.test_reports import report
from tests.api_client import Api, Clock, new_id
from tests.conftest import LogIn
from tests.selling import deliver, order, pick_list, receive

Row = tuple[str, str | None, str | None, str | None]
"""Of what, by whom, its details, and the reason."""


def _labels(ana: Api) -> None:
    unit = look_up(ana, "NB25-0002")["id"]
    for subject, subject_id in (("unit", unit), ("place", ana.place("A-01"))):
        for reason in (None, "torn"):
            asked = wanted(ana, subject=subject, ids=[subject_id], symbol="qr", reason=reason, copies=2)
            ana.post("/api/label-prints", asked)


def _conflict(ana: Api, ben: Api, sue: Api) -> None:
    of_ana, of_ben = (pick_list(ana, order(sue, ("LAP-15", 1), number=number), manual=True) for number in "AB")
    ben.sync(*picks(ben, of_ben, ["NB25-0030"], "09:57:00"))
    ana.sync(*picks(ana, of_ana, ["NB25-0030"], "09:58:00"))
    (seen,) = sue.get("/api/conflicts", site=sue.site)["conflicts"]
    sue.post(f"/api/conflicts/{seen['id']}/settle", {"decision": "left_short", "reason": "next week"}, 204)


def _contracts(sue: Api) -> None:
    days = {"start_on": "2028-02-01", "end_on": "2029-01-31"}
    asked = {"id": new_id(), "site": sue.site, "number": "AMC-1", "customer": "ACME", "serial_nos": ["NB25-0017"]}
    made = sue.post("/api/service-contracts", asked | days)
    path = f"/api/service-contracts/{made['id']}"
    sue.post(path, days | {"serial_nos": ["NB25-0018", "NB25-0019"], "reason": "swapped"})
    sue.post(f"{path}/end", {"last_day": "2028-12-31", "reason": "not paid"})


def _masters(app: Flask, sue: Api) -> None:
    made = sue.post("/api/masters/items", {"site": sue.site, "item_code": "X-1", "name": "Ex", "tracking": "none"})
    item = f"/api/masters/items/{made['id']}"
    version = sue.post(item, {"version": made["version"], "name": "Ex 2", "warranty_months": 24, "tracking": "none"})[
        "version"
    ]
    version = sue.post(f"{item}/retire", {"version": version})["version"]
    sue.post(f"{item}/bring-back", {"version": version})
    party = sue.post("/api/masters/parties", {"site": sue.site, "code": "C-9", "kind": "customer", "name": "Nine"})
    sue.post(f"/api/masters/parties/{party['id']}", {"version": party["version"], "name": "Nine", "contact": "Bo"})
    place = {"site": sue.site, "code": "BIN-9", "name": "Nine", "kind": "bin", "parent_id": sue.place("A-01")}
    place = sue.post("/api/masters/places", place)
    moved = {"version": place["version"], "name": "Nine", "parent_id": sue.place("VAN-7")}
    sue.post(f"/api/masters/places/{place['id']}", moved)
    for seen in (None, "P-.##"):
        sue.post("/api/masters/series", {"site": sue.site, "kind": "party", "pattern": "P-.##", "seen": seen})
    days = {"site": sue.site, "time_zone": "Asia/Tokyo", "fiscal_month": 1}
    for version in (0, 1):
        sue.post("/api/masters/site-days", days | {"version": version})
    roles = {sue.site: frozenset({Role.PICKER})}
    with app.app_context():
        transact(lambda work: people.add_user(work, username="zoe", name="Zoe", password="long enough", roles=roles))
        transact(lambda work: people.revoke_user(work, "ben"))


def _devices(ana: Api, sue: Api) -> None:
    receipt = ana.open_receipt("PO-2")
    scans = [{"kind": "scan"} | ana.a_scan(receipt, f"NB26-{n:04}", batch_no="B-1") for n in range(9)]
    ana.post("/api/sync", ana.outbox(scans[0], scans[8]) | {"holds": []})
    sue.post("/api/device-gaps/settle", {"site": sue.site, "device_id": ana.device_id, "reason": "counted again"}, 204)
    before = ana.device_id
    ana.clock.forward(minutes=5)
    ana.client.set_cookie("serialtrail-device", before)
    assert begins_anew(ana)["code"] == "storage_cleared"
    sue.post("/api/device-gaps/settle", {"site": sue.site, "device_id": before, "reason": "scanned again"}, 204)


def _programs(app: Flask, admin: Api) -> None:
    token = {"site": admin.site, "name": "ERP", "permissions": ["orders.read", "units.read"]}
    made = admin.post("/api/tokens", token)
    admin.post(f"/api/tokens/{made['id']}/revoke", {})
    hook = add_webhook(app, admin, "127.0.0.1:9")
    admin.post(f"/api/webhooks/{hook['id']}/stop", {})


def _unlisted(ana: Api, sue: Api) -> None:
    receipt = ana.open_receipt(an_order(sue, 4, "S-1")["number"])
    assert ana.scan(receipt, "S-9", batch_no="B-1", takes_unexpected=True)["code"] == "ok"


OVER, NUMBERS = "NB25-0017: Out of Warranty: expired 147 days ago, on 2027-01-05.", "9 - 15"
EXPECTED: dict[str, list[Row]] = {
    "unlisted_serial_accepted": [("S-9", "ana", "LAP-15", None)],
    "claim_goodwill": [("NB25-0017", "sue", OVER, "loyal customer")],
    "conflict_left_short": [("NB25-0030", "sue", None, "next week")],
    "label_reprinted": [("A-01", "ana", "2 x roll_50x25", "torn"), ("NB25-0002", "ana", "2 x roll_50x25", "torn")],
    "contract_made": [("AMC-1", "sue", "2028-02-01 - 2029-01-31; + NB25-0017", None)],
    "contract_changed": [("AMC-1", "sue", "2028-02-01 - 2029-01-31; + NB25-0018, NB25-0019; - NB25-0017", "swapped")],
    "contract_ended": [("AMC-1", "sue", "2028-02-01 - 2028-12-31", "not paid")],
    "device_gap_noticed": [("ana's phone", "ana", NUMBERS, None)],
    "device_gap_settled": [("ana's phone", "sue", NUMBERS, "counted again")],
    "device_cleared": [("ana's phone", "ana", "-> ana's phone", None)],
    "device_cleared_settled": [("ana's phone", "sue", "-> ana's phone", "scanned again")],
    "item_made": [("X-1", "sue", "Ex", None)],
    "item_changed": [("X-1", "sue", "name: Ex -> Ex 2; warranty_months: - -> 24", None)],
    "item_retired": [("X-1", "sue", "", None)],
    "item_brought_back": [("X-1", "sue", "", None)],
    "party_made": [("C-9", "sue", "Nine", None)],
    "party_changed": [("C-9", "sue", "contact: - -> Bo", None)],
    "place_made": [("BIN-9", "sue", "Nine", None)],
    "place_changed": [("BIN-9", "sue", "parent: A-01 -> VAN-7", None)],
    "series_changed": [("party", "sue", "series: - -> P-.##", None)],
    "site_days_changed": [("HQ", "sue", "time_zone: UTC -> Asia/Tokyo", None)],
    "user_made": [("zoe", "command line (ops)", "picker", None)],
    "log_ins_ended": [("ben", "command line (ops)", "1", None)],
    "token_made": [("ERP", "admin", "orders.read, units.read", None)],
    "token_revoked": [("ERP", "admin", "orders.read, units.read", None)],
    "webhook_added": [("http://127.0.0.1:9/in", "ana", "stock_moved", None)],
    "webhook_stopped": [("http://127.0.0.1:9/in", "admin", "stock_moved", None)],
}


def test_each_kind_of_act_has_its_person_moment_reason_and_thing(
    app: Flask,
    ana: Api,
    ben: Api,
    sue: Api,
    kim: Api,
    log_in: LogIn,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All at once: what costs time is what was done before, not the looking."""
    monkeypatch.setattr("getpass.getuser", lambda: "ops")
    clock.forward(minutes=1)
    began = f"{clock.now:%Y-%m-%dT%H:%M:%SZ}"
    receive(ana, ["NB25-0002", "NB25-0017", "NB25-0018", "NB25-0019", "NB25-0030"])
    deliver(ana, serial_nos=["NB25-0017", "NB25-0018", "NB25-0019"])
    _conflict(ana, ben, sue)
    _labels(ana)
    _contracts(sue)
    admin = log_in("admin")
    _programs(app, admin)
    _unlisted(ana, sue)
    _devices(ana, sue)
    _masters(app, sue)
    clock.set("2027-06-01T03:00")
    asked = {"id": new_id(), "site": sue.site, "customer": "ACME", "serial_no": "NB25-0017", "complaint": "dead"}
    claim = sue.post("/api/warranty-claims", asked | {"goodwill_reason": "loyal customer"})

    audit = report(kim, "audit", limit=1000)
    for kind, rows in EXPECTED.items():
        found = [row for row in audit if row["what"] == kind and row["at"] >= began]
        said = [(row["subject"], row["by"], row["facts"], row["reason"]) for row in found]
        assert said == rows, kind
    assert {row["what"] for row in audit} <= set(REPORTS["audit"].acts)
    assert "log_in_revoked" not in {row["what"] for row in audit}, "ben did not end his own"
    corrections = report(kim, "corrections", limit=1000)
    assert corrections == [row for row in audit if row["what"] in REPORTS["corrections"].acts]
    (goodwill,) = report(kim, "corrections", act="claim_goodwill")
    assert (goodwill["voucher_no"], goodwill["at"]) == (claim["number"], "2027-06-01T03:00:00Z")
    assert report(kim, "audit", act="item_made", **{"from": "2026-01-05"}) == [
        row for row in audit if row["what"] == "item_made"
    ]
    assert kim.get("/api/reports/corrections", 422, site=kim.site, act="item_made")["code"] == "act_unknown"

    (north,) = (site["id"] for site in admin.sites if site["id"] != kim.site)
    shown = admin.get("/api/reports/audit", site=north, limit=1000)
    there = {row[1] for row in shown["rows"] if row[0] >= began} & set(EXPECTED)
    assert there == {kind for kind in EXPECTED if kind.startswith(("item_", "party_"))}, "what all sites share"


def test_what_is_kept_for_auditors_is_never_changed(app: Flask, sue: Api) -> None:
    sue.post("/api/masters/parties", {"site": sue.site, "code": "C-9", "kind": "customer", "name": "Nine"})
    with app.app_context(), pytest.raises(sa.exc.DBAPIError, match="append-only"):
        transact(lambda work: work.session.execute(sa.text("UPDATE audit_event SET facts = ''")))
    with app.app_context():
        assert db.session.scalar(sa.text("SELECT facts FROM audit_event WHERE subject = 'C-9'")) == "Nine"
