"""From the stock to a batch, on hold and free again, as a supervisor does it on a phone; what the unit says then."""

import os
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewDevice, PutInStock
from tests.browser.people import Person
from tests.browser.test_accessibility import found_on

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 800}}
SHOTS = os.environ.get("SERIALTRAIL_SCREENSHOTS")


def test_a_batch_is_held_and_the_unit_says_so(
    new_device: NewDevice, put_in_stock: PutInStock, ana: Person, sue: Person
) -> None:
    put_in_stock("HOLD-0001", "HOLD-0002", place="A-01", batch_no="B-HOLD")
    page = new_device(sue, PHONE).page
    desk = new_device(sue, DESK).page
    page.goto("/")
    page.get_by_role("link", name="Stock", exact=True).click()
    expect(page.get_by_role("heading", name="Stock")).to_be_visible()
    page.get_by_label("Item, batch or serial number").fill("b-hold")
    page.get_by_role("button", name="Find").click()
    page.wait_for_url("**/stock?*q=b-hold")
    look(page, desk, "stock")
    page.get_by_role("link", name="Units", exact=True).click()
    expect(page.get_by_role("link", name=re.compile("HOLD-0001"))).to_be_visible()
    look(page, desk, "stock-units")
    page.go_back()
    page.get_by_role("link", name="B-HOLD").click()
    expect(page.get_by_role("heading", name="B-HOLD")).to_be_visible()
    expect(page.get_by_text("Released")).to_be_visible()
    batch = page.url

    page.get_by_role("button", name="Put on hold").click()
    page.get_by_role("dialog").get_by_label("Reason").fill("drop test failed")
    page.get_by_role("dialog").get_by_role("button", name="Put on hold").click()
    expect(page.get_by_text("On hold: drop test failed")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^2 On hold"))).to_be_visible()
    look(page, desk, "batch")

    page.goto("/find?q=HOLD-0001")
    expect(page.get_by_role("heading", name="HOLD-0001")).to_be_visible()
    expect(page.get_by_text("Its batch is on hold: drop test failed")).to_be_visible()
    look(page, desk, "unit")
    page.get_by_role("link", name=re.compile("PR-")).first.click()
    expect(page.get_by_role("heading", name=re.compile("PR-"))).to_be_visible()
    expect(page.get_by_role("link", name="HOLD-0002")).to_be_visible()
    look(page, desk, "voucher")
    page.go_back()

    page.get_by_role("link", name="B-HOLD").click()
    page.wait_for_url(batch)
    page.get_by_role("button", name="Lift the hold").click()
    page.get_by_role("dialog").get_by_label("Reason").fill("passed the second time")
    page.get_by_role("dialog").get_by_role("button", name="Lift the hold").click()
    expect(page.get_by_text("Released")).to_be_visible()
    page.goto("/find?q=HOLD-0001")
    expect(page.get_by_text("Available")).to_be_visible()
    line = sue.get("/api/stock", site=sue.site, q="B-HOLD")["lines"][0]
    for name, path in (("item", f"items/{line['item']['id']}"), ("place", f"places/{line['place']['id']}")):
        page.goto(f"/{path}")
        expect(page.get_by_role("link", name="Quantities")).to_be_visible()
        look(page, desk, name)
    page.goto("/vouchers?type=purchase_receipt")
    expect(page.get_by_role("link", name=re.compile("PR-")).first).to_be_visible()
    look(page, desk, "vouchers")


def look(page: Page, desk: Page, name: str) -> None:
    """Axe finds nothing, thumbs hit everything, nothing runs off the screen, by phone and by desk."""
    desk.goto(page.url)
    for each, width in ((page, "phone"), (desk, "desk")):
        expect(each.get_by_text("Loading…")).to_have_count(0)
        if SHOTS:
            each.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
    assert found_on(page) == [], name
