"""Labels that the phone cannot read: the server reads them, and a person decides what is not sure."""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from playwright.sync_api import FilePayload, Page, Playwright, Route, expect

from scanner.decode import decode_bytes
from tests.browser.devices import PHONE, UNREACHABLE, Device, start_chromium
from tests.browser.labels import SIZE, Image, Label
from tests.browser.people import Person
from tests.browser.screens import ReceiveScreen, service_worker_is_ready
from tests.browser.server import DemoServer
from tests.browser.test_accessibility import found_on, violations

WORN = Label("DataMatrix", "NB25-0017", "NB25-0017")
LEFT, RIGHT = Label("QRCode", "NB25-0021", "NB25-0021"), Label("QRCode", "NB25-0022", "NB25-0022")
ASKING = "Cannot read it here - asking the server"
FRAMES = "**/api/frames"
PATIENT = 60_000
"""Milliseconds. The server stops after 4 s by the clock, which on a busy machine may be early; the phone asks again."""
Phone = Callable[[Sequence[Image]], Device]


def scene(*labels: tuple[Label, int]) -> Image:
    """A bench seen from above, grey, with labels so many pixels right of its middle."""
    frame = np.full(SIZE[::-1], 90, np.uint8)
    for label, right in labels:
        paper = label.printed()
        top, left = (SIZE[1] - paper.shape[0]) // 2, (SIZE[0] - paper.shape[1]) // 2 + right
        frame[top : top + paper.shape[0], left : left + paper.shape[1]] = paper
    return frame


def worn(frames: int = 6) -> list[Image]:
    """Film the worn label out of focus in a dark aisle, the light from one side, by a grainy camera.

    Plain decoders find no edge in it; the server's steps do.
    """
    random = np.random.default_rng(17)
    light = np.linspace(110, 22, SIZE[0])
    blurred = cv2.GaussianBlur(scene((WORN, 0)) / 255, (0, 0), 2)
    seen = light * (0.5 + 0.5 * blurred)
    return [np.clip(seen + random.normal(0, 20, seen.shape), 0, 255).astype(np.uint8) for _ in range(frames)]


def jpeg(image: Image) -> bytes:
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()


def a_photo(image: Image) -> FilePayload:
    """Hand over a picture as a person picks it from the gallery."""
    return FilePayload(name="label.jpg", mimeType="image/jpeg", buffer=jpeg(image))


def write_film(path: Path, frames: Sequence[Image]) -> None:
    """Write grey frames as raw video that Chromium loops as its camera."""
    colourless = bytes([128]) * (SIZE[0] * SIZE[1] // 2)
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F8:1 Ip A1:1 C420\n".encode())
        for frame in frames:
            film.write(b"FRAME\n" + frame.tobytes() + colourless)


@pytest.fixture
def phone(playwright: Playwright, server: DemoServer, ana: Person, tmp_path: Path) -> Iterator[Phone]:
    """Ana's phone before a film; nothing may have gone wrong in it."""
    with ExitStack() as until_the_end:

        def new(frames: Sequence[Image]) -> Device:
            film = tmp_path / "film.y4m"
            write_film(film, frames)
            flags = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
            browser = start_chromium(playwright, *flags, f"--use-file-for-fake-video-capture={film}")
            until_the_end.callback(browser.close)
            device = Device(browser, base_url=server.url, **PHONE)
            device.context.add_cookies(ana.cookies())
            until_the_end.callback(lambda: _assert_quiet(device))
            return device

        yield new


def _assert_quiet(device: Device) -> None:
    assert device.troubles == []


@pytest.fixture
def receiving(receipt: str) -> Callable[[Page], ReceiveScreen]:
    """Open the receipt with its batch set, and switch the camera on."""

    def start(page: Page) -> ReceiveScreen:
        screen = ReceiveScreen.of(page, receipt)
        screen.keep_batch()
        page.get_by_role("button", name="Scan", exact=True).click()
        return screen

    return start


Receiving = Callable[[Page], ReceiveScreen]


@contextmanager
def held(page: Page, answer: Callable[[Route], None] = Route.continue_) -> Iterator[None]:
    """The first request for the server's help waits until the end of the block, where it gets ``answer``."""
    waiting: list[Route] = []
    page.route(FRAMES, lambda route: waiting.append(route), times=1)
    yield
    deadline = time.monotonic() + 15
    while not waiting:
        assert time.monotonic() < deadline, "The server was not asked."
        page.wait_for_timeout(50)
    answer(waiting[0])


def test_the_film_is_beyond_a_plain_decoder_and_not_beyond_the_server() -> None:
    for frame in worn():
        middle = frame[:, 245:1035]
        for seen in (frame, middle, cv2.resize(frame, None, fx=0.5, fy=0.5)):
            assert zxingcpp.read_barcodes(seen, try_rotate=True, try_downscale=True, try_invert=True) == []
    read = [[code.text for code in decode_bytes(jpeg(frame[:, 245:1035])).codes] for frame in worn()]
    assert read.count(["NB25-0017"]) >= 5
    assert all(texts in ([], ["NB25-0017"]) for texts in read)


def test_the_server_reads_it_and_it_counts_once(phone: Phone, receiving: Receiving, server: DemoServer) -> None:
    page = phone(worn()).page
    with held(page):
        screen = receiving(page)
        expect(page.get_by_text(ASKING)).to_be_visible()
        expect(screen.count).to_have_text("0")

    expect(screen.count).to_have_text("1", timeout=PATIENT)
    expect(screen.row("NB25-0017")).to_have_attribute("data-state", "accepted")
    expect(page.get_by_text("Read by the server: NB25-0017")).to_be_visible()
    # The label stays in view, so the server is asked again and reads it again.
    with page.expect_response(lambda answer: "NB25-0017" in answer.text(), timeout=PATIENT):
        pass
    page.wait_for_timeout(500)
    (scan,) = server.scans(screen.receipt_id)
    assert (scan["text"], scan["source"], scan["symbology"]) == ("NB25-0017", "server", "]d1")
    expect(screen.count).to_have_text("1")


def test_a_busy_server_is_left_alone_as_long_as_it_asks(phone: Phone, receiving: Receiving) -> None:
    device = phone(worn())
    device.forgives("status of 429")
    page = device.page
    headers = {"Retry-After": "3", "Content-Type": "application/problem+json"}
    body = '{"code": "decoder_busy", "detail": "The server is reading as many pictures as it can."}'
    with held(page, lambda route: route.fulfill(status=429, headers=headers, body=body)):
        screen = receiving(page)
        expect(page.get_by_text(ASKING)).to_be_visible()
    expect(page.get_by_text("The server is busy")).to_be_visible()
    expect(page.get_by_role("button", name="Let the server read it")).to_be_disabled()
    expect(screen.count).to_have_text("1", timeout=PATIENT)


def test_no_code_is_said_with_what_to_do(phone: Phone, receiving: Receiving) -> None:
    page = phone([scene()]).page
    screen = receiving(page)
    with page.expect_request(FRAMES):
        page.get_by_role("button", name="Let the server read it").click()
    expect(page.get_by_text("No code found. Point the camera at the label.")).to_be_visible()
    expect(screen.rows).to_have_count(0)
    assert found_on(page) == []

    page.get_by_role("button", name="Report a bad label").click()
    screen.dialog.get_by_label("What is wrong with it").fill("torn off")
    screen.dialog.get_by_role("button", name="Send to the supervisor").click()
    expect(screen.dialog.get_by_text(re.compile(r"kept as no\. \d+"))).to_be_visible()


WITH_A_TORCH = """
MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true });
MediaStreamTrack.prototype.applyConstraints = async () => {};
"""
"""Chromium's fake camera has none."""


def test_too_dark_points_to_the_torch(phone: Phone, receiving: Receiving) -> None:
    page = phone([(scene((LEFT, 0)) * 0.03).astype(np.uint8)]).page
    page.add_init_script(WITH_A_TORCH)
    receiving(page)
    torch = page.get_by_role("button", name="Light")
    expect(torch).not_to_have_class(re.compile("advised"))
    expect(page.get_by_text("The picture is too dark. Switch on the light or the torch.")).to_be_visible()
    expect(torch).to_have_class(re.compile("advised"))
    torch.click()
    expect(torch).not_to_have_class(re.compile("advised"))


def test_of_several_codes_the_person_taps_one(phone: Phone, receiving: Receiving, server: DemoServer) -> None:
    page = phone([scene((LEFT, -210), (RIGHT, 210))]).page
    screen = receiving(page)
    expect(page.get_by_text("Several codes: tap the one you mean.")).to_be_visible()
    targets = [page.get_by_role("button", name=name, exact=True) for name in ("NB25-0021", "NB25-0022")]
    left, right = (box for box in (target.bounding_box() for target in targets) if box)
    assert min(left["width"], left["height"], right["width"], right["height"]) >= 56
    assert left["x"] + left["width"] <= right["x"]
    expect(screen.rows).to_have_count(0)
    assert violations(page) == []

    targets[1].click()

    expect(screen.count).to_have_text("1")
    expect(screen.row("NB25-0022")).to_be_visible()
    page.wait_for_timeout(2000)
    assert [scan["text"] for scan in server.scans(screen.receipt_id)] == ["NB25-0022"]


def test_the_code_under_the_cross_hair_is_taken(phone: Phone, receiving: Receiving, server: DemoServer) -> None:
    page = phone([scene((LEFT, 0), (RIGHT, 320))]).page
    screen = receiving(page)
    expect(screen.count).to_have_text("1")
    page.wait_for_timeout(2000)
    assert [scan["text"] for scan in server.scans(screen.receipt_id)] == ["NB25-0021"]
    expect(page.get_by_text("tap the one you mean")).to_be_hidden()


def test_a_kept_picture_is_read_later_and_added_once(phone: Phone, receiving: Receiving, server: DemoServer) -> None:
    device = phone(worn())
    device.forgives(UNREACHABLE)
    page = device.page
    # Before the camera runs: with more time the phone reads the label by itself.
    page.goto("/")
    service_worker_is_ready(page)
    screen = receiving(page)
    receipt_id = screen.receipt_id
    expect(page.get_by_role("button", name="Let the server read it")).to_be_visible()
    device.context.set_offline(True)
    expect(page.get_by_text("there is no network. Keep the picture")).to_be_visible()
    page.get_by_role("button", name="Keep the picture").click()
    expect(page.get_by_text("Picture kept.")).to_be_visible()
    page.get_by_role("button", name="Stop camera").click()
    page.get_by_role("link", name="1 picture waits to be read.").click()
    picture = page.locator(".kept-picture")
    expect(picture.get_by_role("img", name="Picture of the label")).to_be_visible()
    expect(picture).to_have_attribute("data-state", "waiting")

    device.context.set_offline(False)

    expect(picture).to_contain_text("NB25-0017 read from a kept picture")
    assert server.scans(receipt_id) == []
    second = device.another_tab()
    second.goto(f"/receive/{receipt_id}")
    expect(second.get_by_role("button", name="Add NB25-0017")).to_be_visible()
    picture.get_by_role("link", name=re.compile("Add in")).click()
    page.get_by_role("button", name="Add NB25-0017").click()
    expect(screen.count).to_have_text("1")
    expect(picture).to_be_hidden()
    expect(second.get_by_role("button", name="Add NB25-0017")).to_be_hidden()
    (scan,) = server.scans(receipt_id)
    assert (scan["text"], scan["source"]) == ("NB25-0017", "server")


def test_a_photo_goes_the_same_way(phone: Phone, receipt: str, server: DemoServer) -> None:
    device = phone([scene()])
    device.forgives("status of 415")
    page = device.page
    screen = ReceiveScreen.of(page, receipt)
    screen.keep_batch()
    choose = screen.dialog.get_by_label("Choose a picture")
    page.get_by_role("button", name="Read from a picture").click()
    with held(page):
        choose.set_input_files(a_photo(worn()[0]))
        expect(screen.dialog.get_by_text(ASKING)).to_be_visible()
    expect(screen.count).to_have_text("1")
    expect(screen.dialog).to_be_hidden()

    page.get_by_role("button", name="Read from a picture").click()
    choose.set_input_files(FilePayload(name="a.heic", mimeType="image/heic", buffer=b"\0\0\0\x18ftypheic" + bytes(200)))
    expect(screen.dialog.get_by_text("JPEG")).to_be_visible()

    choose.set_input_files(a_photo(scene((LEFT, -210), (RIGHT, 210))))
    screen.dialog.get_by_role("button", name="NB25-0021", exact=True).click()
    expect(screen.count).to_have_text("2")
    sources = [(scan["text"], scan["source"]) for scan in server.scans(receipt)]
    assert sources == [("NB25-0017", "server"), ("NB25-0021", "camera")]


SHARE = """bytes => {
  const form = document.createElement("form");
  Object.assign(form, { action: "/share", method: "POST", enctype: "multipart/form-data" });
  const input = Object.assign(document.createElement("input"), { type: "file", name: "picture" });
  const shared = new DataTransfer();
  shared.items.add(new File([new Uint8Array(bytes)], "label.jpg", { type: "image/jpeg" }));
  input.files = shared.files;
  form.append(input);
  document.body.append(form);
  form.submit();
}"""
"""What Android does when a person shares a picture with the installed app."""


def test_a_shared_picture_is_read_where_the_person_says(phone: Phone, receipt: str, server: DemoServer) -> None:
    page = phone([scene()]).page
    screen = ReceiveScreen.of(page, receipt)
    screen.keep_batch()
    service_worker_is_ready(page)
    number = page.get_by_role("heading", level=1).inner_text()

    page.evaluate(SHARE, list(jpeg(scene((LEFT, 0)))))
    screen.dialog.get_by_role("button", name=f"Receive into {number}").click()
    expect(screen.count).to_have_text("1")
    assert [scan["text"] for scan in server.scans(receipt)] == ["NB25-0021"]

    page.evaluate(SHARE, list(jpeg(scene((LEFT, 0)))))
    screen.dialog.get_by_role("button", name="Find a unit").click()
    expect(page).to_have_url(re.compile(r"/(find\?q=NB25-0021|unit/)"))
