"""A phone's first five minutes in a real Chromium: not trusted, certificate installed, then the camera."""

import os
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect, sync_playwright

from tests.browser.devices import chromium_program
from tests.running import ROOT, Running, serialtrail, serving_lan

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Running]:
    assert (ROOT / "pwa/dist/index.html").is_file(), "The screens are not built. Run: make setup"
    data = tmp_path_factory.mktemp("data")
    upgraded = serialtrail(data, "db", "upgrade")
    assert upgraded.returncode == 0, upgraded.stderr
    with serving_lan(data) as server:
        yield server


@contextmanager
def phone(home: Path) -> Iterator[Page]:
    """A browser that trusts what the certificate store in ``home`` trusts, with a camera."""
    arguments = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_program(),
            args=arguments,
            # Neither root nor a container has the sandbox; the tests open pages of their own server only.
            chromium_sandbox=False,
            env={**os.environ, "HOME": str(home)},
        )
        try:
            yield browser.new_page(viewport=PHONE)
        finally:
            browser.close()


def install_certificate(server: Running, home: Path) -> None:
    """What the steps of the page make a person do: download it, and add it to the trusted authorities."""
    downloaded = home / "serialtrail.crt"
    address = f"http://127.0.0.1:{server.connect_port}/connect/serialtrail.crt"
    with urllib.request.urlopen(address, timeout=10) as answer:
        downloaded.write_bytes(answer.read())
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    for arguments in (
        ["-N", "--empty-password"],
        ["-A", "-n", "Serialtrail", "-t", "C,,", "-i", str(downloaded)],
    ):
        subprocess.run(["certutil", "-d", f"sql:{store}", *arguments], check=True, capture_output=True)


def test_before_the_certificate_is_installed_the_test_says_so(server, tmp_path):
    with phone(tmp_path) as page:
        page.goto(f"http://127.0.0.1:{server.connect_port}/")
        expect(page.get_by_text("This device is ready")).to_be_hidden()
        expect(page.get_by_role("link", name="Download the certificate")).to_be_visible()

        page.get_by_role("button", name="Test it").click()

        expect(page.get_by_role("status")).to_contain_text("does not trust the certificate")
        with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
            page.goto(f"https://127.0.0.1:{server.https_port}/")


def test_after_it_is_installed_camera_and_service_worker_work(server, tmp_path):
    install_certificate(server, tmp_path)
    with phone(tmp_path) as page:
        page.goto(f"http://127.0.0.1:{server.connect_port}/")
        page.get_by_role("link", name="Open Serialtrail").click()
        page.wait_for_url(f"https://127.0.0.1:{server.https_port}/**")

        assert page.evaluate("isSecureContext")
        camera = "navigator.mediaDevices.getUserMedia({video: true}).then(s => s.getVideoTracks()[0].readyState)"
        assert page.evaluate(camera) == "live"
        worker = "navigator.serviceWorker.register('/service-worker.js').then(() => navigator.serviceWorker.ready)"
        assert page.evaluate(f"{worker}.then(r => r.active.scriptURL)") == (
            f"https://127.0.0.1:{server.https_port}/service-worker.js"
        )


def test_the_page_fits_a_phone_and_opens_its_steps(server, tmp_path):
    with phone(tmp_path) as page:
        page.goto(f"http://127.0.0.1:{server.connect_port}/")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert page.locator("details[open]").count() == 1
        for button in page.locator(".button:visible").all():
            assert button.bounding_box()["height"] >= 44
