"""From the bytes of an image file to grey values, once its header has been looked at.

OpenCV's own limit of pixels stands behind that of the header; it reads that limit once, when it is imported, which is
why the package sets it.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.image_header import ImageError, checked, too_large
from scanner.limits import MAX_PIXELS
from scanner.options import Grey

_WHITE = 255


def load_grey(data: bytes) -> Grey:
    """Decode an image file to grey, upright as its EXIF orientation says, transparency on white.

    Raises:
        ImageError: ``empty_image``, ``image_too_large``, ``unsupported_image``, ``truncated_image`` or
            ``broken_image``.
    """
    has_alpha = checked(data)
    # Reading as grey drops transparency, and with it black ink on a transparent ground.
    return _grey(_decoded(data, cv2.IMREAD_UNCHANGED if has_alpha else cv2.IMREAD_GRAYSCALE))


def load_colour(data: bytes, most_side: int) -> NDArray[np.uint8]:
    """Decode an image file to BGR, as :func:`load_grey` does, made smaller where a side has more pixels than allowed.

    Raises:
        ImageError: As :func:`load_grey`.
    """
    has_alpha = checked(data)
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
        raise too_large(image.shape[1], image.shape[0])
    return _grey(image)


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
