"""Scenario S14 on phones: a supervisor recalls a batch, a picker's open list loses the unit, and each is followed."""

import os
import uuid
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewDevice, PutInStock
from tests.browser.devices import UNREACHABLE
from tests.browser.people import Person
from tests.browser.test_accessibility import found_on
from tests.browser.test_counts import DESK_VIEW

PHONE_VIEW = {"width": 360, "height": 740}
SERIALS = [f"REC-{number:04d}" for number in range(1, 4)]


def seen(page: Page, name: str) -> None:
    """Keep a picture of the screen, when somebody wants to look at it."""
    folder = os.environ.get("SERIALTRAIL_SCREENSHOTS_OF_RECALLS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_s14_a_recall_on_phones(new_device: NewDevice, put_in_stock: PutInStock, ana: Person, sue: Person) -> None:
    receipt = put_in_stock(*SERIALS, place="A-02", batch_no="B-REC")
    here = ana.place("A-02")
    sale = {"id": str(uuid.uuid4()), "customer": "ACME", "location_id": here, "serial_nos": SERIALS[2:]}
    ana.post("/api/delivery-notes", sale)
    wanted = {"id": str(uuid.uuid4()), "site": sue.site, "customer": "BETA", "submit": True}
    order = sue.post("/api/sales-orders", wanted | {"lines": [{"item_code": "LAP-15", "qty": 1}]})
    sue.post(f"/api/sales-orders/{order['id']}/reserve", {"serial_nos": SERIALS[:1]})
    asked = {"id": str(uuid.uuid4()), "sales_order_ids": [order["id"]], "location_id": here}
    pick_list = ana.post("/api/pick-lists", asked)
    picker = new_device(ana).page
    picker.set_viewport_size(PHONE_VIEW)
    picker.goto(f"/pick/{pick_list['id']}")
    expect(picker.get_by_text(SERIALS[0]).first).to_be_visible()

    (match,) = sue.get("/api/units", site=sue.site, q=SERIALS[0])["matches"]
    batch = sue.get(f"/api/units/{match['id']}")["batch"]["id"]
    device = new_device(sue)
    device.forgives(UNREACHABLE)
    page = device.page
    page.set_viewport_size(PHONE_VIEW)
    page.goto(f"/batches/{batch}")
    page.get_by_role("link", name="New recall").click()
    page.get_by_role("button", name="Show what this takes in").click()
    page.get_by_label("Why; everybody reads it").fill("battery may burn")
    seen(page, "preview-phone")
    assert found_on(page) == []
    page.get_by_role("button", name="Recall 3 units").click()
    expect(page.get_by_test_id("resolved")).to_have_text("0 of 3 resolved")
    seen(page, "recall-phone")
    assert found_on(page) == []
    # The picker's phone reads its list again by itself.
    expect(picker.locator(".next-unit, .lines").get_by_text(SERIALS[0])).to_have_count(0, timeout=30_000)
    seen(picker, "pick-phone")

    for serial_no, outcome in zip(SERIALS, ("Found", "Destroyed", "Returned"), strict=True):
        page.get_by_role("button", name=f"Resolve {serial_no}").click()
        page.get_by_role("dialog").get_by_role("button", name=outcome).click()
        expect(page.get_by_role("button", name=f"Resolve {serial_no}")).to_have_count(0)
    expect(page.get_by_test_id("resolved")).to_have_text("3 of 3 resolved")
    page.get_by_role("button", name="All 3").click()
    page.get_by_role("button", name="Close the recall").click()
    expect(page.locator(".chip")).to_have_text("Closed")
    page.set_viewport_size(DESK_VIEW)
    seen(page, "recall-desk")
    page.emulate_media(color_scheme="dark")
    assert found_on(page) == []
    page.get_by_role("link", name="Trace").click()
    expect(page.get_by_text("3 units")).to_be_visible()
    seen(page, "trace-desk")
    assert found_on(page) == []
    page.goto("/recalls")
    expect(page.get_by_text("battery may burn").first).to_be_visible()
    seen(page, "recalls-desk")
    assert found_on(page) == []

    page.get_by_role("link", name="New recall").click()
    page.get_by_role("button", name="Received on some days").click()
    page.get_by_label("Supplier's code").fill("NORTHSTAR")
    page.locator("select[name=item_id]").select_option(label="LAP-15 Laptop 15 inch")
    seen(page, "dates-desk")
    assert found_on(page) == []
    device.context.set_offline(True)
    page.get_by_role("button", name="Serial numbers").click()
    page.get_by_label("Serial numbers, one a line").fill(SERIALS[0])
    page.get_by_role("button", name="Show what this takes in").click()
    expect(page.get_by_role("alert")).to_contain_text("This needs the network.")
    device.context.set_offline(False)
    page.goto(f"/unit/{match['id']}")
    page.get_by_role("link", name="Trace").click()
    expect(page.get_by_text("1 unit", exact=True)).to_be_visible()
    page.goto(f"/vouchers/{receipt}")
    page.get_by_role("link", name="Trace").click()
    expect(page.get_by_text("3 units")).to_be_visible()
