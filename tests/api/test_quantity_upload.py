"""Quantities of goods without serial numbers out of a file, on both databases: answered row by row, counted once."""

from typing import Any

import pytest
from flask import Flask

from tests.api.test_upload import item_id, shown, upload
from tests.api_client import Api, new_id
from tests.orders import add_order, change_item
from tests.workbooks import workbook_of


@pytest.fixture
def receipt(app: Flask, ana: Api) -> dict[str, Any]:
    """An open receipt of 100 cables, ordered on two lines and told apart by batch."""
    change_item(app, "CAB-2", tracking="batch")
    add_order(app, "CABLES", 60, 40, item_code="CAB-2")
    return ana.open_receipt("CABLES")


def send(person: Api, receipt: dict[str, Any], *rows: list[Any], expect: int = 200, **form: Any) -> Any:
    content = workbook_of([["Qty", "Batch No", "Expiry"], *rows])
    form.setdefault("item_id", str(item_id(receipt, "CAB-2")))
    return upload(person, receipt, content, "goods.xlsx", expect, **form)


def counted(person: Api, receipt: dict[str, Any]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for unit in shown(person, receipt)["units"]:
        sums[unit["batch_no"]] = sums.get(unit["batch_no"], 0) + unit["qty"]
    return sums


GOOD = [["50", "L1", "2027-01-31"], [20.5, "L2", None], ["9.5", "L2", None], ["9.5", "L2", None]]


def test_every_row_is_answered_and_a_commit_takes_all_or_nothing(ana: Api, receipt: dict[str, Any]) -> None:
    bad = [
        ["1e6", "L3", None],
        ["0", "L3", None],
        ["-4", "L3", None],
        ["0.1234567", "L3", None],
        ["1,5", "L3", None],
        [12345678901234567890, "L3", None],
        ["=2*3", "L3", None],
        ["", "L3", None],
        ["1", "", None],
        ["1", "L1", "2028-01-31"],
        ["1000000", "L3", None],
    ]
    answer = send(ana, receipt, *GOOD, *bad)
    assert [row["code"] for row in answer["rows"]] == [
        *["ok"] * 4,
        *["quantity_unreadable"] * 6,
        "formula_refused",
        "quantity_unreadable",
        "batch_required",
        "batch_expiry_conflict",
        "over_receipt",
    ]
    assert (answer["committed"], answer["rows"][0]["qty"], answer["rows"][0]["row"]) == (False, "50", 2)
    assert answer["counts"]["blank"] == 1
    assert all(row["next_step"] for row in answer["rows"] if row["code"] != "ok")
    refused = send(ana, receipt, *GOOD, *bad, mode="commit", expect=422)
    assert (refused["code"], refused["facts"]["counts"]["new"]) == ("rows_refused", 4)
    assert counted(ana, receipt) == {}

    send(ana, receipt, *GOOD, *bad, mode="commit", policy="good_rows")
    assert counted(ana, receipt) == {"L1": 50, "L2": 39.5}
    posted = ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    assert posted["counts"]["accepted"] == 89.5


def test_neither_the_same_file_nor_a_corrected_one_counts_goods_twice(ana: Api, receipt: dict[str, Any]) -> None:
    form = {"mode": "commit", "id": new_id()}
    first = send(ana, receipt, *GOOD, **form)
    assert (first["committed"], first["counts"]["new"]) == (True, 4)
    again = send(ana, receipt, *GOOD, mode="commit")
    assert {row["code"] for row in again["rows"]} == {"row_taken_before"}
    assert counted(ana, receipt) == {"L1": 50, "L2": 39.5}
    corrected = send(ana, receipt, *GOOD, ["10.5", "L2", None], mode="commit")
    assert corrected["counts"] | {"new": 1, "already_scanned": 4} == corrected["counts"]
    assert counted(ana, receipt) == {"L1": 50, "L2": 50}
    assert send(ana, receipt, ["1", "L9", None], expect=409, **form)["code"] == "id_reused"


def test_goods_with_neither_batch_nor_serial_number_need_one_column(ana: Api) -> None:
    opening = ana.open_receipt("PO-2")
    cable = str(item_id(opening, "CAB-2"))
    answer = upload(ana, opening, b"Qty,Batch No\n3,\n2.5,\n", item_id=cable, mode="commit")
    assert answer["counts"]["new"] == 2
    assert counted(ana, opening) == {None: 5.5}
    template = ana.client.get(f"/api/serial-template.csv?item_id={cable}").data.decode("utf-8-sig")
    assert template.splitlines()[0].replace('"', "") == "Qty,Batch No,Expiry,Manufactured"
    missing = upload(ana, opening, b"Serial No\nA1\n", item_id=cable, expect=422)
    assert missing["code"] == "header_missing"
