"""The screens of selling, moving, counting, stock and masters: axe finds nothing, thumbs hit, nothing runs off."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewDevice
from tests.browser.devices import WALL
from tests.browser.people import Person
from tests.browser.test_accessibility import found_on, violations

PATHS = (
    "/stock",
    "/vouchers",
    "/orders",
    "/orders/new",
    "/opening",
    "/sales-orders",
    "/sales-orders/new",
    "/delivery-notes",
    "/sales-invoices",
    "/sales-invoices/new",
    "/transfers",
    "/transfers/new",
    "/stock-entries/new",
    "/supplier-returns/new",
    "/counts",
    "/reports",
    "/reports/ledger?item=LAP-15",
    "/reports/whereabouts",
    "/masters",
    "/masters/items",
    "/masters/items/new",
    "/masters/parties",
    "/masters/parties/new",
    "/masters/places",
    "/masters/places/new",
)


def open_screen(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("main").locator("[aria-busy=true], .busy")).to_have_count(0)


def paths_of_things(sue: Person) -> list[str]:
    """Pages of a unit and of what belongs to it."""
    unit = sue.get("/api/units", site=sue.site, q="NB24-0001")["matches"][0]
    whole = sue.get(f"/api/units/{unit['id']}")
    return [
        f"/unit/{unit['id']}",
        f"/items/{unit['item']['id']}",
        f"/batches/{whole['batch']['id']}",
        f"/places/{unit['location']['id']}",
        f"/vouchers/{whole['received']['voucher_id']}",
    ]


def test_every_screen_of_a_supervisor(new_device: NewDevice, sue: Person) -> None:
    page = new_device(sue).page
    found = {}
    for path in (*PATHS, *paths_of_things(sue)):
        open_screen(page, path)
        found[path] = found_on(page)
    open_screen(page, "/masters/settings")
    page.get_by_label("Fiscal year begins in").select_option("April")
    found["/masters/settings"] = found_on(page)
    for month, year in (("April", r"\d{4}-"), ("January", r"\d{4}\.")):
        page.get_by_label("Fiscal year begins in").select_option(month)
        page.get_by_role("button", name="Save").first.click()
        expect(page.get_by_text(re.compile(f"fiscal year {year}"))).to_be_visible()
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_the_same_at_a_desk(new_device: NewDevice, sue: Person) -> None:
    page = new_device(sue, WALL).page
    for path in ("/stock", "/vouchers", "/orders/new", "/sales-orders", "/masters/items", paths_of_things(sue)[0]):
        open_screen(page, path)
        assert violations(page) == [], path
