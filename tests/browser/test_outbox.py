"""A whole shift without a network: a killed browser, two tabs, and a network that loses half of the answers."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.browser import scanners
from tests.browser.devices import PHONE
from tests.browser.lossy import LossyProxy, lossy_proxy
from tests.browser.people import Person
from tests.browser.screens import ReceiveScreen, service_worker_is_ready
from tests.browser.server import DemoServer

SCANS = 1000
TEXTS = [f"K{number:04}" for number in range(1, SCANS + 1)]


@pytest.fixture
def proxy(server: DemoServer) -> Iterator[LossyProxy]:
    with lossy_proxy(server.port) as proxy:
        yield proxy


@pytest.fixture
def large_receipt(ana: Person, sue: Person) -> str:
    """An open receipt of an order for a thousand laptops: its id."""
    return ana.open_receipt_at(sue.submit_order("LAP-15", SCANS), ana.place("MAIN"))


def open_phone(playwright: Playwright, profile: Path, base_url: str) -> BrowserContext:
    """A browser whose storage outlives it."""
    program = shutil.which("chromium")
    return playwright.chromium.launch_persistent_context(
        profile,
        executable_path=program,
        chromium_sandbox=os.geteuid() != 0,
        base_url=base_url,
        locale="en-GB",
        **PHONE,
    )


def kill(profile: Path) -> None:
    """Kill the browser of a profile, as a phone that loses power: no page hears of it."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if f"--user-data-dir={profile}".encode() in command and b"--type=" not in command:
            os.kill(int(process.name), signal.SIGKILL)


def scan_offline(page: Page, texts: list[str], waiting: int) -> None:
    scanners.scan(page, texts, gap_ms=2)
    expect(page.locator(".outbox-mark")).to_have_text(str(waiting), timeout=120_000)


def test_1000_scans_survive_two_kills_and_a_network_that_loses_half_of_the_answers(
    playwright: Playwright,
    server: DemoServer,
    proxy: LossyProxy,
    ana: Person,
    large_receipt: str,
    tmp_path: Path,
) -> None:
    phone = open_phone(playwright, tmp_path, proxy.url)
    phone.add_cookies(ana.cookies())
    screen = ReceiveScreen.of(phone.pages[0], large_receipt)
    screen.keep_batch()
    service_worker_is_ready(screen.page)
    done = 0
    for part in (400, 300, 300):
        phone.set_offline(True)
        page, second = phone.pages[0], phone.new_page()
        for tab in (page, second):
            tab.goto(f"/receive/{large_receipt}")
            expect(tab.get_by_test_id("count")).to_be_visible()
        scan_offline(page, TEXTS[done : done + part - 100], done + part - 100)
        scan_offline(second, TEXTS[done + part - 100 : done + part], done + part)
        done += part
        if done < SCANS:
            kill(tmp_path)
            phone = open_phone(playwright, tmp_path, proxy.url)
            # Chromium writes its cookies down every half minute; one that is killed sooner has forgotten them.
            phone.add_cookies(ana.cookies())
    phone.set_offline(False)
    expect(phone.pages[0].locator(".outbox-mark")).to_be_hidden(timeout=300_000)
    phone.close()

    scans = server.scans(large_receipt)
    assert [scan["text"] for scan in scans] == TEXTS
    assert [scan["counter"] for scan in scans] == list(range(1, SCANS + 1))
    assert {scan["status"] for scan in scans} == {"accepted"}
    print(f"{proxy.lost} of {proxy.asked} answers lost")
    assert proxy.lost > 5
    ana.post(f"/api/purchase-receipts/{large_receipt}/discard", {"reason": "end of the test"})
