"""Selling on a phone: a draft that is changed, one pick list for several orders, an invoice that moves the stock."""

import os
import re
import uuid
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import scanners
from tests.browser.conftest import NewDevice, PutInStock
from tests.browser.people import Person
from tests.browser.test_accessibility import found_on

PHONE_360: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}

PLACE = "SHOP"
"""Of this test alone: other tests need what the demo data has in its places."""


def order(person: Person, order_id: str) -> dict[str, Any]:
    shown: dict[str, Any] = person.get(f"/api/sales-orders/{order_id}")
    return shown


def id_on(page: Page, path: str) -> str:
    """Wait for the screen of one voucher; the id in its address."""
    page.wait_for_url(re.compile(rf"{path}/[0-9a-f-]{{36}}$"))
    return page.url.rsplit("/", 1)[1]


def seen(page: Page, name: str) -> None:
    """Keep pictures of the screen in both themes, when somebody wants to look at it; axe finds nothing."""
    assert found_on(page) == [], name
    page.set_viewport_size(PHONE_360["viewport"])
    folder = os.environ.get("SERIALTRAIL_SCREENSHOTS_OF_SELLING")
    if not folder:
        return
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.screenshot(path=Path(folder) / f"{name}-{scheme}.png", full_page=True)


def test_a_draft_a_common_pick_list_and_an_invoice(
    new_device: NewDevice, put_in_stock: PutInStock, ana: Person, sue: Person
) -> None:
    shop = {"site": sue.site, "parent_id": sue.site, "code": PLACE, "name": "Shop", "kind": "warehouse"}
    place = sue.post("/api/masters/places", shop)["id"]
    put_in_stock(*(f"SELL-{number}" for number in range(1, 6)), place=PLACE)
    page = new_device(sue, PHONE_360).page

    # A draft is written, changed and submitted; another one is discarded.
    page.goto("/sales-orders")
    # As if there were more customers than one answer has: a part of the name finds the others.
    first_page = re.compile(r"/parties\?kind=customer&limit=200$")
    page.route(first_page, lambda route: route.fulfill(json={"parties": [], "next": "A"}))
    page.get_by_role("link", name="New sales order").click()
    page.get_by_label("Find a customer").fill("acme")
    page.get_by_role("combobox", name="Customer").select_option("ACME")
    page.get_by_label("Find a customer").fill("")
    expect(page.get_by_role("combobox", name="Customer")).to_have_value("ACME")
    page.unroute(first_page)
    page.get_by_label("Item of line 1").select_option("LAP-15")
    page.get_by_label("Own number").fill("SO-FIRST")
    page.get_by_role("button", name="Save the draft").click()
    first = id_on(page, "/sales-orders")
    expect(page.get_by_role("button", name="Submit the order")).to_be_visible()
    assert order(sue, first)["status"] == "draft"
    seen(page, "draft")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Quantity of line 1").fill("2")
    page.get_by_role("button", name="Add a line").click()
    page.get_by_label("Item of line 2").select_option("CAB-2")
    page.get_by_role("button", name="Remove this line").last.click()
    page.get_by_label("Customer").select_option("BETA")
    page.get_by_label("Remark").fill("call before noon")
    seen(page, "edit-draft")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("call before noon")).to_be_visible()
    page.get_by_role("button", name="Submit the order").click()
    expect(page.get_by_role("button", name="Start picking")).to_be_visible()
    written = order(sue, first)
    assert (written["status"], written["customer"]["code"], written["remark"]) == (
        "submitted",
        "BETA",
        "call before noon",
    )
    assert [(line["item"]["item_code"], line["qty"]) for line in written["lines"]] == [("LAP-15", 2)]

    wanted = {"site": sue.site, "customer": "ACME", "lines": [{"item_code": "LAP-15", "qty": 1}]}
    given_up = sue.post("/api/sales-orders", {"id": str(uuid.uuid4()), **wanted})["id"]
    page.goto(f"/sales-orders/{given_up}")
    page.get_by_role("button", name="Discard the draft").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("asked for twice")
    dialog.get_by_role("button", name="Discard the draft").click()
    expect(page.get_by_text("asked for twice")).to_be_visible()
    assert order(sue, given_up)["status"] == "cancelled"

    # One pick list for two orders: which unit is for whom.
    second = sue.post("/api/sales-orders", {"id": str(uuid.uuid4()), "number": "SO-SECOND", "submit": True, **wanted})[
        "id"
    ]
    page.goto("/sales-orders")
    for number in ("SO-FIRST", "SO-SECOND"):
        box = page.get_by_label(f"Choose {number} for a pick list")
        size = box.bounding_box()
        assert size
        assert min(size["width"], size["height"]) >= 56
        box.check()
    seen(page, "choose-orders")
    page.get_by_role("button", name="Fetch 2 orders together").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("SO-FIRST · ")
    dialog.get_by_label("Warehouse").select_option(str(place))
    seen(page, "fetch-from")
    dialog.get_by_role("button", name="Start picking").click()
    pick_id = id_on(page, "/pick")
    rows = page.get_by_test_id("to-fetch").get_by_role("listitem")
    expect(rows).to_have_count(3)
    made = sue.get(f"/api/pick-lists/{pick_id}")
    number_of = {line["id"]: line["sales_order"] for line in made["lines"]}
    assert sorted(number_of.values()) == ["SO-FIRST", "SO-SECOND"]
    assert all(unit["serial_no"].startswith("SELL-") for unit in made["units"])
    for unit in made["units"]:
        expect(rows.filter(has_text=unit["serial_no"])).to_contain_text(f"For {number_of[unit['line_id']]}")
    expect(page.get_by_test_id("next")).to_contain_text(f"For {number_of[made['units'][0]['line_id']]}")
    scanners.scan(page, [unit["serial_no"] for unit in made["units"]])
    expect(page.get_by_test_id("count").locator("strong")).to_have_text("3")
    expect(page.locator(".said")).to_contain_text(f"For {number_of[made['units'][-1]['line_id']]}")
    seen(page, "pick-for-two")
    page.get_by_role("button", name="Finish", exact=True).click()
    page.get_by_role("button", name="Finish picking").click()
    page.get_by_role("button", name="Deliver SO-SECOND").click()
    id_on(page, "/delivery-notes")
    assert [order(sue, each)["status"] for each in (first, second)] == ["submitted", "closed"]
    rest = {"id": str(uuid.uuid4()), "pick_list_id": pick_id, "sales_order_id": first}
    sue.post("/api/delivery-notes", rest)

    # An invoice that moves the stock itself: a scanned unit, a typed one, and one that cannot go.
    units = sue.get("/api/stock/units", site=sue.site, state="available", place=place)["units"]
    scanned, typed = [unit["serial_no"] for unit in units][:2]
    sold = made["units"][0]["serial_no"]
    page.goto("/sales-invoices")
    page.get_by_role("link", name="New invoice").click()
    page.get_by_label("Customer").select_option("ACME")
    scanners.scan(page, [PLACE, scanned, sold])
    page.get_by_label("Serial number or code").fill(typed)
    page.get_by_role("button", name="Add", exact=True).first.click()
    page.get_by_label("Remark").fill("taken along")
    expect(page.get_by_test_id("moving")).to_have_text("3 units")
    page.get_by_role("button", name="Invoice", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(sold)
    page.get_by_role("button", name=f"Undo {sold}").click()
    seen(page, "new-invoice")
    page.get_by_role("button", name="Invoice", exact=True).click()
    invoice_id = id_on(page, "/sales-invoices")
    expect(page.get_by_test_id("serials").get_by_role("link")).to_have_text(sorted([scanned, typed]))
    seen(page, "invoice")
    invoice = sue.get(f"/api/sales-invoices/{invoice_id}")
    assert (invoice["customer"]["code"], invoice["remark"], invoice["source"]) == ("ACME", "taken along", None)
    for serial_no in (scanned, typed):
        (match,) = sue.get("/api/units", site=sue.site, q=serial_no)["matches"]
        assert match["state"] == "sold"

    # S1: what support says of it, found by its serial number.
    page.goto(f"/find?q={typed.lower()}%20")
    answers = page.get_by_test_id("answers").locator("dd")
    expect(answers).to_contain_text(["ACME Hospital", "Under Warranty: 365 days left", "0 jobs", "None"])
    expect(answers.first).to_contain_text(invoice["number"])
    for fact in ("B-2026-01", "NorthStar Devices", "PR-"):
        expect(page.locator(".facts")).to_contain_text(fact)

    # S12: taken back where it is shown.
    page.goto(f"/sales-invoices/{invoice_id}")
    page.get_by_role("button", name="Cancel this voucher").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("taken by mistake")
    dialog.get_by_role("button", name="Cancel this voucher").click()
    expect(page.get_by_text("taken by mistake")).to_be_visible()
    (match,) = sue.get("/api/units", site=sue.site, q=typed)["matches"]
    assert match["state"] == "in_stock"
