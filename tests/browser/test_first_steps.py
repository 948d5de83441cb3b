"""A newcomer's first minute: the practice sheet, and the tours, each of which ends with a real scan."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewDevice
from tests.browser.people import Person
from tests.browser.screens import ReceiveScreen
from tests.browser.test_accessibility import found_on


def guide_of(page: Page) -> Locator:
    """The card of the step that is to be done."""
    return page.get_by_role("region", name="First steps")


def test_a_tour_ends_with_a_real_scan(new_device: NewDevice, kim: Person) -> None:
    page = new_device(kim).page
    page.goto("/first-steps")
    sheet = page.get_by_role("link", name="Open the practice sheet")
    response = page.request.get(sheet.get_attribute("href") or "")
    assert response.body().startswith(b"%PDF")
    assert found_on(page) == []

    page.get_by_role("button", name="Repair and service").press("Enter")
    guide = guide_of(page)
    # The first step was to come here; the second leads on.
    expect(guide).to_contain_text("Step 2 of 3")
    assert found_on(page) == []
    guide.get_by_role("link", name="Take me there").press("Enter")
    expect(guide).to_contain_text("Step 3 of 3")
    page.reload()
    expect(guide).to_contain_text("Step 3 of 3")
    code = page.get_by_label("Serial number or code")
    code.fill("NB24-0001")
    code.press("Enter")
    expect(page.get_by_role("heading", name="NB24-0001")).to_be_visible()
    expect(guide).to_contain_text("Done.")
    guide.get_by_role("button", name="Close").click()
    expect(guide).to_be_hidden()


def test_the_tour_of_a_picker_ends_in_a_receipt(new_device: NewDevice, ana: Person, sue: Person) -> None:
    order = sue.get(f"/api/purchase-orders/{sue.submit_order('LAP-15', 1)}")
    page = new_device(ana).page
    page.goto("/first-steps")
    page.get_by_role("button", name="Receive goods").click()
    guide = guide_of(page)
    expect(guide).to_contain_text("Step 1 of 3")
    page.get_by_role("link", name=order["number"]).click()
    expect(guide).to_contain_text("Step 2 of 3")
    page.get_by_role("button", name="A-01").click()
    page.get_by_role("button", name="Receive into A-01").click()
    expect(guide).to_contain_text("Step 3 of 3")
    screen = ReceiveScreen(page)
    screen.keep_batch()
    screen.scan("TOUR-0001")
    expect(screen.count).to_have_text("1")
    expect(guide).to_contain_text("Done.")
    ana.post(f"/api/purchase-receipts/{screen.receipt_id}/discard", {"reason": "end of the tour"})


def test_the_tour_of_a_supervisor_ends_with_a_unit(new_device: NewDevice, sue: Person) -> None:
    page = new_device(sue).page
    page.goto("/first-steps")
    page.get_by_role("button", name="Watch and decide").click()
    guide = guide_of(page)
    for step in (2, 3):
        expect(guide).to_contain_text(f"Step {step} of 3")
        guide.get_by_role("link", name="Take me there").click()
    code = page.get_by_label("Serial number or code")
    code.fill("NB24-0001")
    code.press("Enter")
    expect(page.get_by_role("heading", name="NB24-0001")).to_be_visible()
    expect(guide).to_contain_text("Done.")
