"""Scenario S17 on screen: counted on a phone, approved at a desk, and the goods on their way to another place."""

import os
import uuid
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import scanners
from tests.browser.conftest import As, NewDevice, PutInStock
from tests.browser.devices import WALL
from tests.browser.people import Person
from tests.browser.test_accessibility import found_on

BIN, OTHER = "COUNTED", "A-01"
PHONE_VIEW = {"width": 390, "height": 844}
DESK_VIEW = {"width": 1280, "height": 800}


def state(person: Person, serial_no: str) -> tuple[str, str]:
    (match,) = person.get("/api/units", site=person.site, q=serial_no)["matches"]
    return match["state"], match["location"]["code"]


def seen(page: Page, name: str) -> None:
    """Keep a picture of the screen, when somebody wants to look at it."""
    folder = os.environ.get("SERIALTRAIL_SCREENSHOTS_OF_COUNTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


def counted(page: Page, tally: int) -> None:
    expect(page.get_by_test_id("tally").locator("strong")).to_have_text(str(tally))


def test_s17_a_count_on_the_phone_is_approved_at_the_desk(
    new_device: NewDevice, put_in_stock: PutInStock, known: As, ana: Person, sue: Person
) -> None:
    shelf = {"site": sue.site, "parent_id": sue.place("MAIN"), "code": BIN, "name": "Shelf", "kind": "bin"}
    sue.post("/api/masters/places", shelf)
    put_in_stock(*(f"CNT-{number:04d}" for number in range(1, 5)), place=BIN)
    moved = {"id": str(uuid.uuid4()), "location_id": ana.place(BIN), "to_location_id": ana.place(OTHER)}
    ana.post("/api/stock-transfers", moved | {"serial_nos": ["CNT-0004"]})

    phone = new_device(ana)
    page = phone.page
    page.set_viewport_size(PHONE_VIEW)
    page.goto("/counts")
    page.get_by_role("button", name=f"{BIN} Shelf").click()
    page.get_by_role("button", name="Blind").click()
    seen(page, "counts-phone")
    page.get_by_role("button", name="Begin to count").click()
    counted(page, 0)
    scanners.scan(page, ["CNT-0001", "CNT-0002", "CNT-0004"])
    counted(page, 3)
    scanners.scan(page, ["CNT-0002"])
    expect(page.locator(".said")).to_have_attribute("data-status", "duplicate")
    page.get_by_label("Serial number or code").fill("X-77")
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".said")).to_have_attribute("data-status", "unknown")
    counted(page, 4)
    seen(page, "count-phone")
    assert found_on(page) == []
    page.set_viewport_size(DESK_VIEW)
    seen(page, "count-desk")
    page.set_viewport_size(PHONE_VIEW)
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("button", name="All is counted").click()
    expect(page.get_by_text("Waits for a supervisor")).to_be_visible()
    assert state(ana, "CNT-0003") == ("in_stock", BIN)

    desk = new_device(sue, WALL)
    desk.page.set_viewport_size(DESK_VIEW)
    desk.page.goto(page.url)
    for kind, total in (("found", 2), ("missing", 1), ("misplaced", 1), ("unknown", 1)):
        expect(desk.page.get_by_test_id(f"total-{kind}").locator("strong")).to_have_text(str(total))
    expect(desk.page.get_by_test_id("lines-missing")).to_contain_text("CNT-0003")
    seen(desk.page, "review-desk")
    desk.page.set_viewport_size(PHONE_VIEW)
    seen(desk.page, "review-phone")
    assert found_on(desk.page) == []

    second = new_device(known("ben")).page
    second.goto(page.url)
    second.get_by_role("button", name="Count again").click()
    counted(second, 0)
    scanners.scan(second, ["CNT-0001", "CNT-0002", "CNT-0004"])
    counted(second, 3)
    second.get_by_role("button", name="Finish").click()
    second.get_by_role("button", name="All is counted").click()
    expect(second.get_by_text("Waits for a supervisor")).to_be_visible()

    expect(desk.page.get_by_test_id("total-unknown").locator("strong")).to_have_text("0")
    desk.page.get_by_role("button", name="Approve").click()
    desk.page.get_by_role("dialog").get_by_role("button", name="Approve").click()
    expect(desk.page.get_by_text("Approved and posted")).to_be_visible()
    assert state(ana, "CNT-0003") == ("lost", "LOST")
    assert state(ana, "CNT-0004") == ("in_stock", BIN)

    page.goto("/transfers/new")
    page.get_by_label("From").select_option(label=f"MAIN / {BIN}")
    page.locator("select").nth(1).select_option(label="VAN-7")
    page.get_by_label("Goes on a journey").check()
    scanners.scan(page, ["CNT-0001", "CNT-0002"])
    expect(page.locator(".lines .key-data")).to_have_text(["CNT-0002", "CNT-0001"])
    expect(page.get_by_test_id("moving")).to_have_text("2 units")
    seen(page, "new-transfer-phone")
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_test_id("arrived").locator("strong")).to_have_text("0")
    scanners.scan(page, ["]d2010950600013435221CNT-0002"])
    expect(page.get_by_test_id("arrived").locator("strong")).to_have_text("1")
    seen(page, "transfer-phone")
    assert found_on(page) == []
    assert state(ana, "CNT-0001")[0] == "in_transit"
    assert state(ana, "CNT-0002") == ("in_stock", "VAN-7")

    desk.page.set_viewport_size(PHONE_VIEW)
    desk.page.goto("/find?q=CNT-0002")
    desk.page.get_by_role("button", name="Correct serial number").click()
    desk.page.get_by_label("Right serial number").fill("CNT-0902")
    desk.page.get_by_label("Reason").fill("typed from a worn label")
    seen(desk.page, "correct-phone")
    desk.page.get_by_role("dialog").get_by_role("button", name="Correct serial number").click()
    expect(desk.page.get_by_role("heading", name="CNT-0902")).to_be_visible()
    expect(desk.page.get_by_text("formerly CNT-0002")).to_be_visible()
    desk.page.goto("/transfers")
    desk.page.set_viewport_size(DESK_VIEW)
    expect(desk.page.get_by_text("In transit").first).to_be_visible()
    seen(desk.page, "transfers-desk")
