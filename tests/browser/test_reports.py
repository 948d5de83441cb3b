"""A report on a phone: filtered by a link, read, and taken away as a file."""

import csv
import io
import json
import re
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import expect

from tests import hostile_texts
from tests.browser.conftest import NewDevice
from tests.browser.people import Person
from tests.browser.screens import choose_file
from tests.browser.test_accessibility import found_on


def test_a_report_is_narrowed_by_its_link_and_taken_away(new_device: NewDevice, kim: Person) -> None:
    device = new_device(kim)
    page = device.page
    page.goto("/")
    page.get_by_role("link", name="Reports").click()
    page.get_by_role("link", name=re.compile("^Whereabouts of all units")).click()
    page.get_by_text("Filters").click()
    page.get_by_label("Item").fill("LAP-15")
    page.get_by_label("Serial number or code").fill("nb23-0001")
    page.get_by_role("button", name="Show", exact=True).click()

    page.wait_for_url("**/reports/whereabouts?item=LAP-15&serial=nb23-0001")
    row = page.get_by_role("row").last
    for text in ("NB23-0001", "ACME Hospital", "Sold"):
        expect(row).to_contain_text(text)
    with page.expect_download() as waited:
        page.get_by_role("button", name="CSV").click()
    with waited.value.path().open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert [dict(zip(head, each, strict=True))["Serial No"] for each in rows] == ["NB23-0001"]

    with page.expect_download() as waited:
        page.get_by_role("button", name="XLSX").click()
    assert [cell.value for cell in load_workbook(io.BytesIO(waited.value.path().read_bytes())).active[2]][
        1
    ] == "NB23-0001"

    device.forgives("status of 422")
    page.get_by_text("Filters (2)").click()
    page.get_by_label("Item").fill("LAP-99")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("There is no item 'LAP-99'.")).to_be_visible()
    page.get_by_label("Item").fill("")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("1 row.")).to_be_visible()

    page.get_by_role("link", name="Reports").click()
    page.get_by_label("From").fill("2020-01-01")
    page.get_by_label("To").fill("2099-12-31")
    with page.expect_download() as waited:
        page.get_by_role("button", name="Save as EPCIS").click()
    assert '"serialtrail:what": "sold"' in waited.value.path().read_text()
    assert found_on(page) == []


def test_what_others_write_is_text_here(new_device: NewDevice, ana: Person, sue: Person, tmp_path: Path) -> None:
    def events(*serial_nos: str) -> str:
        epcs = [f"urn:epc:id:sgtin:9506000.013435.{serial_no}" for serial_no in serial_nos]
        event = {"type": "ObjectEvent", "action": "OBSERVE", "epcList": epcs}
        return json.dumps({"type": "EPCISDocument", "schemaVersion": "2.0", "epcisBody": {"eventList": [event]}})

    device = new_device(sue)
    device.forgives("status of 422")
    page, file = device.page, tmp_path / "events.jsonld"
    page.goto(f"/orders/{sue.submit_order('LAP-15', 2)}/expected")
    for content, answer in (
        ("<epcis:EPCISDocument/>", "The file events.jsonld is no JSON."),
        (events("E-1").replace("sgtin", "sgln"), "neither an SGTIN nor a Digital Link"),
        (events("E-1", "E-2"), "2 units are expected now."),
    ):
        file.write_text(content)
        choose_file(page, "EPCIS events", file)
        expect(page.get_by_text(answer).first).to_be_visible()
    expect(page.get_by_test_id("expected")).to_contain_text("2")
    assert found_on(page) == []

    # Texts of other people that would run where they were taken for markup: three of them in each row of a receipt.
    texts = hostile_texts.markup()
    kinds = list(zip(texts[0::3], texts[1::3], texts[2::3], strict=False))
    receipt = ana.open_receipt_at(sue.submit_order("LAP-15", len(kinds)), ana.place("MAIN"))
    scans = (
        ana.a_scan(receipt, serial_no, batch_no=batch_no, reason=reason, condition="rejected")
        for serial_no, batch_no, reason in kinds
    )
    assert {outcome["code"] for outcome in ana.send(*scans)} == {"ok"}
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.goto(f"/receive/{receipt}")
    page.get_by_role("button", name=re.compile(r"^Show .*more$")).press("Enter")
    rows = page.get_by_test_id("scans").get_by_role("listitem")
    expect(rows).to_have_count(len(kinds))
    said = "\n".join(rows.all_text_contents())
    assert [text for row in kinds for text in row if text not in said] == []
    assert (page.evaluate("window.ran"), asked) == (None, [])
    ana.post(f"/api/purchase-receipts/{receipt}/discard", {"reason": "only looked at"})
