"""ERPNext's Serial No and Batch files: out, read back, in at another site, and equal; on both databases."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import upgrade

from backend.domain.locations import LocationKind
from backend.domain.people import Role
from backend.extensions import db
from backend.queries.ledger_check import check_ledger
from backend.services import masters, people
from backend.unit_of_work import UnitOfWork, transact
from tests.api.test_master_files import upload as upload_masters
from tests.api.test_receiving_scenarios import look_up, nb25, receive
from tests.api.test_reports import file_of
from tests.api_client import Api, Clock, logged_in
from tests.conftest import application, config_for

SERIAL_NO = ["Serial No", "Item Code", "Warehouse", "Batch No", "Item Name", "Customer"]
SERIAL_NO += ["Warranty Expiry Date", "AMC Expiry Date", "Status"]
BATCH = ["Batch ID", "Item", "Item Name", "Manufacturing Date", "Expiry Date", "Batch Quantity"]


def table(head: list[str], *rows: list[str]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows([head, *rows])
    return file.getvalue()


def rows_of(person: Api, key: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file_of(person, key, "csv").decode("utf-8-sig"))))


def upload(person: Api, doctype: str, content: str, expect: int = 200, **form: str) -> Any:
    data = {"site": str(person.site), "mode": "dry_run", **form, "file": (io.BytesIO(content.encode()), "x.csv")}
    answer = person.client.post(
        f"/api/erpnext/{doctype}/upload",
        data=data,
        content_type="multipart/form-data",
        headers={"X-CSRF-Token": person.csrf_token},
    )
    assert answer.status_code == expect, answer.get_data(as_text=True)
    return answer.get_json()


def outcomes(answer: Any) -> list[tuple[int, str, str]]:
    return [(row["row"], row["outcome"], row["code"]) for row in answer["rows"]]


def test_units_go_out_in_erpnexts_columns_and_come_back_the_same(ana: Api, sue: Api) -> None:
    receive(ana, nb25(1, 2))
    head, *rows = rows_of(sue, "erpnext-serial-no")
    assert head == SERIAL_NO
    by_serial = {row[0]: row for row in rows}
    assert by_serial["NB25-0001"] == [
        *("NB25-0001", "LAP-15", "MAIN", "B-2026-01", "Laptop 15 inch", "", "", "", "Active"),
    ]
    sold = by_serial["NB23-0001"]
    assert (sold[2], sold[5], sold[8]) == ("", "ACME", "Delivered")
    assert sold[6]

    assert by_serial["FAN-0004"][8] == "Consumed"

    # What is here already stays as it is; what was delivered or built in is no stock.
    answer = upload(sue, "serial-no", table(head, *rows), mode="commit", policy="good_rows")
    assert {row["key"] for row in answer["rows"] if row["outcome"] == "refused"} == {
        "NB22-0001",
        "NB23-0001",
        "FAN-0004",
    }
    assert (answer["counts"]["new"], answer["counts"]["same"]) == (0, len(rows) - 3)
    assert rows_of(sue, "erpnext-serial-no") == [head, *rows]


@pytest.mark.parametrize("doctype", ["serial-no", "batch"])
def test_a_file_without_its_header_is_told_one_that_is_taken(sue: Api, doctype: str) -> None:
    """There is no template to be pointed to: the header itself stands in the refusal."""
    refused = upload(sue, doctype, table(["Unit", "Product"], ["NB25-0001", "LAP-15"]), 422)
    head = refused["facts"]["columns"]
    assert (refused["code"], ", ".join(head) in refused["next_step"]) == ("header_missing", True)
    assert "template" not in refused["next_step"]
    assert upload(sue, doctype, table(head, ["NB25-0001", "LAP-15"]))["ignored_columns"] == []


def test_a_file_is_taken_whole_or_not_at_all(sue: Api) -> None:
    def row(serial_no: str, item: str = "LAP-15", warehouse: str = "MAIN", batch: str = "E-1", status: str = "Active"):
        return [serial_no, item, warehouse, batch, "", "", "", "", status]

    good = [row("ERP-1"), row("ERP-2", warehouse="A-01"), row("ERP-3", status="")]
    bad = [row("ERP-1"), row("ERP-4", item="NO"), row("ERP-5", warehouse="NO"), row("ERP-6", status="Delivered")]
    before = rows_of(sue, "erpnext-serial-no")
    tried = upload(sue, "serial-no", table(SERIAL_NO, *good, *bad))
    assert outcomes(tried) == [
        (2, "new", "ok"),
        (3, "new", "ok"),
        (4, "new", "ok"),
        (5, "duplicate_in_file", "duplicate_in_file"),
        (6, "refused", "item_unknown"),
        (7, "refused", "location_unknown"),
        (8, "refused", "erpnext_not_in_stock"),
    ]
    refused = upload(sue, "serial-no", table(SERIAL_NO, *good, *bad), 422, mode="commit")
    assert (refused["code"], refused["facts"]["counts"]["refused"]) == ("rows_refused", 3)
    assert rows_of(sue, "erpnext-serial-no") == before

    taken = upload(sue, "serial-no", table(SERIAL_NO, *good), mode="commit")
    assert taken["counts"]["new"] == 3
    again = upload(sue, "serial-no", table(SERIAL_NO, *good), mode="commit")
    assert (again["counts"]["new"], again["counts"]["same"]) == (0, 3)
    written = {each[0]: each[2:4] for each in rows_of(sue, "erpnext-serial-no")}
    assert [written[f"ERP-{n}"] for n in (1, 2, 3)] == [["MAIN", "E-1"], ["A-01", "E-1"], ["MAIN", "E-1"]]
    assert look_up(sue, "ERP-2")["location"]["code"] == "A-01"


def test_batches_go_out_and_come_in_with_their_dates(ana: Api, sue: Api) -> None:
    receive(ana, nb25(1, 2))
    rows = rows_of(sue, "erpnext-batch")
    assert rows[0] == BATCH
    assert ["B-2026-01", "LAP-15", "Laptop 15 inch", "", "", "2"] in rows

    new = ["E-9", "PUMP-1", "", "2026-01-01", "2027-12-31", ""]
    other = ["B-2026-01", "LAP-15", "", "", "2030-01-01", ""]
    late = ["E-8", "PUMP-1", "", "2026-01-01", "2025-12-31", ""]
    none = ["E-7", "CAB-2", "", "", "", ""]
    tried = upload(sue, "batch", table(BATCH, *rows[1:], new, other, late, none))
    assert [code for _, outcome, code in outcomes(tried)[-3:] if outcome == "refused"] == [
        "batch_expiry_conflict",
        "expiry_before_manufacture",
        "batch_unknown",
    ]
    taken = upload(sue, "batch", table(BATCH, *rows[1:], new), mode="commit")
    assert (taken["counts"]["new"], taken["counts"]["same"]) == (1, len(rows) - 1)
    assert upload(sue, "batch", table(BATCH, new), mode="commit")["counts"]["same"] == 1


def test_a_new_installation_takes_items_batches_and_units_in_this_order(tmp_path: Path, clock: Clock) -> None:
    config = config_for(f"sqlite:///{tmp_path / 'new.sqlite3'}", tmp_path, clock)
    units = table(
        SERIAL_NO,
        *(
            ["ERP-1", "PHONE-9", "MAIN", "E-1", "", "", "", "", "Active"],
            ["ERP-2", "PHONE-9", "MAIN", "E-1"] + [""] * 5,
        ),
    )
    batches = table(BATCH, ["E-1", "PHONE-9", "", "2026-01-01", "2027-12-31", ""])
    with application(config) as app:
        with app.app_context():
            upgrade()
            transact(_first_people)
        boss = logged_in(app, "boss", clock)

        for doctype, content in (("serial-no", units), ("batch", batches)):
            refused = upload(boss, doctype, content, 422, mode="commit")
            assert {row["code"] for row in refused["facts"]["rows"]} == {"item_unknown"}
        upload_masters(boss, "items", "Item Code,Name,Tracking\nPHONE-9,Phone,serial_batch\n", mode="commit")
        assert upload(boss, "batch", batches, mode="commit")["counts"]["new"] == 1
        assert upload(boss, "serial-no", units, mode="commit")["counts"]["new"] == 2

        assert [row[:4] for row in rows_of(boss, "erpnext-serial-no")[1:]] == [
            [serial_no, "PHONE-9", "MAIN", "E-1"] for serial_no in ("ERP-1", "ERP-2")
        ]
        assert rows_of(boss, "erpnext-batch")[1][3:] == ["2026-01-01", "2027-12-31", "2"]
        with app.app_context():
            assert check_ledger(db.session()).problems == []


def _first_people(work: UnitOfWork) -> None:
    """What `serialtrail site add` and `user add` make."""
    site = masters.add_site(work, code="NEW", name="New")
    masters.add_location(work, parent=site, code="MAIN", name="Main", kind=LocationKind.WAREHOUSE)
    masters.add_location(work, parent=site, code="REJECT", name="Rejected goods", kind=LocationKind.REJECT)
    roles = {site.id: frozenset({Role.SUPERVISOR})}
    people.add_user(work, username="boss", name="Boss", password="demo-boss", roles=roles)
