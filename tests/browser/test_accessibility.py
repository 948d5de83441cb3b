"""Every screen for everybody: axe finds nothing, a gloved thumb hits everything, and nothing runs off the screen."""

import uuid
from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewDevice, NewReceipt
from tests.browser.devices import PHONE, WALL
from tests.browser.people import Person
from tests.browser.screens import ReceiveScreen
from tests.running import ROOT

LAPTOP = "010950600013435210B-1\x1d21NB25-0801"
AXE = ROOT / "pwa/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["cat.color"]
"""All that another theme can change."""
SMALLEST_TARGET = 56
"""CSS pixels in each direction, for work gloves."""
NARROW = {"width": 360, "height": 740}
"""The smallest phone and the usual handheld."""

_VIOLATIONS = """async rules => {
  const { violations } = await axe.run(document, { runOnly: rules });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target.join(" ")).join(", ")}`);
}"""

_SMALL_TARGETS = """least => {
  const targets = [...document.querySelectorAll("button, a[href], input, select, summary")];
  return targets
    .filter(target => target.checkVisibility())
    .map(target => ({ target, box: target.getBoundingClientRect() }))
    .filter(({ box }) => box.width < least || box.height < least)
    .map(({ target, box }) => `${target.outerHTML.slice(0, 80)} ${Math.round(box.width)} x ${Math.round(box.height)}`);
}"""

_OVERFLOWING = """() => {
  const width = document.documentElement.clientWidth;
  return [...document.querySelectorAll("main *, nav *, header *")]
    .filter(element => element.checkVisibility())
    .filter(element => {
      const { left, right } = element.getBoundingClientRect();
      return right > width + 1 || (document.dir === "rtl" && left < -1);
    })
    .map(element => `${element.tagName}.${element.className}`);
}"""

Go = Callable[[Page], None]


@pytest.fixture
def half_done(new_receipt: NewReceipt, ana: Person) -> str:
    """A receipt of PO-2 with units of two items in it."""
    receipt_id = new_receipt("PO-2", "A-01")
    ana.scan(receipt_id, "01095060001343691727123110P-77\x1d21PUMP-0001", LAPTOP)
    return receipt_id


@pytest.fixture
def screens(half_done: str, ana: Person) -> dict[str, Go]:
    """How to come to each screen of a picker, in the state in which it has most to show."""

    def receive(page: Page) -> ReceiveScreen:
        return ReceiveScreen.of(page, half_done)

    def home(page: Page) -> None:
        page.goto("/")
        expect(page.get_by_role("heading", name="Orders to receive")).to_be_visible()

    def order(page: Page) -> None:
        page.goto(f"/orders/{ana.order('PO-2')['id']}")
        page.get_by_role("button", name="A-01").click()

    def scanned(page: Page) -> None:
        screen = receive(page)
        screen.scan(LAPTOP)
        expect(screen.said).to_contain_text("Already scanned")

    def refused(page: Page) -> None:
        screen = receive(page)
        page.get_by_role("button", name="LAP-15").click()
        screen.scan("NB23-0001")
        expect(screen.said.get_by_role("alert")).to_contain_text("sold")

    def batch(page: Page) -> None:
        screen = receive(page)
        page.get_by_role("button", name="LAP-15").click()
        page.get_by_role("button", name="Set batch").click()
        expect(screen.dialog).to_be_visible()

    def rejecting(page: Page) -> None:
        screen = receive(page)
        page.get_by_role("button", name="Damaged?").click()
        expect(screen.dialog).to_be_visible()

    def finishing(page: Page) -> None:
        screen = receive(page)
        page.get_by_role("button", name="Finish").click()
        expect(screen.dialog).to_be_visible()

    def unit(page: Page) -> None:
        page.goto("/find?q=NB23-0001")
        expect(page.get_by_role("heading", name="NB23-0001")).to_be_visible()

    def find(page: Page) -> None:
        page.goto("/find?q=NB23-OOO1")
        expect(page.get_by_text("Unknown serial number")).to_be_visible()

    def outbox(page: Page) -> None:
        refused(page)
        page.goto("/outbox")
        expect(page.get_by_text("sold to ACME").first).to_be_visible()

    return {
        "home": home,
        "order": order,
        "scanned": scanned,
        "refused": refused,
        "batch": batch,
        "rejecting": rejecting,
        "finishing": finishing,
        "unit": unit,
        "find": find,
        "outbox": outbox,
    }


def violations(page: Page, rules: Sequence[str] = RULES) -> list[str]:
    """What axe has against a page. It comes in by DevTools, as the page's own policy admits no foreign script."""
    # What fades in has too little contrast until it is there.
    page.evaluate("Promise.allSettled(document.getAnimations().map(each => each.finished)).then(() => null)")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(_VIOLATIONS, rules)
    return found


def found_on(page: Page) -> list[str]:
    """What is wrong with a screen: by axe in light and dark, for a gloved thumb, and on a narrow phone."""
    wrong = violations(page)
    page.emulate_media(color_scheme="dark")
    wrong += [f"dark: {each}" for each in violations(page, COLOURS)]
    page.emulate_media(color_scheme="light")
    wrong += page.evaluate(_SMALL_TARGETS, SMALLEST_TARGET)
    page.set_viewport_size(NARROW)
    # A chart takes its new size in the frame after.
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))).then(() => null)")
    wrong += [f"off the screen: {each}" for each in page.evaluate(_OVERFLOWING)]
    page.set_viewport_size(PHONE["viewport"])
    return wrong


def test_every_screen_of_a_picker(new_device: NewDevice, ana: Person, screens: dict[str, Go]) -> None:
    device = new_device()
    device.page.goto("/")
    expect(device.page.get_by_label("Password")).to_be_visible()
    found = {"log-in": found_on(device.page)}
    device.context.add_cookies(ana.cookies())
    for name, go in screens.items():
        go(device.page)
        found[name] = found_on(device.page)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_long_names_stay_on_a_narrow_screen(new_device: NewDevice, sue: Person) -> None:
    long = "W" * 200
    item = sue.post("/api/masters/items", {"site": sue.site, "item_code": "W" * 60, "name": long, "tracking": "serial"})
    sue.post("/api/masters/parties", {"site": sue.site, "code": "P" * 60, "name": long, "kind": "supplier"})
    order = {
        "id": str(uuid.uuid4()),
        "site": sue.site,
        "supplier": "P" * 60,
        "lines": [{"item_id": item["id"], "qty": 5}],
    }
    sue.post("/api/purchase-orders", order)
    page = new_device(sue).page
    page.set_viewport_size(NARROW)
    for address in (f"/orders/{order['id']}", f"/items/{item['id']}", "/masters/parties"):
        page.goto(address)
        expect(page.get_by_text("WWWW").first).to_be_visible()
        assert page.evaluate(_OVERFLOWING) == []
        assert page.evaluate("document.scrollingElement.scrollWidth") == NARROW["width"]


def test_long_texts_stay_on_a_narrow_screen(new_device: NewDevice, ana: Person, half_done: str) -> None:
    device = new_device(ana)
    screen = ReceiveScreen.of(device.page, half_done)
    device.page.set_viewport_size(NARROW)
    device.page.get_by_role("button", name="LAP-15").click()
    screen.keep_batch("BATCH-OF-TWENTY-CHAR")
    device.page.get_by_role("button", name="Damaged?").click()
    screen.dialog.get_by_label("Another reason").fill("The carton was under water for some days, all inside is wet")
    screen.dialog.get_by_role("button", name="Use this reason").click()
    screen.scan("W" * 64)
    expect(screen.said).to_contain_text("Rejected")
    assert device.page.evaluate(_OVERFLOWING) == []
    screen.scan("W" * 300)
    expect(screen.said).to_contain_text("at most 64")
    assert device.page.evaluate(_OVERFLOWING) == []


def test_the_board_and_the_wide_screen(new_device: NewDevice, sue: Person, half_done: str) -> None:
    page = new_device(sue, WALL).page
    for path, shown in ((f"/receive/{half_done}", "count"), ("/board/receiving", "stream")):
        page.goto(path)
        expect(page.get_by_test_id(shown)).to_be_visible()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert violations(page) == [], f"{path} {scheme}"
        assert page.evaluate(_OVERFLOWING) == []


def test_the_way_by_keyboard(new_device: NewDevice, sue: Person, half_done: str) -> None:
    """The focus is seen where it is, goes to a new screen's heading, and back from a dialog to its button."""
    page = new_device(sue, WALL).page
    page.goto("/")
    expect(page.get_by_role("heading", name="Hello Sue Lindqvist")).to_be_focused()
    page.goto(f"/receive/{half_done}")
    finish = page.get_by_role("button", name="Finish")
    finish.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(finish).to_be_focused()
    outline = finish.evaluate("element => getComputedStyle(element).outlineWidth")
    assert float(outline.removesuffix("px")) >= 2
