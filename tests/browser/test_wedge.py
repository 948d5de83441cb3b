"""Keyboard-wedge scanners: fast, anywhere on the page, and nothing lost."""

import pytest
from playwright.sync_api import expect

from tests.browser import scanners
from tests.browser.conftest import NewDevice
from tests.browser.people import Person
from tests.browser.screens import ReceiveScreen
from tests.browser.server import DemoServer

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
