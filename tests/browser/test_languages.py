"""The screens in a language from right to left: chosen by the browser or by the person, mirrored, and as usable."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewDevice
from tests.browser.people import Person
from tests.browser.screens import ReceiveScreen, open_screen, paths_of_things
from tests.browser.test_accessibility import found_on

PATHS = ("/", "/stock", "/claims", "/board/receiving")
"""Of each kind of screen one; `make audit` looks at all of them."""
ARABIC = re.compile(r"[\u0600-\u06ff]")
ON_THE_RIGHT = "element => element.getBoundingClientRect().left > innerWidth / 2"


def is_arabic(page: Page) -> None:
    expect(page.locator("html[lang=ar][dir=rtl]")).to_be_attached()
    expect(page.get_by_role("heading", level=1)).to_have_text(ARABIC)


def test_the_main_screens_from_right_to_left(new_device: NewDevice, sue: Person, ana: Person, receipt: str) -> None:
    device = new_device(locale="ar-EG")
    page = device.page
    page.goto("/")
    is_arabic(page)
    found = {"log-in": found_on(page)}
    device.context.add_cookies(sue.cookies())
    for path in (*PATHS, paths_of_things(sue)[0]):
        open_screen(page, path)
        expect(page.locator("html[dir=rtl]")).to_be_attached()
        found[path] = found_on(page)
    assert page.get_by_role("button", name="رجوع").evaluate(ON_THE_RIGHT)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}

    device.context.clear_cookies()
    device.context.add_cookies(ana.cookies())
    screen = ReceiveScreen(page)
    page.goto(f"/receive/{receipt}")
    code = page.locator("input[name=code]")
    code.fill("NB23-0001")
    code.press("Enter")
    # The server's answer comes by its code, with the customer that its facts name.
    expect(screen.said).to_contain_text("بيعت هذه الوحدة إلى")
    expect(screen.said).to_contain_text("ACME")
    assert found_on(page) == []


def test_a_language_is_chosen_and_kept(new_device: NewDevice, ana: Person) -> None:
    device = new_device(ana)
    page = device.page
    page.goto("/")
    page.get_by_role("button", name="العربية").click()
    is_arabic(page)
    page.goto("/stock")
    is_arabic(page)
    page.goto("/")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Hello Ana")).to_be_visible()
    expect(page.locator("html[lang=en][dir=ltr]")).to_be_attached()
