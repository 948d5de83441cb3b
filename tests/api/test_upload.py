"""Scenario S4, a file of serial numbers, through the API, on both databases."""

import io
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.api_client import Api, new_id
from tests.orders import add_order
from tests.workbooks import raw_workbook, row_xml, saved, workbook_of

HEADER = ["Serial No", "Batch No"]
# Row 1 is the header, as a spreadsheet counts: row 5 repeats row 2, 7 is in stock, 8 blank, 9 a formula.
ROWS = [
    ["NB25-0001", "B-2026-01"],
    ["NB25-0002", "B-2026-01"],
    ["NB25-0003", "B-2026-01"],
    ["nb25-0001 ", "B-2026-01"],
    ["NB25-0004", "B-2026-01"],
    ["NB24-0001", "B-2026-01"],
    ["", "B-2026-01"],
    ["=cmd()", "B-2026-01"],
    ["NB25-0005", "B-2026-01"],
    ["NB25-0006", "B-2026-01"],
]
GOOD = [f"NB25-{number:04d}" for number in range(1, 7)]
OUTCOMES = {
    **dict.fromkeys((2, 3, 4, 6, 10, 11), "new"),
    5: "duplicate_in_file",
    7: "in_stock",
    8: "blank",
    9: "refused",
}
COUNTS = {"new": 6, "duplicate_in_file": 1, "already_scanned": 0, "in_stock": 1, "blank": 1, "refused": 1}


def csv_of(rows: list[list[str]]) -> bytes:
    """With a mark and Windows line ends, as Excel writes "CSV UTF-8"."""
    return "".join(",".join(row) + "\r\n" for row in [HEADER, *rows]).encode("utf-8-sig")


def item_id(receipt: dict[str, Any], item_code: str = "LAP-15") -> int:
    return int(next(line["item"]["id"] for line in receipt["lines"] if line["item"]["item_code"] == item_code))


def upload(
    person: Api,
    receipt: dict[str, Any],
    content: bytes | None,
    name: str = "serials.csv",
    expect: int = 200,
    **form: Any,
) -> Any:
    fields = {"mode": "dry_run", **form}
    fields["item_id"] = form.get("item_id") or str(item_id(receipt))
    if fields["mode"] == "commit":
        fields.setdefault("id", new_id())
    if content is not None:
        fields["file"] = FileStorage(io.BytesIO(content), name)
    boundary, body = encode_multipart(fields)
    return person._checked(
        person.client.post(
            f"/api/{receipt.get('kind', 'purchase_receipt').replace('_', '-')}s/{receipt['id']}/upload",
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
            headers={"X-CSRF-Token": person.csrf_token},
        ),
        expect,
    )


def shown(person: Api, receipt: dict[str, Any]) -> Any:
    return person.get(f"/api/purchase-receipts/{receipt['id']}")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_s4_the_dry_run_answers_row_by_row_and_takes_nothing(ana: Api, kind: str) -> None:
    receipt = ana.open_receipt()
    content = csv_of(ROWS) if kind == "csv" else workbook_of([HEADER, *ROWS])

    answer = upload(ana, receipt, content, f"serials.{kind}")

    assert {row["row"]: row["outcome"] for row in answer["rows"]} == OUTCOMES
    assert (answer["committed"], answer["counts"]) == (False, COUNTS)
    by_row = {row["row"]: row for row in answer["rows"]}
    assert (by_row[5]["duplicate_of"], by_row[5]["message"]) == (2, "nb25-0001 is in row 2 already.")
    assert by_row[7]["message"] == "NB24-0001 is already in stock in VAN-7."
    assert (by_row[8]["serial_no"], by_row[8]["code"]) == ("", "serial_empty")
    assert (by_row[9]["serial_no"], by_row[9]["code"]) == ("=cmd()", "formula_refused")
    assert all(row["next_step"] for row in answer["rows"] if row["outcome"] != "new")
    assert (shown(ana, receipt)["counts"]["accepted"], shown(ana, receipt)["units"]) == (0, [])
    assert upload(ana, receipt, content, f"serials.{kind}") == answer


def test_s4_a_commit_takes_all_or_nothing_unless_asked(ana: Api) -> None:
    receipt = ana.open_receipt()

    problem = upload(ana, receipt, csv_of(ROWS), expect=422, mode="commit")

    assert problem["code"] == "rows_refused"
    assert "4 of 10 rows" in problem["detail"]
    assert [row["row"] for row in problem["facts"]["rows"]] == [5, 7, 8, 9]
    assert problem["facts"]["counts"] == COUNTS
    assert shown(ana, receipt)["units"] == []

    answer = upload(ana, receipt, csv_of(ROWS), mode="commit", policy="good_rows")
    assert (answer["committed"], answer["counts"]) == (True, COUNTS)
    assert sorted(unit["serial_no"] for unit in shown(ana, receipt)["units"]) == GOOD
    posted = ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    assert posted["counts"] == {"expected": 50, "accepted": 6, "rejected": 0}


def test_s4_the_same_file_again_adds_nothing(ana: Api) -> None:
    receipt = ana.open_receipt()
    upload(ana, receipt, csv_of(ROWS), mode="commit", policy="good_rows")

    again = upload(ana, receipt, csv_of(ROWS), mode="commit", policy="good_rows")

    assert again["counts"] == COUNTS | {"new": 0, "already_scanned": 6}
    assert shown(ana, receipt)["counts"]["accepted"] == 6
    good = [row for row in ROWS if row[0] in GOOD]
    whole = upload(ana, receipt, csv_of(good), mode="commit")
    assert (whole["committed"], whole["counts"]["already_scanned"], whole["counts"]["new"]) == (True, 6, 0)
    assert shown(ana, receipt)["counts"]["accepted"] == 6
    ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    elsewhere = upload(ana, ana.open_receipt(), csv_of(good))
    assert elsewhere["counts"]["in_stock"] == 6


def test_every_rule_of_a_scan_holds_for_a_row(ana: Api, ben: Api) -> None:
    bens = ben.open_receipt()
    ben.scan(bens, "NB25-0100", batch_no="B-2026-01")
    receipt = ana.open_receipt()
    rows = [
        ["NB25-0100", "B-2026-01"],
        ["NB23-0001", "B-2026-01"],
        ["9506000134352", "B-2026-01"],
        ["X" * 300, "B-2026-01"],
        ["NB25\x07-1", "B-2026-01"],
        ["NB25-0101", ""],
        *([f"NB25-{number:04d}", "B-2026-01"] for number in range(200, 250)),
    ]
    answer = upload(ana, receipt, csv_of(rows))
    assert [row["code"] for row in answer["rows"]] == [
        "serial_in_other_receipt",
        "serial_sold",
        "item_code_not_serial",
        "serial_too_long",
        "serial_has_control_characters",
        "batch_required",
        *["ok"] * 49,
        "over_receipt",
    ]
    assert answer["rows"][4]["serial_no"] == "NB25<U+0007>-1"


def test_batch_and_dates_come_from_the_row_else_from_the_form(ana: Api) -> None:
    receipt = ana.open_receipt("PO-2")
    pump = str(item_id(receipt, "PUMP-1"))
    header = ["serial_no", "EXPIRY", "batch no", " Manufactured ", "Colour"]
    rows = [
        header,
        ["P1-01", date(2026, 9, 30), "P1", date(2025, 9, 30), "red"],
        ["P1-02", None, None, None, None],
        ["P2-01", "2026-06-30", "P2", "", ""],
        ["P3-01", "30/06/2026", "P3", "", ""],
        ["P1-03", "2027-01-01", "P1", "", ""],
    ]
    answer = upload(
        ana,
        receipt,
        workbook_of(rows),
        "pumps.xlsx",
        item_id=pump,
        batch_no="P0",
        expires_on="2026-12-31",
        mode="commit",
        policy="good_rows",
    )
    assert answer["ignored_columns"] == ["Colour"]
    assert [row["code"] for row in answer["rows"]] == ["ok", "ok", "ok", "date_unreadable", "batch_expiry_conflict"]
    units = {unit["serial_no"]: (unit["batch_no"], unit["expires_on"]) for unit in shown(ana, receipt)["units"]}
    assert units == {"P1-01": ("P1", "2026-09-30"), "P1-02": ("P0", "2026-12-31"), "P2-01": ("P2", "2026-06-30")}


def test_ten_thousand_rows_are_one_upload(app: Flask, ana: Api) -> None:
    add_order(app, "BIG", 10_000)
    receipt = ana.open_receipt("BIG")
    rows = [[f"C-{number:05d}", "B-1"] for number in range(10_000)]
    assert upload(ana, receipt, csv_of(rows), mode="commit")["counts"]["new"] == 10_000
    assert shown(ana, receipt)["counts"]["accepted"] == 10_000
    assert upload(ana, receipt, csv_of(rows), mode="commit")["counts"]["already_scanned"] == 10_000
    assert shown(ana, receipt)["counts"]["accepted"] == 10_000


def test_a_template_comes_back_filled_in(ana: Api) -> None:
    receipt = ana.open_receipt()
    template = ana.client.get("/api/serial-template.csv")
    assert template.headers["Content-Disposition"] == 'attachment; filename="serial-numbers.csv"'
    filled = template.data + b'"00017","B-1","",""\r\n'
    (row,) = upload(ana, receipt, filled)["rows"]
    assert (row["serial_no"], row["outcome"]) == ("00017", "new")

    workbook = load_workbook(io.BytesIO(ana.client.get("/api/serial-template.xlsx").data))
    sheet = workbook.active
    assert sheet is not None
    assert [cell.value for cell in next(sheet.iter_rows())] == ["Serial No", "Batch No", "Expiry", "Manufactured"]
    assert sheet.column_dimensions["A"].number_format == "@", "a spreadsheet keeps the zeros that are typed"
    sheet.append(["00018", "B-1"])
    (row,) = upload(ana, receipt, saved(workbook), "filled.xlsx")["rows"]
    assert (row["serial_no"], row["outcome"]) == ("00018", "new")


@pytest.mark.parametrize(
    ("form", "code", "status"),
    [
        ({"mode": "maybe"}, "invalid_request", 422),
        ({"policy": "some"}, "invalid_request", 422),
        ({"item_id": "0"}, "invalid_request", 422),
        ({"item_id": "999999"}, "item_not_on_order", 409),
        ({"colour": "red"}, "invalid_request", 422),
    ],
)
def test_wrong_form_fields_are_refused(ana: Api, form: dict[str, str], code: str, status: int) -> None:
    receipt = ana.open_receipt()
    assert upload(ana, receipt, csv_of(ROWS), expect=status, **form)["code"] == code


def test_who_may_upload_and_where(ana: Api, kim: Api) -> None:
    receipt = ana.open_receipt()
    assert upload(kim, receipt, csv_of(ROWS), expect=403)["code"] == "forbidden"
    assert upload(ana, receipt, None, expect=422)["code"] == "file_missing"
    cable_receipt = ana.open_receipt("PO-2")
    cable = str(item_id(cable_receipt, "CAB-2"))
    assert upload(ana, cable_receipt, csv_of(ROWS), expect=422, item_id=cable)["code"] == "header_missing"
    upload(ana, receipt, csv_of(ROWS), mode="commit", policy="good_rows")
    ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    assert upload(ana, receipt, csv_of(ROWS), expect=409)["code"] == "voucher_not_open"
    nowhere = {"id": str(uuid.uuid4()), "lines": receipt["lines"]}
    assert upload(ana, nowhere, csv_of(ROWS), expect=404)["code"] == "receipt_unknown"


def test_a_hostile_file_gets_a_reason_and_never_a_server_error(ana: Api) -> None:
    """What each kind of file is told is in tests/services/test_table_files.py; this is the way there and back."""
    receipt = ana.open_receipt()
    workbook = workbook_of([HEADER, *ROWS])
    far = raw_workbook(row_xml(1, *HEADER) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    bomb = raw_workbook(row_xml(1, *HEADER), extra={"xl/media/bomb.bin": bytes(40 * 1024 * 1024)})
    for content, name, status, code in [
        (b"", "serials.csv", 422, "file_empty"),
        (b"Serie,Los\r\nA1,B1\r\n", "serials.csv", 422, "header_missing"),
        (workbook, "serials.csv", 422, "file_name_mismatch"),
        (far, "far.xlsx", 422, "file_too_many_rows"),
        (bomb, "bomb.xlsx", 422, "file_unpacks_too_large"),
        (b"Serial No\n" + b"A1\n" * 1_000_000, "long.csv", 422, "file_too_many_rows"),
        (b"A,B\n" * (5 * 1024 * 1024), "20-megabytes.csv", 413, "file_too_large"),
        (b"A,B\n" * (9 * 1024 * 1024 // 4), "9-megabytes.csv", 413, "file_too_large"),
    ]:
        problem = upload(ana, receipt, content, name, expect=status, mode="commit")
        assert problem["code"] == code, name
        assert problem["detail"], name
        assert problem["next_step"], name
    assert shown(ana, receipt)["units"] == []
    assert upload(ana, receipt, csv_of(ROWS))["counts"] == COUNTS, "and the next file is read as ever"


def test_a_dry_run_does_not_keep_even_the_batch(ana: Api) -> None:
    receipt = ana.open_receipt("PO-2")
    pump = str(item_id(receipt, "PUMP-1"))
    for expiry in ("2026-09-30", "2027-09-30"):
        content = f"Serial No,Batch No,Expiry\nP9-01,P9,{expiry}\n".encode()
        assert upload(ana, receipt, content, item_id=pump)["counts"]["new"] == 1


def test_two_who_upload_one_file_at_once_do_not_both_get_its_units(app: Flask, ana: Api, ben: Api) -> None:
    add_order(app, "BIG", 1000)
    content = csv_of([[f"C-{number:05d}", "B-1"] for number in range(500)])
    people, both = (ana, ben), Barrier(2)
    receipts = [person.open_receipt("BIG") for person in people]

    def commit(person: Api, receipt: dict[str, Any]) -> int:
        both.wait()
        path = f"/api/purchase-receipts/{receipt['id']}/upload"
        form = {"id": new_id(), "item_id": str(item_id(receipt)), "mode": "commit"}
        form |= {"file": (io.BytesIO(content), "serials.csv")}
        return person.client.post(path, data=form, headers={"X-CSRF-Token": person.csrf_token}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(commit, people, receipts)) == [200, 422]
    counts = sorted(
        shown(person, receipt)["counts"]["accepted"] for person, receipt in zip(people, receipts, strict=True)
    )
    assert counts == [0, 500]
