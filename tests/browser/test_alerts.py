"""What supervisors and administrators set up: rules and their alerts, tokens and webhooks."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import As, NewDevice
from tests.browser.people import Person
from tests.browser.test_accessibility import found_on


def test_a_rule_is_set_and_its_alert_comes_by_itself_and_is_seen(
    new_device: NewDevice, sue: Person, ana: Person
) -> None:
    page = new_device(sue).page
    page.goto("/alerts/rules")
    page.get_by_label("What to watch").select_option("under_receipt")
    page.get_by_label("Percent").first.fill("10")
    page.get_by_role("button", name="Watch it").click()
    expect(page.get_by_role("form", name="Less came than was ordered")).to_be_visible()
    assert found_on(page) == []

    page.goto("/alerts")
    expect(page.get_by_test_id("live")).to_have_attribute("data-state", "live")
    order = sue.submit_order("LAP-15", 9)
    receipt = ana.open_receipt_at(order, ana.place("A-01"))
    ana.scan(receipt, "AL-0001")
    ana.post(f"/api/purchase-receipts/{receipt}/submit", {})
    alert = page.get_by_test_id("alerts").get_by_role("listitem").filter(has_text="short: 1 of 9 LAP-15")
    expect(alert).to_be_visible()
    assert found_on(page) == []
    page.goto("/")
    expect(page.get_by_role("link", name=re.compile("Alerts.*to be seen"))).to_be_visible()
    page.goto("/alerts")
    alert.get_by_role("button", name="Seen").click()
    expect(alert).to_be_hidden()
    expect(page.get_by_text("Seen by sue").first).to_be_visible()
    page.get_by_role("link", name="Alert rules").click()
    page.get_by_role("button", name="Stop watching").click()
    expect(page.get_by_text("Nothing is watched yet.")).to_be_visible()


def test_a_token_is_shown_once_and_a_webhook_shows_what_it_was_told(new_device: NewDevice, known: As) -> None:
    page = new_device(known("admin")).page
    page.goto("/masters/programs")
    page.get_by_text("Make a token").click()
    page.get_by_label("Name of the program").fill("ERP of a journey")
    page.get_by_label("Read reports").check()
    page.get_by_role("button", name="Make the token").click()
    secret = page.get_by_test_id("secret")
    expect(secret).to_have_text(re.compile("^st_"))
    page.get_by_role("button", name="I have it").click()
    expect(secret).to_be_hidden()
    page.get_by_role("button", name="Revoke ERP of a journey").click()
    expect(page.get_by_text("Revoked by admin")).to_be_visible()

    page.get_by_text("Add a webhook").click()
    page.get_by_label("Address").fill("https://erp.example/in")
    page.get_by_label("Alert", exact=True).check()
    page.get_by_role("button", name="Add the webhook").click()
    page.get_by_role("button", name="I have it").click()
    page.get_by_role("button", name="Send a test").click()
    assert found_on(page) == []
    page.get_by_role("link", name="Deliveries").click()
    expect(page.get_by_test_id("messages").get_by_text("Test", exact=True)).to_be_visible()
    page.get_by_role("link", name="Programs and webhooks").click()
    page.get_by_role("button", name="Stop it").click()
    expect(page.get_by_role("button", name="Stop it")).to_be_hidden()
