"""Scenario S8 on screen: two pickers without a network take the same unit; and what others do shows at once."""

import asyncio
import json
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import scanners
from tests.browser.conftest import As, NewDevice, PutInStock
from tests.browser.devices import UNREACHABLE, Device
from tests.browser.people import Person
from tests.browser.pictures import picture
from tests.browser.screens import service_worker_is_ready
from tests.browser.server import DemoServer
from tests.proxies import Proxy, Request, running_proxy

NewPickList = Callable[[int, str], str]

UNITS = [f"S8-{number:04}" for number in range(1, 9)]


@pytest.fixture(scope="module")
def laptops(put_in_stock: PutInStock) -> None:
    """Eight laptops in MAIN."""
    put_in_stock(*UNITS)


@pytest.fixture
def new_pick_list(sue: Person) -> Iterator[NewPickList]:
    """Pick lists without proposals; what they took is free again after the test."""
    made: list[str] = []

    def new(qty: int, number: str) -> str:
        made.append(_pick_list(sue, qty, number))
        return made[-1]

    yield new
    for pick_list in made:
        sue.post(f"/api/pick-lists/{pick_list}/discard", {"reason": "end of the test"})


def _pick_list(sue: Person, qty: int, number: str) -> str:
    lines = [{"item_code": "LAP-15", "qty": qty}]
    order = {"id": str(uuid.uuid4()), "site": sue.site, "customer": "ACME", "number": number, "submit": True}
    sold = sue.post("/api/sales-orders", order | {"lines": lines})
    wanted = {"id": str(uuid.uuid4()), "sales_order_ids": [sold["id"]], "location_id": sue.place("MAIN")}
    return str(sue.post("/api/pick-lists", wanted | {"manual": True})["id"])


def picking(device: Device, pick_list: str) -> Page:
    """A phone at a pick list, live and ready for a network that goes away."""
    device.forgives(UNREACHABLE, r"status of 403 \(FORBIDDEN\) \(.*/api/sync\)")
    page = device.page
    page.goto(f"/pick/{pick_list}")
    expect(page.get_by_test_id("live")).to_have_attribute("data-state", "live")
    service_worker_is_ready(page)
    return page


def test_s8_two_pickers_offline_take_the_same_unit(
    laptops: None, known: As, sue: Person, new_device: NewDevice, new_pick_list: NewPickList, server: DemoServer
) -> None:
    ana, ben = known("ana"), known("ben")
    of_ana, of_ben = new_pick_list(4, "SO-11"), new_pick_list(1, "SO-12")
    first, second = new_device(ben), new_device(ana)
    by_ben, by_ana = picking(first, of_ben), picking(second, of_ana)
    for device in (first, second):
        device.context.set_offline(True)
    expect(by_ana.get_by_test_id("live")).to_have_attribute("data-state", "not_live")
    scanners.scan(by_ana, UNITS[:4])
    scanners.scan(by_ben, UNITS[:1])
    waiting = by_ben.get_by_test_id("fetched").locator("[data-state=waiting]")
    expect(waiting).to_have_count(1)
    by_ben.reload()
    expect(waiting).to_have_count(1)

    first.context.set_offline(False)
    expect(by_ben.get_by_test_id("count").locator("strong")).to_have_text("1")
    second.context.set_offline(False)
    count = by_ana.get_by_test_id("count").locator("strong")
    expect(count).to_have_text("3")
    conflict = by_ana.get_by_test_id("conflict")
    expect(conflict).to_contain_text(UNITS[0])
    for said in ("ben", "SO-12", "Scanned (their device)", "Received by the server", "MAIN"):
        expect(conflict).to_contain_text(said)
    picture(by_ana, "phone-conflict")

    # The supervisor sees it, and sees it go.
    desk = new_device(sue).page
    desk.goto("/conflicts")
    open_ones = desk.get_by_test_id("conflicts").get_by_role("listitem")
    expect(open_ones.filter(has_text=UNITS[0])).to_contain_text(f"{UNITS[0]} taken by ben")
    picture(desk, "phone-conflicts")
    conflict.get_by_role("button", name="Take ").first.click()
    expect(conflict).to_be_hidden()
    expect(count).to_have_text("4")
    expect(open_ones.filter(has_text=UNITS[0])).to_have_count(0)
    expect(desk.get_by_text("Another unit was taken")).to_be_visible()

    # The browser of ben's phone throws away what it had stored, and with it a scan that nobody knows of.
    first.context.set_offline(True)
    scanners.scan(by_ben, UNITS[4:5])
    expect(by_ben.locator(".outbox-mark")).to_have_text("1")
    first.forgives("Force close delete origin", "AbortError")
    by_ben.goto("about:blank")
    wanted = {"origin": server.url, "storageTypes": "local_storage,indexeddb"}
    first.context.new_cdp_session(by_ben).send("Storage.clearDataForOrigin", wanted)
    first.context.set_offline(False)
    by_ben.goto("/")
    told = by_ben.get_by_test_id("loss-bar")
    expect(told).to_contain_text("What ben did on it since")
    told.get_by_role("button", name="Understood").click()
    expect(told).to_be_hidden()
    by_ben.goto("/outbox")
    expect(by_ben.get_by_test_id("lost")).to_contain_text("do again what is missing")
    desk.reload()
    lost = desk.get_by_test_id("lost-entries").filter(has_text="ben used it")
    lost.get_by_label("What was found out?").fill("scanned again")
    lost.get_by_role("button", name="Settled").click()
    expect(lost).to_be_hidden()


class HeldFeed(Proxy):
    """Keeps the answers of the feed back while ``is_held``, and notes the numbers of the events in them."""

    def __init__(self, to_port: int) -> None:
        super().__init__(to_port)
        self.is_held = False
        self.caught_up: list[int] = []

    async def answer(self, request: Request) -> bytes | None:
        answer = await self.ask(request)
        if request.line.startswith("GET /api/feed"):
            while self.is_held:
                await asyncio.sleep(0.02)
            self.caught_up += [event["seq"] for event in json.loads((answer or b"").split(b"\r\n\r\n", 1)[1])["events"]]
        return answer


_NOTE_WHEN = """count => {
  const note = () => { window.changed_at ??= Date.now(); };
  new MutationObserver(note).observe(count, { characterData: true, childList: true, subtree: true });
}"""


@pytest.fixture
def feed(server: DemoServer) -> Iterator[HeldFeed]:
    with running_proxy(HeldFeed(server.port)) as proxy:
        yield proxy


def test_what_another_picks_is_pushed_and_what_came_in_a_gap_is_caught_up_with(
    laptops: None,
    known: As,
    sue: Person,
    feed: HeldFeed,
    new_device: NewDevice,
    new_pick_list: NewPickList,
    record_property: Callable[[str, Any], None],
) -> None:
    ben = known("ben")
    pick_list, of_sue = new_pick_list(3, "SO-13"), new_pick_list(1, "SO-14")
    first, second = new_device(ben), new_device(known("ana"), base_url=feed.url)
    for device in (first, second):
        # Nothing is read or asked again and again: what shows was pushed, or belongs to the catch-up.
        device.context.add_init_script("window.setInterval = () => 0")
    by_ben, page = picking(first, pick_list), picking(second, pick_list)
    count, count_of_ben = (each.get_by_test_id("count").locator("strong") for each in (page, by_ben))
    live = page.get_by_test_id("live")
    since = ben.get("/api/feed", site=ben.site, since=0, limit=1)["head"]

    count.evaluate(_NOTE_WHEN)
    scanners.scan(by_ben, UNITS[5:6])
    expect(count).to_have_text("1")
    (scanned,) = (each for each in ben.get(f"/api/pick-lists/{pick_list}")["units"])
    lag = page.evaluate("window.changed_at") - datetime.fromisoformat(scanned["at"]).timestamp() * 1000
    record_property("told", f"a pick was on the other phone {lag:.0f} ms after the server had it")
    assert feed.caught_up == []

    second.context.set_offline(True)
    expect(live).to_contain_text("Not live")
    for serial_no in UNITS[6:8]:
        answer: Any = ben.scan(pick_list, serial_no, purpose="pick", batch_no=None)
        assert answer[0]["code"] == "ok"
    # The server has told it to those who heard.
    expect(count_of_ben).to_have_text("3")
    expect(count).to_have_text("1")
    feed.is_held = True
    second.context.set_offline(False)
    expect(live).to_contain_text("Catching up")
    picture(page, "phone-catching-up")
    feed.is_held = False
    expect(live).to_contain_text("Live")
    expect(count).to_have_text("3")
    events = ben.get("/api/feed", site=ben.site, since=since)["events"]
    assert feed.caught_up == [event["seq"] for event in events if event["kind"] == "unit_picked"][1:]

    # What a supervisor takes for another list, or holds, is gone from this one at once.
    fetched = page.get_by_test_id("fetched").get_by_role("listitem")
    expect(fetched).to_have_count(3)
    sue.post(f"/api/pick-lists/{of_sue}/override", {"serial_no": UNITS[6], "reason": "a customer waits"})
    expect(fetched).to_have_count(2)
    (held,) = sue.get("/api/units", site=sue.site, q=UNITS[5])["matches"]
    sue.post(f"/api/units/{held['id']}/hold", {"reason": "battery swells"})
    expect(page.get_by_text("battery swells")).to_be_visible()
    expect(count).to_have_text("1")
