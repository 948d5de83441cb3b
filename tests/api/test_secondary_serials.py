"""Further numbers of a unit: of one unit only, checked, shown on its page and found by the look-up."""

from typing import Any

import pytest

from tests.api_client import Api

IMEI = "354178036859789"


@pytest.fixture
def units(sue: Api, ana: Api) -> list[int]:
    """Two laptops whose item has IMEIs and components."""
    laptop = sue.get("/api/masters/items", q="LAP-15")["items"][0]
    kinds = {"version": 1, "secondary_kinds": ["imei", "component"]}
    sue.post(f"/api/masters/items/{laptop['id']}", kinds)
    found = [ana.get("/api/units", site=ana.site, q=f"NB24-000{number}")["matches"][0] for number in (1, 2)]
    return [unit["id"] for unit in found]


def add(person: Api, unit: int, kind: str, text: str, expect: int = 200) -> Any:
    return person.post(f"/api/units/{unit}/secondary-serials", {"kind": kind, "text": text}, expect)


def test_an_imei_belongs_to_one_unit_and_finds_it(ana: Api, sue: Api, units: list[int]) -> None:
    one, other = units
    added = add(ana, one, "imei", "35-417803-685978-9")
    assert add(ana, one, "imei", IMEI)["id"] == added["id"]
    refused = add(ana, other, "imei", IMEI, expect=409)
    assert (refused["code"], refused["facts"]["serial_no"]) == ("secondary_taken", "NB24-0001")
    assert add(ana, other, "imei", "354178036859781", expect=422)["code"] == "imei_invalid"
    assert add(ana, other, "mac", "d0:50:99:84:a2:a0", expect=409)["code"] == "secondary_kind_not_used"

    shown = ana.get(f"/api/units/{one}")
    assert [(each["kind"], each["secondary_no"]) for each in shown["secondary_serials"]] == [("imei", IMEI)]
    for text in (IMEI, "35-417803-685978-9"):
        assert [unit["id"] for unit in ana.get("/api/units", site=ana.site, q=text)["matches"]] == [one]

    headers = {"X-CSRF-Token": sue.csrf_token}
    address = f"/api/units/{one}/secondary-serials/{added['id']}"
    assert sue.client.delete(address, headers=headers).status_code == 204
    assert add(ana, other, "imei", IMEI)["secondary_no"] == IMEI


def test_two_makers_may_number_components_alike_and_the_look_up_asks(ana: Api, units: list[int]) -> None:
    for unit in units:
        add(ana, unit, "component", "1001")
    found = ana.get("/api/units", site=ana.site, q="1001")
    assert sorted(unit["id"] for unit in found["matches"]) == sorted(units)
    assert found["code"] == "ambiguous_item"


def test_a_serial_number_that_is_a_vin_is_checked_when_it_is_received(ana: Api, sue: Api) -> None:
    laptop = sue.get("/api/masters/items", q="LAP-15")["items"][0]
    sue.post(f"/api/masters/items/{laptop['id']}", {"version": 1, "serial_standard": "vin"})
    receipt = ana.open_receipt()
    assert ana.scan(receipt, "1M8GDM9A1KP042788", batch_no="B-1")["code"] == "vin_invalid"
    assert ana.scan(receipt, "1M8GDM9AXKP042788", batch_no="B-1")["status"] == "accepted"
