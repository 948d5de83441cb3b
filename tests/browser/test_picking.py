"""Scenarios S6 and S7 on a phone: from the sales order to the invoice, by wedge, also without a network."""

import uuid
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import scanners
from tests.browser.conftest import NewDevice
from tests.browser.devices import UNREACHABLE
from tests.browser.people import Person
from tests.browser.pictures import picture
from tests.browser.screens import service_worker_is_ready
from tests.browser.server import DemoServer
from tests.browser.test_accessibility import found_on

FIRST_TO_EXPIRE, NEXT_TO_EXPIRE, EXPIRED = "2030-06-30", "2030-09-30", "2026-01-31"


@pytest.fixture(scope="module")
def pumps(server: DemoServer, known: Any) -> None:
    """Pumps in MAIN: of the batches that may go the one that expires first was received last; one is in the van."""
    ana = known("ana")
    order_id = known("sue").submit_order("PUMP-1", 8)
    for batch_no, expires_on, count, place in (
        ("P0", EXPIRED, 1, "MAIN"),
        ("P1", NEXT_TO_EXPIRE, 3, "MAIN"),
        ("P2", FIRST_TO_EXPIRE, 3, "MAIN"),
        ("P3", FIRST_TO_EXPIRE, 1, "VAN-7"),
    ):
        receipt = ana.open_receipt_at(order_id, ana.place(place))
        serials = [f"{batch_no}-{number:02d}" for number in range(1, count + 1)]
        outcomes = ana.scan(receipt, *serials, batch_no=batch_no, expires_on=expires_on)
        assert {outcome["code"] for outcome in outcomes} == {"ok"}
        ana.post(f"/api/purchase-receipts/{receipt}/submit", {})


def scan(page: Page, *codes: str) -> None:
    scanners.scan(page, codes)


def test_from_the_order_to_the_invoice(pumps: None, sue: Person, new_device: NewDevice, server: DemoServer) -> None:
    device = new_device(sue)
    device.forgives(UNREACHABLE)
    page = device.page
    page.goto("/")
    page.get_by_role("link", name="Sell and pick").click()
    page.get_by_role("link", name="New sales order").click()
    page.get_by_label("Customer").select_option("ACME")
    page.get_by_label("Item of line 1").select_option("PUMP-1")
    page.get_by_label("Quantity of line 1").fill("4")
    page.get_by_label("Own number").fill("SO-77")
    page.get_by_role("button", name="Write the order").click()
    expect(page.get_by_role("heading", name="SO-77")).to_be_visible()
    page.get_by_role("button", name="Choose units").click()
    page.get_by_label("Warehouse").first.select_option(label="MAIN")
    page.get_by_role("button", name="Choose P1-03").click()
    expect(page.get_by_test_id("reserved").get_by_text("P1-03")).to_be_visible()
    picture(page, "phone-sales-order")
    assert found_on(page) == []
    page.get_by_role("button", name="Start picking").click()

    # S6: what expires first, beside what was chosen; S7f: another unit in place of a proposed one.
    count = page.get_by_test_id("count").locator("strong")
    waiting = page.get_by_test_id("to-fetch").get_by_role("listitem")
    expect(waiting).to_have_count(4)
    for serial_no in ("P1-03", "P2-01", "P2-02", "P2-03"):
        expect(waiting.filter(has_text=serial_no)).to_have_count(1)
    expect(page.get_by_test_id("next")).to_contain_text("MAIN")
    service_worker_is_ready(page)
    scan(page, "P1-03")
    expect(count).to_have_text("1")
    picture(page, "phone-picking")
    assert found_on(page) == []
    scan(page, "P1-01")
    expect(page.locator(".said")).to_contain_text("P1-01 picked in place of P2-03")
    expect(page.get_by_test_id("replaced")).to_contain_text("P1-01 in place of P2-03")
    expect(count).to_have_text("2")

    # S6, S7a, c and h: refused with their words, and a refusal stands until it is seen.
    (held,) = sue.get("/api/units", site=sue.site, q="P1-02")["matches"]
    sue.post(f"/api/units/{held['id']}/hold", {"reason": "drop test failed"})
    for serial_no, words in (
        ("NB24-0001", "NB24-0001 belongs to LAP-15"),
        ("P3-01", "P3-01 is in VAN-7"),
        ("P0-01", f"batch P0 expired on {EXPIRED}"),
        ("P1-02", "P1-02 is on hold: drop test failed"),
    ):
        scan(page, serial_no)
        expect(page.locator(".said")).to_contain_text(words)
        page.get_by_role("button", name="Understood").click()

    # Without a network the next ones are kept, judged here, and sent when it is back.
    device.context.set_offline(True)
    scan(page, "NB24-0001")
    expect(page.locator(".said")).to_contain_text("NB24-0001 belongs to an item that is not on this list.")
    page.get_by_role("button", name="Understood").click()
    scan(page, "P2-01", "P1-03")
    expect(page.locator(".said")).to_contain_text("Already picked")
    expect(page.get_by_test_id("fetched").locator("[data-state=waiting]")).to_have_count(2)
    page.reload()
    expect(page.get_by_test_id("fetched").locator("[data-state=waiting]")).to_have_count(2)
    device.context.set_offline(False)
    expect(count).to_have_text("3")
    expect(page.get_by_test_id("fetched").locator("[data-state=waiting]")).to_have_count(0)

    # A partial pick: its order stays short by one, visibly.
    page.get_by_role("button", name="Finish", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("1 was not fetched")
    page.get_by_role("button", name="Finish picking").click()
    page.get_by_role("button", name="Deliver to ACME Hospital").click()
    serials = page.get_by_test_id("serials").get_by_role("link")
    expect(serials).to_have_text(["P1-01", "P1-03", "P2-01"])
    picture(page, "phone-delivery")
    page.get_by_role("button", name="Make the invoice").click()
    expect(page.get_by_text("Sales invoice").first).to_be_visible()
    expect(serials).to_have_text(["P1-01", "P1-03", "P2-01"])

    (order,) = [each for each in _orders(sue) if each["number"] == "SO-77"]
    assert (order["status"], order["lines"][0]["delivered"], order["lines"][0]["to_fetch"]) == ("submitted", 3, 1)


def test_a_supervisor_takes_what_another_order_has_reserved(
    pumps: None, sue: Person, ana: Person, new_device: NewDevice
) -> None:
    other = _order(sue, "BETA", 1)
    sue.post(f"/api/sales-orders/{other['id']}/reserve", {"serial_nos": ["NB23-0002"]})
    mine = _order(sue, "ACME", 1)
    made = sue.post(
        "/api/pick-lists",
        {"id": str(uuid.uuid4()), "sales_order_ids": [mine["id"]], "location_id": sue.place("MAIN")},
    )
    page = new_device(sue).page
    page.goto(f"/pick/{made['id']}")
    expect(page.get_by_test_id("count").locator("strong")).to_be_visible()

    scan(page, "NB23-0002")
    expect(page.locator(".said")).to_contain_text(f"NB23-0002 is reserved for {other['number']} by sue")
    page.get_by_role("button", name="Take it all the same").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("the display model goes first")
    dialog.get_by_role("button", name="Take it all the same").click()
    expect(page.get_by_test_id("fetched").get_by_role("listitem")).to_contain_text(["NB23-0002"])

    page.goto(f"/sales-orders/{other['id']}")
    expect(page.get_by_test_id("reserved")).to_contain_text("the display model goes first")
    sue.post(f"/api/pick-lists/{made['id']}/discard", {"reason": "end of the test"})


def _order(person: Person, customer: str, qty: int) -> dict[str, Any]:
    written: dict[str, Any] = person.post(
        "/api/sales-orders",
        {
            "id": str(uuid.uuid4()),
            "site": person.site,
            "customer": customer,
            "lines": [{"item_code": "LAP-15", "qty": qty}],
            "submit": True,
        },
    )
    return written


def _orders(person: Person) -> list[dict[str, Any]]:
    orders: list[dict[str, Any]] = person.get("/api/sales-orders", site=person.site)["sales_orders"]
    return orders
