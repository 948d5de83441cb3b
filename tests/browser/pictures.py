"""The pictures of the README, taken by the tests when SERIALTRAIL_SCREENSHOTS names a folder for them."""

import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

AT_MOST = 200_000
"""Bytes of one picture."""


def picture(page: Page, name: str) -> None:
    """Take a picture of a screen; with fewer colours where it is large, as a camera's noise does not compress."""
    folder = os.environ.get("SERIALTRAIL_SCREENSHOTS")
    if not folder:
        return
    path = Path(folder) / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    shot.save(path, optimize=True)
    if path.stat().st_size > AT_MOST:
        shot.quantize(colors=256, dither=Image.Dither.NONE).save(path, optimize=True)
    assert path.stat().st_size <= AT_MOST, f"{path} has {path.stat().st_size} bytes"
