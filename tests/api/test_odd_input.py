"""Texts, numbers and moments that no database keeps: each is refused, none is a fault of the server."""

import uuid
from typing import Any

import pytest
from flask import Flask

from tests.api_client import Api, new_id

UNKEEPABLE = ("A\u0000B", "A\ud800B")


def test_log_in(app: Flask) -> None:
    for field in ("username", "password"):
        for text in UNKEEPABLE:
            credentials = {"username": "ana", "password": "demo-ana"} | {field: text}
            assert app.test_client().post("/api/session", json=credentials).status_code == 422


def test_a_scan_whose_fields_cannot_be_kept_is_malformed(ana: Api) -> None:
    receipt = ana.open_receipt()
    for field in ("reason", "symbology"):
        for text in UNKEEPABLE:
            outcome = ana.scan(receipt, "NB25-0001", batch_no="B-1", condition="rejected", **{field: text})
            assert (outcome["status"], outcome["code"]) == ("refused", "malformed_scan")
            assert field in outcome["message"]


def test_a_batch_that_cannot_be_kept_is_refused_by_its_rule(ana: Api) -> None:
    receipt = ana.open_receipt()
    for text in UNKEEPABLE:
        outcome = ana.scan(receipt, "NB25-0001", batch_no=text)
        assert (outcome["status"], outcome["code"]) == ("refused", "batch_has_control_characters")
    for code in ("]d2010950600013435210A\u0000B\u001d21SN1", "https://x.example/01/09506000134352/10/A%00B/21/SN1"):
        assert ana.scan(receipt, code)["status"] == "refused"


def test_one_such_scan_does_not_stop_the_others_of_its_batch(ana: Api) -> None:
    receipt = ana.open_receipt()
    good, bad = ana.a_scan(receipt, "NB25-0001", batch_no="B-1"), ana.a_scan(receipt, "NB25-0002", batch_no="\u0000")
    assert [outcome["status"] for outcome in ana.send(bad, good)] == ["refused", "accepted"]


def test_a_device_name_that_cannot_be_kept(ana: Api) -> None:
    scan = ana.a_scan(ana.open_receipt(), "NB25-0001")
    for text in UNKEEPABLE:
        answer = ana.post("/api/scans", ana.envelope(scan) | {"device_name": text}, expect=422)
        assert "device_name" in answer["errors"]["json"]


def test_a_list_names_the_serial_number_that_cannot_be_kept(ana: Api) -> None:
    receipt = ana.open_receipt()
    for text in UNKEEPABLE:
        item = receipt["lines"][0]["item"]["id"]
        wanted = {"id": new_id(), "item_id": item, "serial_nos": ["NB25-0001", text], "batch_no": "B-1"}
        answer = ana.post(f"/api/purchase-receipts/{receipt['id']}/units", wanted, expect=422)
        refused = [(each["index"], each["code"]) for each in answer["facts"]["refused"]]
        assert refused == [(1, "serial_has_control_characters")]


def test_a_reason_and_a_delivery_that_cannot_be_kept(ana: Api) -> None:
    receipt = ana.open_receipt()
    delivery = {"id": str(uuid.uuid4()), "location_id": ana.place("MAIN"), "customer": "ACME", "serial_nos": ["X"]}
    for text in UNKEEPABLE:
        ana.post(f"/api/purchase-receipts/{receipt['id']}/discard", {"reason": text}, expect=422)
        ana.post("/api/delivery-notes", delivery | {"customer": text}, expect=422)
        ana.post("/api/delivery-notes", delivery | {"serial_nos": [text]}, expect=422)


def test_a_look_up_of_what_no_serial_number_can_be(kim: Api) -> None:
    for text in ("A\u0000B", "X" * 4096, "\u202eNB23", "ﷺ" * 64):
        found = kim.get("/api/units", site=kim.site, q=text)
        assert (found["matches"], found["suggestions"], found["code"]) == ([], [], "serial_unknown")


def test_a_device_that_has_counted_far(ana: Api) -> None:
    receipt = ana.open_receipt()
    for n in (2**31, 2**53):
        assert ana.scan(receipt, f"NB25-{n}", batch_no="B-1", n=n)["code"] == "ok"


def test_moments_that_not_every_zone_has(ana: Api) -> None:
    receipt = ana.open_receipt()
    for moment in (
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-12:00",
        "9999-12-31T23:59:59Z",
    ):
        outcome = ana.scan(receipt, "NB25-0001", batch_no="B-1", scanned_at=moment)
        assert (outcome["status"], outcome["code"]) == ("refused", "malformed_scan")
        ana.post("/api/scans", ana.envelope(ana.a_scan(receipt, "NB25-0001")) | {"sent_at": moment}, expect=422)


def test_a_clock_far_off_is_flagged_and_the_scan_counts(ana: Api) -> None:
    receipt = ana.open_receipt()
    for moment in ("1970-01-01T00:00:00Z", "2099-12-31T23:59:59+14:00"):
        scan = ana.a_scan(receipt, f"NB25-{moment}", batch_no="B-1", scanned_at=moment)
        answer = ana.post("/api/scans", ana.envelope(scan) | {"sent_at": moment})
        assert (answer["clock_off"], answer["outcomes"][0]["code"]) == (True, "ok")


def test_ids_that_no_database_gave(sue: Api) -> None:
    for number in (2**31, 2**63, 10**30, "9" * 5000):
        for path in (f"/api/units/{number}", f"/api/kept-frames/{number}/picture"):
            assert sue.get(path, expect=404)["code"] == "not_found"
    receipt = sue.open_receipt()
    for before in (2**63, 10**30):
        sue.get(f"/api/purchase-receipts/{receipt['id']}/units", expect=422, before=before)


def test_json_that_cannot_be_read(ana: Api) -> None:
    headers = {"X-CSRF-Token": ana.csrf_token, "Content-Type": "application/json"}
    for body in (b"[" * 100_000, b'{"n":' + b"9" * 5000 + b"}", b"\xff", b"NaN", b""):
        answer = ana.client.post("/api/scans", data=body, headers=headers)
        assert answer.status_code in (400, 422), answer.get_data(as_text=True)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_an_origin_that_is_none(app: Flask) -> None:
    credentials: dict[str, Any] = {"username": "ana", "password": "demo-ana"}
    for origin in ("http://[", "null", "http://evil.example"):
        answer = app.test_client().post("/api/session", json=credentials, headers={"Origin": origin})
        assert (answer.status_code, answer.get_json()["code"]) == (403, "csrf_failed")
