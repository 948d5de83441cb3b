"""Several pictures of one label, read together.

Any one of five is the great gain against hand shake. What none of them shows alone is sought in one picture
made of all, as soon as the cheap steps have failed on each. The sharpest picture is not sought: under noise the
noisiest looks sharpest.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from scanner.fusion import one_of
from scanner.options import DecodeOptions, Grey
from scanner.reason import why_nothing
from scanner.result import Confidence, Decoded, DecodeResult
from scanner.search import Search
from scanner.steps import STEPS
from scanner.vote import Candidate, decoded

_FUSE_BEFORE = "black and white"
_AGREEING_FRAMES = 2


def fused(images: list[Grey], options: DecodeOptions) -> DecodeResult:
    """Return what the pictures give together; corners are those of the picture that gave the text."""
    middle = len(images) // 2
    searches = [Search(image, options) for image in images]
    frames = list(range(len(images)))
    for row in STEPS:
        if row.name == _FUSE_BEFORE and not searches[0].out_of_time:
            picture = one_of(images, middle)
            if picture is not None:
                together = Search(picture, options)
                codes = _catch_up(together, middle) or _agreed([*searches, together])
                if codes:
                    return DecodeResult(codes)
                # From here on it is the most promising of the pictures.
                searches.insert(0, together)
                frames.insert(0, middle)
        for frame, search in zip(frames, searches, strict=True):
            if searches[-1].out_of_time:
                break
            if row.name in options.skip or not row.wanted(search):
                continue
            search.begin(row.name)
            row.run(search)
            codes = _sure(search, frame) or _agreed(searches)
            if codes and row is not STEPS[0]:
                return DecodeResult(codes)
        # The plain pass is finished on all pictures, the best of them counts: it may hold more of the codes.
        best = max((_sure(search, frame) for frame, search in zip(frames, searches, strict=True)), key=len)
        if best:
            return DecodeResult(best)
    left = [
        decoded(candidate, frame)
        for frame, search in zip(frames, searches, strict=True)
        for candidate in search.ballot.believed()
    ]
    if left:
        return DecodeResult((left[0],))
    return DecodeResult((), why_nothing(searches[frames.index(middle)]))


def _catch_up(search: Search, frame: int) -> tuple[Decoded, ...]:
    """Take the steps that all other pictures have behind them."""
    for row in STEPS:
        if row.name == _FUSE_BEFORE:
            return ()
        if row.name in search.options.skip or not row.wanted(search):
            continue
        search.begin(row.name)
        row.run(search)
        if codes := _sure(search, frame):
            return codes
    return ()


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
    code = decoded(candidate, frame)
    confidence = Confidence(code.confidence.stage, code.confidence.passes, ranked[0][1], weak=False)
    return (replace(code, confidence=confidence),)
