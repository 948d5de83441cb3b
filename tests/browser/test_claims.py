"""Scenarios S10 and S11 on a phone: a claim refused with its reason, goodwill, a return and its replacement."""

import os
import re
import uuid
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser import scanners
from tests.browser.conftest import As, NewDevice, PutInStock
from tests.browser.people import Person
from tests.browser.test_accessibility import found_on
from tests.browser.test_servicing import a_photo

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
DESK = {"width": 1280, "height": 800}
SHOTS = os.environ.get("SERIALTRAIL_SCREENSHOTS")


def test_a_claim_is_refused_with_its_reason_then_goodwill_then_replaced(
    new_device: NewDevice, put_in_stock: PutInStock, known: As, ana: Person, sue: Person
) -> None:
    sold = sell(put_in_stock, ana, "CLM-0001", "CLM-0002", "CLM-0003")
    sue.post(f"/api/units/{sold['CLM-0002']}/warranty/void", {"reason": "seal broken"})
    tom = new_device(known("tom"), PHONE)
    tom.forgives(r"409.*/api/warranty-claims")
    tom.forgives(r"422.*/api/warranty-claims")
    page = tom.page
    page.goto("/")
    page.get_by_role("link", name="Claims and returns").click()
    page.get_by_role("link", name="New claim").click()
    enter(page, "CLM-OOO1", "ACME", "screen is dark")
    expect(page.get_by_role("alert")).to_contain_text("Unknown serial number 'CLM-OOO1'")
    look(page, "claim-unknown")
    page.get_by_role("button", name="It is CLM-0001").click()
    page.get_by_label("Customer code").fill("BETA")
    page.get_by_role("button", name="Enter claim").click()
    expect(page.get_by_role("alert")).to_contain_text("CLM-0001 is sold to ACME, not to BETA")
    page.get_by_label("Customer code").fill("ACME")
    page.get_by_role("button", name="Enter claim").click()
    expect(page.get_by_text("Covered")).to_be_visible()
    look(page, "claim")

    page.goto("/claims/new")
    enter(page, "CLM-WORN", "ACME", "screen is dark")
    page.get_by_label("Keep the claim for review").check()
    label = {"name": "label.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
    page.locator("input[type=file]").set_input_files(label)
    expect(page.get_by_role("img", name="Photo")).to_be_visible()
    page.get_by_role("button", name="Enter claim").click()
    # A busy server may take longer than the phone waits before it shows the list instead.
    expect(page).to_have_url(re.compile(r"/claims(/[0-9a-f-]{36})?$"))
    expect(page.locator(".outbox-mark")).to_be_hidden()
    page.goto("/claims")
    page.get_by_role("link", name="CLM-WORN").click()
    expect(page.get_by_text("Held: nobody knows the unit")).to_be_visible()
    expect(page.get_by_role("img", name="Photo")).to_be_visible()
    page.wait_for_function("document.querySelector('.photos img').naturalWidth > 0")
    look(page, "claim-held")

    page.goto("/claims/new")
    enter(page, "CLM-0002", "ACME", "fan is loud")
    expect(page.get_by_role("alert")).to_contain_text("CLM-0002: Warranty void: seal broken")
    expect(page.get_by_label("Reason for goodwill")).to_have_count(0)
    look(page, "claim-refused")

    supervisor = new_device(sue, PHONE)
    supervisor.forgives(r"409.*/api/(warranty-claims|customer-returns)")
    page = supervisor.page
    page.goto(f"/claims/new?unit={sold['CLM-0002']}")
    expect(page.locator(".claim-unit")).to_contain_text("CLM-0002")
    page.get_by_label("Customer code").fill("ACME")
    page.get_by_label("What is wrong").fill("fan is loud")
    page.get_by_role("button", name="Enter claim").click()
    page.get_by_label("Reason for goodwill").fill("a good customer")
    look(page, "claim-goodwill")
    page.get_by_role("button", name="Take as goodwill").click()
    expect(page.get_by_text("Goodwill: a good customer")).to_be_visible()
    page.get_by_label("Give to").select_option("tom")
    expect(page.get_by_text("Assigned", exact=True)).to_be_visible()
    page.get_by_role("button", name="Repair", exact=True).click()
    expect(page.locator(".claim-status")).to_have_text("Repair")
    page.get_by_role("link", name="Repair order RO-").click()
    expect(page.get_by_text("fan is loud")).to_be_visible()
    look(page, "repair-of-claim")
    page.get_by_role("link", name="WC-").click()
    look(page, "claim-ended")
    page.goto("/claims?status=open&technician=tom")
    expect(page.get_by_role("link", name=re.compile("CLM-0001"))).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("CLM-0002"))).to_have_count(0)
    look(page, "claims")

    page.get_by_role("link", name="Customer returns").click()
    page.get_by_role("link", name="New return").click()
    expect(page.get_by_label("Put into")).to_contain_text("REJECT")
    scanners.scan(page, ["CLM-0001"])
    page.get_by_label("Customer code").fill("BETA")
    page.get_by_label("Reason", exact=True).fill("dead on arrival")
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("alert")).to_contain_text("CLM-0001 is sold to ACME, not to BETA")
    page.get_by_label("Customer code").fill("ACME")
    look(page, "return-new")
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("365 days of warranty left")).to_be_visible()
    page.get_by_role("button", name="Inspect").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Replace").first.click()
    dialog.get_by_label("Serial number of the replacement").fill("CLM-0004")
    dialog.get_by_label("Taken from").select_option(label=option(dialog.get_by_label("Taken from"), "MAIN"))
    look(page, "inspect")
    dialog.locator("button[type=submit]").click()
    expect(page.get_by_role("link", name="Replaced by CLM-0004")).to_be_visible()
    look(page, "return")

    old = sue.get(f"/api/units/{sold['CLM-0001']}/warranty")
    new = sue.get(f"/api/units/{unit_id(sue, 'CLM-0004')}/warranty")
    assert (new["status"], new["days_left"]) == ("under", 365)
    assert [event["other"]["serial_no"] for event in new["events"] if event["other"]] == ["CLM-0001"]
    assert [event["other"]["serial_no"] for event in old["events"] if event["other"]] == ["CLM-0004"]

    sell_cables(ana, sue, 2)
    page.goto("/returns/new")
    page.get_by_text("Goods by quantity").click()
    goods = page.locator("details")
    for qty in ("3", "2"):
        goods.get_by_label("Item").select_option(label="CAB-2 Power cable")
        goods.get_by_label("Quantity").fill(qty)
        goods.get_by_role("button", name="Add", exact=True).click()
        page.get_by_label("Customer code").fill("ACME")
        page.get_by_label("Reason", exact=True).fill("wrong plug")
        if qty == "3":
            page.get_by_role("button", name="Take back").click()
            expect(page.get_by_role("alert")).to_contain_text("CAB-2")
            goods.get_by_role("button", name="Undo CAB-2").click()
    look(page, "return-of-goods")
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("link", name="Movements, cancel")).to_be_visible()
    expect(page.locator(".line", has_text="CAB-2")).to_contain_text("2")
    look(page, "returned-goods")

    page.goto("/contracts")
    page.get_by_role("button", name="New contract").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Customer code").fill("ACME")
    dialog.get_by_label("Serial numbers").fill("CLM-0002\nCLM-0003")
    dialog.get_by_label("First day").fill("2026-01-01")
    dialog.get_by_label("Last day").fill("2036-12-31")
    look(page, "contract-new")
    dialog.get_by_role("button", name="Make contract").click()
    expect(page.get_by_role("link", name="CLM-0003")).to_be_visible()
    look(page, "contracts")
    assert sue.get(f"/api/units/{sold['CLM-0002']}/warranty")["status"] == "under_amc"
    page.locator(".card", has_text="CLM-0003").get_by_role("button", name="Change contract").click()
    dialog.get_by_label("Last day").fill("2037-12-31")
    dialog.get_by_label("Serial numbers").fill("CLM-0002")
    dialog.get_by_label("Reason").fill("one is sold on")
    look(page, "contract-change")
    dialog.get_by_role("button", name="Change contract").click()
    expect(page.get_by_role("link", name="CLM-0003")).to_have_count(0)
    page.get_by_text("1 change").click()
    expect(page.get_by_text("one is sold on")).to_be_visible()
    look(page, "contract-changed")


def enter(page: Page, serial_no: str, customer: str, complaint: str) -> None:
    page.get_by_label("Serial number or code").fill(serial_no)
    page.get_by_role("button", name="Add").click()
    page.get_by_label("Customer code").fill(customer)
    page.get_by_label("What is wrong").fill(complaint)
    page.get_by_role("button", name="Enter claim").click()


def option(select: Locator, code: str) -> str:
    """The text of the option for a place."""
    return next(text for text in select.locator("option").all_inner_texts() if text.endswith(code))


def sell(put_in_stock: PutInStock, ana: Person, *serial_nos: str) -> dict[str, int]:
    """Receive units and one to replace another, and sell the named ones to ACME: their ids."""
    put_in_stock(*serial_nos, "CLM-0004")
    wanted = {"id": str(uuid.uuid4()), "customer": "ACME", "location_id": ana.place("MAIN")}
    ana.post("/api/delivery-notes", wanted | {"serial_nos": list(serial_nos)})
    return {serial_no: unit_id(ana, serial_no) for serial_no in serial_nos}


def sell_cables(ana: Person, sue: Person, qty: int) -> None:
    """Receive goods without serial numbers and sell all of them to ACME."""
    order_id, main = sue.submit_order("CAB-2", qty), ana.place("MAIN")
    receipt = ana.open_receipt_at(order_id, main)
    item_id = ana.receipt(receipt)["lines"][0]["item"]["id"]
    ana.post(f"/api/purchase-receipts/{receipt}/quantities", {"id": str(uuid.uuid4()), "item_id": item_id, "qty": qty})
    ana.post(f"/api/purchase-receipts/{receipt}/submit", {})
    sale = {"id": str(uuid.uuid4()), "customer": "ACME", "location_id": main}
    ana.post("/api/delivery-notes", sale | {"lines": [{"item_code": "CAB-2", "qty": qty}]})


def unit_id(person: Person, serial_no: str) -> int:
    (match,) = person.get("/api/units", site=person.site, q=serial_no)["matches"]
    return int(match["id"])


def look(page: Page, name: str) -> None:
    """Nothing that axe, a gloved thumb or a narrow screen finds; a picture, when somebody wants to look at it."""
    assert found_on(page) == []
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
        page.set_viewport_size(DESK)
        page.screenshot(path=Path(SHOTS) / f"{name}-desk.png")
        page.set_viewport_size(PHONE["viewport"])
