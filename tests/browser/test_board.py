"""The live board: right, or saying that it is not; for those who may see it, and of their site alone."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import As, NewDevice
from tests.browser.devices import NOT_LOGGED_IN, UNREACHABLE, WALL, Device
from tests.browser.people import Person
from tests.browser.screens import BATCH, ReceiveScreen, log_in, service_worker_is_ready
from tests.browser.server import DemoServer
from tests.browser.test_accessibility import found_on
from tests.proxies import Proxy, Request, running_proxy

Tell = Callable[[str, Any], None]


@pytest.fixture
def wall(new_device: NewDevice, sue: Person, receipt: str) -> Device:
    """Sue's board, live, with ana's empty receipt on it."""
    device = new_device(sue, WALL)
    device.page.goto("/board/receiving")
    is_live(device.page)
    return device


def is_live(page: Page) -> None:
    expect(page.get_by_test_id("live")).to_have_attribute("data-state", "live")
    expect(page.get_by_test_id("live")).to_contain_text("Live")


def is_not_live(page: Page) -> None:
    expect(page.get_by_test_id("live")).to_have_attribute("data-state", "not_live")
    expect(page.get_by_test_id("live")).to_contain_text("Not live")


def panel_of(page: Page, receipt: str, server: DemoServer) -> Locator:
    """A receipt's part of the board."""
    return page.get_by_role("article", name=server.number(receipt))


def shows(page: Page, receipt: str, server: DemoServer, accepted: int) -> None:
    """The board's count of a receipt."""
    expect(panel_of(page, receipt, server).get_by_test_id("board-accepted")).to_have_text(str(accepted))


def last_scans(page: Page, count: int) -> list[str]:
    """Serial numbers in the stream, newest first."""
    return page.get_by_test_id("stream").locator("strong").all_inner_texts()[:count]


_NOTE_COUNTS = """panel => {
  const count = panel.querySelector("[data-testid=board-accepted]");
  window.counted = [];
  const note = () => window.counted.push([Number(count.textContent), Date.now()]);
  new MutationObserver(note).observe(count, { characterData: true, childList: true, subtree: true });
}"""


def test_fifty_scans_are_on_every_board_as_they_come(
    wall: Device,
    new_device: NewDevice,
    kim: Person,
    sue: Person,
    ana: Person,
    server: DemoServer,
    record_property: Tell,
) -> None:
    """Scenario S13; how soon is told here, and measured by ``python -m bench.boards``."""
    receipt = ana.open_receipt_at(sue.submit_order("LAP-15", 50), ana.place("MAIN"))
    desk = new_device(kim, WALL)
    desk.page.goto("/board/receiving")
    boards = wall.page, desk.page
    for page in boards:
        is_live(page)
        expect(panel_of(page, receipt, server)).to_contain_text("/ 50")
        panel_of(page, receipt, server).evaluate(_NOTE_COUNTS)
    answered, late = [], []
    for number in range(1, 51):
        ana.scan(receipt, f"FIFTY-{number:04d}")
        answered.append(time.time() * 1000)
    for page in boards:
        shows(page, receipt, server, 50)
        counts = page.evaluate("window.counted")
        assert [count for count, _ in counts] == sorted({count for count, _ in counts})
        lags = [next(at for count, at in counts if count > n) - said for n, said in enumerate(answered)]
        late.append(max(lags))
        assert last_scans(page, 50) == [f"FIFTY-{number:04d}" for number in range(50, 0, -1)]
    told = " and ".join(f"{each:.0f}" for each in late)
    record_property("told", f"50 scans were on two boards at most {told} ms after their answers")
    ana.post(f"/api/purchase-receipts/{receipt}/discard", {"reason": "end of the test"})


def test_a_restart_of_the_server_is_told_and_caught_up_with(
    wall: Device, ana: Person, receipt: str, server: DemoServer, record_property: Tell
) -> None:
    wall.forgives(UNREACHABLE)
    ana.scan(receipt, "RES-0001", "RES-0002")
    shows(wall.page, receipt, server, 2)

    server.stop()
    is_not_live(wall.page)
    shows(wall.page, receipt, server, 2)

    server.start()
    back_at = time.monotonic()
    ana.scan(receipt, "RES-0003", "RES-0004", "RES-0005")
    is_live(wall.page)
    shows(wall.page, receipt, server, 5)
    record_property("told", f"live again {time.monotonic() - back_at:.1f} s after the server was back")
    assert last_scans(wall.page, 5) == [f"RES-000{number}" for number in (5, 4, 3, 2, 1)]


def test_twelve_scans_without_wi_fi_appear_on_return(
    wall: Device, new_device: NewDevice, ana: Person, receipt: str, server: DemoServer
) -> None:
    """First the board has none, then the phone that scans; last the board's tab sleeps. Shorter than a real gap."""
    wall.forgives(UNREACHABLE)
    page = wall.page
    ana.scan(receipt, "WIFI-0001")
    shows(page, receipt, server, 1)
    wall.context.set_offline(True)
    is_not_live(page)
    for number in range(2, 14):
        ana.scan(receipt, f"WIFI-{number:04d}")
    shows(page, receipt, server, 1)

    wall.context.set_offline(False)
    is_live(page)
    shows(page, receipt, server, 13)

    phone = new_device(ana)
    phone.forgives(UNREACHABLE)
    screen = ReceiveScreen.of(phone.page, receipt)
    screen.keep_batch(BATCH)
    service_worker_is_ready(phone.page)
    phone.context.set_offline(True)
    screen.scan(*(f"WIFI-{number:04d}" for number in range(14, 26)))
    expect(screen.rows).to_have_count(25)
    shows(page, receipt, server, 13)
    is_live(page)
    phone.context.set_offline(False)
    shows(page, receipt, server, 25)

    with asleep(page):
        ana.scan(receipt, "WIFI-0026")
    shows(page, receipt, server, 26)
    is_live(page)
    assert last_scans(page, 26) == [f"WIFI-{number:04d}" for number in range(26, 0, -1)]


_TICK = """() => {
  window.ticks = [Date.now()];
  setInterval(() => window.ticks.push(Date.now()), 50);
}"""
_SLEPT = "() => Math.max(...[...window.ticks.slice(1), Date.now()].map((tick, index) => tick - window.ticks[index]))"


@contextmanager
def asleep(page: Page) -> Iterator[None]:
    """Nothing in the page runs, as in a tab that sleeps; halted, as a headless browser freezes none when told to."""
    page.evaluate(_TICK)
    browser = page.context.new_cdp_session(page)
    browser.send("Debugger.enable")
    browser.send("Debugger.pause")
    began = time.monotonic()
    yield
    time.sleep(0.5)
    slept = (time.monotonic() - began) * 1000
    browser.send("Debugger.resume")
    browser.detach()
    assert page.evaluate(_SLEPT) > slept * 0.8


class Gap(Proxy):
    """What lies between a wall and the server: it may let nothing through, and counts how the gap is read."""

    def __init__(self, to_port: int) -> None:
        super().__init__(to_port)
        self.feeds: list[str] = []

    async def answer(self, request: Request) -> bytes | None:
        if request.line.startswith("GET /api/feed"):
            self.feeds.append(request.line)
        return await self.ask(request)


@pytest.fixture
def gap(server: DemoServer) -> Iterator[Gap]:
    """Before ``new_device`` in a test's arguments, so that browsers close before it does."""
    with running_proxy(Gap(server.port)) as gap:
        yield gap


_ASKS_EVERY, _WAITS_FOR_AN_ANSWER = 5000, 3000
"""Milliseconds; these of a board are the only ones that the test below does not wait for."""


def test_a_thousand_events_in_a_silence_are_on_the_board_soon_after_it(
    gap: Gap, new_device: NewDevice, sue: Person, ana: Person, server: DemoServer, record_property: Tell
) -> None:
    """Nothing closes the connection: it has died in silence, and the board notices by itself."""
    receipt = ana.open_receipt_at(sue.submit_order("LAP-15", 1000), ana.place("MAIN"))
    page = new_device(sue, WALL, base_url=gap.url).page
    page.clock.install()
    page.goto("/board/receiving")
    is_live(page)
    gap.is_silent = True
    for hundred in range(10):
        ana.scan(receipt, *(f"GAP-{hundred}{number:02d}" for number in range(100)))
    page.clock.fast_forward(_ASKS_EVERY)
    page.clock.fast_forward(_WAITS_FOR_AN_ANSWER)
    is_not_live(page)
    gap.feeds.clear()
    gap.is_silent, back_at = False, time.monotonic()
    shows(page, receipt, server, 1000)
    record_property("told", f"1,000 events on the board {time.monotonic() - back_at:.1f} s after a silence")
    is_live(page)
    assert len(server.scans(receipt)) == 1000
    assert last_scans(page, 50) == [f"GAP-9{number:02d}" for number in range(99, 49, -1)]
    assert 1 <= len(gap.feeds) <= 2
    ana.post(f"/api/purchase-receipts/{receipt}/discard", {"reason": "end of the test"})


def test_a_frozen_board_stands_still_and_catches_up(
    wall: Device, ana: Person, receipt: str, server: DemoServer
) -> None:
    page = wall.page
    with page.expect_websocket() as line:
        page.reload()
    is_live(page)
    ana.scan(receipt, "FRZ-0001")
    shows(page, receipt, server, 1)
    page.get_by_role("button", name="Freeze").click()
    expect(page.get_by_text("Frozen at")).to_be_visible()
    # What it is shown meanwhile does come.
    with line.value.expect_event("framereceived", lambda frame: "FRZ-0002" in str(frame)):
        ana.scan(receipt, "FRZ-0002", "NB24-0001")
    shows(page, receipt, server, 1)

    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Frozen at")).to_be_hidden()
    shows(page, receipt, server, 2)
    expect(page.get_by_test_id("stream")).to_contain_text("already in stock in VAN-7")


def test_what_a_receipt_tells(wall: Device, ana: Person, receipt: str, server: DemoServer) -> None:
    ana.scan(receipt, "TEL-0001", "TEL-0002")
    ana.scan(receipt, "TEL-0003", condition="rejected", reason="wet")
    ana.scan(receipt, "NB23-0001")
    panel = panel_of(wall.page, receipt, server)
    for text in ("PO-1", "NorthStar Devices", "MAIN", "/ 50", "ana · ana's handheld", "NB23-0001"):
        expect(panel).to_contain_text(text)
    expect(panel.locator(".panel-facts")).to_have_text(re.compile(r"Scans a minute2.*Rejected1.*Refused1.*Unknown0"))
    refused, rejected = (wall.page.get_by_test_id("stream").get_by_role("listitem").nth(index) for index in (0, 1))
    expect(refused).to_contain_text("Refused")
    expect(refused).to_contain_text("already sold to ACME")
    expect(rejected).to_contain_text("Rejected")

    # Drawn when it is about to be seen.
    panel.get_by_text("Scans a minute").scroll_into_view_if_needed()
    expect(panel.get_by_role("img", name="2 of 50 accepted over time").locator("canvas")).to_be_visible()
    panel.get_by_text("Curve as a table").click()
    # Newest first; what was rejected is not in it.
    expect(panel.get_by_role("row").nth(1).get_by_role("cell").nth(1)).to_have_text("2")


def test_a_dock_is_chosen_and_stays_chosen(
    wall: Device, ana: Person, sue: Person, receipt: str, server: DemoServer
) -> None:
    page, elsewhere = wall.page, ana.open_receipt_at(sue.submit_order("LAP-15", 5), ana.place("VAN-7"))
    expect(panel_of(page, elsewhere, server)).to_be_visible()
    page.get_by_role("combobox", name="Dock").select_option(label="MAIN · Main warehouse")
    expect(panel_of(page, elsewhere, server)).to_be_hidden()
    page.reload()
    is_live(page)
    ana.scan(elsewhere, "OTHER-DOCK-1")
    ana.scan(receipt, "THIS-DOCK-1")
    shows(page, receipt, server, 1)
    expect(page.get_by_test_id("stream")).not_to_contain_text("OTHER-DOCK-1")
    assert found_on(page) == []
    page.get_by_role("combobox", name="Dock").select_option(label="All docks")
    shows(page, elsewhere, server, 1)
    ana.post(f"/api/purchase-receipts/{elsewhere}/discard", {"reason": "end of the test"})


def test_a_technician_gets_no_board(new_device: NewDevice, known: As, ana: Person, receipt: str) -> None:
    ana.scan(receipt, "SECRET-0001")
    device = new_device(known("tom"), WALL)
    device.forgives(r"status of 403.*/api/boards/receiving")
    device.page.goto("/board/receiving")
    expect(device.page.get_by_role("alert")).to_contain_text("tom may not do this here")
    expect(device.page.get_by_role("navigation").get_by_role("link", name="Board")).to_be_hidden()
    expect(device.page.locator("main")).not_to_contain_text("SECRET-0001")
    is_not_live(device.page)


def test_another_site_is_refused_and_never_heard(
    new_device: NewDevice, known: As, sue: Person, receipt: str, server: DemoServer
) -> None:
    admin = known("admin")
    north = next(site["id"] for site in admin.sites if site["code"] == "NORTH")
    device = new_device(sue, WALL)
    device.forgives(r"status of 403.*/api/boards/receiving")
    page = device.page
    heard: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: heard.append(str(frame))))
    page.goto(f"/board/receiving?site={north}")
    expect(page.get_by_role("alert")).to_contain_text("sue may not do this here")
    is_not_live(page)
    page.goto("/board/receiving")
    is_live(page)

    order = admin.get("/api/purchase-orders", site=north)["purchase_orders"][0]
    places = admin.get("/api/locations", site=north)["locations"]
    foreign = admin.open_receipt_at(order["id"], next(place["id"] for place in places if place["code"] == "N-MAIN"))
    admin.scan(foreign, "NORTH-0001")
    sue.scan(receipt, "HERE-0001")

    shows(page, receipt, server, 1)
    assert any(receipt in frame for frame in heard)
    assert not any(foreign in frame for frame in heard)
    expect(page.locator("main")).not_to_contain_text("NORTH-0001")


def test_without_a_log_in_there_is_no_board(new_device: NewDevice) -> None:
    device = new_device(None, WALL)
    device.page.goto("/board/receiving")
    expect(device.page.get_by_label("Password")).to_be_visible()
    log_in(device.page, "kim")
    is_live(device.page)


def test_a_board_whose_session_was_ended_asks_to_log_in(
    wall: Device, sue: Person, ana: Person, receipt: str, server: DemoServer
) -> None:
    wall.forgives(NOT_LOGGED_IN)
    server.run("user", "revoke", "sue")
    expect(wall.page.get_by_text("Your session has ended")).to_be_visible()
    is_not_live(wall.page)
    ana.scan(receipt, "END-0001")

    log_in(wall.page, "sue")
    is_live(wall.page)
    shows(wall.page, receipt, server, 1)
    sue.log_in()


def test_every_board_is_a_choice_away_and_live(wall: Device, receipt: str) -> None:
    page = wall.page
    for name, part in (
        ("Picking", "Being picked"),
        ("Stock", "Runs low"),
        ("Service", "Open claims"),
        ("Decisions", "Waits for a decision"),
        ("Recalls", "Recalls that run"),
        ("Receiving", "Last scans"),
    ):
        page.get_by_role("navigation", name="Boards").get_by_role("link", name=name).click()
        expect(page).to_have_url(re.compile(rf"/board/{name.lower()}\?site=\d+"))
        expect(page.get_by_role("region", name=part)).to_be_visible()
        is_live(page)
