"""A newcomer's first minute: the practice sheet, and a tour by keyboard that ends with a real scan."""

from playwright.sync_api import expect

from tests.browser.conftest import NewDevice
from tests.browser.people import Person
from tests.browser.test_accessibility import found_on


def test_a_tour_ends_with_a_real_scan(new_device: NewDevice, kim: Person) -> None:
    page = new_device(kim).page
    page.goto("/first-steps")
    sheet = page.get_by_role("link", name="Open the practice sheet")
    response = page.request.get(sheet.get_attribute("href") or "")
    assert response.body().startswith(b"%PDF")
    assert found_on(page) == []

    page.get_by_role("button", name="Repair and service").press("Enter")
    guide = page.get_by_role("region", name="First steps")
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
