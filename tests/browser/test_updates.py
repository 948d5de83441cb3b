"""A new build comes while scans wait: they go with it, and a tab of the old build cannot lose any."""

import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.builds import BuildsProxy
from tests.browser.conftest import NewDevice
from tests.browser.people import Person
from tests.browser.screens import BATCH, ReceiveScreen, service_worker_is_ready
from tests.browser.server import DemoServer
from tests.proxies import running_proxy

WAITING = 500
SCANNED_BY_THE_OLD = 12

_PHONE_OF_VERSION_2 = """entries => new Promise((resolve, reject) => {
  const opening = indexedDB.open("serialtrail", 2);
  opening.onupgradeneeded = () => {
    const db = opening.result;
    db.createObjectStore("outbox", { keyPath: "n" }).createIndex("by_voucher", "voucher_id");
    const answers = db.createObjectStore("answers", { keyPath: "id" });
    answers.createIndex("by_voucher", "scan.voucher_id");
    answers.createIndex("by_open", "open");
    for (const name of ["meta", "snapshots"]) db.createObjectStore(name);
    db.createObjectStore("pictures", { keyPath: "id" });
  };
  opening.onsuccess = () => {
    const tx = opening.result.transaction(["outbox", "meta"], "readwrite");
    for (const entry of entries) tx.objectStore("outbox").add(entry);
    tx.objectStore("meta").put(entries.length, "counter");
    tx.oncomplete = () => {
      opening.result.close();
      resolve();
    };
    tx.onabort = () => reject(tx.error);
  };
})"""
"""What a phone held whose app had never heard of anything but scans: its database had no version 3 yet."""

_BUILD = """async () => ({
  script: document.querySelector("script[type=module]").src.endsWith(".next.js") ? "next" : "this",
  version: (await indexedDB.databases()).find(each => each.name === "serialtrail").version,
})"""


@pytest.fixture
def front(server: DemoServer) -> Iterator[BuildsProxy]:
    with running_proxy(BuildsProxy(server.port)) as front:
        yield front


@pytest.fixture
def large_receipt(ana: Person, sue: Person) -> Iterator[str]:
    """An open receipt of an order for more laptops than wait: its id."""
    receipt_id = ana.open_receipt_at(sue.submit_order("LAP-15", 2 * WAITING), ana.place("MAIN"))
    yield receipt_id
    ana.post(f"/api/purchase-receipts/{receipt_id}/discard", {"reason": "end of the test"})


def entry_of_version_2(receipt_id: str, n: int, text: str) -> dict[str, object]:
    return {
        "id": str(uuid.uuid4()),
        "n": n,
        "user": "ana",
        "purpose": "receive",
        "voucher_id": receipt_id,
        "text": text,
        "raw": None,
        "symbology": "",
        "source": "wedge",
        "batch_no": BATCH,
        "expires_on": None,
        "item_id": None,
        "condition": "accepted",
        "reason": None,
        "undoes": None,
        "scanned_at": "2026-01-05T10:00:00.000Z",
        "stored_at": "2026-01-05T10:00:00.000Z",
        "stuck": None,
    }


@pytest.mark.parametrize("has_second_tab", [False, True], ids=["one tab", "two tabs"])
def test_500_entries_are_sent_once_by_the_next_build(
    server: DemoServer,
    front: BuildsProxy,
    new_device: NewDevice,
    ana: Person,
    large_receipt: str,
    has_second_tab: bool,
) -> None:
    phone = new_device(ana, base_url=front.url)
    phone.forgives("status of 502", "favicon", "less than the existing version")
    page = phone.page
    texts = [f"{'UV' if has_second_tab else 'UW'}-{number:04}" for number in range(WAITING)]
    old, ours = texts[:-SCANNED_BY_THE_OLD], texts[-SCANNED_BY_THE_OLD:]
    front.takes_entries = False
    page.goto("/icons/icon.svg")
    page.evaluate(
        _PHONE_OF_VERSION_2, [entry_of_version_2(large_receipt, n, text) for n, text in enumerate(old, start=1)]
    )
    screen = ReceiveScreen.of(page, large_receipt)
    service_worker_is_ready(page)
    screen.keep_batch()
    screen.scan(*ours)
    waiting = page.locator(".outbox-mark")
    expect(waiting).to_have_text(str(WAITING))
    before = page.evaluate(_BUILD)
    second = ReceiveScreen.of(phone.another_tab(), large_receipt) if has_second_tab else None

    front.is_updated = True
    page.reload()
    page.get_by_role("button", name="Update now").click()
    expect(page.locator("script[src$='.next.js']")).to_be_attached()
    expect(waiting).to_have_text(str(WAITING))
    assert page.evaluate(_BUILD) == {"script": "next", "version": before["version"] + 1}

    if second:
        texts += scan_in_a_tab_of_the_old_build(second)
        expect(waiting).to_have_text(str(len(texts)))
    front.takes_entries = True
    waiting.click()
    page.get_by_role("button", name="Send now").click()
    expect(waiting).to_be_hidden(timeout=60_000)

    scans = server.scans(large_receipt)
    assert [scan["text"] for scan in scans] == texts
    assert [scan["counter"] for scan in scans] == list(range(1, len(texts) + 1))
    assert {scan["status"] for scan in scans} == {"accepted"}


def scan_in_a_tab_of_the_old_build(screen: ReceiveScreen) -> list[str]:
    """It takes no scan, says what to do, and takes scans again once that is done; those that it took."""
    page: Page = screen.page
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("A newer version runs in another tab.")
    screen.scan("LOST-0001")
    expect(screen.said).to_contain_text("Load this one again")
    expect(screen.rows.filter(has_text="LOST-0001")).to_have_count(0)
    alert.get_by_role("button", name="Load again").click()
    expect(page.locator("script[src$='.next.js']")).to_be_attached()
    expect(screen.count).to_be_visible()
    screen.scan("AGAIN-0001")
    expect(screen.row("AGAIN-0001")).to_be_visible()
    return ["AGAIN-0001"]
