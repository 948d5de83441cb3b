"""IMEI, MAC and other further numbers as goods come in: after a scan and in a file; of one unit, found, shown."""

from typing import Any

import pytest

from tests.api.test_upload import item_id, shown, upload
from tests.api_client import Api, new_id

IMEI, OTHER_IMEI, MAC = "354178036859789", "490154203237518", "d0:50:99:84:a2:a0"


@pytest.fixture
def receipt(sue: Api, ana: Api) -> dict[str, Any]:
    """An open receipt of laptops that have IMEIs, MACs and components."""
    laptop = sue.get("/api/masters/items", q="LAP-15")["items"][0]
    sue.post(f"/api/masters/items/{laptop['id']}", {"version": 1, "secondary_kinds": ["imei", "mac", "component"]})
    return ana.open_receipt()


def note(person: Api, receipt: dict[str, Any], unit: str, expect: int = 200, **numbers: str) -> Any:
    body = {"unit": unit, "secondary_serials": [{"kind": kind, "text": text} for kind, text in numbers.items()]}
    return person.post(f"/api/purchase-receipts/{receipt['id']}/secondary-serials", body, expect)


def noted(person: Api, receipt: dict[str, Any]) -> dict[str, list[str]]:
    return {
        unit["serial_no"]: [each["secondary_no"] for each in unit["secondary_serials"]]
        for unit in shown(person, receipt)["units"]
    }


def csv_of(*rows: str) -> bytes:
    return ("Serial No,Batch No,IMEI,imei_2,Mac,Component\n" + "".join(f"{row}\n" for row in rows)).encode()


def test_numbers_noted_after_the_scan_become_the_units_when_it_is_posted(ana: Api, receipt: dict[str, Any]) -> None:
    scan = ana.a_scan(receipt, "NB25-0001", batch_no="B-1")
    ana.send(scan)
    ana.scan(receipt, "NB25-0002", batch_no="B-1")
    note(ana, receipt, scan["id"], imei="35-417803-685978-9")
    for _ in range(2):
        note(ana, receipt, "nb25-0001", mac="D0509984A2A0", imei=IMEI)
    assert noted(ana, receipt) == {"NB25-0001": [IMEI, MAC], "NB25-0002": []}

    taken = note(ana, receipt, "NB25-0002", imei=IMEI, expect=409)
    assert (taken["code"], taken["facts"]["serial_no"]) == ("secondary_taken", "NB25-0001")
    assert note(ana, receipt, "NB25-0002", imei="354178036859781", expect=422)["code"] == "imei_invalid"
    assert note(ana, receipt, "NB25-0002", vin="1M8GDM9AXKP042788", expect=409)["code"] == "secondary_kind_not_used"
    assert note(ana, receipt, "NB25-0003", imei=OTHER_IMEI, expect=409)["code"] == "unit_not_on_receipt"

    ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    (unit,) = ana.get("/api/units", site=ana.site, q=IMEI)["matches"]
    assert unit["serial_no"] == "NB25-0001"
    further = ana.get(f"/api/units/{unit['id']}")["secondary_serials"]
    assert [(each["kind"], each["secondary_no"]) for each in further] == [("imei", IMEI), ("mac", MAC)]
    assert note(ana, receipt, "NB25-0002", imei=OTHER_IMEI, expect=409)["code"] == "voucher_not_open"


def test_a_phone_sends_them_through_its_outbox_behind_the_scan(ana: Api, receipt: dict[str, Any]) -> None:
    ana.scan(receipt, "NB25-0001", batch_no="B-1")
    body = {"unit": "NB25-0001", "secondary_serials": [{"kind": "imei", "text": IMEI}]}
    entry = ana.an_action("purchase_receipt.secondary_serials", body, voucher_id=receipt["id"])
    assert [outcome["code"] for outcome in ana.sync(entry) + ana.sync(entry)] == ["ok", "ok"]
    assert noted(ana, receipt) == {"NB25-0001": [IMEI]}


def test_a_number_is_free_again_when_its_unit_is_taken_back(ana: Api, receipt: dict[str, Any]) -> None:
    scan = ana.a_scan(receipt, "NB25-0001", batch_no="B-1")
    ana.send(scan)
    note(ana, receipt, "NB25-0001", imei=IMEI)
    ana.scan(receipt, "", purpose="undo", undoes=scan["id"])
    ana.scan(receipt, "NB25-0002", batch_no="B-1")
    note(ana, receipt, "NB25-0002", imei=IMEI)
    ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    assert [unit["serial_no"] for unit in ana.get("/api/units", site=ana.site, q=IMEI)["matches"]] == ["NB25-0002"]


def test_two_open_receipts_cannot_both_have_a_number(ana: Api, ben: Api, receipt: dict[str, Any]) -> None:
    ana.scan(receipt, "NB25-0001", batch_no="B-1")
    note(ana, receipt, "NB25-0001", imei=IMEI)
    bens = ben.open_receipt()
    ben.scan(bens, "NB25-0002", batch_no="B-1")
    assert note(ben, bens, "NB25-0002", imei=IMEI, expect=409)["code"] == "secondary_taken"


def test_a_number_given_to_a_known_unit_meanwhile_holds_up_the_posting(
    ana: Api, sue: Api, receipt: dict[str, Any]
) -> None:
    ana.scan(receipt, "NB25-0001", batch_no="B-1")
    note(ana, receipt, "NB25-0001", imei=IMEI, component="1001")
    known = ana.get("/api/units", site=ana.site, q="NB24-0001")["matches"][0]["id"]
    for kind, text in (("imei", IMEI), ("component", "1001")):
        sue.post(f"/api/units/{known}/secondary-serials", {"kind": kind, "text": text})
    refused = ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {}, expect=409)
    assert (refused["code"], refused["facts"]["serial_no"]) == ("secondary_taken", "NB24-0001")


def test_a_file_has_them_in_columns_and_every_row_is_answered(ana: Api, receipt: dict[str, Any]) -> None:
    ana.scan(receipt, "NB25-0009", batch_no="B-1")
    good = [f"NB25-0001,B-1,{IMEI},{OTHER_IMEI},{MAC},1001", "NB25-0002,B-1,,,,1001", "NB25-0009,B-1,,,,77"]
    bad = [f"NB25-0003,B-1,{IMEI},,,", "NB25-0004,B-1,123,,,", "NB25-0005,B-1,=A1,,,"]
    answer = upload(ana, receipt, csv_of(*good, *bad))
    assert [row["code"] for row in answer["rows"]] == [
        "ok",
        "ok",
        "already_scanned",
        "secondary_taken",
        "imei_invalid",
        "formula_refused",
    ]
    assert answer["ignored_columns"] == []
    assert upload(ana, receipt, csv_of(*good, *bad), mode="commit", expect=422)["code"] == "rows_refused"
    assert noted(ana, receipt) == {"NB25-0009": []}

    for _ in range(2):
        upload(ana, receipt, csv_of(*good), mode="commit")
        assert noted(ana, receipt) == {
            "NB25-0001": [IMEI, OTHER_IMEI, MAC, "1001"],
            "NB25-0002": ["1001"],
            "NB25-0009": ["77"],
        }
    ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    assert ana.get("/api/units", site=ana.site, q=OTHER_IMEI)["matches"][0]["serial_no"] == "NB25-0001"


def test_a_typed_list_has_them_behind_their_serial_numbers(ana: Api, receipt: dict[str, Any]) -> None:
    text = f"NB25-0001 imei={IMEI} mac={MAC}\nNB25-0002 component=1001\nNB25-0003"
    read = ana.post("/api/serial-lists/parse", {"text": text})
    assert read["refused"] == []
    numbers = read["secondary_serials"]

    def put(serial_nos: list[str], secondary_serials: list[dict[str, str]], expect: int = 200) -> Any:
        body = {"id": new_id(), "item_id": item_id(receipt), "serial_nos": serial_nos, "batch_no": "B-1"}
        path = f"/api/purchase-receipts/{receipt['id']}/units"
        return ana.post(path, body | {"secondary_serials": secondary_serials}, expect)

    assert put(read["serial_nos"][1:], numbers, expect=422)["code"] == "secondary_of_no_unit"
    twice = [*numbers, {"serial_no": "NB25-0003", "kind": "imei", "text": IMEI}]
    refused = put(read["serial_nos"], twice, expect=422)
    assert [each["code"] for each in refused["facts"]["refused"]] == ["secondary_taken"]
    assert noted(ana, receipt) == {}
    put(read["serial_nos"], numbers)
    assert noted(ana, receipt) == {"NB25-0001": [IMEI, MAC], "NB25-0002": ["1001"], "NB25-0003": []}


def test_the_template_has_the_columns_of_the_item(ana: Api, receipt: dict[str, Any]) -> None:
    template = ana.client.get(f"/api/serial-template.csv?item_id={item_id(receipt)}").data.decode("utf-8-sig")
    columns = template.splitlines()[0].replace('"', "").split(",")
    assert columns[:4] == ["Serial No", "Batch No", "Expiry", "Manufactured"]
    assert columns[4:] == ["IMEI", "IMEI 2", "MAC", "MAC 2", "Component", "Component 2", "Component 3"]
