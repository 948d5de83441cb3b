"""What zxing-cpp does not do to a picture before it reads; each function was measured to add reads.

All take and give grey pictures of the same size, values 0..255.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.options import Grey


def equalise(image: Grey, clip: float = 3.0, tiles: int = 8) -> Grey:
    """Stretch contrast region by region (CLAHE), for glare, shadow and grey print."""
    return _grey(cv2.createCLAHE(clip, (tiles, tiles)).apply(image))


def threshold(image: Grey, block: int = 31, offset: float = 10) -> Grey:
    """Make black and white against the mean of the neighbourhood.

    Args:
        image: Grey picture.
        block: Side of the neighbourhood, pixels, odd; a few modules wide works best.
        offset: How much darker than the mean is black, grey levels.
    """
    mean = cv2.ADAPTIVE_THRESH_MEAN_C
    return _grey(cv2.adaptiveThreshold(image, 255, mean, cv2.THRESH_BINARY, block, offset))


def sharpen(image: Grey, sigma: float, amount: float) -> Grey:
    """Undo some blur (unsharp mask): sigma in pixels, amount 1 doubles what the blur took away."""
    soft = cv2.GaussianBlur(image, (0, 0), sigma)
    return _grey(cv2.addWeighted(image, 1 + amount, soft, -amount, 0))


def soften(image: Grey, sigma: float) -> Grey:
    """Blur noise, dot-peened points and gaps in ink together; sigma in pixels."""
    return _grey(cv2.GaussianBlur(image, (0, 0), sigma))


def open_gaps(image: Grey, side: int = 3) -> Grey:
    """Drop light specks narrower than ``side`` pixels, so that dots of ink join; for black and white."""
    return _grey(cv2.morphologyEx(image, cv2.MORPH_OPEN, np.ones((side, side), np.uint8)))


def average_along_bars(image: Grey, share: float) -> Grey:
    """Average each column of an upright code over a share of its height: less noise, bars untouched."""
    return _grey(cv2.blur(image, (1, max(3, int(image.shape[0] * share) | 1))))


def sharpen_across_bars(image: Grey, sigma: float, amount: float) -> Grey:
    """Sharpen in x only, where the bars of an upright linear code have their edges."""
    soft = cv2.GaussianBlur(image, (0, 0), sigma, sigmaY=0.1)
    return _grey(cv2.addWeighted(image, 1 + amount, soft, -amount, 0))


def flatten_across_bars(image: Grey) -> Grey:
    """Stretch each stretch of a scan line between its darkest and brightest neighbour in x, against glare."""
    width = max(15, image.shape[1] // 8) | 1
    window = cv2.getStructuringElement(cv2.MORPH_RECT, (width, 1))
    dark = cv2.blur(cv2.erode(image, window), (width, 1)).astype(np.float32)
    bright = cv2.blur(cv2.dilate(image, window), (width, 1)).astype(np.float32)
    flat = (image - dark) / np.maximum(bright - dark, _LEAST_CONTRAST) * 255
    return _grey(np.clip(flat, 0, 255))


def restore_across_bars(image: Grey, sigma: float, rounds: int = 25) -> Grey:
    """Undo a blur in x by Richardson-Lucy deconvolution, for upright linear codes out of focus.

    Averaging along the bars leaves so little noise that this gives back edges that sharpening cannot.

    Args:
        image: Upright linear code, few rows.
        sigma: Standard deviation of the blur, pixels.
        rounds: Iterations; more sharpen further and ring more.

    References:
        W. H. Richardson, "Bayesian-based iterative method of image restoration", JOSA 62 (1972).
    """
    reach = int(sigma * 4) * 2 + 1

    def blurred(values: NDArray[np.float32]) -> NDArray[np.float32]:
        soft = cv2.GaussianBlur(values, (reach, 1), sigma, sigmaY=0.01, borderType=cv2.BORDER_REPLICATE)
        return np.asarray(soft, np.float32)

    return _richardson_lucy(image, blurred, rounds)


def restore_moved_bars(image: Grey, width: float, rounds: int = 80) -> Grey:
    """Undo the blur of a hand that moved across upright bars, as :func:`restore_across_bars` does for focus.

    Args:
        image: Upright linear code, few rows.
        width: How far the picture moved in x while it was taken, pixels.
        rounds: Iterations; the blur of a movement is flat, and takes more of them than that of the focus.
    """
    reach = round(width) | 1

    def blurred(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.blur(values, (reach, 1), borderType=cv2.BORDER_REPLICATE), np.float32)

    return _richardson_lucy(image, blurred, rounds)


def edge_width(image: Grey) -> float:
    """Return how many pixels the sharpest edge across upright bars needs from dark to bright."""
    dark, bright = np.percentile(image, [2, 98])
    slope = np.percentile(cv2.absdiff(image[:, 1:], image[:, :-1]), 99.5)
    return float(bright - dark) / max(float(slope), 1.0)


def _richardson_lucy(image: Grey, blurred: Callable[[NDArray[np.float32]], NDArray[np.float32]], rounds: int) -> Grey:
    seen = np.asarray(image / 255 + 0.02, np.float32)
    restored = seen
    for _ in range(rounds):
        restored = restored * blurred(np.divide(seen, np.maximum(blurred(restored), 1e-3), dtype=np.float32))
    dark, bright = np.percentile(restored, [2, 98])
    return _grey(np.clip((restored - dark) / max(float(bright - dark), 1e-3), 0, 1) * 255)


_LEAST_CONTRAST = 12.0  # grey levels; below this the stretch would show only noise


def _grey(image: object) -> Grey:
    return np.asarray(image, dtype=np.uint8)
