"""Every report against what was done, on the screen and in files, on both databases."""

import csv
import gc
import io
import itertools
import json
from collections import Counter
from typing import Any

import pypdfium2
import pytest
from flask import Flask
from openpyxl import load_workbook

from backend.api import report_pdfs, reports
from backend.extensions import db
from backend.queries.reports import REPORTS
from tests.api_client import Api, Clock, new_id
from tests.running import ROOT
from tests.selling import deliver, finish, order, pick, pick_list, receive_cables, receive_laptops, receive_pumps


def report(person: Api, key: str, **filters: Any) -> list[dict[str, Any]]:
    """The rows of a report by the keys of its columns."""
    shown = person.get(f"/api/reports/{key}", site=person.site, **filters)
    keys = [column["key"] for column in shown["columns"]]
    assert shown["total"] == len(shown["rows"])
    return [dict(zip(keys, row, strict=True)) for row in shown["rows"]]


def chart(person: Api, key: str, **filters: Any) -> list[dict[str, Any]]:
    """The bars of a report's chart as they are."""
    bars: list[dict[str, Any]] = person.get(f"/api/reports/{key}", site=person.site, **filters)["bars"]
    return bars


def bars(person: Api, key: str, **filters: Any) -> dict[str, Any]:
    """The bars of a report's chart: how long each is, and of what where it is a part of something."""
    shown = chart(person, key, **filters)
    return {bar["label"]: bar["value"] if bar["of"] is None else (bar["value"], bar["of"]) for bar in shown}


def file_of(person: Api, key: str, ending: str, **filters: Any) -> bytes:
    answer = person.client.get(f"/api/reports/{key}/file.{ending}", query_string={"site": person.site, **filters})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    content = answer.get_data()
    answer.close()
    return content


@pytest.fixture
def sold(app: Flask, ana: Api, sue: Api, clock: Clock) -> dict[str, Any]:
    """Fifty laptops, seven pumps and three cables received; NB25-0017 picked, delivered to ACME ten days later."""
    receive_laptops(ana)
    receive_pumps(app, ana)
    receive_cables(ana, 3)
    clock.set("2026-01-15T09:30")
    made = pick_list(ana, order(sue, ("LAP-15", 1), number="SO-1"))
    pick(ana, made, "NB25-0017")
    finish(ana, made)
    return deliver(ana, pick_list_id=made["id"])


def test_the_ledger_and_the_whereabouts_follow_a_sale(sold: dict[str, Any], kim: Api) -> None:
    rows = report(kim, "ledger", serial=" nb25-0017 ")

    assert [(row["qty"], row["place"], row["voucher_type"]) for row in rows] == [
        (-1, "SUPPLIER", "purchase_receipt"),
        (1, "MAIN", "purchase_receipt"),
        (-1, "MAIN", "delivery_note"),
        (1, "CUSTOMER", "delivery_note"),
    ]
    assert {row["batch_no"] for row in rows} == {"B-2026-01"}
    assert rows[-1]["voucher_no"] == sold["number"]
    assert report(kim, "ledger", serial="NB25-0017", **{"from": "2026-01-15"}) == rows[2:]
    assert report(kim, "ledger", serial="NB25-0017", to="2026-01-14") == rows[:2]
    by_day = {bar["label"]: (bar["value"], bar["against"]) for bar in chart(kim, "ledger", serial="NB25-0017")}
    assert by_day == {f"2026-01-{day:02}": (int(day == 5), int(day == 15)) for day in range(5, 16)}
    moved = {bar["label"]: (bar["value"], bar["against"]) for bar in chart(kim, "ledger", place="CUSTOMER")}
    assert moved["2026-01-15"] == (1, 0), "what came to a place that is asked for"

    rows = report(kim, "whereabouts", item="LAP-15", batch="B-2026-01")

    assert len(rows) == 50
    (out,) = (row for row in rows if row["state"] == "sold")
    assert (out["serial_no"], out["customer"], out["since"]) == ("NB25-0017", "ACME Hospital", "2026-01-15")
    assert (out["last_voucher"], out["received_on"]) == (sold["number"], "2026-01-05")
    assert out["supplier"] == "NorthStar Devices"
    assert Counter(row["place"] for row in rows) == {"MAIN": 49, "CUSTOMER": 1}
    assert [row["serial_no"] for row in report(kim, "whereabouts", party="ACME")] == ["NB23-0001", "NB25-0017"]
    assert bars(kim, "whereabouts", item="LAP-15", batch="B-2026-01") == {"in_stock": 49, "sold": 1}


def test_stock_ages_batches_expire_and_warranties_end(sold: dict[str, Any], kim: Api, clock: Clock) -> None:
    clock.set("2026-03-01")
    laptops, cables = (report(kim, "stock-age", item=item)[0] for item in ("LAP-15", "CAB-2"))
    assert (laptops["qty"], laptops["to_30"], laptops["to_90"], laptops["older"]) == (49, 0, 49, 0)
    assert (cables["qty"], cables["to_90"]) == (3, None)
    assert bars(kim, "stock-age", item="LAP-15", batch="B-2026-01") == {"to_90": 49}

    balance = report(kim, "batch-balance", batch="B-2026-01")
    assert [(row["change"], row["balance"]) for row in balance] == [(50, 50), (-1, 49)]
    assert report(kim, "batch-balance", batch="B-2026-01", **{"from": "2026-01-10"}) == balance[1:]
    held = {f"2026-01-{day:02}": 50 for day in range(5, 15)} | {"2026-01-15": 49}
    assert bars(kim, "batch-balance", batch="B-2026-01") == held
    late = {day: qty for day, qty in held.items() if day >= "2026-01-12"}
    assert bars(kim, "batch-balance", batch="B-2026-01", **{"from": "2026-01-12"}) == late

    clock.set("2026-02-10")
    assert [(row["batch_no"], row["days_left"], row["qty"]) for row in report(kim, "batch-expiry")] == [
        ("P0", -10, 1),
        ("P2", 140, 3),
        ("P1", 232, 3),
    ]
    assert [row["batch_no"] for row in report(kim, "batch-expiry", days=150)] == ["P0", "P2"]
    assert list(bars(kim, "batch-expiry").items()) == [("earlier", 1), ("2026-06-01", 3), ("2026-09-01", 3)]
    assert list(bars(kim, "batch-expiry", **{"from": "2026-01-01"})) == ["2026-01-01", "2026-06-01", "2026-09-01"]

    clock.set("2027-01-01")
    (ending,) = report(kim, "warranty-expiry", days=30, batch="B-2026-01")
    assert (ending["serial_no"], ending["customer"], ending["days_left"]) == ("NB25-0017", "ACME Hospital", 14)
    assert report(kim, "warranty-expiry", days=10, batch="B-2026-01") == []
    assert bars(kim, "warranty-expiry", batch="B-2026-01") == {"2027-01-01": 1}


def test_receipts_are_compared_with_their_orders(app: Flask, ana: Api, kim: Api) -> None:
    receipt = ana.open_receipt("PO-1")
    scans = [ana.a_scan(receipt, f"NB25-{number:04d}", batch_no="B-1") for number in range(1, 49)]
    damaged = [
        ana.a_scan(receipt, f"NB25-005{n}", batch_no="B-1", condition="rejected", reason="Damaged") for n in (1, 2)
    ]
    ana.send(*scans, *damaged)
    ana.post(f"/api/purchase-receipts/{receipt['id']}/submit", {})
    ana.open_receipt("PO-2")

    rows = {(row["purchase_order"], row["item_code"]): row for row in report(kim, "receipts")}

    laptops = rows["PO-1", "LAP-15"]
    assert [laptops[key] for key in ("expected", "accepted", "rejected", "outstanding", "receipts")] == [
        50,
        48,
        2,
        0,
        1,
    ]
    waiting = rows["PO-2", "LAP-15"]
    assert [waiting[key] for key in ("accepted", "outstanding", "receipts")] == [0, waiting["expected"], 0]
    by_supplier = bars(kim, "receipts")
    assert by_supplier["NorthStar Devices"] == tuple(
        sum(row[key] for row in rows.values() if row["supplier"] == "NorthStar Devices")
        for key in ("accepted", "expected")
    )


def test_work_claims_and_corrections_have_names(
    sold: dict[str, Any], ana: Api, sue: Api, kim: Api, clock: Clock
) -> None:
    assert report(kim, "picks-per-hour") == [
        {"hour": "2026-01-15T09:00+00:00", "by": "ana", "units": 1, "pick_lists": 1}
    ]
    assert bars(kim, "picks-per-hour") == {"2026-01-15T09:00+00:00": 1}
    receipt = ana.open_receipt("PO-2")
    ana.scan(receipt, "NB25-0017")
    (refused,) = (row for row in report(kim, "scan-quality") if row["refused"])
    assert (refused["device"], refused["supplier"]) == ("ana's phone", "NorthStar Devices")
    assert refused["scans"] == refused["accepted"] + refused["refused"]
    assert refused["failed_percent"] == round(100 * refused["refused"] / refused["scans"], 1)

    claim = {"id": new_id(), "site": sue.site, "customer": "ACME", "serial_no": "NB25-0017", "complaint": "dead"}
    clock.set("2026-01-20")
    sue.post("/api/warranty-claims", claim)
    (failed,) = (row for row in report(kim, "claims", batch="B-2026-01"))
    assert [failed[key] for key in ("units", "claims", "failure_percent", "days_to_failure")] == [50, 1, 2, 5]
    (before,) = (row for row in report(kim, "claims", batch="B-2026-01", to="2026-01-19"))
    assert (before["units"], before["claims"]) == (50, 0)
    assert bars(kim, "claims", batch="B-2026-01") == {"LAP-15": 2}
    sue.post(f"/api/vouchers/{sold['id']}/cancel", {"reason": "wrong customer"})

    (cancelled,) = (row for row in report(kim, "corrections") if row["what"] == "voucher_cancelled")
    assert (cancelled["what"], cancelled["voucher_no"], cancelled["by"], cancelled["reason"]) == (
        "voucher_cancelled",
        sold["number"],
        "sue",
        "wrong customer",
    )
    audit = Counter(row["what"] for row in report(kim, "audit", limit=1000))
    assert audit["voucher_cancelled"] == 1
    assert audit["voucher_submitted"] >= 5
    assert audit["logged_in"] == 3
    assert sum(bars(kim, "audit", **{"from": "2026-01-05"}).values()) == sum(
        row["at"] >= "2026-01-05" for row in report(kim, "audit", limit=1000, **{"from": "2026-01-05"})
    )


def test_files_say_what_the_screen_says_or_that_they_would_be_too_long(
    sold: dict[str, Any], kim: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in REPORTS:
        shown = kim.get(f"/api/reports/{key}", site=kim.site, limit=1000)
        texts = [["" if cell is None else str(cell) for cell in row] for row in shown["rows"]]

        head, *rows = csv.reader(io.StringIO(file_of(kim, key, "csv").decode("utf-8-sig")))
        assert head == [column["title"] for column in shown["columns"]], key
        assert [[cell.removeprefix("'") for cell in row] for row in rows] == texts, key
        sheet = load_workbook(io.BytesIO(file_of(kim, key, "xlsx"))).active.iter_rows(2, values_only=True)
        assert [["" if cell is None else str(cell) for cell in row] for row in sheet] == texts, key

    document = pypdfium2.PdfDocument(file_of(kim, "ledger", "pdf", serial="NB25-0017"))
    paper = document[0].get_textpage().get_text_range()
    document.close()
    for text in (
        "Serial number ledger",
        "Serial number or code: NB25-0017",
        "Voucher No",
        "Delivery note",
        "NB25-0017",
    ):
        assert text in paper
    monkeypatch.setitem(reports.MOST_ROWS, "pdf", 10)

    refused = kim.get("/api/reports/ledger/file.pdf", 422, site=kim.site)

    assert (refused["code"], refused["facts"]["limit"]) == ("report_too_long", 10)
    assert file_of(kim, "ledger", "csv").count(b"\r\n") == refused["facts"]["rows"] + 1


def test_a_file_that_was_sent_gives_its_connection_back(app: Flask, sue: Api) -> None:
    with app.app_context():
        pool: Any = db.engine.pool
    # What is only collected sooner or later is not given back.
    gc.disable()
    try:
        for ending in ("csv", "xlsx", "pdf"):
            assert file_of(sue, "ledger", ending)
        (unit, *_) = sue.get("/api/units", site=sue.site, q="NB24-0001")["matches"]
        for path in (f"/api/epcis/events?site={sue.site}&unit={unit['id']}", f"/api/traces.csv?unit={unit['id']}"):
            with sue.client.get(path) as answer:
                assert answer.status_code == 200, answer.get_data(as_text=True)
                assert answer.get_data()
        assert pool.checkedout() == 0
    finally:
        gc.enable()


def test_a_pdf_says_what_the_screen_says_in_the_language_of_its_reader(
    sold: dict[str, Any], kim: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compared before they are drawn, which takes a second each for the letters alone."""
    written: dict[str, Any] = {}

    def write(rows: Any, **more: Any) -> io.BytesIO:
        written.update(more, rows=list(rows))
        return io.BytesIO(b"%PDF-")

    monkeypatch.setattr(report_pdfs, "write_pdf", write)
    for language, key in itertools.product(("en", "ar"), REPORTS):
        texts = json.loads((ROOT / f"pwa/src/i18n/{language}/reports.json").read_text())
        shown = kim.get(f"/api/reports/{key}", site=kim.site, limit=1000)
        file_of(kim, key, "pdf", language=language)
        head, *rows = written["rows"]
        assert (written["title"], written["is_right_to_left"]) == (texts[f"report_{key}"], language == "ar")
        assert head == [texts[f"report_column_{column['key']}"] for column in shown["columns"]], key
        assert len(rows) == shown["total"]
        worded = [column["words"] is not None for column in shown["columns"]]
        for row, cells in zip(rows, shown["rows"], strict=True):
            for cell, on_screen, is_word in zip(row, cells, worded, strict=True):
                assert is_word or cell == on_screen or float(cell) == on_screen, key
    file_of(kim, "ledger", "pdf", language="ar", item="LAP-15")
    assert written["under_title"] == ["الصنف: LAP-15"]
    assert "إشعار تسليم" in {row[7] for row in written["rows"]}
    assert kim.get("/api/reports/ledger/file.pdf", 422, site=kim.site, language="xx")["code"] == "invalid_request"


def test_no_text_of_a_report_is_a_formula(app: Flask, ana: Api, sue: Api, kim: Api) -> None:
    receive_laptops(ana, 1)
    (unit,) = kim.get("/api/units", site=kim.site, q="NB25-0001")["matches"]
    sue.post(f"/api/units/{unit['id']}/hold", {"kind": "hold", "reason": '=HYPERLINK("http://x")'})

    rows = list(csv.reader(io.StringIO(file_of(kim, "corrections", "csv").decode("utf-8-sig"))))
    assert rows[1][-1] == """'=HYPERLINK("http://x")"""
    sheet = load_workbook(io.BytesIO(file_of(kim, "corrections", "xlsx"))).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_bad_questions_are_answered_with_what_to_do(ana: Api, kim: Api, log_in: Any) -> None:
    def refused(person: Api, key: str, status: int, **filters: Any) -> dict[str, Any]:
        answer: dict[str, Any] = person.get(f"/api/reports/{key}", status, site=person.site, **filters)
        return answer

    assert refused(kim, "nothing", 404)["code"] == "not_found"
    assert refused(kim, "ledger", 422, item="LAP-16")["code"] == "item_unknown"
    assert refused(kim, "ledger", 422, place="NOWHERE")["code"] == "location_unknown"
    assert refused(kim, "ledger", 422, party="NOBODY")["code"] == "party_unknown"
    assert "to" in str(refused(kim, "ledger", 422, **{"from": "2026-02-01", "to": "2026-01-01"})["errors"])
    assert refused(ana, "ledger", 403)["code"] == "forbidden"
    assert refused(log_in("tom"), "ledger", 403)["code"] == "forbidden"
