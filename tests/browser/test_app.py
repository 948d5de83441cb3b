"""The app as an app: installable, small, there without a network, and clean under its Content-Security-Policy."""

import gzip
import json
import re
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import NewDevice
from tests.browser.devices import UNREACHABLE
from tests.browser.people import Person
from tests.browser.screens import ReceiveScreen, service_worker_is_ready
from tests.browser.server import DemoServer

FIRST_LOAD_SCRIPT = 45 * 1024
"""Bytes of script, gzipped, that a phone must have before it shows anything: all but decoder and board."""
FIRST_PAINT_REQUESTS = 6

_CACHED = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) found.push(new URL(url).pathname);
  }
  return found;
}"""


def cached(page: Page) -> list[str]:
    """Paths in Cache Storage."""
    paths: list[str] = page.evaluate(_CACHED)
    return paths


def test_it_can_be_installed(new_device: NewDevice, ana: Person, server: DemoServer) -> None:
    device = new_device(ana)
    device.page.goto("/")
    service_worker_is_ready(device.page)
    devtools = device.context.new_cdp_session(device.page)

    answer = devtools.send("Page.getAppManifest")
    assert answer["errors"] == []
    manifest = json.loads(answer["data"])
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    icons = {(icon["sizes"], icon.get("purpose", "any")) for icon in manifest["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= icons
    for icon in manifest["icons"]:
        with urllib.request.urlopen(server.url + icon["src"], timeout=10) as response:
            assert response.headers.get_content_type() == icon["type"]
    errors = {error["errorId"] for error in devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    # A test's browser keeps nothing, and Chromium installs nothing in such a window.
    assert errors <= {"in-incognito"}


def test_the_second_start_needs_no_network(new_device: NewDevice, ana: Person, receipt: str) -> None:
    device = new_device(ana)
    device.forgives(UNREACHABLE)
    page = device.page
    page.goto("/")
    expect(page.get_by_role("link", name=re.compile("^PO-1 "))).to_be_visible()
    ReceiveScreen.of(page, receipt)
    service_worker_is_ready(page)
    device.context.set_offline(True)
    page.close()

    page = device.another_tab()
    page.goto("/")
    expect(page.get_by_role("heading", name="Hello Ana Ramos")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^PO-1 "))).to_be_visible()
    expect(page.get_by_text("No network: as of ")).to_be_visible()
    page.goto(f"/receive/{receipt}")
    screen = ReceiveScreen(page)
    expect(screen.count).to_have_text("0")
    screen.scan("OFF-0001")
    expect(screen.rows).to_have_count(1)


def test_the_camera_and_the_board_load_without_a_network(new_device: NewDevice, sue: Person, receipt: str) -> None:
    """Also what the first load did not bring: the decoder and the board lie in the cache all the same."""
    device = new_device(sue)
    device.forgives(UNREACHABLE, "WebSocket connection to .* failed")
    ReceiveScreen.of(device.page, receipt)
    service_worker_is_ready(device.page)
    device.context.set_offline(True)

    paths = cached(device.page)
    for needed in (r"^/$", r"decode\.worker-.*\.js$", r"zxing_reader-.*\.wasm$", r"Board-.*\.js$", r"\.css$"):
        assert any(re.search(needed, path) for path in paths), f"{needed} not in {paths}"
    answers = device.page.evaluate("paths => Promise.all(paths.map(async path => (await fetch(path)).status))", paths)
    assert set(answers) == {200}
    device.page.get_by_role("link", name="Serialtrail").click()
    device.page.get_by_role("link", name="Board", exact=True).click()
    expect(device.page.get_by_test_id("live")).to_have_attribute("data-state", "not_live")


def test_data_are_never_cached(new_device: NewDevice, ana: Person, receipt: str) -> None:
    device = new_device(ana)
    page = device.page
    page.goto("/")
    service_worker_is_ready(page)
    screen = ReceiveScreen.of(page, receipt)
    screen.keep_batch()
    screen.scan("CAC-0001")
    expect(screen.count).to_have_text("1")
    page.goto("/find?q=NB23-0001")
    expect(page.get_by_role("heading", name="NB23-0001")).to_be_visible()

    paths = cached(page)
    assert len(paths) > 5
    assert [path for path in paths if path.startswith(("/api", "/socket.io", "/connect"))] == []


def test_the_first_load_is_small(new_device: NewDevice) -> None:
    device = new_device()
    scripts: dict[str, Response] = {}

    def note(response: Response) -> None:
        if response.request.resource_type == "script" and response.request.service_worker is None:
            scripts[response.url] = response

    device.page.on("response", note)
    device.page.goto("/")
    expect(device.page.get_by_label("User name")).to_be_visible()
    sizes = {url: len(gzip.compress(response.body())) for url, response in scripts.items()}
    assert 0 < sum(sizes.values()) <= FIRST_LOAD_SCRIPT, sizes
    assert not any("decode" in url or "Board" in url for url in sizes)

    before_paint = device.page.evaluate(
        """async () => {
          // On a busy machine the form is in the page before it is painted.
          const painted = await new Promise(done => {
            const note = list => list.getEntriesByName("first-contentful-paint").forEach(each => done(each.startTime));
            new PerformanceObserver(note).observe({ type: "paint", buffered: true });
          });
          const before = performance.getEntriesByType("resource").filter(each => each.startTime < painted);
          return [...new Set(before.map(each => each.name))];
        }"""
    )
    # And the page itself.
    assert len(before_paint) + 1 <= FIRST_PAINT_REQUESTS, before_paint


@pytest.mark.parametrize("path", ["/", "/receive/x", "/service-worker.js", "/api/session", "/api/nothing-here"])
def test_every_answer_has_its_security_headers(server: DemoServer, path: str) -> None:
    request = urllib.request.Request(server.url + path)
    opener = urllib.request.build_opener(_AnyStatus)
    with opener.open(request, timeout=10) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "'unsafe-inline'" not in policy
        assert "'unsafe-eval'" not in policy.replace("'wasm-unsafe-eval'", "")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "camera=(self)" in response.headers["Permissions-Policy"]


class _AnyStatus(urllib.request.HTTPErrorProcessor):
    def http_response(self, request: Any, response: Any) -> Any:
        return response


def test_text_that_looks_like_markup_is_text(new_device: NewDevice, ana: Person, receipt: str) -> None:
    device = new_device(ana)
    screen = ReceiveScreen.of(device.page, receipt)
    screen.keep_batch()
    for text in ("<img src=x onerror=alert(1)>", "=1+1", "{{7*7}}"):
        screen.type(text)
        expect(screen.said).to_contain_text(text)
        expect(screen.row(text)).to_be_visible()
    expect(screen.rows.locator("img")).to_have_count(0)


def test_a_torch_and_zoom_appear_where_the_lens_has_them(new_device: NewDevice, ana: Person, receipt: str) -> None:
    """Chromium's fake camera has neither, so a canvas stands in for a phone's lens."""
    device = new_device(ana)
    device.page.add_init_script(_LENS)
    screen = ReceiveScreen.of(device.page, receipt)
    screen.page.get_by_role("button", name="Scan", exact=True).click()
    torch, twice = (screen.page.get_by_role("button", name=name) for name in ("Light", "2×"))
    torch.click()
    twice.click()
    expect(torch).to_have_attribute("aria-pressed", "true")
    expect(twice).to_have_attribute("aria-pressed", "true")
    assert screen.page.evaluate(_WHAT_THE_LENS_IS) == {"torch": True, "zoom": 2, "focusMode": "continuous"}

    # Remembered over a reload, and given to the lens as soon as the camera runs again.
    ReceiveScreen.of(screen.page, receipt)
    screen.page.get_by_role("button", name="Scan", exact=True).click()
    expect(torch).to_have_attribute("aria-pressed", "true")
    assert screen.page.evaluate(_WHAT_THE_LENS_IS) == {"torch": True, "zoom": 2, "focusMode": "continuous"}


_WHAT_THE_LENS_IS = """() => new Promise(done => {
  const end = Date.now() + 10_000;
  const look = () => {
    const last = window.lens.at(-1);
    if ((last?.torch && last.zoom === 2) || Date.now() > end) done(last);
    else setTimeout(look, 20);
  };
  look();
})"""

_LENS = """
window.lens = [];
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = document.createElement("canvas");
  canvas.width = 640;
  canvas.height = 360;
  canvas.getContext("2d").fillRect(0, 0, 640, 360);
  const stream = canvas.captureStream(5);
  const [track] = stream.getVideoTracks();
  track.getCapabilities = () => ({ torch: true, zoom: { min: 1, max: 4 }, focusMode: ["manual", "continuous"] });
  track.applyConstraints = async ({ advanced }) => void window.lens.push(advanced[0]);
  return stream;
};
"""


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("NotAllowedError", "The camera is not allowed"),
        ("NotFoundError", "No camera found"),
        ("NotReadableError", "Another app is using the camera"),
    ],
)
def test_a_camera_that_cannot_be_opened_says_what_to_do(
    new_device: NewDevice, ana: Person, receipt: str, error: str, said: str
) -> None:
    device = new_device(ana)
    device.page.add_init_script(
        f"navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '{error}'));"
    )
    screen = ReceiveScreen.of(device.page, receipt)
    screen.keep_batch()
    screen.page.get_by_role("button", name="Scan", exact=True).click()
    trouble = screen.page.get_by_role("alert")
    expect(trouble).to_contain_text(said)
    expect(trouble.get_by_role("button", name="Try again")).to_be_visible()
    screen.scan("CAM-0001")
    expect(screen.count).to_have_text("1")
