"""A server with the demo data and a Chromium for all tests of this folder; devices and people for each test."""

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.browser.devices import PHONE, Device, start_chromium
from tests.browser.people import Person
from tests.browser.server import DemoServer
from tests.running import ROOT

NewDevice = Callable[..., Device]
NewReceipt = Callable[..., str]
PutInStock = Callable[..., str]
As = Callable[[str], Person]

expect.set_options(timeout=30_000)


@pytest.fixture(scope="package")
def server(demo_of_today: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    """The server of all these tests; afterwards its ledger must be in order."""
    assert (ROOT / "pwa/dist/index.html").is_file(), "The screens are not built. Run `make browser`."
    server = DemoServer(tmp_path_factory.mktemp("server"), demo_of_today)
    server.start()
    yield server
    server.stop()
    assert server.run("check-ledger").endswith(" 0 problems\n")


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = start_chromium(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def known(server: DemoServer) -> As:
    """People of the demo data, each logged in once: log-ins are limited to 20 a minute."""
    return functools.cache(lambda username: Person(server.url, username))


@pytest.fixture
def ana(known: As) -> Person:
    """A picker."""
    return known("ana")


@pytest.fixture
def kim(known: As) -> Person:
    """Support."""
    return known("kim")


@pytest.fixture
def sue(known: As) -> Person:
    """A supervisor."""
    return known("sue")


@pytest.fixture(scope="package")
def put_in_stock(known: As) -> PutInStock:
    """Receive laptops for an order of their own, so that no test takes what another one counts on; the receipt's id."""

    def put(*serial_nos: str, place: str = "MAIN", **more: str) -> str:
        ana = known("ana")
        order_id = known("sue").submit_order("LAP-15", len(serial_nos))
        receipt_id = ana.open_receipt_at(order_id, ana.place(place))
        assert {outcome["code"] for outcome in ana.scan(receipt_id, *serial_nos, **more)} == {"ok"}
        ana.post(f"/api/purchase-receipts/{receipt_id}/submit", {})
        return receipt_id

    return put


@pytest.fixture
def new_receipt(ana: Person) -> Iterator[NewReceipt]:
    """Open receipts of ana's; those that the test does not finish are given up, and their units are free again."""
    opened: list[str] = []

    def new(order: str = "PO-1", place: str = "MAIN") -> str:
        opened.append(ana.open_receipt(order, place))
        return opened[-1]

    yield new
    for receipt_id in opened:
        if ana.receipt(receipt_id)["status"] == "draft":
            ana.post(f"/api/purchase-receipts/{receipt_id}/discard", {"reason": "end of the test"})


@pytest.fixture
def receipt(new_receipt: NewReceipt) -> str:
    """An open receipt of ana's for PO-1 at MAIN: its id."""
    return new_receipt()


@pytest.fixture
def new_device(chromium: Browser, server: DemoServer) -> Iterator[NewDevice]:
    """Hand out browsers, to somebody who is logged in or to nobody; nothing may have gone wrong in any of them."""
    devices: list[Device] = []

    def new(person: Person | None = None, kind: dict[str, Any] = PHONE, **options: Any) -> Device:
        device = Device(chromium, **{"base_url": server.url, **kind, **options})
        devices.append(device)
        if person:
            device.context.add_cookies(person.cookies())
        return device

    yield new
    for device in devices:
        device.context.close()
    assert [trouble for device in devices for trouble in device.troubles] == []
