"""Labels as a supplier prints them, and a film of a hand that shows them to a camera one after the other."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

Image = NDArray[np.uint8]

SIZE = (1280, 720)
FRAMES_A_SECOND = 8
"""A busy machine without a graphics card decodes hardly more; each frame is 1.4 MB of raw video."""


@dataclass(frozen=True, slots=True)
class Label:
    """A printed label of one unit.

    Args:
        symbology: Name of the format in zxing-cpp.
        text: What the symbol holds; GS1 element strings with their identifiers in brackets.
        serial_no: The unit that it names.
    """

    symbology: str
    text: str
    serial_no: str

    def printed(self) -> Image:
        """Print it: grey (H, W), the symbol with its quiet zone on white, and the serial number below."""
        is_stripe = self.symbology == "Code128"
        options = {"gs1": True, "force_square": True} if self.text.startswith("(") else {}
        barcode = zxingcpp.create_barcode(self.text, zxingcpp.barcode_format_from_str(self.symbology), **options)
        symbol = np.array(zxingcpp.write_barcode_to_image(barcode, scale=3 if is_stripe else 8))
        if is_stripe:
            symbol = cv2.resize(symbol, (symbol.shape[1], 120), interpolation=cv2.INTER_NEAREST)
        paper = np.full((symbol.shape[0] + 80, max(symbol.shape[1], 260) + 40), 250, np.uint8)
        left = (paper.shape[1] - symbol.shape[1]) // 2
        paper[20 : 20 + symbol.shape[0], left : left + symbol.shape[1]] = symbol
        cv2.putText(paper, self.serial_no, (30, paper.shape[0] - 22), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 30, 2, cv2.LINE_AA)
        return paper


def write_film(path: Path, labels: Sequence[Label], *, shown: float, empty: float) -> None:
    """Film labels: each for ``shown`` seconds, then for ``empty`` seconds none, as raw video that Chromium loops."""
    program = shutil.which("ffmpeg")
    assert program, "ffmpeg is not installed. Run `make test`, which installs it."
    width, height = SIZE
    command = [program, "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{width}x{height}"]
    command += ["-r", str(FRAMES_A_SECOND), "-i", "-", "-pix_fmt", "yuv420p", "-f", "yuv4mpegpipe", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as ffmpeg:
        assert ffmpeg.stdin
        for frame in _frames(labels, round(shown * FRAMES_A_SECOND), round(empty * FRAMES_A_SECOND)):
            ffmpeg.stdin.write(frame.tobytes())
    assert ffmpeg.returncode == 0


def _frames(labels: Sequence[Label], shown: int, empty: int) -> Iterator[Image]:
    """A shaded bench under noise, and on it each label, held by a hand that is never quite still."""
    random = np.random.default_rng(20260105)
    bench = _bench()
    # The same few pictures of noise in turn: a new one for each frame would take longer than all the rest.
    noises = [random.normal(12, 5, bench.shape).clip(0, 24).astype(np.uint8) for _ in range(5)]
    for number, label in enumerate(labels):
        paper = label.printed()
        tilt, size = random.uniform(-7, 7), random.uniform(0.95, 1.15)
        for step in range(shown + empty):
            frame = bench.copy()
            if step < shown:
                sway = np.sin(step * 0.9 + number)
                _lay(frame, paper, angle=tilt + 1.2 * sway, scale=size * (1 + 0.02 * sway), shift=12 * sway)
            yield cv2.subtract(cv2.add(frame, noises[step % len(noises)]), 12)


def _bench() -> Image:
    """Brown, lit from the top left and darker towards the other corner."""
    width, height = SIZE
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    light = 1.05 - 0.55 * (0.6 * x + 0.4 * y)
    grain = 1 + 0.05 * np.sin(y * 90 + 6 * np.sin(x * 7))
    colour = np.array([70, 105, 140])
    return np.clip((light * grain)[..., None] * colour, 0, 255).astype(np.uint8)


def _lay(frame: Image, paper: Image, *, angle: float, scale: float, shift: float) -> None:
    """Put a label into the middle of a frame: turned, scaled, and lit from the left as the bench is."""
    width, height = SIZE
    turn = cv2.getRotationMatrix2D((paper.shape[1] / 2, paper.shape[0] / 2), angle, scale)
    turn[:, 2] += (width / 2 - paper.shape[1] / 2 + shift, height / 2 - paper.shape[0] / 2)
    lit = (paper * np.linspace(0.95, 0.8, paper.shape[1])).astype(np.uint8)
    label = cv2.warpAffine(lit, turn, SIZE, flags=cv2.INTER_LINEAR)
    covered = cv2.warpAffine(np.full_like(paper, 255), turn, SIZE, flags=cv2.INTER_NEAREST)
    np.copyto(frame, label[..., None], where=covered[..., None] > 0)
