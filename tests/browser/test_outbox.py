"""A whole shift without a network: a killed browser, two tabs, and a network that loses half of the answers."""

import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.browser import lens, scanners
from tests.browser.devices import PHONE, chromium_program
from tests.browser.lossy import LossyProxy
from tests.browser.people import Person
from tests.browser.screens import ReceiveScreen, service_worker_is_ready
from tests.browser.server import DemoServer
from tests.proxies import running_proxy

SCANS = 1000
TEXTS = [f"K{number:04}" for number in range(1, SCANS + 1)]
BY_CAMERA = 8
"""How many of each part, by turns with scans by wedge."""


@pytest.fixture
def proxy(server: DemoServer) -> Iterator[LossyProxy]:
    with running_proxy(LossyProxy(server.port)) as proxy:
        yield proxy


@pytest.fixture
def large_receipt(ana: Person, sue: Person) -> str:
    """An open receipt of an order for a thousand laptops: its id."""
    return ana.open_receipt_at(sue.submit_order("LAP-15", SCANS), ana.place("MAIN"))


def open_phone(playwright: Playwright, profile: Path, base_url: str, person: Person) -> BrowserContext:
    """A browser whose storage outlives it."""
    phone = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=chromium_program(),
        chromium_sandbox=os.geteuid() != 0,
        base_url=base_url,
        locale="en-GB",
        **PHONE,
    )
    # Chromium writes its cookies down every half minute; one that is killed sooner has forgotten them.
    phone.add_cookies(person.cookies())
    phone.add_init_script(lens.SCRIPT)
    return phone


def kill(profile: Path) -> None:
    """Kill the browser of a profile, as a phone that loses power: no page hears of it."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if f"--user-data-dir={profile}".encode() in command and b"--type=" not in command:
            os.kill(int(process.name), signal.SIGKILL)


def scan_offline(page: Page, texts: Sequence[str], waiting: int) -> None:
    """Scan by wedge; ``waiting`` is how many the phone holds afterwards."""
    page.bring_to_front()
    scanners.scan(page, texts, gap_ms=1)
    expect(page.locator(".outbox-mark")).to_have_text(str(waiting), timeout=120_000)


def scan_by_turns(page: Page, texts: Sequence[str], waiting: int) -> None:
    """Scan every second one by camera, which stays open, the others by wedge."""
    page.bring_to_front()
    page.get_by_role("button", name="Scan", exact=True).click()
    for number, text in enumerate(texts, start=waiting - len(texts) + 1):
        if number % 2:
            lens.show(page, text)
            expect(page.locator(".outbox-mark")).to_have_text(str(number), timeout=60_000)
        else:
            scan_offline(page, [text], number)
    page.get_by_role("button", name="Stop camera").click()


def test_1000_scans_survive_two_kills_and_a_network_that_loses_half_of_the_answers(
    playwright: Playwright,
    server: DemoServer,
    proxy: LossyProxy,
    ana: Person,
    large_receipt: str,
    tmp_path: Path,
) -> None:
    phone = open_phone(playwright, tmp_path, proxy.url, ana)
    screen = ReceiveScreen.of(phone.pages[0], large_receipt)
    screen.keep_batch()
    service_worker_is_ready(screen.page)
    done = 0
    for part in (400, 300, 300):
        phone.set_offline(True)
        page = phone.pages[0]
        ReceiveScreen.of(page, large_receipt)
        turns, mine, end = done + 2 * BY_CAMERA, done + part - 100, done + part
        scan_by_turns(page, TEXTS[done:turns], turns)
        scan_offline(page, TEXTS[turns:mine], mine)
        second = phone.new_page()
        ReceiveScreen.of(second, large_receipt)
        scan_offline(second, TEXTS[mine:end], end)
        expect(page.locator(".outbox-mark")).to_have_text(str(end))
        done = end
        if done < SCANS:
            kill(tmp_path)
            phone = open_phone(playwright, tmp_path, proxy.url, ana)
    phone.set_offline(False)
    # Somebody who looks at the phone again and again: it tries at once each time, and does not wait its back-off.
    phone.pages[0].evaluate("() => void setInterval(() => dispatchEvent(new Event('focus')), 100)")
    expect(phone.pages[0].locator(".outbox-mark")).to_be_hidden(timeout=300_000)
    phone.close()

    scans = server.scans(large_receipt)
    assert [scan["text"] for scan in scans] == TEXTS
    assert [scan["counter"] for scan in scans] == list(range(1, SCANS + 1))
    assert {scan["status"] for scan in scans} == {"accepted"}
    assert [scan["source"] for scan in scans].count("camera") == 3 * BY_CAMERA
    print(f"{proxy.lost} of {proxy.asked} answers lost")
    assert proxy.lost > 5
    ana.post(f"/api/purchase-receipts/{large_receipt}/submit", {})
    assert server.posted(large_receipt) == {"MAIN": SCANS}
