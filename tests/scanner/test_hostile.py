import contextlib
import io
import os
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scanner.decode import ImageError, decode_bytes
from scanner.options import DecodeOptions
from scanner.picture import load_grey
from scanner.sandbox import Sandbox, SandboxError
from tests.scanner.hostile import REFUSED, bomb, crafted, good, mutations, saved
from tests.scanner.symbols import data_matrix

# Ten thousand take minutes, so the suite runs a part; SCANNER_MUTATIONS=10000 SCANNER_CRAFTED=500 run all.
MUTATIONS = int(os.environ.get("SCANNER_MUTATIONS", "300"))
CRAFTED = int(os.environ.get("SCANNER_CRAFTED", "45"))
MOST_BYTES = 512 * 1024 * 1024


def texts(data: bytes) -> list[str]:
    return [code.text for code in decode_bytes(data).codes]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_refused_with_its_code(name: str) -> None:
    data, code = REFUSED[name]

    with pytest.raises(ImageError) as refusal:
        decode_bytes(data)

    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")


def test_a_heic_picture_is_told_what_to_send() -> None:
    with pytest.raises(ImageError, match="Send JPEG"):
        decode_bytes(REFUSED["HEIC"][0])


def test_a_bomb_within_the_limit_is_decoded() -> None:
    assert load_grey(bomb(4_000)).shape == (4_000, 4_000)


def test_truncated_pictures_never_show_an_earlier_one() -> None:
    whole = good("JPEG")
    assert texts(whole) == ["NB25-0017"]
    for cut in range(len(whole) // 20, len(whole) - 1, len(whole) // 20):
        assert texts(whole) == ["NB25-0017"]
        with pytest.raises(ImageError):
            decode_bytes(whole[:cut])


def grey() -> Image.Image:
    return Image.fromarray(data_matrix("NB25-0017"))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("CMYK", saved(grey().convert("CMYK"), "JPEG")),
        ("16 bits", saved(Image.fromarray(data_matrix("NB25-0017").astype(np.uint16) * 257), "PNG")),
        ("one bit", saved(grey().convert("1"), "PNG")),
        ("palette", saved(grey().convert("P"), "PNG")),
        ("grey with alpha", saved(grey().convert("LA"), "PNG")),
        ("animated", saved(grey(), "WEBP", save_all=True, append_images=[Image.new("L", grey().size)])),
        ("HTML behind the end", good("JPEG") + b"<script>alert(1)</script>"),
    ],
)
def test_unusual_pictures_are_read(name: str, data: bytes) -> None:
    assert texts(data) == ["NB25-0017"], name


def test_black_ink_on_a_transparent_ground_is_read() -> None:
    drawn = data_matrix("NB25-0017")
    layers = np.zeros((*drawn.shape, 4), np.uint8)
    layers[:, :, 3] = 255 - drawn

    assert texts(saved(Image.fromarray(layers), "PNG")) == ["NB25-0017"]


def test_a_picture_is_turned_as_its_camera_says() -> None:
    sideways = grey().crop((0, 0, 100, 60))
    exif = Image.Exif()
    exif[0x0112] = 6

    assert load_grey(saved(sideways, "JPEG", exif=exif)).shape == (100, 60)


def test_a_text_renamed_to_jpg_is_refused(tmp_path: object) -> None:
    with pytest.raises(ImageError):
        decode_bytes(io.BytesIO(b"Serial No,Batch No\r\n").getvalue())


def test_mutated_files_are_answered_one_by_one() -> None:
    """Whatever a file does, the process that asked goes on, and the next good picture is read."""
    pool = Sandbox(children=1, seconds=20.0)
    answered = 0
    try:
        for data in mutations(MUTATIONS, seed=7):
            try:
                result = pool.read([data])
            except (ImageError, SandboxError):
                pass
            else:
                assert all(code.text == "NB25-0017" for code in result.codes)
            answered += 1
        assert [code.text for code in pool.read([good()]).codes] == ["NB25-0017"]
    finally:
        pool.close()
    assert answered == MUTATIONS


def test_crafted_files_cost_neither_time_nor_memory() -> None:
    """Each is answered within the five seconds of a request, and no child holds more than 512 MiB."""
    pool = Sandbox(children=1)
    times: list[tuple[float, str]] = []
    largest = (0, "")
    pool.read([good()])
    try:
        for name, data in crafted(CRAFTED, seed=11):
            began = time.monotonic()
            with contextlib.suppress(ImageError, SandboxError):
                pool.read([data], DecodeOptions(budget_ms=1000))
            times.append((time.monotonic() - began, name))
            largest = max(largest, (peak_of(pool), name))
        assert [code.text for code in pool.read([good()]).codes] == ["NB25-0017"]
    finally:
        pool.close()
    slowest = max(times)
    usual = sorted(times)[int(0.95 * len(times))]
    print(
        f"{len(times)} files: 95 of 100 within {usual[0]:.2f} s, slowest {slowest[0]:.2f} s ({slowest[1]}), "
        f"child {largest[0] >> 20} MiB ({largest[1]})"
    )
    assert len(times) == CRAFTED
    # Half a second to notice that the time is up and to start a process anew.
    assert slowest[0] <= 5.5, slowest
    assert largest[0] <= MOST_BYTES, largest


def peak_of(pool: Sandbox) -> int:
    """The most memory that the idle process ever held, bytes; 0 where it was just ended."""
    if not pool._idle:
        return 0
    status = Path(f"/proc/{pool._idle[0]._process.pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) * 1024
