"""Browsers in people's hands: a phone, a wall. Each keeps what went wrong in it without anybody seeing."""

import os
import re
import shutil
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright

PHONE = {"viewport": {"width": 412, "height": 915}, "is_mobile": True, "has_touch": True}
"""A usual Android phone, in CSS pixels."""
WALL = {"viewport": {"width": 1600, "height": 900}}

UNREACHABLE = (
    r"net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE)"
    r"|^An unknown error occurred when fetching the script\."
)
"""What Chromium itself says of requests while the network or the server is away on purpose."""
NOT_LOGGED_IN = r"the server responded with a status of 401"


def chromium_program() -> str:
    """Debian's Chromium in its build without windows, a third cheaper to run; tests fail where there is none."""
    program = shutil.which("chromium-headless-shell")
    assert program, "Chromium's headless shell is not installed. Run `make test`, which installs it."
    return program


def start_chromium(playwright: Playwright, *further: str) -> Browser:
    """A Chromium for any number of devices."""
    # Root has no sandbox, and the tests open pages of their own servers only.
    return playwright.chromium.launch(
        executable_path=chromium_program(), args=further, chromium_sandbox=os.geteuid() != 0
    )


class Device:
    """A browser with cookies, storage and service worker of its own.

    ``troubles`` are console errors and uncaught exceptions, and with them every break of the Content-Security-Policy;
    a test that causes some on purpose names them with ``forgives``.
    """

    def __init__(self, browser: Browser, **options: Any) -> None:
        self.context = browser.new_context(**{"locale": "en-GB", **options})
        self.context.set_default_timeout(30_000)
        self.context.grant_permissions(["camera"])
        self._said: list[str] = []
        # A screen that follows its site tries its socket again and again while the server cannot be reached.
        self._forgiven = [r"^WebSocket connection to "]
        self.context.on("console", self._hear)
        self.context.on("weberror", lambda error: self._said.append(f"{error.error}"))
        self.page = self.context.new_page()

    def forgives(self, *patterns: str) -> None:
        """Name errors that the test causes on purpose."""
        self._forgiven += patterns

    def another_tab(self) -> Page:
        return self.context.new_page()

    @property
    def troubles(self) -> list[str]:
        return [said for said in self._said if not any(re.search(pattern, said) for pattern in self._forgiven)]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._said.append(f"{message.text} ({message.location['url']})")
