"""Keyboard-wedge scanners: fast, anywhere on the page, and nothing lost."""

import pytest
from playwright.sync_api import expect

from scanner.decode import decode_bytes
from tests.browser import scanners
from tests.browser.conftest import NewDevice
from tests.browser.people import Person
from tests.browser.screens import ReceiveScreen
from tests.browser.server import DemoServer
from tests.browser.test_accessibility import found_on

TWO_SECONDS = 2000


@pytest.fixture
def screen(new_device: NewDevice, ana: Person, receipt: str) -> ReceiveScreen:
    """Ana at an empty receipt, its batch set."""
    screen = ReceiveScreen.of(new_device(ana).page, receipt)
    screen.keep_batch()
    return screen


def thirteen(prefix: str) -> list[str]:
    """Twenty serial numbers of thirteen characters."""
    return [f"{prefix}-{number:010d}" for number in range(1, 21)]


def scan_in_two_seconds(screen: ReceiveScreen, codes: list[str]) -> None:
    scanners.scan(screen.page, codes, gap_ms=TWO_SECONDS / (len(codes) * scanners.CODE_KEYS))


def expect_all(screen: ReceiveScreen, codes: list[str], server: DemoServer) -> None:
    """All are on the screen and on the server, once and in order."""
    expect(screen.count).to_have_text(str(len(codes)))
    expect(screen.rows).to_have_count(len(codes))
    assert set(screen.states()) == {"accepted"}
    scans = server.scans(screen.receipt_id)
    assert [scan["text"] for scan in scans] == codes
    assert {scan["source"] for scan in scans} == {"wedge"}


def test_twenty_codes_in_two_seconds_are_twenty_rows(screen: ReceiveScreen, server: DemoServer) -> None:
    codes = thirteen("AA")
    scan_in_two_seconds(screen, codes)
    expect_all(screen, codes, server)


def test_the_typed_field_keeps_what_a_person_typed(screen: ReceiveScreen, server: DemoServer) -> None:
    codes = thirteen("BB")
    field = screen.page.get_by_label("Serial number or code")
    field.fill("NB25-00")
    scan_in_two_seconds(screen, codes)

    expect_all(screen, codes, server)
    expect(field).to_have_value("NB25-00")
    expect(field).to_be_focused()


def test_a_button_with_the_focus_is_not_pressed(screen: ReceiveScreen, server: DemoServer) -> None:
    codes = thirteen("CC")
    screen.page.get_by_role("button", name="Finish").focus()
    scan_in_two_seconds(screen, codes)

    expect_all(screen, codes, server)
    expect(screen.dialog).to_be_hidden()


def test_a_slow_answer_holds_nobody_up(screen: ReceiveScreen, server: DemoServer) -> None:
    codes = thirteen("DD")
    with server.frozen():
        scan_in_two_seconds(screen, codes)
        expect(screen.rows).to_have_count(20)
        assert set(screen.states()) == {"waiting"}
        expect(screen.said).to_contain_text("Stored")
        expect(screen.said).to_contain_text(codes[-1])
        expect(screen.count).to_have_text("0")
    expect_all(screen, codes, server)


def test_a_handheld_that_commits_text_is_heard(screen: ReceiveScreen, server: DemoServer) -> None:
    codes = thirteen("EE")
    for code in codes:
        scanners.commit(screen.page, f"{code}\n")
    expect_all(screen, codes, server)


def test_a_scanner_is_tested_with_a_code_that_is_known(new_device: NewDevice, ana: Person, receipt: str) -> None:
    """From a receipt in which nothing arrives: what the scanner sends, and what to change; nothing is recorded."""
    page = new_device(ana).page
    ReceiveScreen.of(page, receipt)
    page.get_by_role("link", name="Test a scanner").click()
    code = decode_bytes(page.get_by_role("img", name="Test code").screenshot()).codes[0]
    assert (code.symbology_identifier, code.text.count("\x1d")) == ("]d2", 1)

    scanners.scan(page, [code.text.replace("\x1d", "")])
    heard = page.get_by_test_id("heard")
    expect(heard).to_contain_text("The separator (GS, FNC1) is lost")
    expect(heard).to_contain_text("Send Control Characters as Events")
    scanners.scan(page, [f"{code.symbology_identifier}{code.text}"])
    expect(heard.first).to_contain_text("The test code arrived sign for sign.")
    expect(heard.first.get_by_text("GS", exact=True)).to_be_visible()
    page.get_by_text("Set up a Zebra handheld").click()
    assert found_on(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the profile").click()
    assert download.value.suggested_filename == "serialtrail-datawedge.json"
    assert ana.receipt(receipt)["units"] == []
