"""What an image file says of itself, and a clear refusal for everything that is no picture.

The header decides before any pixel is decoded: JPEG, PNG and WebP only, by their first bytes, and at most
``MAX_PIXELS``. A pixel bomb costs milliseconds that way. Nothing here decodes, so that a web process asks
without the 15 MiB of OpenCV.
"""

from __future__ import annotations

import io

from PIL import UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from scanner.limits import MAX_BYTES, MAX_PIXELS

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


def checked(data: bytes) -> bool:
    """Refuse what is no picture; return whether it has transparency.

    Raises:
        ImageError: ``empty_image``, ``image_too_large``, ``unsupported_image``, ``truncated_image`` or
            ``broken_image``.
    """
    kind = _kind(data)
    has_alpha = _read_header(data, kind)
    if kind == "JPEG" and not _ends(data):
        # A decoder fills the missing part with grey or, as seen in OpenCV, with what was in memory before.
        raise ImageError("truncated_image", "The picture is incomplete. Send it again.")
    return has_alpha


def size_of_jpeg(jpeg: bytes) -> tuple[int, int]:
    """Width and height of a JPEG that we encoded ourselves; of one from outside its header would be a claim."""
    with JpegImageFile(io.BytesIO(jpeg)) as header:
        return header.size


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
        raise too_large(width, height)
    return has_alpha


def too_large(width: int, height: int) -> ImageError:
    """The refusal of a picture with more than ``MAX_PIXELS``."""
    return ImageError(
        "image_too_large",
        f"The picture has {width} × {height} pixels, at most {MAX_PIXELS // 1_000_000} million are decoded.",
    )


def _ends(data: bytes) -> bool:
    """Whether a JPEG has its end-of-image marker; cameras append notes and previews behind it."""
    return data.rfind(b"\xff\xd9", max(0, len(data) - _TRAILER)) >= 0 or data.rstrip(b"\0").endswith(b"\xff\xd9")


_TRAILER = 64 * 1024
