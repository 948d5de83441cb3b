"""Why nothing was read, judged from the picture alone and said so that a picker knows what to do."""

from __future__ import annotations

import cv2
import numpy as np

from scanner.options import Grey
from scanner.result import Reason
from scanner.search import Search
from scanner.view import reduced

_SIDE = 480
_DARK = 40  # grey levels: nineteen of twenty pixels darker than twice this
_BRIGHT = 235
_BLURRED_EDGE = 5.0  # pixels from dark to bright at the sharpest edges; a sharp picture has one or two
_LEAST_CONTRAST = 12
_SMALLEST_MODULE = 1.3  # pixels; below, no reader tells one bar from two
_MODULES = 95  # of an EAN-13; Code 128 of a serial number has more


def why_nothing(search: Search) -> Reason:
    """Return the reason that helps most, for a picture in which no step read anything."""
    small = reduced(search.image, _SIDE)
    darkest, middle, brightest = (float(level) for level in np.percentile(small, [5, 50, 95]))
    if middle < _DARK and brightest < 2 * _DARK:
        return Reason.TOO_DARK
    if middle > _BRIGHT and brightest - darkest < 3 * _LEAST_CONTRAST and darkest > _BRIGHT - 3 * _LEAST_CONTRAST:
        return Reason.TOO_BRIGHT if brightest - darkest > 1 else Reason.NO_CODE
    if brightest - darkest >= _LEAST_CONTRAST and _edge_width(search.image) > _BLURRED_EDGE:
        return Reason.BLURRED
    if search.damaged or search.ballot.candidates:
        return Reason.CODE_NOT_READABLE
    if search.barred:
        shortest_module = max(length for length in search.barred) / _MODULES
        return Reason.TOO_SMALL if shortest_module < _SMALLEST_MODULE else Reason.CODE_NOT_READABLE
    return Reason.NO_CODE


def _edge_width(image: Grey) -> float:
    """Return how many pixels the sharpest edges need from dark to bright."""
    # At most 1280 pixels wide, so that noise of a large sensor does not pass for edges.
    view = reduced(image, 1280)
    calm = cv2.GaussianBlur(view, (0, 0), 1)
    slope = cv2.magnitude(
        cv2.Scharr(calm, cv2.CV_32F, 1, 0, scale=1 / 32), cv2.Scharr(calm, cv2.CV_32F, 0, 1, scale=1 / 32)
    )
    contrast = float(np.percentile(view, 97) - np.percentile(view, 3))
    return contrast / max(float(np.percentile(slope, 99.5)), 0.1)
