"""Looking after items: with a profile, a code linked by a scanner, a file with a row that is wrong, and retired."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import scanners
from tests.browser.conftest import NewDevice
from tests.browser.people import Person
from tests.browser.screens import ReceiveScreen, open_screen
from tests.browser.test_accessibility import found_on

FILE = "Item Code,Name,Tracking\nJ-CASE,Case,none\nJ-PHONE,Field phone,serial\nJ-BAD,Bad,sideways\n"


def test_an_item_from_its_first_day_to_its_last(new_device: NewDevice, sue: Person, tmp_path: Path) -> None:
    page: Page = new_device(sue).page
    page.goto("/")
    page.get_by_role("link", name="Masters").click()
    page.get_by_role("link", name="Items", exact=True).click()
    page.get_by_role("link", name="New item").click()

    page.get_by_label("Item code").fill("J-PHONE")
    page.get_by_label("Name").fill("Phone")
    page.get_by_label("Trade profile").select_option("electronics")
    expect(page.get_by_label("or in months")).to_have_value("24")
    expect(page.get_by_label("IMEI")).to_be_checked()
    page.get_by_label("or in months").fill("36")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="J-PHONE")).to_be_visible()
    expect(page.get_by_label("or in months")).to_have_value("36")

    scanners.scan(page, ["OWN-CODE-77"])
    expect(page.get_by_text("OWN-CODE-77 now stands for J-PHONE.")).to_be_visible()
    assert found_on(page) == []
    item_page = page.url

    file = tmp_path / "items.csv"
    file.write_text(FILE)
    page.goto("/masters/items/import")
    page.get_by_label("Choose a file").set_input_files(file)
    rows = page.locator("[data-outcome]")
    expect(rows).to_have_count(3)
    expect(page.locator("[data-outcome=refused]")).to_contain_text("'sideways' under Tracking is not one of")
    expect(page.locator("[data-outcome=changed]")).to_contain_text("J-PHONE changes: name.")
    assert found_on(page) == []
    page.get_by_role("button", name="Take the 2 good rows").click()
    expect(page.get_by_role("heading", name="items.csv is taken")).to_be_visible()

    page.goto("/masters/items")
    page.get_by_label("Search").fill("own-code-77")
    expect(page.get_by_text("Nothing found.")).to_be_visible()
    page.get_by_label("Search").fill("OWN-CODE-77")
    expect(page.get_by_role("link", name="J-PHONE Field phone")).to_be_visible()
    assert found_on(page) == []

    page.goto(item_page)
    expect(page.get_by_label("Name")).to_have_value("Field phone")
    page.get_by_role("button", name="Retire").click()
    expect(page.get_by_role("button", name="Bring back")).to_be_visible()
    assert sue.get("/api/masters/items", q="J-PHONE")["items"] == []
    assert [item["item_code"] for item in sue.get("/api/masters/items", q="J-CASE")["items"]] == ["J-CASE"]


def test_a_foreign_code_is_linked_in_two_taps(new_device: NewDevice, sue: Person, ana: Person, receipt: str) -> None:
    page: Page = new_device(sue).page
    page.goto("/find?q=FOREIGN-501")
    page.get_by_role("button", name="Link to an item").click()
    page.get_by_role("button", name="CAB-2").click()
    expect(page.get_by_text("FOREIGN-501 now stands for CAB-2.")).to_be_visible()

    screen = ReceiveScreen.of(page, receipt)
    screen.scan("\x1d01095060001345982112345")
    screen.said.get_by_role("button", name="Link to an item").click()
    page.get_by_role("dialog").get_by_role("button", name="LAP-15").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    gtins = sue.get("/api/masters/items", q="09506000134598")["items"][0]["gtins"]
    assert gtins == ["09506000134352", "09506000134598"]

    page = new_device(ana).page
    page.goto("/find?q=FOREIGN-502")
    expect(page.get_by_text("Ask the supervisor to link this code")).to_be_visible()


def test_a_site_says_when_its_fiscal_year_begins(new_device: NewDevice, sue: Person) -> None:
    page = new_device(sue).page
    open_screen(page, "/masters/settings")
    page.get_by_label("Fiscal year begins in").select_option("April")
    assert found_on(page) == []
    for month, year in (("April", r"\d{4}-"), ("January", r"\d{4}\.")):
        page.get_by_label("Fiscal year begins in").select_option(month)
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_text(re.compile(f"fiscal year {year}"))).to_be_visible()
