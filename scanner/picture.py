"""From the bytes of an image file to grey values, and a clear refusal for everything that is not one.

The header decides before any pixel is decoded: JPEG, PNG and WebP only, by their first bytes, and at most
``MAX_PIXELS``. A pixel bomb costs milliseconds that way. OpenCV's own limit stands behind it; it reads that
limit once, when it is imported, which is why the package sets it.
"""

from __future__ import annotations

import io
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from scanner.limits import MAX_BYTES, MAX_PIXELS
from scanner.options import Grey

_WHITE = 255
_HEADERS: dict[str, type[JpegImageFile] | type[PngImageFile] | type[WebPImageFile]] = {
    "JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "WEBP": WebPImageFile,
}


class ImageError(ValueError):
    """A picture that cannot be decoded; ``code`` is stable, the message is for the person who sent it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def load_grey(data: bytes) -> Grey:
    """Decode an image file to grey, upright as its EXIF orientation says, transparency on white.

    Raises:
        ImageError: ``empty_image``, ``image_too_large``, ``unsupported_image``, ``truncated_image`` or
            ``broken_image``.
    """
    has_alpha = _checked(data)
    # Reading as grey drops transparency, and with it black ink on a transparent ground.
    return _grey(_decoded(data, cv2.IMREAD_UNCHANGED if has_alpha else cv2.IMREAD_GRAYSCALE))


def load_colour(data: bytes, most_side: int) -> NDArray[np.uint8]:
    """Decode an image file to BGR, as :func:`load_grey` does, made smaller where a side has more pixels than allowed.

    Raises:
        ImageError: As :func:`load_grey`.
    """
    has_alpha = _checked(data)
    image = _decoded(data, cv2.IMREAD_UNCHANGED if has_alpha else cv2.IMREAD_COLOR)
    if image.dtype == np.uint16:
        image = (image >> 8).astype(np.uint8)
    if image.ndim == 2:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    shrink = most_side / max(image.shape[:2])
    if shrink < 1:
        size = (max(1, round(image.shape[1] * shrink)), max(1, round(image.shape[0] * shrink)))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    if image.shape[2] == 4:
        opaque = image[:, :, 3:].astype(np.float32) / _WHITE
        image = (image[:, :, :3] * opaque + _WHITE * (1 - opaque)).astype(np.uint8)
    return np.asarray(image, np.uint8)


def size_of_jpeg(jpeg: bytes) -> tuple[int, int]:
    """Width and height of a JPEG that we encoded ourselves; of one from outside its header would be a claim."""
    with JpegImageFile(io.BytesIO(jpeg)) as header:
        return header.size


def _checked(data: bytes) -> bool:
    """Refuse what is no picture; return whether it has transparency."""
    kind = _kind(data)
    has_alpha = _read_header(data, kind)
    if kind == "JPEG" and not _ends(data):
        # A decoder fills the missing part with grey or, as seen in OpenCV, with what was in memory before.
        raise ImageError("truncated_image", "The picture is incomplete. Send it again.")
    return has_alpha


def _decoded(data: bytes, flags: int) -> NDArray[Any]:
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error as error:
        raise ImageError("broken_image", "The picture cannot be decoded. Take it again.") from error
    if image is None:
        raise ImageError("broken_image", "The picture cannot be decoded. Take it again.")
    return image


def check_array(image: NDArray[Any]) -> Grey:
    """Return an array as a grey picture.

    Args:
        image: Grey (H, W) or (H, W, 1), BGR (H, W, 3) or BGRA (H, W, 4), values 0..255.

    Raises:
        ImageError: ``bad_array`` for another dtype or shape, ``image_too_large`` past ``MAX_PIXELS``.
    """
    if image.dtype != np.uint8 or image.ndim not in (2, 3) or image.size == 0:
        raise ImageError("bad_array", "A picture is an array of bytes: height, width and perhaps colours.")
    if image.ndim == 3 and image.shape[2] not in (1, 3, 4):
        raise ImageError("bad_array", "A picture has one, three or four values per pixel.")
    if image.shape[0] * image.shape[1] > MAX_PIXELS:
        raise _too_large(image.shape[1], image.shape[0])
    return _grey(image)


def _kind(data: bytes) -> str:
    if not data:
        raise ImageError("empty_image", "The picture is empty.")
    if len(data) > MAX_BYTES:
        raise ImageError("image_too_large", f"The picture has more than {MAX_BYTES // 1024 // 1024} MiB.")
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        raise ImageError("unsupported_image", "HEIC and AVIF pictures are not supported. Send JPEG.")
    if data.lstrip()[:5].lower() in (b"<svg ", b"<?xml", b"<html", b"<!doc"):
        raise ImageError("unsupported_image", "SVG and HTML are not pictures here. Send JPEG, PNG or WebP.")
    raise ImageError("unsupported_image", "This is not a JPEG, PNG or WebP picture.")


def _read_header(data: bytes, kind: str) -> bool:
    """Refuse what is too large; return whether the picture has transparency."""
    try:
        # Past Image.open, which warns of many pixels, and knows kinds of pictures that are not wanted here.
        with _HEADERS[kind](io.BytesIO(data)) as header:
            width, height = header.size
            has_alpha = "A" in header.mode or "transparency" in header.info
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise ImageError("broken_image", "The picture cannot be decoded. Take it again.") from error
    if width * height > MAX_PIXELS:
        raise _too_large(width, height)
    return has_alpha


def _too_large(width: int, height: int) -> ImageError:
    return ImageError(
        "image_too_large",
        f"The picture has {width} × {height} pixels, at most {MAX_PIXELS // 1_000_000} million are decoded.",
    )


def _ends(data: bytes) -> bool:
    """Whether a JPEG has its end-of-image marker; cameras append notes and previews behind it."""
    return data.rfind(b"\xff\xd9", max(0, len(data) - _TRAILER)) >= 0 or data.rstrip(b"\0").endswith(b"\xff\xd9")


_TRAILER = 64 * 1024


def _grey(image: NDArray[Any]) -> Grey:
    if image.dtype == np.uint16:
        image = (image >> 8).astype(np.uint8)
    if image.ndim == 2:
        return np.asarray(image, np.uint8)
    if image.shape[2] == 1:
        return np.asarray(image[:, :, 0], np.uint8)
    if image.shape[2] == 4:
        return _on_white(image)
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)


def _on_white(image: NDArray[Any]) -> Grey:
    opaque = image[:, :, 3].astype(np.float32) / _WHITE
    grey = cv2.cvtColor(image[:, :, :3], cv2.COLOR_BGR2GRAY).astype(np.float32)
    return np.asarray(grey * opaque + _WHITE * (1 - opaque), np.uint8)
