"""Masters in files: every row is answered, nothing is taken unasked, the same file again changes nothing."""

import io
from typing import Any

import openpyxl
import pytest

from tests.api_client import Api

ITEMS = """Item Code,Name,Tracking,Profile,Barcodes,Warranty Months,Shelf Life Days,Colour
PHONE-1,Phone,serial,electronics,9506000134383 OWN-1,,,red
LAP-15,Notebook,,,,none,,
CAB-2,Power cable,none,,,,,
LAP-15,Again,,,,,,
NEW-1,,serial,,,,,
BAD-1,Bad,sideways,,,,,
BAD-2,=cmd(),none,,,,,
BAD-3,Taken,none,,9506000134352,,,
BAD-4,Milk,none,,,,30,
PUMP-1,Pump,serial,,,,,
,Nameless,none,,,,,
"""


def upload(
    person: Api, kind: str, content: str | bytes, name: str = "masters.csv", expect: int = 200, **form: str
) -> Any:
    body = content.encode() if isinstance(content, str) else content
    data = {"site": str(person.site), "mode": "dry_run", **form, "file": (io.BytesIO(body), name)}
    answer = person.client.post(
        f"/api/masters/{kind}/upload",
        data=data,
        content_type="multipart/form-data",
        headers={"X-CSRF-Token": person.csrf_token},
    )
    assert answer.status_code == expect, answer.get_data(as_text=True)
    return answer.get_json()


def test_a_dry_run_says_of_every_row_what_would_happen_and_does_nothing(sue: Api) -> None:
    before = sue.client.get("/api/masters/items/file.csv", query_string={"site": sue.site}).data
    answer = upload(sue, "items", ITEMS)
    said = [(row["row"], row["outcome"], row["code"], row["fields"]) for row in answer["rows"]]
    assert said == [
        (2, "new", "ok", []),
        (3, "changed", "ok", ["name"]),
        (4, "same", "ok", []),
        (5, "duplicate_in_file", "duplicate_in_file", []),
        (6, "refused", "cell_missing", []),
        (7, "refused", "cell_unreadable", []),
        (8, "refused", "formula_refused", []),
        (9, "refused", "barcode_taken", []),
        (10, "refused", "item_settings_disagree", []),
        (11, "refused", "item_settings_disagree", []),
        (12, "refused", "code_missing", []),
    ]
    assert (answer["committed"], answer["ignored_columns"]) == (False, ["Colour"])
    assert sue.client.get("/api/masters/items/file.csv", query_string={"site": sue.site}).data == before


def test_all_or_nothing_unless_the_good_rows_are_asked_for_and_again_changes_nothing(sue: Api) -> None:
    refused = upload(sue, "items", ITEMS, mode="commit", expect=422)
    assert (refused["code"], refused["facts"]["rows"][0]["row"]) == ("rows_refused", 5)
    assert sue.get("/api/masters/items", q="PHONE-1")["items"] == []

    taken = upload(sue, "items", ITEMS, mode="commit", policy="good_rows")
    assert taken["counts"] == {"new": 1, "changed": 1, "same": 1, "duplicate_in_file": 1, "refused": 7}
    phone = sue.get("/api/masters/items", q="OWN-1")["items"][0]
    phone = sue.get(f"/api/masters/items/{phone['id']}")
    assert (phone["warranty_months"], phone["secondary_kinds"], phone["gtins"]) == (
        24,
        ["imei", "mac"],
        ["09506000134383"],
    )
    again = upload(sue, "items", ITEMS, mode="commit", policy="good_rows")
    assert (again["counts"]["new"], again["counts"]["changed"], again["counts"]["same"]) == (0, 0, 3)


def test_the_tracking_of_an_item_with_units_stays(sue: Api) -> None:
    answer = upload(sue, "items", "Item Code,Tracking\nLAP-15,none\n")
    assert answer["rows"][0]["code"] == "item_has_units"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ["items", "parties", "places"])
def test_what_is_sent_out_comes_in_again_and_changes_nothing(sue: Api, kind: str, ending: str) -> None:
    sue.post("/api/masters/parties", {"site": sue.site, "code": "-1", "kind": "customer", "name": "+49 Trading @home"})
    address = f"/api/masters/{kind}/file.{ending}"
    file = sue.client.get(address, query_string={"site": sue.site})
    answer = upload(sue, kind, file.data, f"masters.{ending}", mode="commit")
    assert {row["outcome"] for row in answer["rows"]} == {"same"}
    template = sue.client.get(address, query_string={"site": sue.site, "rows": "none"})
    assert upload(sue, kind, template.data, f"masters.{ending}", expect=422)["code"] == "file_empty"


def test_no_cell_that_goes_out_is_a_formula(sue: Api) -> None:
    for number, name in enumerate(("=1+1", "+1", "-1", "@x")):
        wanted = {"site": sue.site, "code": f"P{number}", "kind": "customer", "name": name}
        sue.post("/api/masters/parties", wanted)
    query = {"site": sue.site}
    text = sue.client.get("/api/masters/parties/file.csv", query_string=query).get_data(as_text=True)
    assert all(f'"\'{name}"' in text for name in ("=1+1", "+1", "-1", "@x"))
    workbook = openpyxl.load_workbook(
        io.BytesIO(sue.client.get("/api/masters/parties/file.xlsx", query_string=query).data)
    )
    cells = [cell for row in workbook.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}


def test_places_come_in_any_order_and_never_in_a_circle(sue: Api) -> None:
    file = (
        "Code,Name,Kind,Parent,Walk Order\n"
        "C-01,Bin,bin,CAGE,12\n"
        "CAGE,Cage,warehouse,MAIN,10\n"
        "X-1,X,bin,X-2,\nX-2,X,bin,X-1,\n"
        "A-02,Bin A-02,bin,CAGE,5\n"
        "B-9,Bin,bin,NOWHERE,\n"
        "CUSTOMER,Buyers,,,\n"
    )
    answer = upload(sue, "places", file, mode="commit", policy="good_rows")
    said = [(row["key"], row["outcome"], row["code"], row["fields"]) for row in answer["rows"]]
    assert said == [
        ("C-01", "new", "ok", []),
        ("CAGE", "new", "ok", []),
        ("X-1", "refused", "place_parent", []),
        ("X-2", "refused", "place_parent", []),
        ("A-02", "changed", "ok", ["walk_order", "parent"]),
        ("B-9", "refused", "place_parent", []),
        ("CUSTOMER", "refused", "place_is_fixed", []),
    ]
    places = {each["code"]: each for each in sue.get("/api/locations", site=sue.site)["locations"]}
    assert (places["C-01"]["path"], places["A-02"]["walk_order"]) == ("MAIN / CAGE / C-01", 5)
    circle = upload(sue, "places", "Code,Parent\nMAIN,CAGE\n")
    assert circle["rows"][0]["code"] == "place_cycle"


def test_only_a_supervisor_uploads(ana: Api, kim: Api) -> None:
    assert upload(ana, "parties", "Code\nX\n", expect=403)["code"] == "forbidden"
    assert upload(kim, "parties", "Code\nX\n", expect=403)["code"] == "forbidden"
