"""Many units at once on the screen: a file with bad rows (S4), and an order whose supplier announced its serials."""

import re
import uuid
from pathlib import Path

from playwright.sync_api import Route, expect

from tests.browser.conftest import NewDevice
from tests.browser.people import Person
from tests.browser.screens import BATCH, ReceiveScreen, choose_file
from tests.browser.test_accessibility import found_on

ROWS = [
    "Serial No,Batch No",
    *(f"UP-{number:04d},{BATCH}" for number in (1, 2, 3)),
    f"up-0001 ,{BATCH}",
    f"UP-0004,{BATCH}",
    f"NB24-0001,{BATCH}",
    f",{BATCH}",
    f"=cmd(),{BATCH}",
    f"UP-0005,{BATCH}",
    f"UP-0006,{BATCH}",
]


def test_s4_a_file_is_tried_row_by_row_and_its_good_rows_are_taken(
    new_device: NewDevice, ana: Person, receipt: str, tmp_path: Path
) -> None:
    device = new_device(ana)
    device.forgives("422")
    page = device.page
    screen = ReceiveScreen.of(page, receipt)
    page.get_by_role("link", name="Add many").click()
    page.get_by_role("button", name="File").click()
    file = tmp_path / "serials.csv"
    for content, said in ((b"", "The file is empty"), (b"Serie\nA1\n", "Serial No"), (b"PK\3\4", "is called .csv")):
        file.write_bytes(content)
        choose_file(page, "Choose a file", file)
        expect(page.get_by_role("alert")).to_contain_text(said)
    file.write_bytes("\r\n".join(ROWS).encode("utf-8-sig"))

    choose_file(page, "Choose a file", file)

    rows = page.get_by_test_id("rows").get_by_role("listitem")
    expect(rows).to_have_count(4)
    for text in ("5up-0001 up-0001 is in row 2 already", "7NB24-0001", "8—", "9=cmd()"):
        expect(rows.filter(has_text=text)).to_have_count(1)
    expect(page.get_by_role("button", name="Put 6 on")).to_be_disabled()
    page.get_by_role("button", name="All rows").click()
    expect(rows).to_have_count(10)
    assert found_on(page) == []
    assert ana.receipt(receipt)["counts"]["accepted"] == 0

    page.get_by_role("button", name="Put only the 6 good ones on").click()
    expect(page.get_by_test_id("added")).to_contain_text("6 were put on")
    page.get_by_label("Choose a file").set_input_files(file)
    expect(page.get_by_test_id("upload-counts")).to_contain_text("On the receipt already")
    page.get_by_role("link", name="Scan them").click()
    expect(screen.count).to_have_text("6")
    expect(screen.rows).to_have_count(6)


def test_an_order_its_announced_serials_and_a_pasted_list(new_device: NewDevice, sue: Person, ana: Person) -> None:
    device = new_device(sue, kind={"viewport": {"width": 1280, "height": 800}})
    device.forgives("net::ERR_FAILED")
    desk = device.page
    desk.goto("/orders")
    desk.get_by_role("link", name="New purchase order").click()
    desk.get_by_label("Supplier").select_option("NorthStar")
    desk.get_by_label("Item of line 1").select_option(label="LAP-15 · Laptop 15 inch")
    desk.get_by_label("Quantity of line 1").fill("30")
    ids: list[str] = []

    def lose_the_answer(route: Route) -> None:
        ids.append(route.request.post_data_json["id"])
        route.fetch()
        route.abort()

    desk.route("**/api/purchase-orders", lose_the_answer, times=1)
    desk.get_by_role("button", name="Save the draft").click()
    expect(desk.get_by_role("alert")).to_be_visible()
    desk.get_by_role("button", name="Save the draft").click()
    expect(desk).to_have_url(re.compile(f"/orders/{ids[0]}$"))
    desk.get_by_role("button", name="Submit the order").click()
    desk.get_by_role("link", name="Supplier's list").click()
    tag = uuid.uuid4().hex[:6].upper()
    desk.get_by_label("Serial numbers that the supplier announced").fill(f"{tag}-01::20")
    desk.get_by_role("button", name="Keep this list").click()
    expect(desk.get_by_test_id("expected")).to_contain_text("0 of 20 found")
    order_id = desk.url.split("/")[-2]

    receipt = ana.open_receipt_at(order_id, ana.place("MAIN"))
    phone = new_device(ana)
    phone.forgives(r"422")
    page = phone.page
    page.goto(f"/receive/{receipt}/add")
    page.get_by_label("Batch").fill(BATCH)
    page.get_by_label("Serial numbers", exact=True).fill(f"{tag}-01::18\n10 to 5\n{tag}-99")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_test_id("understood")).to_contain_text("19 serial numbers understood")
    page.get_by_label("Correct 10 to 5").fill(f"{tag}-19")
    page.get_by_role("button", name="Correct").click()
    expect(page.get_by_test_id("understood")).to_contain_text("20 serial numbers understood")
    page.get_by_role("button", name="Put 20 on").click()
    expect(page.get_by_role("alert")).to_contain_text(f"{tag}-99 is not on the supplier's list")
    page.get_by_role("button", name="Take them all the same").click()
    expect(page.get_by_test_id("added")).to_contain_text("20 were put on")
    expect(page.get_by_test_id("expected")).to_contain_text("19 of 20 found, 1 missing, 1 not on the list")
    assert found_on(page) == []

    page.get_by_role("link", name="Scan them").click()
    screen = ReceiveScreen(page)
    expect(screen.count).to_have_text("20")
    page.get_by_role("button", name="Finish").click()
    expect(screen.dialog).to_contain_text("1 missing")
    screen.dialog.get_by_role("button", name="Post the receipt").click()
    expect(page.get_by_text("Receipt posted")).to_be_visible()
    page.goto(f"/find?q={tag}-20")
    expect(page.get_by_text("is expected from NorthStar")).to_be_visible()
