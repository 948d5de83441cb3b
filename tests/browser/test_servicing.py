"""A technician's job on a phone, from the customer's unit to the signature; and what support then reads at a glance."""

import io
import os
import re
import uuid
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser import scanners
from tests.browser.conftest import As, NewDevice, PutInStock
from tests.browser.devices import UNREACHABLE
from tests.browser.people import Person
from tests.browser.test_accessibility import found_on

SMALL = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
SHOTS = os.environ.get("SERIALTRAIL_SCREENSHOTS")
UNIT = "SVC-0001"


def test_a_job_from_intake_to_signature(
    new_device: NewDevice, put_in_stock: PutInStock, ana: Person, kim: Person, known: As
) -> None:
    tom = known("tom")
    sell(put_in_stock, ana, UNIT)
    device = new_device(tom, SMALL)
    page = device.page
    page.goto("/")
    expect(page.get_by_text("Yearly inspection")).to_be_visible()
    shoot(page, "my-work")
    page.goto(f"/find?q={UNIT}")
    page.get_by_role("link", name="Take in for repair").click()
    page.get_by_label("What is wrong").fill("gets hot and stops")
    page.get_by_label("What came with it").fill("power supply")
    page.get_by_role("button", name="Take in for repair").click()
    expect(page.get_by_text("gets hot and stops")).to_be_visible()
    look(page, "repair")

    page.get_by_role("link", name="Report a job").click()
    page.get_by_label("What was done").fill("Fan replaced")
    page.get_by_role("heading", name="Parts").click()
    scanners.scan(page, ["FAN-0001"])
    expect(page.get_by_test_id("parts")).to_contain_text("FAN-0001")
    page.get_by_label("New parts come from").select_option(label="MAIN")
    page.get_by_role("button", name="Add a reading").click()
    page.get_by_label("Reading", exact=True).fill("Temperature")
    page.get_by_label("Value").fill("41")
    page.get_by_label("Unit", exact=True).fill("°C")
    page.locator("input[type=file]").set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
    )
    expect(page.get_by_role("img", name="Photo")).to_be_visible()
    page.get_by_label("Name of who signs").fill("Ms Grey")
    sign(page)
    look(page, "visit-form")
    page.reload()
    expect(page.get_by_label("What was done")).to_have_value("Fan replaced")
    page.locator("input[type=file]").set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
    )
    expect(page.get_by_role("img", name="Photo")).to_be_visible()
    sign(page)
    page.get_by_label("New parts come from").select_option(label="MAIN")
    page.get_by_role("button", name="Close the job").click()
    expect(page.get_by_role("alert")).to_contain_text("FAN-0001 is in VAN-7")
    page.get_by_label("New parts come from").select_option(label="VAN-7")
    page.get_by_role("button", name="Close the job").click()

    expect(page.get_by_text("Ms Grey")).to_be_visible()
    expect(page.get_by_role("img", name="Signature")).to_be_visible()
    # Each is there whole: a picture that cannot be drawn is refused here.
    page.evaluate("Promise.all([...document.querySelectorAll('.photos img')].map(image => image.decode()))")
    look(page, "visit")
    page.get_by_role("link", name=UNIT).click()
    page.get_by_role("link", name="Open the repair").click()
    page.get_by_role("button", name="Give back").click()
    expect(page.get_by_text("Given back")).to_be_visible()

    page.get_by_role("link", name="The unit's card").click()
    page.get_by_role("link", name="Report a job").click()
    page.get_by_label("What was done").fill("Filter cleaned")
    device.forgives(UNREACHABLE)
    device.context.set_offline(True)
    page.get_by_label("Name of who signs").fill("Ms Grey")
    sign(page)
    page.get_by_role("button", name="Close the job").click()
    expect(page.get_by_test_id("waiting-actions")).to_contain_text("Job")
    device.context.set_offline(False)
    expect(page.get_by_test_id("waiting-actions")).to_have_count(0, timeout=30_000)

    support = new_device(kim, SMALL).page
    support.goto(f"/find?q={UNIT}")
    answers = support.get_by_test_id("answers")
    for text in ("ACME Hospital", "Under Warranty", "2 jobs", "Filter cleaned", "Technician"):
        expect(answers).to_contain_text(text)
    tabs = support.get_by_role("navigation").first.bounding_box()
    box = answers.bounding_box()
    assert box is not None
    assert tabs is not None
    assert box["y"] + box["height"] <= min(740, *([tabs["y"]] if tabs["y"] > 370 else [])), "answers need scrolling"
    look(support, "unit-card")


def sell(put_in_stock: PutInStock, picker: Person, serial_no: str) -> None:
    """Sell a new laptop to ACME."""
    put_in_stock(serial_no)
    note = {"id": str(uuid.uuid4()), "customer": "ACME", "location_id": picker.place("MAIN")}
    picker.post("/api/delivery-notes", note | {"serial_nos": [serial_no]})


def a_photo() -> bytes:
    """As a phone's camera makes it: large, and turned by a note in the file."""
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.linear_gradient("L").resize((3000, 2000)).convert("RGB").save(file, "JPEG", exif=exif)
    return file.getvalue()


def sign(page: Page) -> None:
    """Draw a line across the field for the signature."""
    pad = page.get_by_role("img", name="Field for the signature")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 20 + 30 * step, box["y"] + (30 if step % 2 else 80))
    page.mouse.up()


def look(page: Page, name: str) -> None:
    """Axe finds nothing, thumbs hit everything, nothing runs off the screen."""
    shoot(page, name)
    assert found_on(page) == [], name
    page.set_viewport_size(SMALL["viewport"])  # type: ignore[arg-type]


def shoot(page: Page, name: str) -> None:
    """Take pictures by day and by night where somebody wants to look at them."""
    expect(page.get_by_text(re.compile("Loading"))).to_have_count(0)
    if not SHOTS:
        return
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.screenshot(path=Path(SHOTS) / f"{name}-{scheme}.png")
        page.screenshot(path=Path(SHOTS) / f"{name}-{scheme}-full.png", full_page=True)
    page.emulate_media(color_scheme="light")
