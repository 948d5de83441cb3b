"""The network drops, the server goes away, the session ends: no scan is lost, and none counts twice."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewDevice, NewReceipt
from tests.browser.devices import NOT_LOGGED_IN, UNREACHABLE, Device
from tests.browser.people import Person
from tests.browser.screens import ReceiveScreen, log_in, service_worker_is_ready
from tests.browser.server import DemoServer


@pytest.fixture
def phone(new_device: NewDevice, ana: Person) -> Device:
    device = new_device(ana)
    device.forgives(UNREACHABLE)
    return device


@pytest.fixture
def screen(phone: Device, receipt: str) -> ReceiveScreen:
    """Ana at an empty receipt, its batch set, ready for a network that goes away."""
    screen = ReceiveScreen.of(phone.page, receipt)
    screen.keep_batch()
    service_worker_is_ready(phone.page)
    return screen


def serials(prefix: str, count: int) -> list[str]:
    return [f"{prefix}-{number:04d}" for number in range(1, count + 1)]


def end_sessions(server: DemoServer, person: Person) -> None:
    """End every log-in of a person, and give the test one of its own again."""
    server.run("user", "revoke", person.username)
    person.log_in()


def unsent(page: Page, count: int) -> None:
    """The mark in the top bar counts what waits, and is gone when nothing does."""
    mark = page.locator(".outbox-mark")
    if count:
        expect(mark).to_have_text(str(count))
        expect(mark).to_have_attribute("aria-label", f"{count} entr{'ies are' if count > 1 else 'y is'} not sent yet.")
    else:
        expect(mark).to_be_hidden()


def expect_sent_once(server: DemoServer, receipt_id: str, texts: list[str], by: str = "ana") -> None:
    """The server has each scan once, in the order in which they were made, from the person who made them."""
    scans = [scan for scan in server.scans(receipt_id) if scan["purpose"] == "receive"]
    assert [scan["text"] for scan in scans] == texts
    assert {scan["by"] for scan in scans} == {by}
    counters = [scan["counter"] for scan in scans]
    assert counters == sorted(set(counters))


def test_scans_without_a_network_are_kept_and_sent(
    phone: Device, screen: ReceiveScreen, server: DemoServer, receipt: str
) -> None:
    texts = serials("NET", 12)
    screen.scan(texts[0])
    expect(screen.count).to_have_text("1")

    phone.context.set_offline(True)
    screen.scan(*texts[1:])
    expect(screen.rows).to_have_count(12)
    assert screen.states() == ["waiting"] * 11 + ["accepted"]
    unsent(phone.page, 11)
    expect(phone.page.get_by_text("11 not sent yet")).to_be_visible()
    phone.page.locator(".outbox-mark").click()
    expect(phone.page.get_by_text("11 entries are not sent yet. No network")).to_be_visible()
    phone.page.go_back()
    assert len(server.scans(receipt)) == 1

    phone.context.set_offline(False)
    expect(screen.count).to_have_text("12")
    unsent(phone.page, 0)
    assert screen.states() == ["accepted"] * 12
    expect_sent_once(server, receipt, texts)


def test_scans_survive_a_reload_without_a_network(
    phone: Device, screen: ReceiveScreen, server: DemoServer, receipt: str
) -> None:
    texts = serials("REL", 8)
    screen.scan(*texts[:3])
    expect(screen.count).to_have_text("3")
    phone.context.set_offline(True)
    screen.scan(*texts[3:6])
    unsent(phone.page, 3)

    phone.page.reload()

    expect(screen.rows).to_have_count(6)
    expect(screen.count).to_have_text("3")
    unsent(phone.page, 3)
    screen.scan(*texts[6:])
    unsent(phone.page, 5)

    phone.context.set_offline(False)
    expect(screen.count).to_have_text("8")
    unsent(phone.page, 0)
    expect_sent_once(server, receipt, texts)


def test_a_network_that_swallows_everything_holds_nobody_up(
    phone: Device, screen: ReceiveScreen, server: DemoServer, receipt: str
) -> None:
    """The Wi-Fi is there, but nothing comes back: for a browser that looks like a slow server."""
    texts = serials("HOLE", 4)
    screen.scan(texts[0])
    expect(screen.count).to_have_text("1")
    with server.frozen():
        phone.page.reload()
        expect(screen.count).to_have_text("1")
        expect(phone.page.get_by_text("No network: as of ")).to_be_visible()
        screen.scan(*texts[1:])
        unsent(phone.page, 3)
        assert screen.states() == ["waiting"] * 3 + ["accepted"]

    expect(screen.count).to_have_text("4")
    expect(phone.page.get_by_text("No network: as of ")).to_be_hidden()
    expect_sent_once(server, receipt, texts)


def test_a_code_scanned_before_the_receipt_is_there_waits_for_it(
    phone: Device, screen: ReceiveScreen, server: DemoServer, new_receipt: NewReceipt
) -> None:
    another = new_receipt("PO-1", "A-02")
    page = phone.page
    page.goto("/")
    card = page.get_by_role("link", name=server.number(another))
    expect(card).to_be_visible()
    with server.frozen():
        card.click()
        expect(page.get_by_text("Loading")).to_be_attached()
        screen.scan("EARLY-0001", "EARLY-0002")

    expect(screen.dialog).to_contain_text("EARLY-0001, EARLY-0002")
    screen.answer_batch("B-1")
    expect(screen.count).to_have_text("2")
    assert [scan["text"] for scan in server.scans(another)[-2:]] == ["EARLY-0001", "EARLY-0002"]


def test_the_server_may_restart_in_the_middle(
    phone: Device, screen: ReceiveScreen, server: DemoServer, receipt: str
) -> None:
    texts = serials("SRV", 9)
    screen.scan(*texts[:2])
    expect(screen.count).to_have_text("2")
    with server.frozen():
        # What is under way when the server dies was perhaps recorded, perhaps not.
        screen.scan(*texts[2:5])
        unsent(phone.page, 3)
    server.stop()
    screen.scan(*texts[5:])
    expect(screen.rows).to_have_count(9)

    server.start()
    # The phone tries again by itself: nobody need press anything, and whoever wants to may be too late.
    expect(phone.page.locator(".outbox-mark")).to_be_hidden(timeout=120_000)
    expect(screen.count).to_have_text("9")
    expect_sent_once(server, receipt, texts)


def test_scans_wait_for_a_session_that_was_ended(
    phone: Device, screen: ReceiveScreen, server: DemoServer, ana: Person, receipt: str
) -> None:
    phone.forgives(NOT_LOGGED_IN)
    texts = serials("SES", 6)
    screen.scan(*texts[:2])
    expect(screen.count).to_have_text("2")
    end_sessions(server, ana)

    screen.scan(*texts[2:4])
    expect(phone.page.get_by_text("Your session has ended")).to_be_visible()
    screen.scan(*texts[4:])
    expect(screen.rows).to_have_count(6)
    unsent(phone.page, 4)
    assert len(server.scans(receipt)) == 2

    log_in(phone.page, "ana")
    expect(phone.page.get_by_text("Your session has ended")).to_be_hidden()
    expect(screen.count).to_have_text("6")
    unsent(phone.page, 0)
    expect_sent_once(server, receipt, texts)


def test_another_person_does_not_send_what_ana_scanned(
    phone: Device, screen: ReceiveScreen, server: DemoServer, ana: Person, receipt: str
) -> None:
    phone.forgives(NOT_LOGGED_IN)
    page = phone.page
    texts = serials("OWN", 4)
    screen.scan(texts[0])
    expect(screen.count).to_have_text("1")
    end_sessions(server, ana)
    screen.scan(*texts[1:3])
    expect(page.get_by_text("Your session has ended")).to_be_visible()
    unsent(page, 2)

    log_in(page, "ben")
    expect(page.get_by_text("Your session has ended")).to_be_hidden()
    screen.scan("BEN-0001")
    expect(screen.count).to_have_text("2")
    unsent(page, 2)
    page.locator(".outbox-mark").click()
    expect(page.get_by_text("Waits until ana logs in on this device.")).to_have_count(2)
    page.get_by_role("button", name="Send now").click()
    assert [(scan["text"], scan["by"]) for scan in server.scans(receipt)] == [(texts[0], "ana"), ("BEN-0001", "ben")]

    page.get_by_role("link", name="Receive").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_text("2 scans on this device wait for their user to log in.")).to_be_visible()
    log_in(page, "ana")
    expect(page.get_by_role("heading", name="Hello Ana Ramos")).to_be_visible()
    unsent(page, 0)
    assert [(scan["text"], scan["by"]) for scan in server.scans(receipt)[2:]] == [(text, "ana") for text in texts[1:3]]


def test_a_full_phone_warns_and_then_refuses_a_scan_instead_of_taking_it(
    phone: Device, screen: ReceiveScreen, server: DemoServer, receipt: str
) -> None:
    phone.forgives("The scan was not stored")
    page = phone.page
    page.add_init_script("navigator.storage.estimate = async () => ({ usage: 90, quota: 100 });")
    page.reload()
    expect(page.get_by_text("This device is almost full.")).to_be_visible()
    screen.scan("FULL-0001")
    expect(screen.count).to_have_text("1")

    page.evaluate(
        """() => {
          IDBObjectStore.prototype.add = () => {
            throw new DOMException("no room", "QuotaExceededError");
          };
        }"""
    )
    screen.scan("FULL-0002")
    expect(screen.said).to_contain_text("This device could not store that. Free some space")
    expect(screen.rows).to_have_count(1)
    assert [scan["text"] for scan in server.scans(receipt)] == ["FULL-0001"]


def test_two_tabs_send_each_scan_once(phone: Device, screen: ReceiveScreen, server: DemoServer, receipt: str) -> None:
    other = ReceiveScreen.of(phone.another_tab(), receipt)
    with server.frozen():
        screen.scan("TAB-0001", "TAB-0002")
        other.scan("TAB-0003", "TAB-0004")
        screen.scan("TAB-0005")
        for each in (screen, other):
            expect(each.rows).to_have_count(5)
            unsent(each.page, 5)

    for each in (screen, other):
        expect(each.count).to_have_text("5")
        unsent(each.page, 0)
        assert each.states() == ["accepted"] * 5
    expect_sent_once(server, receipt, serials("TAB", 5))
