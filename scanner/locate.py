"""Where in a picture codes may be, from the structure tensor of its grey values.

Bars give gradients of one direction (coherent), matrix symbols strong gradients of two. Both are looked for
on a reduced picture, because the question is where, not what.

References:
    Structure tensor for bar codes: Gallo, Manduchi, "Reading 1D barcodes with mobile phones using deformable
    templates", IEEE TPAMI 33 (2011); eigenvalues as in Förstner, Gülch (1987).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, hypot, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.options import Grey
from scanner.view import resized

Field = NDArray[np.float32]

_LINEAR_SIDE = 480
_COHERENT = 0.75
_WINDOWS = (11, 23)


@dataclass(frozen=True, slots=True)
class BarRegion:
    """A rectangle with parallel bars: middle, length across them, height along them, direction of length."""

    centre: tuple[float, float]
    length: float
    height: float
    angle: float
    weight: float


@dataclass(frozen=True, slots=True)
class Tensor:
    """Averages of products of gradients: xx, yy, xy."""

    xx: Field
    yy: Field
    xy: Field

    @classmethod
    def of(cls, image: Grey, ceiling: float | None = None) -> Tensor:
        """Return the tensor of each pixel alone.

        With ``ceiling`` (grey levels per pixel) no gradient counts for more, so that it is the number of
        edges that counts, and a fine texture beats a few letters in high contrast.
        """
        across = cv2.Scharr(image, cv2.CV_32F, 1, 0, scale=1 / 32)
        down = cv2.Scharr(image, cv2.CV_32F, 0, 1, scale=1 / 32)
        if ceiling is not None:
            limited = np.minimum(1, ceiling / np.maximum(cv2.magnitude(across, down), 1e-6))
            across, down = across * limited, down * limited
        return cls(across * across, down * down, across * down)

    def averaged(self, window: int) -> Tensor:
        """Return its average over squares of ``window`` pixels."""
        xx, yy, xy = (cv2.blur(field, (window, window)) for field in (self.xx, self.yy, self.xy))
        return Tensor(np.asarray(xx, np.float32), np.asarray(yy, np.float32), np.asarray(xy, np.float32))

    @property
    def energy(self) -> Field:
        """Strength of all gradients: the sum of the eigenvalues."""
        return self.xx + self.yy

    @property
    def difference(self) -> Field:
        """Difference of the eigenvalues: all of the energy where there is one direction only."""
        return np.asarray(np.sqrt((self.xx - self.yy) ** 2 + 4 * self.xy**2), np.float32)

    @property
    def second(self) -> Field:
        """Root of the smaller eigenvalue: strength of the gradients of the weaker direction, grey levels."""
        return np.asarray(np.sqrt(np.maximum(self.energy - self.difference, 0) / 2), np.float32)


def bar_regions(image: Grey, limit: int) -> list[BarRegion]:
    """Return places that look like linear codes, likeliest first, at most ``limit``."""
    factor = min(1.0, _LINEAR_SIDE / max(image.shape))
    small = resized(image, factor)
    tensor = Tensor.of(small)
    regions = [region for window in _WINDOWS for region in _bars(tensor.averaged(window), window)]
    kept: list[BarRegion] = []
    for region in sorted(regions, key=lambda region: -region.weight):
        if not any(_same_bars(region, other) for other in kept):
            kept.append(region)
        if len(kept) == limit:
            break
    return [_enlarged(region, 1 / factor) for region in kept]


def coherence(image: Grey) -> float:
    """Return how far the gradients agree with their neighbours in direction: 1 for bars alone, 0 for noise.

    Pictures with a matrix symbol stay below 0.83, those with nothing but a linear code often lie above.
    """
    tensor = Tensor.of(resized(image, min(1.0, _LINEAR_SIDE / max(image.shape)))).averaged(_WINDOWS[0])
    return float(tensor.difference.sum() / max(float(tensor.energy.sum()), 1e-6))


def matrix_places(image: Grey, side: float, known: list[tuple[float, float]], limit: int) -> list[tuple[float, float]]:
    """Return middles of places that look like matrix symbols of a given side, strongest first.

    Args:
        image: Picture to search.
        side: Expected side of a symbol, pixels.
        known: Middles of symbols already read; their strength sets what is enough, and they are left out.
        limit: Most places to return.
    """
    factor = min(1.0, _REDUCED_MODULE_SIDE / side)
    small = resized(image, factor)
    reach = side * factor
    ceiling = _typical_edge(small, [(x * factor, y * factor) for x, y in known], reach)
    strength = Tensor.of(small, ceiling).averaged(max(3, int(reach * 0.8))).second
    strength = np.asarray(cv2.GaussianBlur(strength, (0, 0), max(0.8, reach * 0.15)), np.float32)
    height, width = strength.shape
    if known:
        at_known = [strength[min(height - 1, int(y * factor)), min(width - 1, int(x * factor))] for x, y in known]
        enough = _SHARE_OF_KNOWN * float(np.median(at_known))
    else:
        enough = max(_LEAST_STRENGTH, 0.5 * float(strength.max()))
    reach_pixels = int(reach * 0.6) | 1
    around = cv2.dilate(strength, np.ones((reach_pixels, reach_pixels), np.uint8))
    rows, columns = np.nonzero((strength >= around) & (strength >= enough))
    order = np.argsort(-strength[rows, columns], kind="stable")
    taken = list(known)
    for index in order:
        place = (float(columns[index]) / factor, float(rows[index]) / factor)
        if all(hypot(place[0] - x, place[1] - y) > 0.6 * side for x, y in taken):
            taken.append(place)
        if len(taken) == len(known) + limit:
            break
    return taken[len(known) :]


_EDGE = 12.0  # grey levels per pixel
_REDUCED_MODULE_SIDE = 36.0  # pixels of a symbol in the reduced picture: its texture is there, its modules are not
_SHARE_OF_KNOWN = 0.6
_LEAST_STRENGTH = 4.0


def changes(black_and_white: Grey) -> tuple[float, float]:
    """Return how often black and white change along a row and along a column, on average."""
    dark = black_and_white < 128
    return (
        float((dark[:, 1:] != dark[:, :-1]).sum()) / dark.shape[0],
        float((dark[1:] != dark[:-1]).sum()) / dark.shape[1],
    )


def _typical_edge(image: Grey, places: list[tuple[float, float]], side: float) -> float:
    """Return how strong the edges inside known symbols are, grey levels per pixel."""
    if not places:
        return _EDGE
    reach = max(2, int(side * 0.4))
    edges = []
    for x, y in places:
        part = image[max(0, int(y) - reach) : int(y) + reach, max(0, int(x) - reach) : int(x) + reach]
        if part.size:
            across = cv2.Scharr(part, cv2.CV_32F, 1, 0, scale=1 / 32)
            down = cv2.Scharr(part, cv2.CV_32F, 0, 1, scale=1 / 32)
            edges.append(float(np.percentile(cv2.magnitude(across, down), 75)))
    return float(np.median(edges)) if edges else _EDGE


def detected_bars(image: Grey, limit: int) -> list[BarRegion]:
    """Return places where OpenCV's detector sees an EAN, at most ``limit``; its reader misreads too often."""
    factor = min(1.0, _DETECTOR_SIDE / max(image.shape))
    try:
        found, quads = cv2.barcode.BarcodeDetector().detect(resized(image, factor))
    except cv2.error:  # it asserts on pictures of a few pixels
        return []
    regions = []
    for quad in quads[:limit] if found else ():
        (x, y), (width, height), degrees = cv2.minAreaRect(np.asarray(quad, np.float32))
        # The detector does not say which side the bars stand on; most codes are longer than high.
        upright = width >= height
        length, across = (width, height) if upright else (height, width)
        angle = np.deg2rad(degrees) + (0 if upright else np.pi / 2)
        if across >= 2:
            regions.append(BarRegion((x / factor, y / factor), length / factor, across / factor, float(angle), 0.0))
    return regions


_DETECTOR_SIDE = 1000


def _bars(tensor: Tensor, window: int) -> list[BarRegion]:
    energy, difference = tensor.energy, tensor.difference
    strong = max(20.0, 0.15 * float(np.percentile(energy[::4, ::4], 99)))
    mask = ((difference > _COHERENT * energy) & (energy > strong)).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    regions = []
    for label in 1 + np.flatnonzero(stats[1:, cv2.CC_STAT_AREA] >= 0.6 * window * window):
        left, top, width, height, _ = (int(value) for value in stats[label])
        part = (slice(top, top + height), slice(left, left + width))
        inside = labels[part] == label
        region = _bar_rectangle(tensor, part, inside, (left, top), window)
        if region is not None:
            regions.append(region)
    return regions


def _bar_rectangle(
    tensor: Tensor,
    part: tuple[slice, slice],
    inside: NDArray[np.bool_],
    corner: tuple[int, int],
    window: int,
) -> BarRegion | None:
    rows, columns = np.nonzero(inside)
    xx, yy, xy = (float(field[part][rows, columns].sum()) for field in (tensor.xx, tensor.yy, tensor.xy))
    angle = 0.5 * atan2(2 * xy, xx - yy)
    x, y = columns + corner[0], rows + corner[1]
    along, beside = x * cos(angle) + y * sin(angle), y * cos(angle) - x * sin(angle)
    start, end = _without_outliers(along, 0.005)
    top, bottom = _without_outliers(beside, 0.02)
    # The first and the last bar are half outside the window that found them.
    start, end = start - 0.3 * window, end + 0.3 * window
    length, height = end - start, bottom - top
    if length < _LEAST_LENGTH or height < _LEAST_HEIGHT or length < 0.25 * height:
        return None
    middle, level = (start + end) / 2, (top + bottom) / 2
    centre = (middle * cos(angle) - level * sin(angle), middle * sin(angle) + level * cos(angle))
    return BarRegion(centre, length, height, angle, length * height * ((xx + yy) / len(rows)) ** 0.5)


def _without_outliers(values: NDArray[np.float64], share: float) -> tuple[float, float]:
    """Return the lowest and the highest value but for a share at either end; np.percentile is slow on a few values."""
    left_out = int(share * (len(values) - 1))
    ordered = np.partition(values, (left_out, len(values) - 1 - left_out))
    return float(ordered[left_out]), float(ordered[-1 - left_out])


_LEAST_LENGTH = 20.0
_LEAST_HEIGHT = 4.0


def _same_bars(one: BarRegion, other: BarRegion) -> bool:
    longer = max(one.length, other.length)
    near = hypot(one.centre[0] - other.centre[0], one.centre[1] - other.centre[1]) < 0.35 * longer
    return near and abs(one.length - other.length) < 0.35 * longer and abs(sin(one.angle - other.angle)) < 0.3


def _enlarged(region: BarRegion, factor: float) -> BarRegion:
    return BarRegion(
        (region.centre[0] * factor, region.centre[1] * factor),
        region.length * factor,
        region.height * factor,
        region.angle,
        region.weight,
    )
