"""Goods that leave on a phone: issued, built into another unit, sent back to their supplier, and cancelled again."""

import os
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import scanners
from tests.browser.conftest import NewDevice, PutInStock
from tests.browser.people import Person
from tests.browser.test_accessibility import found_on


def state(person: Person, serial_no: str) -> str:
    (match,) = person.get("/api/units", site=person.site, q=serial_no)["matches"]
    return str(match["state"])


def seen(page: Page, name: str) -> None:
    """Keep a picture of the screen, when somebody wants to look at it."""
    folder = os.environ.get("SERIALTRAIL_SCREENSHOTS_OF_MOVES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_goods_are_built_in_issued_returned_and_come_back(
    new_device: NewDevice, put_in_stock: PutInStock, ana: Person, sue: Person
) -> None:
    put_in_stock(*(f"OUT-{number}" for number in range(1, 5)))
    device = new_device(sue)
    page = device.page

    page.goto("/")
    page.get_by_role("link", name="Issue and build in").click()
    page.get_by_role("button", name="Build in").first.click()
    scanners.scan(page, ["MAIN", "OUT-1", "OUT-2"])
    expect(page.get_by_test_id("parent")).to_contain_text("OUT-1")
    expect(page.get_by_test_id("moving")).to_have_text("1 unit")
    page.get_by_role("button", name="Assembly").click()
    seen(page, "stock-entry-phone")
    page.get_by_role("button", name="Build in").last.click()
    expect(page.get_by_text("Stock entry").first).to_be_visible()
    assert state(ana, "OUT-2") == "consumed"
    page.get_by_role("button", name="Cancel this voucher").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("the wrong part")
    dialog.get_by_role("button", name="Cancel this voucher").click()
    expect(page.get_by_text("the wrong part")).to_be_visible()
    assert state(ana, "OUT-2") == "in_stock"

    page.goto("/supplier-returns/new")
    page.get_by_label("Supplier").select_option(index=1)
    scanners.scan(page, ["MAIN", "OUT-3", "OUT-9"])
    page.get_by_role("textbox", name="Reason").fill("does not start")
    page.reload()
    expect(page.get_by_test_id("unfinished")).to_be_visible()
    page.get_by_role("button", name="Return", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("OUT-9")
    page.get_by_role("button", name="Undo OUT-9").click()
    seen(page, "supplier-return-phone")
    page.get_by_role("button", name="Return", exact=True).click()
    expect(page.get_by_text("does not start")).to_be_visible()
    assert state(ana, "OUT-3") == "returned_to_supplier"

    # Sue begins a transfer and ana finishes it; what sue had before her is out of date by then.
    device.forgives(r"409 .*/api/voucher-drafts\)$")
    page.goto("/transfers/new")
    expect(page.get_by_test_id("moving")).to_have_text("0 units")
    scanners.scan(page, ["MAIN", "OUT-4"])
    expect(page.get_by_test_id("moving")).to_have_text("1 unit")
    page.get_by_role("button", name="Keep as draft").click()
    expect(page.get_by_test_id("draft")).to_contain_text("Kept by sue")
    assert found_on(page) == []
    seen(page, "draft-kept-phone")
    of_ana = new_device(ana).page
    of_ana.goto("/vouchers?status=draft")
    draft = of_ana.get_by_role("link", name="Stock transfer")
    expect(draft).to_contain_text("Kept by sue")
    seen(of_ana, "drafts-phone")
    draft.click()
    expect(of_ana.get_by_test_id("moving")).to_have_text("1 unit")
    of_ana.get_by_role("combobox", name="To", exact=True).select_option(label="MAIN / A-01")
    of_ana.get_by_role("button", name="Keep as draft").click()
    expect(of_ana.get_by_test_id("draft")).to_contain_text("Kept by ana")
    page.get_by_role("button", name="Keep as draft").click()
    expect(page.get_by_role("alert")).to_contain_text("ana has changed the draft")
    seen(page, "draft-changed-phone")
    page.get_by_role("button", name="Load the draft again").click()
    expect(page.get_by_role("combobox", name="To", exact=True)).not_to_have_value("")
    of_ana.get_by_role("button", name="Move", exact=True).click()
    of_ana.wait_for_url(re.compile(r"/transfers/[0-9a-f-]{36}$"))
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("ana has submitted this draft; it is ST-")
    page.get_by_role("button", name="Load the draft again").click()
    expect(page.get_by_role("link", name="ST-")).to_be_visible()
    seen(page, "draft-closed-phone")
