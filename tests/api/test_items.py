"""Items as supervisors look after them: made with a profile, edited by one person at a time, retired, pictured."""

import io
import uuid
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.api_client import Api

LAP_GTIN = "09506000134352"


@pytest.fixture
def laptop(sue: Api) -> dict[str, Any]:
    found: dict[str, Any] = sue.get("/api/masters/items", q=LAP_GTIN)["items"][0]
    return sue.get(f"/api/masters/items/{found['id']}")  # type: ignore[no-any-return]


def an_item(sue: Api, expect: int = 200, **fields: Any) -> dict[str, Any]:
    wanted = {"site": sue.site, "item_code": "PHONE-1", "name": "Phone", **fields}
    made: dict[str, Any] = sue.post("/api/masters/items", wanted, expect)
    return made


def test_a_profile_fills_in_what_is_not_said_and_stays_editable(sue: Api) -> None:
    made = an_item(sue, profile="pharma", pick_rule="fifo", barcodes=["9506000134383"])
    assert (made["tracking"], made["expiry_required"], made["verify_returns"]) == ("serial_batch", True, True)
    assert (made["pick_rule"], made["gaps"], made["edited_by"]) == ("fifo", [], "sue")
    assert [(code["code"], code["is_gtin"]) for code in made["barcodes"]] == [("09506000134383", True)]

    edited = sue.post(f"/api/masters/items/{made['id']}", {"version": made["version"], "expiry_required": False})
    assert edited["profile"] == "pharma"
    assert [gap["field"] for gap in edited["gaps"]] == ["expiry_required"]
    sue.post(f"/api/masters/items/{made['id']}", {"version": edited["version"], "profile": "electronics"})
    # Said outright, the profile's own setting is used; FEFO or an expiry would need batches.
    phone = sue.get(f"/api/masters/items/{made['id']}")
    assert (phone["tracking"], phone["secondary_kinds"], phone["warranty_months"]) == ("serial", ["imei", "mac"], 24)


def test_an_item_without_a_code_gets_the_next_of_the_sites_series(sue: Api) -> None:
    sue.post("/api/masters/series", {"site": sue.site, "kind": "item", "pattern": "HQ-.##", "seen": None})
    assert [an_item(sue, item_code=None)["item_code"] for _ in range(2)] == ["HQ-01", "HQ-02"]
    assert an_item(sue, item_code="HQ-01", expect=409)["code"] == "code_taken"


def test_two_editors_do_not_overwrite_each_other(sue: Api, log_in: Any, laptop: dict[str, Any]) -> None:
    address, admin = f"/api/masters/items/{laptop['id']}", log_in("admin")
    assert admin.post(address, {"version": laptop["version"], "shelf_life_days": 30})["edited_by"] == "admin"
    refused = sue.post(address, {"version": laptop["version"], "name": "Notebook"}, expect=409)
    assert (refused["code"], refused["facts"]["by"]) == ("changed_meanwhile", "admin")
    assert sue.get(address)["name"] == "Laptop 15 inch"


def test_a_change_that_changes_nothing_keeps_the_version(sue: Api, laptop: dict[str, Any]) -> None:
    again = sue.post(f"/api/masters/items/{laptop['id']}", {"version": laptop["version"], "name": laptop["name"]})
    assert again["version"] == laptop["version"]


def test_the_tracking_of_an_item_with_units_stays(sue: Api, laptop: dict[str, Any]) -> None:
    refused = sue.post(f"/api/masters/items/{laptop['id']}", {"version": 1, "tracking": "none"}, expect=409)
    assert (refused["code"], laptop["has_units"]) == ("item_has_units", True)
    made = an_item(sue, tracking="serial")
    assert sue.post(f"/api/masters/items/{made['id']}", {"version": 1, "tracking": "batch"})["tracking"] == "batch"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"tracking": "none", "serial_no_series": "S-.##"}, "item_settings_disagree"),
        ({"tracking": "serial", "expiry_required": True}, "item_settings_disagree"),
        ({"tracking": "serial", "pick_rule": "fefo"}, "item_settings_disagree"),
        ({"tracking": "serial", "warranty_days": 1, "warranty_months": 1}, "item_settings_disagree"),
        ({"tracking": "serial", "serial_no_series": "S##"}, "series_dot_missing"),
        ({"tracking": "serial", "serial_no_series": "S-.{colour}"}, "series_unknown_field"),
        ({"tracking": "serial", "over_receipt_percent": 101}, "invalid_request"),
        ({"tracking": "serial", "name": " "}, "invalid_request"),
        ({"barcodes": ["010950600013435321SN1"]}, "barcode_invalid"),
        ({"barcodes": [LAP_GTIN]}, "barcode_taken"),
    ],
)
def test_settings_that_cannot_be_are_refused(sue: Api, fields: dict[str, Any], code: str) -> None:
    wanted = {"site": sue.site, "item_code": "X-1", "name": "X", **fields}
    assert sue.post("/api/masters/items", wanted, expect=409 if code == "barcode_taken" else 422)["code"] == code
    assert sue.get("/api/masters/items", q="X-1")["items"] == []


def test_a_foreign_code_is_linked_once_and_then_found(sue: Api, ana: Api, laptop: dict[str, Any]) -> None:
    address = f"/api/masters/items/{laptop['id']}/barcodes"
    linked = sue.post(address, {"text": "https://id.gs1.org/01/09506000134383/21/SN1"})
    assert "09506000134383" in linked["gtins"]
    assert sue.post(address, {"text": "FOREIGN-77"})["barcodes"][-1]["code"] == "FOREIGN-77"
    assert len(sue.post(address, {"text": "FOREIGN-77"})["barcodes"]) == 3
    assert [item["id"] for item in ana.get("/api/masters/items", q="FOREIGN-77")["items"]] == [laptop["id"]]
    assert sue.post(address, {"text": "]d2" + "21SN1"}, expect=422)["code"] == "barcode_names_no_item"
    assert ana.post(address, {"text": "FOREIGN-78"}, expect=403)["code"] == "forbidden"
    outcome = ana.scan(ana.open_receipt(), "FOREIGN-77")
    assert outcome["code"] == "item_code_not_serial"


def test_a_retired_item_is_not_offered_and_keeps_its_history(sue: Api, ana: Api, laptop: dict[str, Any]) -> None:
    address = f"/api/masters/items/{laptop['id']}"
    retired = sue.post(f"{address}/retire", {"version": laptop["version"]})
    assert retired["retired_at"] is not None
    assert laptop["id"] not in [item["id"] for item in ana.get("/api/items", site=ana.site)["items"]]
    assert sue.get("/api/masters/items", q="LAP-15")["items"] == []
    assert sue.get("/api/masters/items", q="LAP-15", show="retired")["items"][0]["id"] == laptop["id"]
    found = ana.get("/api/units", site=ana.site, q="NB24-0001")["matches"][0]
    assert ana.get(f"/api/units/{found['id']}")["item"]["item_code"] == "LAP-15"
    line = {"item_code": "LAP-15", "qty": 1}
    wanted = {"id": str(uuid.uuid4()), "site": sue.site, "customer": "ACME", "lines": [line]}
    assert sue.post("/api/sales-orders", wanted, expect=409)["code"] == "retired"
    sue.post(f"{address}/bring-back", {"version": retired["version"]})
    assert sue.post("/api/sales-orders", wanted)["status"] == "draft"
    assert laptop["id"] in [item["id"] for item in ana.get("/api/items", site=ana.site)["items"]]


def test_a_list_goes_on_where_it_stopped(sue: Api) -> None:
    codes = [f"P-{number:03d}" for number in range(7)]
    for code in codes:
        an_item(sue, item_code=code, name="100% cotton" if code == "P-003" else "Part")
    seen: list[str] = []
    after: dict[str, str] = {}
    while after is not None:
        page = sue.get("/api/masters/items", q="P-0", limit=3, **after)
        seen += [item["item_code"] for item in page["items"]]
        after = {"after": page["next"]} if page["next"] else None  # type: ignore[assignment]
    assert seen == codes
    assert [item["item_code"] for item in sue.get("/api/masters/items", q="0% C")["items"]] == ["P-003"]


def test_a_picture_is_encoded_anew_in_colour_and_of_bounded_size(sue: Api, ana: Api, laptop: dict[str, Any]) -> None:
    address = f"/api/masters/items/{laptop['id']}/picture"
    picture = Image.fromarray(np.full((1000, 2600, 3), (200, 30, 30), np.uint8))
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    picture.save(file, "JPEG", exif=exif)
    form = {"picture": (io.BytesIO(file.getvalue()), "red.jpg")}
    headers = {"X-CSRF-Token": sue.csrf_token}
    answer = sue.client.post(address, data=form, content_type="multipart/form-data", headers=headers)
    assert (answer.status_code, answer.get_json()["has_picture"]) == (200, True)
    shown = ana.client.get(address)
    kept = Image.open(io.BytesIO(shown.data))
    assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (1280, 492), {})
    red, green, _ = kept.getpixel((600, 200))  # type: ignore[misc]
    assert red > 150 > green
    assert b"secret place" not in shown.data

    text = {"picture": (io.BytesIO(b"no picture"), "red.jpg")}
    answer = sue.client.post(address, data=text, content_type="multipart/form-data", headers=headers)
    assert (answer.status_code, answer.get_json()["code"]) == (415, "unsupported_image")
    assert sue.client.delete(address, headers=headers).status_code == 204
    assert ana.client.get(address).status_code == 404
