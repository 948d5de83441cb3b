"""Two units received, their labels printed in one tap, the picture of one read back by the scanner."""

import os
import re

from playwright.sync_api import expect

from scanner.decode import decode_bytes
from scanner.gs1 import parse
from tests.browser.conftest import NewDevice, PutInStock
from tests.browser.people import Person
from tests.browser.test_accessibility import found_on

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}


def test_labels_of_a_receipt_are_one_tap_away(new_device: NewDevice, put_in_stock: PutInStock, ana: Person) -> None:
    receipt = put_in_stock("LABEL-0001", "LABEL-0002", place="A-01", batch_no="B-LABEL")
    device = new_device(ana, PHONE)
    device.forgives(r"409 .*/api/label-(prints|previews)")
    page = device.page
    page.goto(f"/receive/{receipt}")

    page.get_by_role("link", name="Print labels").click()

    expect(page.get_by_text("2 labels are ready.")).to_be_visible()
    expect(page.get_by_role("img", name="Preview of the first label")).to_be_visible()
    file = page.get_by_role("link", name="Open for printing").get_attribute("href") or ""
    read = []
    for index in range(2):
        picture = page.request.get(file.replace(".pdf", f".png?index={index}")).body()
        (code,) = decode_bytes(picture).codes
        read.append(parse(code.text, code.symbology).serial_no)
    assert read == ["LABEL-0001", "LABEL-0002"]
    assert page.request.get(file).body().startswith(b"%PDF")
    if os.environ.get("SERIALTRAIL_SCREENSHOTS"):
        page.screenshot(path=f"{os.environ['SERIALTRAIL_SCREENSHOTS']}/labels.png", full_page=True)
    assert found_on(page) == []

    page.get_by_label("Size").select_option("a4_21")
    page.get_by_label("Printer").select_option("png")
    page.get_by_text("Text on the label").click()
    lines = page.get_by_label("Lines, the first one the largest")
    expect(lines).to_have_value(re.compile(r"^\{serial_no\}\n"))
    lines.fill("{secret}")
    lines.blur()
    expect(page.get_by_text("{secret} is no placeholder of a label.")).to_be_visible()
    lines.fill("{serial_no}\nShelf of Ana")
    lines.blur()
    preview = page.get_by_role("img", name="Preview of the first label")
    expect(preview).to_have_attribute("src", re.compile("Shelf%20of%20Ana"))
    assert found_on(page) == []
    page.get_by_role("button", name="Print labels").click()
    expect(page.get_by_text("2 of these had a label before.")).to_be_visible()
    page.get_by_label("Why again?").fill("wrong size")
    page.get_by_role("button", name="Print labels").click()
    expect(page.get_by_text("2 labels are ready.")).to_be_visible()
    picture = page.get_by_role("link", name="Save label 2").get_attribute("href") or ""
    (code,) = decode_bytes(page.request.get(picture).body()).codes
    assert parse(code.text, code.symbology).serial_no == "LABEL-0002"

    page.goto("/find?q=LABEL-0001")
    page.get_by_role("link", name="Print labels").click()
    expect(page.get_by_text("wrong size")).to_be_visible()
    expect(page.get_by_label("Size")).to_have_value("a4_21")
    expect(preview).to_have_attribute("src", re.compile("Shelf%20of%20Ana"))
    page.get_by_role("button", name="The usual text").click()
    expect(preview).to_have_attribute("src", re.compile("Batch%20B-LABEL"))


def test_the_link_on_a_label_opens_the_unit(new_device: NewDevice, put_in_stock: PutInStock, ana: Person) -> None:
    put_in_stock("LINK-0001", place="A-01", batch_no="B-LINK")
    page = new_device(ana, PHONE).page
    page.goto("/01/09506000134352/10/B-LINK/21/LINK-0001")
    expect(page.get_by_role("heading", name="LINK-0001")).to_be_visible()
