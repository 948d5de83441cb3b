"""axe over all screens, in light and dark and in both directions: nothing found, nothing cut off."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import As, NewDevice
from tests.browser.devices import WALL
from tests.browser.people import Person
from tests.browser.screens import open_screen, paths_of_things
from tests.browser.test_accessibility import found_on, violations

PATHS = (
    "/",
    "/find",
    "/outbox",
    "/first-steps",
    "/claims",
    "/returns",
    "/contracts",
    "/service",
    "/conflicts",
    "/recalls",
    "/recalls/new",
    "/alerts",
    "/alerts/rules",
    "/labels/print?subject=unit&ids=1&name=NB24-0001",
    "/labels/print?item=1&name=LAP-15",
    "/masters/erpnext-serial-no/import",
    *(f"/board/{kind}" for kind in ("receiving", "picking", "stock", "service", "decisions", "recalls")),
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


@pytest.mark.parametrize("locale", ["en-GB", "ar-EG"])
def test_every_screen(new_device: NewDevice, known: As, sue: Person, receipt: str, locale: str) -> None:
    page, admins = (new_device(person, locale=locale).page for person in (sue, known("admin")))
    found = {}
    things = paths_of_things(sue)
    order = f"/orders/{sue.order('PO-1')['id']}"
    further = (
        things[0].replace("/unit/", "/trace?unit="),
        *(order, f"{order}/expected"),
        *(f"/receive/{receipt}", f"/receive/{receipt}/add"),
    )
    for path in (*PATHS, *things, *further):
        open_screen(page, path)
        expect(page.locator("html")).to_have_attribute("dir", "rtl" if locale.startswith("ar") else "ltr")
        found[path] = found_on(page)
    open_screen(admins, "/labels/badges")
    found["/labels/badges"] = found_on(admins)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_the_same_at_a_desk(new_device: NewDevice, sue: Person) -> None:
    page = new_device(sue, WALL).page
    for path in ("/stock", "/vouchers", "/orders/new", "/sales-orders", "/masters/items", paths_of_things(sue)[0]):
        open_screen(page, path)
        assert violations(page) == [], path
