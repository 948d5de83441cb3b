"""Receiving on the screen: the whole way from log-in to the unit's page, and every bad scan of scenario S2."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import scanners
from tests.browser.conftest import NewDevice, NewReceipt
from tests.browser.people import Person
from tests.browser.screens import BATCH, ReceiveScreen, log_in
from tests.browser.server import DemoServer, moment

PUMP_LABEL = "01095060001343691727123110P-77\x1d21PUMP-0101"
LAPTOP_LABEL = "]d2010950600013435210B-2026-02\x1d21NB25-0900"


@pytest.fixture
def screen(new_device: NewDevice, ana: Person, receipt: str) -> ReceiveScreen:
    """Ana at an empty receipt of PO-1, its batch set."""
    screen = ReceiveScreen.of(new_device(ana).page, receipt)
    screen.keep_batch()
    return screen


def expect_said(screen: ReceiveScreen, tone: str, word: str, *texts: str) -> None:
    """The large answer: its look, its word, the live region that reads it out, and what it names."""
    expect(screen.said).to_have_class(re.compile(rf"\bsaid-{tone}\b"))
    role = "alert" if tone == "refused" else "status"
    region = screen.said.get_by_role(role)
    expect(region).to_have_attribute("aria-live", "assertive" if role == "alert" else "polite")
    expect(region.locator(".said-word")).to_have_text(word)
    for text in texts:
        expect(region).to_contain_text(text)


def look_of(banner: Locator) -> tuple[Any, ...]:
    """What tells one answer from another at a glance: colours, and the icon's shape."""
    look: list[Any] = banner.evaluate(
        "element => [getComputedStyle(element).backgroundColor, element.querySelector('path').getAttribute('d')]"
    )
    return tuple(look)


def test_from_log_in_to_the_history_of_a_unit(new_device: NewDevice, server: DemoServer) -> None:
    device = new_device()
    page = device.page
    page.goto("/")
    log_in(page, "ben")
    page.get_by_role("link", name=re.compile("^PO-1 ")).click()
    page.get_by_role("button", name="A-01").click()
    page.get_by_role("button", name="Receive into A-01").click()
    screen = ReceiveScreen(page)
    expect(screen.count).to_have_text("0")
    receipt_id = screen.receipt_id

    screen.scan("NB25-0101")
    screen.answer_batch(BATCH)
    expect_said(screen, "accepted", "Accepted", "NB25-0101", BATCH)
    screen.scan("NB25-0102")
    expect(screen.count).to_have_text("2")

    screen.finish()
    expect(page.get_by_role("button", name="Finish")).to_be_hidden()
    assert server.posted(receipt_id) == {"A-01": 2}
    screen.scan("NB25-0103")
    expect(screen.rows).to_have_count(2)
    page.reload()
    expect(page.get_by_text("Receipt posted")).to_be_visible()
    expect(page.get_by_role("button", name="Finish")).to_be_hidden()

    page.goto("/")
    page.get_by_label("Find a unit").fill(" nb25-0102 ")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", name="NB25-0102")).to_be_visible()
    facts = page.locator(".facts")
    for fact in ("MAIN / A-01", BATCH, "NorthStar Devices", "PR-2026-", "PO-1"):
        expect(facts).to_contain_text(fact)
    expect(page.get_by_test_id("answers")).to_contain_text("not started")
    line = page.locator(".history-line")
    expect(line).to_have_count(1)
    for word in ("Received", "PR-2026-", "MAIN / A-01", "ben"):
        expect(line).to_contain_text(word)
    expect(line.get_by_role("definition")).to_have_count(2)
    expect(line.get_by_text("Device", exact=True)).to_be_visible()
    expect(line.get_by_text("Server", exact=True)).to_be_visible()
    last_scan = server.scans(receipt_id)[-1]
    (entry,) = server.rows(
        "SELECT scanned_at, posted_at FROM stock_ledger_entry WHERE qty > 0 AND scan_id = ?", last_scan["id"]
    )
    shown = [moment(time.get_attribute("datetime") or "") for time in line.locator("time").all()]
    assert shown == [moment(entry["scanned_at"]), moment(entry["posted_at"])]


def test_the_place_may_be_scanned(new_device: NewDevice, ana: Person) -> None:
    page = new_device(ana).page
    page.goto(f"/orders/{ana.order('PO-1')['id']}")
    expect(page.get_by_role("button", name="A-02")).to_be_visible()

    scanners.scan(page, ["A-99"])
    expect(page.get_by_role("alert")).to_contain_text("A-99 is no place to receive into")
    scanners.scan(page, ["a-02"])

    expect(page.get_by_test_id("count")).to_be_visible()
    expect(page.locator(".chip")).to_have_text("MAIN / A-02")


def test_s2a_a_second_scan_counts_once(screen: ReceiveScreen, ana: Person) -> None:
    screen.scan("NB25-0003")
    expect_said(screen, "accepted", "Accepted", "NB25-0003")
    accepted = look_of(screen.said)

    screen.scan("NB25-0003")

    expect_said(screen, "warning", "Already scanned", "NB25-0003", "by ana")
    expect(screen.said).to_contain_text(re.compile(r"at \d\d:\d\d by ana"))
    assert all(ours != theirs for ours, theirs in zip(accepted, look_of(screen.said), strict=True))
    expect(screen.count).to_have_text("1")
    expect(screen.rows).to_have_count(1)
    assert ana.receipt(screen.receipt_id)["counts"]["accepted"] == 1


def test_s2b_serials_are_matched_whole(screen: ReceiveScreen) -> None:
    screen.scan("NB25-10", "NB25-1")
    expect(screen.count).to_have_text("2")
    assert screen.states() == ["accepted", "accepted"]
    expect(screen.row("NB25-1")).to_have_count(1)


def test_s2c_a_unit_in_stock_elsewhere_is_refused_until_it_is_seen(screen: ReceiveScreen) -> None:
    screen.scan("NB25-0001")
    expect_said(screen, "accepted", "Accepted", "NB25-0001")
    accepted = look_of(screen.said)

    screen.scan("NB24-0001")

    expect_said(screen, "refused", "Refused", "NB24-0001", "already in stock in VAN-7")
    assert all(ours != theirs for ours, theirs in zip(accepted, look_of(screen.said), strict=True))
    expect(screen.count).to_have_text("1")
    expect(screen.row("NB24-0001")).to_have_attribute("data-state", "refused")
    screen.page.get_by_role("button", name="Understood").click()
    expect(screen.said.get_by_role("alert")).to_be_hidden()
    # What was refused stays in the list until somebody says what becomes of it.
    screen.page.get_by_role("button", name="Clear NB24-0001 from the list").click()
    expect(screen.rows).to_have_count(1)


def test_s2d_a_sold_unit_is_never_received_as_new(screen: ReceiveScreen, ana: Person) -> None:
    unit = ana.get("/api/units", site=ana.site, q="NB23-0001")["matches"][0]
    before = ana.get(f"/api/units/{unit['id']}")

    screen.scan("NB23-0001")

    expect_said(screen, "refused", "Refused", "NB23-0001", "sold to ACME", "customer return", "repair")
    expect(screen.count).to_have_text("0")
    assert ana.get(f"/api/units/{unit['id']}") == before
    screen.said.get_by_role("link", name="Show the unit").click()
    expect(screen.page.get_by_role("heading", name="NB23-0001")).to_be_visible()
    expect(screen.page.locator(".history-line")).to_have_count(len(before["history"]))


def test_s2e_texts_that_are_no_serial_are_refused(screen: ReceiveScreen) -> None:
    screen.type("   ")
    expect_said(screen, "refused", "Refused", "The code is empty")
    screen.page.get_by_role("button", name="Understood").click()

    screen.scan("X" * 300)
    expect_said(screen, "refused", "Refused", "300 characters", "at most 64")
    expect(screen.rows).to_have_count(1)
    screen.page.get_by_role("button", name="Understood").click()

    scanners.commit(screen.page, "NB25\u0007-1\n")
    expect_said(screen, "refused", "Refused", "control character")
    expect(screen.rows_that_are("refused")).to_have_count(2)
    expect(screen.count).to_have_text("0")


def test_s2f_one_more_than_ordered_is_refused(screen: ReceiveScreen, ana: Person) -> None:
    (line,) = ana.order("PO-1")["lines"]
    still_to_come = line["qty"] - line["received"]
    ana.scan(screen.receipt_id, *(f"NB25-{number:04d}" for number in range(200, 200 + still_to_come)))

    screen.scan("NB25-0951")

    expect_said(screen, "refused", "Refused", "NB25-0951", "expected 50")
    expect(screen.count).to_have_text(str(still_to_come))


def test_s2g_the_product_code_is_not_a_serial(screen: ReceiveScreen) -> None:
    screen.scan("9506000134352")
    expect_said(screen, "refused", "Refused", "product code of LAP-15", "Scan the serial")
    expect(screen.count).to_have_text("0")


def test_s2h_damaged_units_go_to_reject(screen: ReceiveScreen, server: DemoServer) -> None:
    screen.scan("NB25-0301")
    expect(screen.count).to_have_text("1")
    screen.page.get_by_role("button", name="Damaged?").click()
    screen.dialog.get_by_role("button", name="Damaged", exact=True).click()
    screen.scan("NB25-0302")
    expect_said(screen, "rejected", "Rejected", "NB25-0302")
    screen.scan("NB25-0303")
    screen.page.get_by_role("button", name="To REJECT: Damaged").click()
    screen.scan("NB25-0304")

    expect(screen.count).to_have_text("2")
    expect(screen.page.get_by_text("2 rejected")).to_be_visible()
    expect(screen.row("NB25-0302")).to_contain_text("Damaged")
    assert screen.states() == ["accepted", "rejected", "rejected", "accepted"]
    screen.finish()
    assert server.posted(screen.receipt_id) == {"MAIN": 2, "REJECT": 2}
    screen.page.goto("/find?q=NB25-0302")
    expect(screen.page.locator(".facts")).to_contain_text("REJECT")


def test_batch_is_asked_once_and_kept(new_device: NewDevice, ana: Person, receipt: str) -> None:
    screen = ReceiveScreen.of(new_device(ana).page, receipt)
    screen.scan("NB25-0401", "NB25-0402")
    expect(screen.dialog).to_contain_text("NB25-0401")
    screen.answer_batch("B-77")
    expect(screen.count).to_have_text("2")

    screen.scan("NB25-0403")
    expect(screen.count).to_have_text("3")
    expect(screen.dialog).to_be_hidden()
    screen = ReceiveScreen.of(screen.page, receipt)
    screen.scan("NB25-0404")
    expect(screen.count).to_have_text("4")
    units = ana.receipt(receipt)["units"]
    assert [(unit["serial_no"], unit["batch_no"]) for unit in units] == [
        (f"NB25-040{number}", "B-77") for number in (4, 3, 2, 1)
    ]

    screen.page.get_by_role("button", name="Clear batch and expiry").click()
    screen.scan("NB25-0405")
    expect(screen.dialog).to_contain_text("NB25-0405")


def test_the_gtin_of_a_label_picks_its_line(new_device: NewDevice, new_receipt: NewReceipt, ana: Person) -> None:
    screen = ReceiveScreen.of(new_device(ana).page, new_receipt("PO-2"))
    laptops, pumps = (screen.page.get_by_role("button", name=name) for name in ("LAP-15", "PUMP-1"))
    screen.scan(PUMP_LABEL, LAPTOP_LABEL)

    expect(pumps).to_contain_text("1/6")
    expect(laptops).to_contain_text("1/10")
    expect(screen.row("PUMP-0101")).to_contain_text("P-77")
    expect(screen.row("NB25-0900")).to_contain_text("B-2026-02")
    pump, laptop = sorted(ana.receipt(screen.receipt_id)["units"], key=lambda unit: unit["item_code"], reverse=True)
    assert (pump["item_code"], pump["serial_no"], pump["expires_on"]) == ("PUMP-1", "PUMP-0101", "2027-12-31")
    assert (laptop["item_code"], laptop["serial_no"], laptop["batch_no"]) == ("LAP-15", "NB25-0900", "B-2026-02")


def test_undo_takes_the_count_back(screen: ReceiveScreen, ana: Person) -> None:
    screen.scan("NB25-0501", "NB25-0502")
    expect(screen.count).to_have_text("2")
    screen.page.get_by_role("button", name="Undo NB25-0501").click()

    expect(screen.count).to_have_text("1")
    expect_said(screen, "kept", "Undone", "NB25-0501")
    expect(screen.rows).to_have_count(1)
    expect(screen.row("NB25-0502")).to_be_visible()
    assert [unit["serial_no"] for unit in ana.receipt(screen.receipt_id)["units"]] == ["NB25-0502"]

    screen.scan("NB25-0501")
    expect(screen.count).to_have_text("2")


def test_a_receipt_is_finished_once(new_device: NewDevice, ana: Person, receipt: str, server: DemoServer) -> None:
    device = new_device(ana)
    first = ReceiveScreen.of(device.page, receipt)
    first.keep_batch()
    first.scan("NB25-0601")
    expect(first.count).to_have_text("1")
    second = ReceiveScreen.of(device.another_tab(), receipt)
    for screen in (first, second):
        screen.page.get_by_role("button", name="Finish").click()
        expect(screen.dialog).to_be_visible()
    first.dialog.get_by_role("button", name="Post the receipt").click()
    for screen in (first, second):
        expect(screen.page.get_by_text("Receipt posted")).to_be_visible()
        expect(screen.page.get_by_role("button", name="Finish")).to_be_hidden()

    assert server.posted(receipt) == {"MAIN": 1}
    assert server.entries(receipt) == 2
