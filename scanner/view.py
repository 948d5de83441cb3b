"""A picture derived from another one, which still knows where each of its points came from."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.options import Grey
from scanner.result import Corners

Affine = NDArray[np.float64]
"""3 × 3, last row (0, 0, 1)."""

_WHITE = 255


@dataclass(frozen=True, slots=True)
class View:
    """A grey picture and the affine map from its pixels to those of the picture that the caller gave."""

    image: Grey
    to_source: Affine

    @classmethod
    def of(cls, image: Grey) -> View:
        """Return a picture as a view of itself."""
        return cls(image, np.eye(3))

    def with_image(self, image: Grey) -> View:
        """Return the same view with other grey values, size unchanged."""
        return View(image, self.to_source)

    def source_corners(self, points: NDArray[np.float64]) -> Corners:
        """Return four points, rows of (x, y) in this view, as points of the source."""
        mapped = points @ self.to_source[:2, :2].T + self.to_source[:2, 2]
        first, second, third, fourth = ((float(x), float(y)) for x, y in mapped)
        return first, second, third, fourth


def resized(image: Grey, factor: float) -> Grey:
    """Enlarge (cubic) or reduce (by area) a picture, to one pixel at least."""
    if factor == 1.0:
        return image
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    return _grey(cv2.resize(image, size, interpolation=cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA))


def reduced(image: Grey, side: int) -> Grey:
    """Reduce a picture so that its longer side has at most ``side`` pixels."""
    return resized(image, min(1.0, side / max(image.shape)))


def scaled(view: View, factor: float) -> View:
    """Enlarge or reduce a view."""
    return View(resized(view.image, factor), view.to_source @ np.diag([1 / factor, 1 / factor, 1.0]))


def rotated(view: View, degrees: float) -> View:
    """Turn a view, the canvas grown so that nothing is cut off."""
    height, width = view.image.shape
    turn = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1), np.float64)
    cosine, sine = abs(turn[0, 0]), abs(turn[0, 1])
    new_width, new_height = round(height * sine + width * cosine), round(height * cosine + width * sine)
    turn[:, 2] += (new_width - width) / 2, (new_height - height) / 2
    image = cv2.warpAffine(view.image, turn, (new_width, new_height), borderValue=_WHITE)
    return View(_grey(image), np.asarray(view.to_source @ np.linalg.inv(_square(turn)), np.float64))


def turned_right(view: View) -> View:
    """Turn a view by 90 degrees, clockwise."""
    image = cv2.rotate(view.image, cv2.ROTATE_90_CLOCKWISE)
    # Its column x is row height - x of the view, its row y is column y; whole numbers are edges of pixels.
    back = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, view.image.shape[0]], [0.0, 0.0, 1.0]])
    return View(_grey(image), view.to_source @ back)


def thinned(view: View, rows: int) -> View:
    """Take every second, third ... row, as long as ``rows`` are left; the bars of an upright code stay sharp."""
    every = max(1, view.image.shape[0] // rows)
    if every == 1:
        return view
    return View(np.ascontiguousarray(view.image[::every]), view.to_source @ np.diag([1.0, every, 1.0]))


def cut_out(
    view: View,
    centre: tuple[float, float],
    size: tuple[float, float],
    angle: float,
    factor: float,
    most_rows: int | None = None,
) -> View:
    """Cut an upright rectangle out of a view.

    Args:
        view: What to cut from.
        centre: Middle of the rectangle, (x, y).
        size: Width and height of the rectangle before scaling.
        angle: Direction of its width, radians from the x axis towards the y axis.
        factor: Pixels of the cut per pixel of the view.
        most_rows: Take fewer rows than that would be, further apart: bars say the same in each.
    """
    width, height = max(8, round(size[0] * factor)), max(8, round(size[1] * factor))
    rows = min(height, most_rows or height)
    across, down = 1 / factor, height / rows / factor
    x_axis = (np.cos(angle) * across, np.sin(angle) * across)
    y_axis = (-np.sin(angle) * down, np.cos(angle) * down)
    height = rows
    back = np.array(
        [
            [x_axis[0], y_axis[0], centre[0] - (x_axis[0] * width + y_axis[0] * height) / 2],
            [x_axis[1], y_axis[1], centre[1] - (x_axis[1] * width + y_axis[1] * height) / 2],
            [0, 0, 1],
        ]
    )
    image = cv2.warpAffine(
        view.image,
        back[:2],
        (width, height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return View(_grey(image), view.to_source @ back)


def with_rows(view: View, rows: int) -> View:
    """Average the rows of an upright linear code together until at most ``rows`` are left."""
    height, width = view.image.shape
    if height <= rows:
        return view
    image = cv2.resize(view.image, (width, rows), interpolation=cv2.INTER_AREA)
    return View(_grey(image), view.to_source @ np.diag([1.0, height / rows, 1.0]))


def with_repeated_rows(view: View, times: int) -> View:
    """Write each row several times."""
    return View(np.repeat(view.image, times, axis=0), view.to_source @ np.diag([1.0, 1 / times, 1.0]))


def _square(matrix: NDArray[np.float64]) -> Affine:
    return np.vstack([matrix, [0, 0, 1]])


def _grey(image: object) -> Grey:
    return np.asarray(image, dtype=np.uint8)
