"""Several pictures of one label, read together.

Any one of five is the great gain against hand shake, the aligned mean against noise in dim light. The
sharpest picture is not sought: under noise the noisiest looks sharpest.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import cv2
import numpy as np

from scanner.options import DecodeOptions, Grey
from scanner.reason import why_nothing
from scanner.result import Confidence, Decoded, DecodeResult
from scanner.search import Search
from scanner.steps import STEPS
from scanner.view import resized
from scanner.vote import Candidate, decoded

_ALIGN_SIDE = 480
_AGREEING_FRAMES = 2


def fused(images: list[Grey], options: DecodeOptions) -> DecodeResult:
    """Return what the pictures give together; corners are those of the picture that gave the text."""
    searches = [Search(image, options) for image in images]
    for row in STEPS:
        for frame, search in enumerate(searches):
            if searches[0].out_of_time:
                break
            if row.name in options.skip or not row.wanted(search):
                continue
            search.begin(row.name)
            row.run(search)
            codes = _sure(search, frame) or _agreed(searches)
            if codes and row is not STEPS[0]:
                return DecodeResult(codes)
        # The plain pass is finished on all pictures, the best of them counts: it may hold more of the codes.
        best = max((_sure(search, frame) for frame, search in enumerate(searches)), key=len)
        if best:
            return DecodeResult(best)
    middle = len(images) // 2
    mean = _aligned_mean(images, middle)
    if mean is not None and not searches[0].out_of_time:
        together = Search(mean, options)
        for row in STEPS:
            if row.name not in options.skip and row.wanted(together):
                together.begin(row.name)
                row.run(together)
        codes = _sure(together, middle) or _agreed([*searches, together])
        if codes:
            return DecodeResult(codes)
    left = [decoded(c, frame) for frame, search in enumerate(searches) for c in search.ballot.believed()]
    if left:
        return DecodeResult((left[0],))
    return DecodeResult((), why_nothing(searches[middle]))


def _sure(search: Search, frame: int) -> tuple[Decoded, ...]:
    return tuple(decoded(candidate, frame) for candidate in search.ballot.believed() if candidate.sure)


def _agreed(searches: list[Search]) -> tuple[Decoded, ...]:
    """Texts that no picture is sure of alone, but that two pictures gave and none contradicts."""
    seen: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], tuple[int, Candidate]] = {}
    for frame, search in enumerate(searches):
        for candidate in search.ballot.candidates:
            key = (candidate.reading.symbology, candidate.reading.text)
            seen[key] += 1
            first.setdefault(key, (frame, candidate))
    ranked = seen.most_common(2)
    if not ranked or ranked[0][1] < _AGREEING_FRAMES:
        return ()
    if len(ranked) == 2 and ranked[1][1] == ranked[0][1]:
        return ()
    frame, candidate = first[ranked[0][0]]
    code = decoded(candidate, min(frame, len(searches) - 1))
    confidence = Confidence(code.confidence.stage, code.confidence.passes, ranked[0][1], weak=False)
    return (replace(code, confidence=confidence),)


def _aligned_mean(images: list[Grey], middle: int) -> Grey | None:
    """Return the mean of the pictures, each moved and turned onto the middle one; None where sizes differ."""
    reference = images[middle]
    if any(image.shape != reference.shape for image in images):
        return None
    factor = min(1.0, _ALIGN_SIDE / max(reference.shape))
    small = _prepared(reference, factor)
    total = np.asarray(reference, np.float32)
    count = 1
    height, width = reference.shape
    for frame, image in enumerate(images):
        if frame == middle:
            continue
        try:
            _, warp = cv2.findTransformECC(
                small,
                _prepared(image, factor),
                np.eye(2, 3, dtype=np.float32),
                cv2.MOTION_EUCLIDEAN,
                (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 40, 1e-4),
            )
        except cv2.error:  # it does not converge on pictures without common ground
            continue
        warp = np.asarray(warp, np.float64) @ np.diag([1.0, 1.0, 1 / factor])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        moved = cv2.warpAffine(image, warp, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE)
        cv2.add(total, np.asarray(moved, np.float32), dst=total)
        count += 1
    return np.rint(np.divide(total, count)).astype(np.uint8) if count > 1 else None


def _prepared(image: Grey, factor: float) -> Grey:
    return np.asarray(cv2.GaussianBlur(resized(image, factor), (0, 0), 1.5), np.uint8)
