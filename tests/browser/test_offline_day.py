"""A technician's day in a cellar: what was kept in the morning is read, what is done goes out in the evening."""

import re
import uuid
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import scanners
from tests.browser.conftest import As, NewDevice
from tests.browser.devices import UNREACHABLE
from tests.browser.people import Person
from tests.browser.screens import ReceiveScreen, service_worker_is_ready
from tests.browser.server import DemoServer
from tests.browser.test_accessibility import found_on
from tests.browser.test_servicing import SMALL, a_photo, shoot, sign

UNIT = "NB23-0001"


def test_a_technicians_day_offline(
    new_device: NewDevice, known: As, server: DemoServer, record_property: Callable[[str, Any], None]
) -> None:
    tom = known("tom")
    device = new_device(tom, SMALL)
    device.forgives(UNREACHABLE)
    page = device.page
    page.goto("/outbox")
    expect(page.get_by_test_id("kept")).to_contain_text("as of ")
    shoot(page, "kept")
    page.goto("/service/customers")
    page.get_by_label("Code or name of the customer").fill("acme")
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("button", name="Add ACME").click()
    expect(page.get_by_test_id("kept-customers")).to_contain_text(re.compile(r"\d+ units?"))
    assert found_on(page) == []
    service_worker_is_ready(page)
    page.close()

    server.stop()
    try:
        page = device.another_tab()
        page.goto("/")
        expect(page.get_by_text("Yearly inspection")).to_be_visible()
        told = page.evaluate("Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime)")
        record_property("cold_start_ms", told)
        a_shift(page)
        expect(page.locator(".outbox-mark")).to_have_text("2")
    finally:
        server.start()
    # The device need not wait for its own next try.
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".outbox-mark")).to_be_hidden()
    unit = tom.get("/api/units", site=tom.site, q=UNIT)["matches"][0]["id"]
    card = tom.get(f"/api/units/{unit}")
    assert card["services"][0]["work_done"] == "Filter changed"
    visit = tom.get(f"/api/service-visits/{card['services'][0]['id']}")
    assert (visit["signer_name"], sorted(each["kind"] for each in visit["attachments"])) == (
        "Ms Grey",
        ["photo", "signature"],
    )
    assert card["claim"] is not None


def a_shift(page: Page) -> None:
    """Find the unit at its customer and by its label, take a claim and close a job; all without the server."""
    page.goto("/service/customers")
    page.get_by_text("ACME").first.click()
    page.get_by_test_id("kept-customers").get_by_role("link", name=UNIT).click()
    expect(page.get_by_role("heading", name=UNIT)).to_be_visible()
    page.goto("/find")
    page.get_by_role("heading", name="Find a unit").click()
    scanners.scan(page, [UNIT])
    expect(page.get_by_role("heading", name=UNIT)).to_be_visible()
    expect(page.get_by_text("No network: as of ")).to_be_visible()
    expect(page.get_by_test_id("answers")).to_contain_text("Under Warranty: ")
    expect(page.locator(".warranty-panel")).to_contain_text("Under Warranty: ")
    shoot(page, "unit-offline")
    page.locator(".warranty-panel").get_by_role("link", name="New claim").click()
    page.get_by_label("Customer").fill("ACME")
    page.get_by_label("What is wrong").fill("smells of burning")
    page.get_by_role("button", name=re.compile("Enter")).click()
    expect(page.locator(".outbox-mark")).to_have_text("1")

    page.goto("/find")
    page.get_by_role("heading", name="Find a unit").click()
    scanners.scan(page, [UNIT])
    page.get_by_role("link", name="Report a job").click()
    expect(page.get_by_text("No network: this list is as of ").first).to_be_visible()
    page.get_by_label("What was done").fill("Filter changed")
    page.locator("input[type=file]").set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
    )
    expect(page.get_by_role("img", name="Photo")).to_be_visible()
    page.get_by_label("Name of who signs").fill("Ms Grey")
    sign(page)
    page.get_by_role("button", name="Close the job").click()


def test_a_pick_list_and_a_receipt_are_opened_while_the_server_is_down(
    new_device: NewDevice, ana: Person, sue: Person, server: DemoServer
) -> None:
    order = sue.submit_order("LAP-15", 2)
    device = new_device(ana, SMALL)
    device.forgives(UNREACHABLE)
    page = device.page
    pick_list = a_pick_list(ana, sue)
    page.goto("/outbox")
    expect(page.get_by_test_id("kept")).to_be_visible()
    service_worker_is_ready(page)
    page.close()
    server.stop()
    try:
        page = device.another_tab()
        pick_what_is_kept(page, pick_list)

        page.goto(f"/orders/{order}")
        expect(page.get_by_text("No network: as of ")).to_be_visible()
        page.get_by_role("group", name="Where do the goods go?").get_by_role("button", name="MAIN").click()
        page.get_by_role("button", name="Receive into MAIN").click()
        screen = ReceiveScreen(page)
        expect(screen.count).to_have_text("0")
        screen.keep_batch()
        screen.scan("OFR-0001")
        expect(screen.rows).to_have_count(1)
        screen.scan("NB24-0001")
        expect(screen.said).to_contain_text("NB24-0001 is already in stock. So far as this device knew at ")
        shoot(page, "refused-offline")
        page.get_by_role("button", name="Understood").click()
        screen.scan("OFR-0002")
        expect(screen.said).to_contain_text("OFR-0002")
        screen.scan("OFR-0003")
        expect(screen.said).to_contain_text("OFR-0003 is one too many")
        page.get_by_role("button", name="Understood").click()
    finally:
        server.start()
    receipt = screen.receipt_id
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(screen.rows_that_are("accepted")).to_have_count(2)
    expect(screen.rows_that_are("refused")).to_have_count(2)
    assert [scan["text"] for scan in server.scans(receipt)] == ["OFR-0001", "NB24-0001", "OFR-0002", "OFR-0003"]
    assert ana.get(f"/api/pick-lists/{pick_list}")["counts"]["accepted"] == 1
    assert [scan["text"] for scan in server.scans(pick_list)] == ["OFP-0002", "OFP-0001"]
    ana.post(f"/api/purchase-receipts/{receipt}/discard", {"reason": "end of the test"})


def a_pick_list(ana: Person, sue: Person) -> str:
    """One laptop to be fetched, and two in the house that no other test counts on."""
    receipt = ana.open_receipt_at(sue.submit_order("LAP-15", 2), ana.place("MAIN"))
    ana.scan(receipt, "OFP-0001", "OFP-0002", batch_no="OFP")
    ana.post(f"/api/purchase-receipts/{receipt}/submit", {})
    wanted = {"id": str(uuid.uuid4()), "site": sue.site, "customer": "ACME", "submit": True}
    order = sue.post("/api/sales-orders", wanted | {"lines": [{"item_code": "LAP-15", "qty": 1}]})
    asked = {"id": str(uuid.uuid4()), "sales_order_ids": [order["id"]], "location_id": ana.place("MAIN")}
    return str(ana.post("/api/pick-lists", asked | {"manual": True})["id"])


def pick_what_is_kept(page: Page, pick_list: str) -> None:
    """The first page of the day is opened without the server: what is kept shows, and what is not says so."""
    page.goto("/sales-orders")
    expect(page.get_by_text("This page is not on this device: it needs the network.")).to_be_visible()
    page.locator(f"a[href='/pick/{pick_list}']").click()
    expect(page.get_by_text("No network: as of ")).to_be_visible()
    scanners.scan(page, ["OFP-0002"])
    expect(page.get_by_test_id("fetched").locator("[data-state=waiting]")).to_have_count(1)
    scanners.scan(page, ["OFP-0001"])
    expect(page.locator(".said")).to_contain_text("OFP-0001 is more than the list asks for")
    page.get_by_role("button", name="Understood").click()
