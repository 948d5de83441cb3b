"""A report on a phone: filtered by a link, read, and taken away as a file."""

import csv
import re

from playwright.sync_api import expect

from tests.browser.conftest import NewDevice
from tests.browser.people import Person


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

    device.forgives("status of 422")
    page.get_by_text("Filters (2)").click()
    page.get_by_label("Item").fill("LAP-99")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("There is no item 'LAP-99'.")).to_be_visible()
    page.get_by_label("Item").fill("")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("1 row.")).to_be_visible()
