"""What a wrong or hostile request gets: a clear refusal with a code, nothing lost, and never a 500."""

import io
import itertools
import json
import uuid
from typing import Any

import pytest
from flask import Flask

from tests.api.test_frames import jpeg, symbol
from tests.api_client import Api, Clock, logged_in
from tests.conftest import BOTH_DATABASES
from tests.conventions.calls import at_site

BATCH = "B-1"
HOSTILE = ("<img src=x onerror=alert(1)>", "=1+1", "'; DROP TABLE scan; --", "{{7*7}}", "../../etc/passwd", "%s%n")


@pytest.fixture
def engine_name() -> str:
    """Most of this is refused before a database is asked; where one decides, both are."""
    return "sqlite"


@pytest.fixture
def north(app: Flask, clock: Clock) -> Api:
    """The administrator, looking at the site where Ana has no role."""
    return at_site(logged_in(app, "admin", clock), "NORTH")


def post_raw(person: Api, path: str, body: bytes, content_type: str = "application/json") -> Any:
    headers = {"X-CSRF-Token": person.csrf_token, "Content-Type": content_type}
    return person.client.post(path, data=body, headers=headers)


# --- orders, places, vouchers -------------------------------------------------------------------------------


@BOTH_DATABASES
def test_a_closed_order_takes_no_receipt(ana: Api) -> None:
    receipt = ana.open_receipt()
    ana.send(*(ana.a_scan(receipt, f"NB25-{number:04d}", batch_no=BATCH) for number in range(1, 51)))
    ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    answer = ana.post("/api/purchase-receipts", ana.receipt_request(), expect=409)
    assert answer["code"] == "order_closed"
    assert "PO-1 is closed" in answer["detail"]


@pytest.mark.parametrize("ending", ["submit", "discard"])
def test_a_receipt_that_is_over_takes_no_scan_and_no_list(ana: Api, ending: str) -> None:
    receipt = ana.open_receipt()
    address = f"/api/purchase-receipts/{receipt['id']}"
    ana.scan(receipt, "NB25-0001", batch_no=BATCH)
    ana.post(f"{address}/{ending}", {"reason": "wrong order"} if ending == "discard" else {})

    outcome = ana.scan(receipt, "NB25-0002", batch_no=BATCH)
    assert (outcome["status"], outcome["code"]) == ("refused", "voucher_not_open")
    line = {
        "id": str(uuid.uuid4()),
        "item_id": receipt["lines"][0]["item"]["id"],
        "serial_nos": ["NB25-0003"],
        "batch_no": BATCH,
    }
    assert ana.post(f"{address}/units", line, expect=409)["code"] == "voucher_not_open"
    other = "discard" if ending == "submit" else "submit"
    assert (
        ana.post(f"{address}/{other}", {"reason": "x"} if other == "discard" else {}, 409)["code"] == "voucher_not_open"
    )


def test_an_empty_receipt_is_not_posted(ana: Api) -> None:
    receipt = ana.open_receipt()
    assert ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {}, expect=409)["code"] == "receipt_empty"


@pytest.mark.parametrize("place", ["SUPPLIER", "CUSTOMER", "REJECT", "N-MAIN", None])
def test_a_place_that_receives_nothing_here_is_refused(ana: Api, north: Api, place: str | None) -> None:
    elsewhere = {each["code"]: each["id"] for each in north.get("/api/locations", site=north.site)["locations"]}
    here = {each["code"]: each["id"] for each in ana.get("/api/locations", site=ana.site)["locations"]}
    wanted = ana.receipt_request() | {"location_id": (elsewhere | here)[place] if place else 999_999}
    answer = ana.post("/api/purchase-receipts", wanted, expect=422)
    assert answer["code"] == "location_unknown"
    assert ana.get("/api/purchase-receipts", site=ana.site, status="draft")["purchase_receipts"] == []


def test_a_receipt_of_an_order_that_is_none(ana: Api) -> None:
    wanted = ana.receipt_request() | {"purchase_order_id": str(uuid.uuid4())}
    assert ana.post("/api/purchase-receipts", wanted, expect=404)["code"] == "order_unknown"


@BOTH_DATABASES
def test_an_id_of_a_voucher_of_another_kind_is_none(ana: Api) -> None:
    """An order's id is no receipt's and the other way round."""
    receipt = ana.open_receipt()
    order = receipt["purchase_order"]["id"]
    ana.get(f"/api/purchase-orders/{receipt['id']}", 404)
    ana.get(f"/api/purchase-receipts/{order}", 404)
    ana.get(f"/api/purchase-receipts/{order}/units", 404)
    for action, body in (("submit", {}), ("discard", {"reason": "x"})):
        assert ana.post(f"/api/purchase-receipts/{order}/{action}", body, expect=404)["code"] == "receipt_unknown"
    wanted = ana.receipt_request() | {"purchase_order_id": receipt["id"]}
    assert ana.post("/api/purchase-receipts", wanted, expect=404)["code"] == "order_unknown"
    assert ana.scan({"id": order}, "NB25-0001", batch_no=BATCH)["code"] == "voucher_unknown"


@BOTH_DATABASES
def test_a_new_voucher_cannot_take_the_id_of_another(ana: Api) -> None:
    order = ana.receipt_request()["purchase_order_id"]
    taken = ana.post("/api/purchase-receipts", ana.receipt_request() | {"id": order}, expect=409)
    assert taken["code"] == "id_reused"
    receipt = ana.open_receipt("PO-2")
    for change in ({"location_id": ana.place("A-01")}, {"purchase_order_id": order}):
        again = ana.receipt_request("PO-2") | {"id": receipt["id"]} | change
        assert ana.post("/api/purchase-receipts", again, expect=409)["code"] == "id_reused"
    delivery = {"customer": "ACME", "location_id": ana.place("MAIN"), "serial_nos": ["NB23-0002"]}
    for taken_id in (receipt["id"], order):
        assert ana.post("/api/delivery-notes", delivery | {"id": taken_id}, expect=409)["code"] == "id_reused"


@BOTH_DATABASES
def test_what_is_of_a_foreign_site_stays_there(ana: Api, north: Api) -> None:
    receipt = north.open_receipt("PO-3", "N-MAIN")
    before = north.scan(receipt, "NB25-0001", batch_no=BATCH)["counts"]
    address = f"/api/purchase-receipts/{receipt['id']}"

    (outcome,) = ana.send(ana.a_scan(receipt, "NB25-0002", batch_no=BATCH))
    assert (outcome["status"], outcome["code"], outcome["unit"], outcome["counts"]) == (
        "refused",
        "forbidden",
        None,
        None,
    )
    assert receipt["number"] not in json.dumps(outcome)
    for answer in (
        ana.get(address, 403),
        ana.get(f"{address}/units", 403),
        ana.post(f"{address}/submit", {}, 403),
        ana.post(f"{address}/discard", {"reason": "mine"}, 403),
        ana.get("/api/feed", 403, site=north.site, since=0),
        ana.get("/api/purchase-orders", 403, site=999_999),
    ):
        assert answer["code"] == "forbidden"
        assert receipt["number"] not in json.dumps(answer)
    assert north.get(address)["counts"] == before


@BOTH_DATABASES
def test_a_batch_for_two_sites_is_judged_scan_by_scan(ana: Api, north: Api) -> None:
    mine, theirs = ana.open_receipt(), north.open_receipt("PO-3", "N-MAIN")
    receipts = [mine, theirs, mine, {"id": str(uuid.uuid4())}, mine]
    scans = [ana.a_scan(each, f"NB25-{number}", batch_no=BATCH) for number, each in enumerate(receipts)]
    outcomes = ana.send(*scans)
    assert [outcome["code"] for outcome in outcomes] == ["ok", "forbidden", "ok", "voucher_unknown", "ok"]
    assert [outcome["id"] for outcome in outcomes] == [scan["id"] for scan in scans]


def test_a_picture_is_not_kept_at_a_foreign_site(ana: Api, north: Api) -> None:
    for site in (str(north.site), "999999", "", "HQ", "-1", "9" * 4000, "²"):
        form = {"frame": (io.BytesIO(jpeg(symbol("X"))), "a.jpg"), "keep": "bad_label", "site": site}
        answer = ana.client.post("/api/frames", data=form, headers={"X-CSRF-Token": ana.csrf_token})
        assert (answer.status_code, answer.get_json()["code"]) == (404, "site_unknown"), site


# --- batches of scans ---------------------------------------------------------------------------------------


@BOTH_DATABASES
def test_one_malformed_scan_stops_none_of_the_others(ana: Api) -> None:
    receipt = ana.open_receipt()
    scans: list[Any] = [ana.a_scan(receipt, f"NB25-{number:04d}", batch_no=BATCH) for number in range(40)]
    scans[20] = scans[20] | {"scanned_at": "yesterday"}
    outcomes = ana.send(*scans)
    assert [outcome["code"] for outcome in outcomes] == ["ok"] * 20 + ["malformed_scan"] + ["ok"] * 19
    assert outcomes[20]["id"] == scans[20]["id"]
    assert "scanned_at" in outcomes[20]["message"]
    assert ana.get(f"/api/purchase-receipts/{receipt['id']}")["counts"]["accepted"] == 39

    scans[20]["scanned_at"] = ana.clock.now.isoformat()
    mended = ana.send(*scans)
    assert [outcome["replayed"] for outcome in mended] == [True] * 20 + [False] + [True] * 19
    assert ana.get(f"/api/purchase-receipts/{receipt['id']}")["counts"]["accepted"] == 40


CHANGES: list[dict[str, Any]] = [
    {"id": "not-a-uuid"},
    {"id": None},
    {"id": 7},
    {"n": 0},
    {"n": -1},
    {"n": 1.5},
    {"n": "1"},
    {"n": True},
    {"n": 10**30},
    {"n": float("nan")},
    {"n": float("inf")},
    {"purpose": "steal"},
    {"voucher_id": "../../etc/passwd"},
    {"voucher_id": {"$ne": ""}},
    {"text": None},
    {"text": ["NB25-0001"]},
    {"text": "X" * 4097},
    {"raw": "%%%"},
    {"raw": 7},
    {"symbology": "]d2" * 3},
    {"source": "telepathy"},
    {"scanned_at": "2026-01-05T10:00:00"},
    {"scanned_at": "2026-13-45T10:00:00Z"},
    {"scanned_at": 1767607200},
    {"expires_on": "31.12.2027"},
    {"expires_on": "2026-02-30"},
    {"batch_no": "B" * 65},
    {"item_id": 0},
    {"item_id": 2**31},
    {"item_id": 1.0},
    {"condition": "stolen"},
    {"reason": "r" * 201},
    {"undoes": "no"},
    {"is_admin": True},
    {"site_id": 1},
    {"recorded_at": "2020-01-01T00:00:00Z"},
]


@BOTH_DATABASES
def test_a_scan_that_is_none_says_which_field(ana: Api) -> None:
    receipt = ana.open_receipt()
    bad = [ana.a_scan(receipt, "NB25-0001", batch_no=BATCH) | change for change in CHANGES]
    *outcomes, good = ana.send(*bad, ana.a_scan(receipt, "NB25-0002", batch_no=BATCH))
    assert [outcome["code"] for outcome in outcomes] == ["malformed_scan"] * len(CHANGES)
    assert {outcome["status"] for outcome in outcomes} == {"refused"}
    fields = [next(iter(change)) for change in CHANGES]
    assert [field for field, outcome in zip(fields, outcomes, strict=True) if field not in outcome["message"]] == []
    assert (good["code"], good["counts"]["accepted"]) == ("ok", 1)


def test_an_entry_that_is_no_object_is_malformed(ana: Api) -> None:
    entries = [None, 7, "scan", [], {}, [[]], True]
    *outcomes, good = ana.send(*entries, ana.a_scan(ana.open_receipt(), "NB25-0001", batch_no=BATCH))
    assert [(outcome["id"], outcome["code"]) for outcome in outcomes] == [(None, "malformed_scan")] * len(entries)
    assert good["code"] == "ok"


@pytest.mark.parametrize("count", [0, 201])
def test_a_batch_has_one_to_two_hundred_scans(ana: Api, count: int) -> None:
    receipt = ana.open_receipt()
    envelope = ana.envelope(*(ana.a_scan(receipt, f"NB25-{number:04d}", batch_no=BATCH) for number in range(count)))
    answer = ana.post("/api/scans", envelope, expect=422)
    assert answer["code"] == "invalid_request"
    assert "scans" in answer["errors"]["json"]
    assert ana.get(f"/api/purchase-receipts/{receipt['id']}")["counts"]["accepted"] == 0


@BOTH_DATABASES
def test_an_id_that_was_used_for_other_content_is_refused(ana: Api, ben: Api) -> None:
    receipt = ana.open_receipt()
    scan = ana.a_scan(receipt, "NB25-0001", batch_no=BATCH)
    assert ana.send(scan)[0]["code"] == "ok"
    changed = scan | {"text": "NB25-0002"}
    outcomes = [ana.send(changed)[0], ben.send(changed)[0], *ana.send(scan, changed)]
    assert [outcome["code"] for outcome in outcomes] == ["id_reused", "id_reused", "ok", "id_reused"]
    assert ana.get(f"/api/purchase-receipts/{receipt['id']}")["counts"]["accepted"] == 1


@BOTH_DATABASES
def test_two_scans_of_one_batch_with_one_id_count_once(ana: Api) -> None:
    scan = ana.a_scan(ana.open_receipt(), "NB25-0001", batch_no=BATCH)
    first, same, other = ana.send(scan, scan, scan | {"text": "NB25-0002"})
    assert (first["code"], same["replayed"], other["code"]) == ("ok", True, "id_reused")
    assert first["counts"]["accepted"] == 1


@BOTH_DATABASES
def test_a_scan_of_another_receipt_cannot_be_taken_back(ana: Api, ben: Api) -> None:
    mine, theirs = ana.open_receipt(), ben.open_receipt("PO-2")
    scan = ben.a_scan(theirs, "NB25-0001", batch_no=BATCH)
    laptop = next(line["item"]["id"] for line in theirs["lines"] if line["item"]["item_code"] == "LAP-15")
    assert ben.send(scan | {"item_id": laptop})[0]["code"] == "ok"
    for undoes in (scan["id"], str(uuid.uuid4()), None):
        outcome = ana.scan(mine, "", purpose="undo", undoes=undoes)
        assert (outcome["status"], outcome["code"]) == ("refused", "nothing_to_undo")
    assert ben.get(f"/api/purchase-receipts/{theirs['id']}")["counts"]["accepted"] == 1


# --- bodies -------------------------------------------------------------------------------------------------


def test_what_is_no_json_object_is_refused(ana: Api) -> None:
    receipt = ana.open_receipt()
    paths = ("/api/scans", "/api/purchase-receipts", f"/api/purchase-receipts/{receipt['id']}/discard")
    bodies = (b"", b"{", b"null", b"[]", b'"text"', b"42", b"true", b"\xff\xfe{}", b"\x00")
    for path, body in itertools.product(paths, bodies):
        answer = post_raw(ana, path, body)
        assert answer.status_code in (400, 422), (path, answer.get_data(as_text=True))
        assert answer.get_json()["code"] in ("bad_request", "invalid_request")
        assert answer.get_json()["next_step"]


def test_fields_that_are_not_asked_for_are_refused_by_name(ana: Api) -> None:
    device = {"device_id": str(uuid.uuid4()), "device_name": "x", "sent_at": "2026-01-05T10:00:00Z"}
    receipt = f"/api/purchase-receipts/{ana.open_receipt()['id']}"
    units = {"location_id": 1, "serial_nos": ["X"]}
    bodies: dict[str, dict[str, Any]] = {
        "/api/session": {"username": "ana", "password": "demo-ana"},
        "/api/scans": device | {"scans": [ana.a_scan({"id": str(uuid.uuid4())}, "X")]},
        "/api/purchase-receipts": ana.receipt_request(),
        f"{receipt}/units": {"id": str(uuid.uuid4()), "item_id": 1, "serial_nos": ["X"]},
        f"{receipt}/submit": {},
        f"{receipt}/discard": {"reason": "x"},
        "/api/delivery-notes": {"id": str(uuid.uuid4()), "customer": "ACME", **units},
    }
    for path, field in itertools.product(bodies, ("role", "site_id", "is_admin", "created_at", "__proto__", "é")):
        answer = ana.post(path, bodies[path] | {field: 1}, expect=422)
        assert (answer["code"], answer["errors"]) == ("invalid_request", {"json": {field: ["Unknown field."]}})
        assert answer["facts"] == {"fields": f"{field}: Unknown field"}
        assert field in answer["detail"]


def test_a_field_of_the_wrong_kind_is_named(ana: Api) -> None:
    good = ana.receipt_request()
    wrong = ("", " ", 1.5, True, [], {}, "x", -1, 10**30, float("nan"), float("inf"))
    for field, value in itertools.product(good, wrong):
        answer = ana.post("/api/purchase-receipts", good | {field: value}, expect=422)
        assert list(answer["errors"]["json"]) == [field], (field, value)


@BOTH_DATABASES
def test_a_question_that_is_none_is_refused(sue: Api) -> None:
    questions: list[tuple[str, dict[str, Any]]] = [
        ("/api/purchase-orders", {}),
        ("/api/purchase-orders", {"site": "HQ"}),
        ("/api/purchase-orders", {"site": "1 OR 1=1"}),
        ("/api/purchase-orders", {"site": 1, "sort": "number"}),
        ("/api/purchase-orders", {"site": 1, "status": "stolen"}),
        ("/api/units", {"site": 1}),
        ("/api/units", {"site": 1, "q": ""}),
        ("/api/units", {"site": 1, "q": "X" * 4097}),
        ("/api/feed", {"site": 1}),
        ("/api/feed", {"site": 1, "since": -1}),
        ("/api/feed", {"site": 1, "since": 10**30}),
        ("/api/feed", {"site": 1, "since": 0, "limit": 10**9}),
        ("/api/boards/receiving", {"site": "1; DROP TABLE event"}),
        ("/api/kept-frames", {"site": 0}),
    ]
    for path, query in questions:
        assert sue.get(path, 422, **query)["code"] == "invalid_request", query


def test_an_id_that_is_none_is_not_found(ana: Api) -> None:
    ids = ("1", "x", "%00", "../session", "' OR 1=1", "00000000-0000-0000-0000-00000000000g")
    paths = ("/api/purchase-orders/{}", "/api/purchase-receipts/{}", "/api/purchase-receipts/{}/units")
    for path, voucher in itertools.product(paths, ids):
        assert ana.get(path.format(voucher), 404)["code"] == "not_found"


# --- hostile texts ------------------------------------------------------------------------------------------


@BOTH_DATABASES
def test_hostile_texts_are_data_and_stay_as_they_are(ana: Api, sue: Api) -> None:
    receipt = ana.open_receipt()
    scans = [ana.a_scan(receipt, text, batch_no=text, condition="rejected", reason=text) for text in HOSTILE]
    units = [outcome["unit"] for outcome in ana.send(*scans)]
    assert [(unit["serial_no"], unit["batch_no"]) for unit in units] == [(text, text) for text in HOSTILE]

    posted = ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    assert {(unit["serial_no"], unit["reason"]) for unit in posted["units"]} == {(text, text) for text in HOSTILE}
    for text in HOSTILE:
        (found,) = ana.get("/api/units", site=ana.site, q=text)["matches"]
        assert ana.get(f"/api/units/{found['id']}")["batch"]["batch_no"] == text
    board = sue.client.get("/api/boards/receiving", query_string={"site": sue.site})
    assert board.content_type == "application/json"
    assert board.headers["X-Content-Type-Options"] == "nosniff"
    assert {scan["text"] for scan in board.get_json()["stream"]} == set(HOSTILE)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_refusal_tells_a_hostile_text_as_data(ana: Api, text: str) -> None:
    unknown = ana.client.get("/api/units", query_string={"site": ana.site, "q": text})
    assert (unknown.content_type, unknown.get_json()["code"]) == ("application/json", "serial_unknown")
    delivery = {"id": str(uuid.uuid4()), "customer": text, "location_id": ana.place("MAIN"), "serial_nos": [text]}
    refused = ana.client.post("/api/delivery-notes", json=delivery, headers={"X-CSRF-Token": ana.csrf_token})
    assert (refused.status_code, refused.content_type) == (422, "application/problem+json")
    assert text in refused.get_json()["detail"]
