"""The child processes that read pictures from outside."""

import base64
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp

from scanner import sandbox
from scanner.sandbox import PictureRefused, Sandbox, SandboxBusy


def a_label(text: str) -> bytes:
    """A QR code as a JPEG."""
    symbol = np.array(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=5))
    return encoded(cv2.copyMakeBorder(symbol, 50, 50, 50, 50, cv2.BORDER_CONSTANT, value=255))


def encoded(image: np.ndarray, suffix: str = ".jpg") -> bytes:
    return cv2.imencode(suffix, image)[1].tobytes()


@pytest.fixture
def one() -> Iterator[Sandbox]:
    """A sandbox of one child, for which one request may wait."""
    made = Sandbox(processes=1, waiting=1, seconds=60)  # A busy machine must not look like a slow picture.
    yield made
    made.close()


def read(box: Sandbox, *frames: bytes) -> list[str]:
    with box.place() as place:
        return [code["text"] for code in place.read(frames)["codes"]]


def pid_of(box: Sandbox) -> int:
    process = box._children.queue[0]._process
    assert process is not None
    return process.pid


def test_a_picture_and_a_burst_are_read(one: Sandbox) -> None:
    assert read(one, a_label("NB25-0017")) == ["NB25-0017"]
    assert read(one, a_label("NB25-0018"), a_label("NB25-0018")) == ["NB25-0018"]


def test_a_picture_that_is_none_is_refused_and_the_next_is_read(one: Sandbox) -> None:
    with pytest.raises(PictureRefused) as refused:
        read(one, b"GIF89a")
    assert refused.value.code == "unsupported_image"
    assert read(one, a_label("NEXT")) == ["NEXT"]


def test_a_crash_of_the_child_is_a_refusal_and_the_next_hundred_are_fine(one: Sandbox) -> None:
    read(one, a_label("FIRST"))
    first = pid_of(one)
    os.kill(first, signal.SIGSTOP)  # So that it dies over the next picture, not before it.
    os.kill(first, signal.SIGSEGV)
    os.kill(first, signal.SIGCONT)

    with pytest.raises(PictureRefused) as refused:
        read(one, a_label("CRASHES"))

    assert refused.value.code == "broken_image"
    assert [read(one, a_label(f"SN-{index}")) for index in range(100)] == [[f"SN-{index}"] for index in range(100)]
    assert pid_of(one) != first


def test_a_child_that_takes_too_long_is_ended() -> None:
    box = Sandbox(processes=1, waiting=0, seconds=1.0)
    try:
        read(box, a_label("READY"))
        os.kill(pid_of(box), signal.SIGSTOP)
        with pytest.raises(PictureRefused) as refused:
            read(box, a_label("HANGS"))
        assert refused.value.code == "image_too_slow"
        assert read(box, a_label("AGAIN")) == ["AGAIN"]
    finally:
        box.close()


def test_a_full_queue_is_told_at_once(one: Sandbox) -> None:
    with one.place(), one.place(), pytest.raises(SandboxBusy), one.place():
        pass
    assert read(one, a_label("FREE")) == ["FREE"]


def test_a_child_is_replaced_after_its_share(one: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "RECYCLED_AFTER", 3)
    read(one, a_label("ONE"))
    first = pid_of(one)
    read(one, a_label("TWO"), a_label("TWO"))
    assert read(one, a_label("THREE")) == ["THREE"]
    assert pid_of(one) != first


def test_the_child_knows_no_secret_and_stays_within_its_memory(one: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERIALTRAIL_SECRET_KEY", "canary")
    noise = np.random.default_rng(1).integers(0, 255, (4000, 6000), np.uint8)
    with one.place() as place:
        place.read([encoded(cv2.blur(noise, (9, 9)))], budget_ms=100)
    proc = Path(f"/proc/{pid_of(one)}")
    assert b"canary" not in (proc / "environ").read_bytes()
    peak_kib = int((proc / "status").read_text().split("VmHWM:")[1].split()[0])
    assert peak_kib < 512 * 1024


def test_a_kept_picture_is_encoded_anew(one: Sandbox) -> None:
    polyglot = a_label("KEPT") + b"<script>alert(1)</script>"
    with one.place() as place:
        kept = place.read([polyglot], keep=True)["kept"]
    assert kept
    assert b"script" not in base64.b64decode(kept)


def test_pixels_of_an_earlier_picture_are_never_read_again(one: Sandbox) -> None:
    whole = a_label("SECRET-OF-ANOTHER-USER")
    for share in (0.3, 0.5, 0.8, 0.95):
        assert read(one, whole) == ["SECRET-OF-ANOTHER-USER"]
        blank = encoded(np.full((300, 300), 255, np.uint8))
        with pytest.raises(PictureRefused):
            read(one, blank[: int(len(blank) * share)])


def test_waiting_callers_are_served_in_turn() -> None:
    box = Sandbox(processes=2, waiting=10, seconds=60)
    texts: list[list[str]] = []
    try:
        threads = [
            threading.Thread(target=lambda index=index: texts.append(read(box, a_label(f"T-{index}"))))
            for index in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    finally:
        box.close()
    assert sorted(texts) == sorted([[f"T-{index}"] for index in range(12)])
