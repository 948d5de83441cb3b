"""The steps that look for linear codes: places with bars, turned upright and treated one by one."""

from __future__ import annotations

from collections.abc import Callable
from math import atan2, hypot

import numpy as np
from numpy.typing import NDArray

from scanner import preprocess
from scanner.locate import BarRegion
from scanner.options import Grey
from scanner.reader import UPRIGHT, UPRIGHT_HISTOGRAM, UPRIGHT_INVERTED, Effort
from scanner.search import Search
from scanner.symbology import LINEAR, family_of
from scanner.view import View, cut_out, with_repeated_rows, with_rows
from scanner.vote import Candidate

Treatment = tuple[str, Callable[[Grey], Grey]]

_QUIET_ZONE = 0.18  # of the length of the code, on either side
_WIDTH = (500.0, 1400.0)  # pixels of an upright cut
_HEIGHT = 240.0
_ROWS = 120
_LEAST_BARS = 16
_WITNESS_WIDTH = (300.0, 700.0)
_WITNESS_ROWS = 32
_AVERAGED = 2
"""How many rows of the picture are averaged into one; more cost time and were not seen to read more."""

_WITNESS_HEIGHT = 0.15  # of the length of the code
_LAST_WIDTHS = (420.0, 760.0)
_LAST_HEIGHT = 0.3
_EAN_MODULES = 95
_RESTORED_WIDTH = 600.0
_RESTORED_ROWS = 12
_RESTORED_REPEATS = 4
# Standard deviation of the blur in modules, and whether glare is evened out afterwards.
_RESTORATIONS = ((0.6, False), (0.45, True), (0.6, True), (0.45, False))
# How far the hand moved, in modules, and which edges are worth the attempt: sharper ones were not moved, the
# bars of wider ones have run together.
_MOVED_WIDTH = 1000.0
_MOVEMENTS = (2.0, 2.5, 3.0, 1.5)
_MOVED_EDGES = (1.2, 3.0)


def _equalised(cut: Grey) -> Grey:
    return preprocess.equalise(cut, 3.0, 4)


def _averaged_and_sharpened(cut: Grey) -> Grey:
    return preprocess.sharpen_across_bars(preprocess.average_along_bars(cut, 0.3), 6, 2.5)


_WITNESSES: tuple[Treatment, ...] = (
    ("plain", lambda cut: cut),
    ("equalised", _equalised),
    ("flattened", preprocess.flatten_across_bars),
)
_CLOSE_LOOKS: tuple[Treatment, ...] = (
    ("equalised", _equalised),
    ("plain", lambda cut: cut),
    ("flattened", preprocess.flatten_across_bars),
)
_TREATMENTS: tuple[Treatment, ...] = (
    ("equalised", _equalised),
    ("flattened", preprocess.flatten_across_bars),
    # zxing-cpp estimates black from the dark side; in glare the bright side is the better one.
    ("inverted", lambda cut: np.asarray(255 - cut, np.uint8)),
    ("sharpened", lambda cut: preprocess.sharpen(cut, 3, 2)),
    ("averaged and sharpened", _averaged_and_sharpened),
    (
        "averaged, sharpened, flattened",
        lambda cut: preprocess.flatten_across_bars(_averaged_and_sharpened(cut)),
    ),
)
_EFFORTS: dict[str, Effort] = {"inverted": UPRIGHT_INVERTED, "sharpened": UPRIGHT_HISTOGRAM}


def second_witness(search: Search) -> None:
    """Look again, closely, at each linear text that was read once."""
    for candidate in search.unconfirmed():
        upright = _upright(search.whole, _region_of(candidate), _WITNESS_WIDTH, _WITNESS_ROWS)
        family = family_of(candidate.reading.symbology)
        formats = (family,) if family in LINEAR else search.linear
        for name, prepare in _WITNESSES:
            view = upright.with_image(prepare(upright.image))
            search.look(view, formats, UPRIGHT, witness=f"close {name}")
            if candidate.sure:
                break


def last_witness(search: Search) -> None:
    """Look once more at what only one treatment could read, at other widths."""
    for candidate in search.ballot.contested():
        region = _region_of(candidate, height=_LAST_HEIGHT)
        for width in _LAST_WIDTHS:
            upright = _upright(search.whole, region, (width, width))
            for name, prepare in _TREATMENTS:
                if search.out_of_time:
                    return
                view = upright.with_image(prepare(upright.image))
                search.look(view, search.linear, _EFFORTS.get(name, UPRIGHT), witness=f"{width:.0f} wide {name}")


def likeliest_bars(search: Search) -> None:
    """Turn the likeliest linear codes upright, enlarge and equalise them."""
    for region in search.bars[:2]:
        upright = _upright(search.whole, region)
        if not _has_bars(upright):
            continue
        search.barred.append(region.length)
        for name, prepare in _CLOSE_LOOKS:
            view = upright.with_image(prepare(upright.image))
            search.look(view, search.linear, UPRIGHT, witness=f"bars {name}")
            if not search.unsure:
                return
            if search.empty:
                break


def all_bars(search: Search) -> None:
    """Try every treatment on every place with bars."""
    for region in _bar_places(search):
        upright = _upright(search.whole, region)
        if not _has_bars(upright):
            continue
        for name, prepare in _TREATMENTS:
            if search.out_of_time:
                return
            view = upright.with_image(prepare(upright.image))
            search.look(view, search.linear, _EFFORTS.get(name, UPRIGHT), witness=f"bars {name}")
            if not search.unsure:
                return


def restored_bars(search: Search) -> None:
    """Average the bars into a few lines and undo their blur: labels out of focus or moving."""
    for region in _bar_places(search):
        lines = with_rows(_upright(search.whole, region, (_RESTORED_WIDTH, _RESTORED_WIDTH)), _RESTORED_ROWS)
        if not _has_bars(lines):
            continue
        module = lines.image.shape[1] / (1 + 2 * _QUIET_ZONE) / _EAN_MODULES
        for blur, flatten in _RESTORATIONS:
            if search.out_of_time:
                return
            image = preprocess.restore_across_bars(lines.image, blur * module)
            if flatten:
                image = preprocess.flatten_across_bars(image)
            # zxing-cpp skips rows, and wants two that agree.
            view = with_repeated_rows(lines.with_image(image), _RESTORED_REPEATS)
            search.look(view, search.linear, UPRIGHT, witness=f"restored {blur} {flatten}")
            if not search.unsure:
                return


def moved_bars(search: Search) -> None:
    """Undo the movement of the hand across the bars, where not even the sharpest edge is as narrow as a module."""
    for region in _bar_places(search):
        lines = with_rows(_upright(search.whole, region, (_MOVED_WIDTH, _MOVED_WIDTH)), _RESTORED_ROWS)
        if not _has_bars(lines):
            continue
        module = lines.image.shape[1] / (1 + 2 * _QUIET_ZONE) / _EAN_MODULES
        if not _MOVED_EDGES[0] < preprocess.edge_width(lines.image) / module < _MOVED_EDGES[1]:
            continue
        for movement in _MOVEMENTS:
            if search.out_of_time:
                return
            image = preprocess.restore_moved_bars(lines.image, movement * module)
            for prepared in (image, preprocess.flatten_across_bars(image)):
                view = with_repeated_rows(lines.with_image(prepared), _RESTORED_REPEATS)
                # One witness: what evens out glare leaves the bars where they are.
                search.look(view, search.linear, UPRIGHT, witness=f"moved by {movement}")
                if not search.unsure:
                    return


def _bar_places(search: Search) -> list[BarRegion]:
    """The likeliest places with bars, of two locators that err differently."""
    return [*search.bars[:1], *search.detected, *search.bars[1:2]]


def _upright(view: View, region: BarRegion, width: tuple[float, float] = _WIDTH, rows: int = _ROWS) -> View:
    """Cut a linear code out with its quiet zones, bars upright, wide enough for two pixels a module."""
    across = region.length * (1 + 2 * _QUIET_ZONE)
    factor = min(max(2 * across, width[0]), width[1]) / across
    height = min(region.height, _HEIGHT / factor)
    cut = cut_out(view, region.centre, (across, height), region.angle, factor, most_rows=_AVERAGED * rows)
    return with_rows(cut, rows)


def _has_bars(upright: View) -> bool:
    """Tell whether a scan line changes often enough: a shadow's edge or a fold has bars' coherence, too."""
    line = upright.image.mean(axis=0, dtype=np.float64)
    return _line_changes(line) >= _LEAST_BARS


def _line_changes(line: NDArray[np.float64]) -> int:
    window = max(5, len(line) // 12)
    above = line - np.convolve(line, np.ones(window) / window, mode="same")
    # Changes of a grey level or two are the noise of a flat wall, not bars.
    signs = above[np.abs(above) > 2] > 0
    return int((signs[1:] != signs[:-1]).sum())


def _region_of(candidate: Candidate, height: float = _WITNESS_HEIGHT) -> BarRegion:
    """The rectangle of a linear symbol that zxing-cpp read; it tells only the rows in which it did."""
    top_left, top_right, bottom_right, bottom_left = candidate.reading.corners
    left = ((top_left[0] + bottom_left[0]) / 2, (top_left[1] + bottom_left[1]) / 2)
    right = ((top_right[0] + bottom_right[0]) / 2, (top_right[1] + bottom_right[1]) / 2)
    length = max(8.0, hypot(right[0] - left[0], right[1] - left[1]))
    rows = hypot(top_left[0] - bottom_left[0], top_left[1] - bottom_left[1])
    return BarRegion(
        centre=candidate.centre,
        length=length,
        height=min(max(rows, 0.66 * height * length), height * length),
        angle=atan2(right[1] - left[1], right[0] - left[0]),
        weight=0.0,
    )
