"""One picture out of several of one scene: less noise than each, and sharp where any of them is.

References:
    Delbracio and Sapiro, "Burst deblurring: removing camera shake through Fourier burst accumulation",
    CVPR 2015. A shaking hand blurs each picture in another direction, and a blur only ever weakens a
    frequency: so each frequency is taken mostly from the pictures in which it is strong.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.options import Grey
from scanner.view import resized

_ALIGN_SIDE = 480

# Of the paper's weight |F|^p. 0 is the mean, best against noise; the paper has 11, best against blur alone.
_POWER = 5.0

# Frequencies are judged together with their neighbours, over this share of the shorter side.
_NEIGHBOURHOOD = 0.01

# The spectra of larger pictures would not fit into a decoding process; their mean does.
_MOST_PIXELS = 2_500_000


def one_of(images: list[Grey], middle: int) -> Grey | None:
    """Return one picture made of all, in the place of the middle one.

    None where they differ in size, or where no other can be moved onto the middle one.
    """
    reference = images[middle]
    if any(image.shape != reference.shape for image in images):
        return None
    moved = (_onto(reference, image) for at, image in enumerate(images) if at != middle)
    total: _Spectra | _Mean = _Spectra(reference) if reference.size <= _MOST_PIXELS else _Mean(reference)
    for image in moved:
        if image is not None:
            total.add(image)
    return total.picture() if total.count > 1 else None


class _Mean:
    """The mean of pictures."""

    def __init__(self, first: Grey) -> None:
        self.count = 1
        self._total = np.asarray(first, np.float32)

    def add(self, image: Grey) -> None:
        cv2.add(self._total, np.asarray(image, np.float32), dst=self._total)
        self.count += 1

    def picture(self) -> Grey:
        return np.rint(self._total / self.count).astype(np.uint8)


class _Spectra:
    """The mean of the spectra of pictures, each frequency weighted by its strength in each picture."""

    def __init__(self, first: Grey) -> None:
        self.count = 0
        self._shape = first.shape
        height, width = first.shape
        self._padding = cv2.getOptimalDFTSize(height) - height, cv2.getOptimalDFTSize(width) - width
        padded = height + self._padding[0], width + self._padding[1]
        self._total: NDArray[np.float32] = np.zeros((*padded, 2), np.float32)
        self._weights: NDArray[np.float32] = np.zeros(padded, np.float32)
        self.add(first)

    def add(self, image: Grey) -> None:
        below, right = self._padding
        padded = cv2.copyMakeBorder(image, 0, below, 0, right, cv2.BORDER_REPLICATE).astype(np.float32)
        spectrum = cv2.dft(padded / padded.size, flags=cv2.DFT_COMPLEX_OUTPUT)
        strength = np.fft.fftshift(cv2.magnitude(spectrum[..., 0], spectrum[..., 1]))
        strength = cv2.GaussianBlur(strength, (0, 0), max(1.0, _NEIGHBOURHOOD * min(self._shape)))
        # The scale keeps the fifth power of weak frequencies within what 32 bits hold; it cancels out.
        weight = cv2.pow(np.maximum(np.fft.ifftshift(strength) * 1e3, 1e-6), _POWER)
        self._total += spectrum * weight[..., None]
        self._weights += weight
        self.count += 1

    def picture(self) -> Grey:
        mean = self._total / self._weights[..., None]
        flags = cv2.DFT_INVERSE | cv2.DFT_REAL_OUTPUT
        height, width = self._shape
        # Scaled by the number of pixels on the way there, so not on the way back.
        picture = cv2.dft(mean, flags=flags)[:height, :width]
        return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def _onto(reference: Grey, image: Grey) -> Grey | None:
    """Move and turn a picture onto another; None where the two have no common ground."""
    factor = min(1.0, _ALIGN_SIDE / max(reference.shape))
    try:
        _, warp = cv2.findTransformECC(
            _prepared(reference, factor),
            _prepared(image, factor),
            np.eye(2, 3, dtype=np.float32),
            cv2.MOTION_EUCLIDEAN,
            (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 40, 1e-4),
        )
    except cv2.error:
        return None
    warp = np.asarray(warp, np.float64) @ np.diag([1.0, 1.0, 1 / factor])
    height, width = reference.shape
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(image, warp, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE))


def _prepared(image: Grey, factor: float) -> Grey:
    return np.asarray(cv2.GaussianBlur(resized(image, factor), (0, 0), 1.5), np.uint8)
