"""The steps of the escalation, cheapest gain first.

Each step is one function and one row of ``STEPS``, so that it can be left out by name and measured alone.
``docs/decoding.md`` has what each adds and costs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import atan2, hypot

import numpy as np
from numpy.typing import NDArray

from scanner import preprocess
from scanner.locate import BarRegion, changes, matrix_places
from scanner.options import Grey
from scanner.reader import UPRIGHT, Effort
from scanner.search import Search
from scanner.symbology import family_of
from scanner.view import View, cut_out, rotated, scaled, with_repeated_rows, with_rows
from scanner.vote import Candidate

Step = Callable[[Search], None]

_QUIET_ZONE = 0.18
_UPRIGHT_WIDTH = (500.0, 1400.0)
_UPRIGHT_HEIGHT = 240.0
_ROWS = 120
_LEAST_BARS = 16
_EAN_MODULES = 95
_RESTORED_WIDTH = 600.0
_RESTORED_ROWS = 12
_RESTORED_REPEATS = 4
# Standard deviation of the blur in modules, and whether glare is evened out afterwards.
_RESTORATIONS = ((0.6, False), (0.45, True), (0.6, True), (0.45, False))
_WITNESS_WIDTH = (300.0, 700.0)
_WITNESS_ROWS = 32
_LAST_WIDTHS = (420.0, 760.0)
_LAST_HEIGHT = 0.3

_HISTOGRAM = Effort(invert=False, global_histogram=True)
_UPRIGHT_INVERTED = Effort(rotate=False, invert=True, downscale=False)
_UPRIGHT_HISTOGRAM = Effort(rotate=False, invert=False, downscale=False, global_histogram=True)
_CUT = Effort(invert=False, downscale=False)
_DARK_ON_LIGHT = Effort(invert=False)
_FIRST = Effort(invert=False, downscale=False, report_damage=True)


def whole_picture(search: Search) -> None:
    """Read the picture as it is, dark on light."""
    search.look(search.whole, search.options.formats, _FIRST)


def reduced(search: Search) -> None:
    """Read the picture at a third of its size, as zxing-cpp does with large ones."""
    search.look(scaled(search.whole, 1 / 3), search.options.formats, _CUT)


def inverted(search: Search) -> None:
    """Read the picture light on dark."""
    search.look(search.whole.with_image(255 - search.image), search.options.formats, _DARK_ON_LIGHT)


def second_witness(search: Search) -> None:
    """Look again, closely, at each linear text that was read once."""
    for candidate in search.unconfirmed():
        upright = with_rows(_upright(search.whole, _region_of(candidate), _WITNESS_WIDTH), _WITNESS_ROWS)
        formats = (family_of(candidate.reading.symbology),)
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
            for name, prepare in _BAR_TREATMENTS:
                if search.out_of_time:
                    return
                view = upright.with_image(prepare(upright.image))
                search.look(view, search.linear, _effort_for(name), witness=f"{width:.0f} wide {name}")


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


def black_and_white(search: Search) -> None:
    """Judge each pixel against its neighbourhood: most of all for DataMatrix in crowds."""
    formats = search.crowd or (
        *search.linear,
        *(search.matrix if search.empty and not search.only_bars else ()),
    )
    search.look(search.black_and_white, formats, _DARK_ON_LIGHT)


def neighbours(search: Search) -> None:
    """Look for more symbols of the size of those found, one by one, each in the middle of its cut."""
    side = search.typical_side()
    known = [candidate.centre for candidate in search.ballot.matrices()]
    places = _alike(search, matrix_places(search.image, side, known, limit=_MOST_NEIGHBOURS), known, side)
    for name, prepare, degrees, least_side in _NEIGHBOUR_CUTS:
        read: list[tuple[float, float]] = []
        for place in places:
            if search.out_of_time:
                return
            cut = _matrix_cut(search.whole, place, side, degrees, least_side)
            if search.look(
                cut.with_image(prepare(cut.image)), search.matrix, _CUT, witness=f"neighbour {name}"
            ):
                read.append(place)
        places = [place for place in places if place not in read]


def _alike(
    search: Search, places: list[tuple[float, float]], known: list[tuple[float, float]], side: float
) -> list[tuple[float, float]]:
    """Keep the places whose black and white change as often as in the symbols that were read."""
    usual = np.array([_texture(search.whole, place, side) for place in known])
    lowest, highest = _LEAST_CHANGES * float(usual.min()), _MOST_CHANGES * float(usual.max())
    return [
        place
        for place in places
        if all(lowest <= count <= highest for count in _texture(search.whole, place, side))
    ]


def _texture(view: View, place: tuple[float, float], side: float) -> tuple[float, float]:
    """Return how often black and white change along a row and along a column of a matrix symbol."""
    cut = cut_out(view, place, (side, side), 0.0, min(1.0, _TEXTURE_SIDE / side))
    return changes(_bw(cut.image, 0.4, 6))


def equalised(search: Search) -> None:
    """Equalise the picture and let the histogram decide: linear codes in glare and shadow."""
    search.look(search.whole.with_image(preprocess.equalise(search.image)), search.linear, _HISTOGRAM)


def all_bars(search: Search) -> None:
    """Try every treatment on every place with bars."""
    for region in _bar_places(search):
        upright = _upright(search.whole, region)
        if not _has_bars(upright):
            continue
        for name, prepare in _BAR_TREATMENTS:
            if search.out_of_time:
                return
            view = upright.with_image(prepare(upright.image))
            search.look(view, search.linear, _effort_for(name), witness=f"bars {name}")
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


def likeliest_matrices(search: Search) -> None:
    """Cut out what looks like a matrix symbol, at a few sizes."""
    for share in _MATRIX_SHARES:
        side = share * max(search.image.shape)
        for place in matrix_places(search.image, side, [], limit=2):
            if min(_texture(search.whole, place, side)) < _LEAST_TEXTURE:
                continue
            for name, prepare, degrees in _MATRIX_CUTS:
                cut = _matrix_cut(search.whole, place, side, degrees)
                search.look(cut.with_image(prepare(cut.image)), search.matrix, _CUT, witness=f"matrix {name}")
                if not search.empty:
                    return


def turned_black_and_white(search: Search) -> None:
    """Turn by 60 degrees, then black and white: symbols that stand askew to zxing-cpp's scan lines."""
    turned = rotated(search.whole, 60)
    search.look(turned.with_image(preprocess.threshold(turned.image)), search.crowd, _DARK_ON_LIGHT)


def sharpened(search: Search) -> None:
    """Sharpen the picture."""
    search.look(
        search.whole.with_image(preprocess.sharpen(search.image, 2, 1.5)),
        (*search.linear, *search.matrix),
        _DARK_ON_LIGHT,
    )


def softened(search: Search) -> None:
    """Blur the picture, so that points and gaps of printing and engraving run together."""
    search.look(search.whole.with_image(preprocess.soften(search.image, 2)), search.matrix, _DARK_ON_LIGHT)


def enlarged(search: Search) -> None:
    """Double and sharpen the picture: modules of about one pixel."""
    large = scaled(search.whole, 2)
    search.look(
        large.with_image(preprocess.sharpen(large.image, 3, 2)),
        (*search.linear, *search.matrix),
        _DARK_ON_LIGHT,
    )


def _nothing(search: Search) -> bool:
    return search.unsure


def _no_matrix(search: Search) -> bool:
    return search.empty and bool(search.matrix) and not search.only_bars


def _nothing_and_large(search: Search) -> bool:
    return search.empty and max(search.image.shape) > _REDUCE_FROM


def _nothing_and_small(search: Search) -> bool:
    return search.unsure and search.megapixels <= _ENLARGE_UP_TO


def _nothing_but_bars(search: Search) -> bool:
    return search.unsure and bool(search.linear) and bool(search.bars)


def _no_linear(search: Search) -> bool:
    return search.unsure and bool(search.linear)


def _texts_read_once(search: Search) -> bool:
    return bool(search.unconfirmed())


def _texts_in_doubt(search: Search) -> bool:
    return bool(search.ballot.contested())


def _crowd(search: Search) -> bool:
    return len(search.ballot.matrices()) > 1


def _nothing_or_crowd(search: Search) -> bool:
    return search.unsure or _crowd(search) or _has_neighbours(search)


def _has_neighbours(search: Search) -> bool:
    """A symbol that is small in its picture may have others beside it: look whether anything is as strong."""
    found = search.ballot.matrices()
    if len(found) != 1 or found[0].side > _SMALL_SYMBOL * max(search.image.shape):
        return False
    return search.has_place_like(found[0])


@dataclass(frozen=True, slots=True)
class Row:
    """One step: its name, when it is taken, and what it does."""

    name: str
    wanted: Callable[[Search], bool]
    run: Step


STEPS: tuple[Row, ...] = (
    Row("whole picture", lambda search: True, whole_picture),
    Row("reduced", _nothing_and_large, reduced),
    Row("second witness", _texts_read_once, second_witness),
    Row("likeliest bars", _nothing_but_bars, likeliest_bars),
    Row("black and white", _nothing_or_crowd, black_and_white),
    Row("turned crowd", _crowd, turned_black_and_white),
    Row("neighbours", lambda search: _crowd(search) or _has_neighbours(search), neighbours),
    Row("equalised", _nothing, equalised),
    Row("inverted", lambda search: search.empty, inverted),
    Row("all bars", _no_linear, all_bars),
    Row("restored bars", _no_linear, restored_bars),
    Row("softened", _no_matrix, softened),
    Row("likeliest matrices", _no_matrix, likeliest_matrices),
    Row("sharpened", _nothing, sharpened),
    Row("enlarged", _nothing_and_small, enlarged),
    Row("last witness", _texts_in_doubt, last_witness),
)

_REDUCE_FROM = 500  # pixels
_ENLARGE_UP_TO = 0.2  # megapixels
_SMALL_SYMBOL = 0.15  # of the longer side of the picture
_MOST_NEIGHBOURS = 60
_MATRIX_SHARES = (0.5, 0.25, 0.1)

_WITNESSES: tuple[tuple[str, Callable[[Grey], Grey]], ...] = (
    ("plain", lambda cut: cut),
    ("equalised", lambda cut: preprocess.equalise(cut, 3.0, 4)),
    ("flattened", preprocess.flatten_across_bars),
)
_CLOSE_LOOKS: tuple[tuple[str, Callable[[Grey], Grey]], ...] = (
    ("equalised", lambda cut: preprocess.equalise(cut, 3.0, 4)),
    ("plain", lambda cut: cut),
    ("flattened", preprocess.flatten_across_bars),
)
_BAR_TREATMENTS: tuple[tuple[str, Callable[[Grey], Grey]], ...] = (
    ("equalised", lambda cut: preprocess.equalise(cut, 3.0, 4)),
    ("flattened", preprocess.flatten_across_bars),
    # zxing-cpp estimates black from the dark side; in glare the bright side is the better one.
    ("inverted", lambda cut: np.asarray(255 - cut, np.uint8)),
    ("sharpened", lambda cut: preprocess.sharpen(cut, 3, 2)),
    (
        "averaged and sharpened",
        lambda cut: preprocess.sharpen_across_bars(preprocess.average_along_bars(cut, 0.3), 6, 2.5),
    ),
    (
        "averaged, sharpened, flattened",
        lambda cut: preprocess.flatten_across_bars(
            preprocess.sharpen_across_bars(preprocess.average_along_bars(cut, 0.3), 6, 2.5)
        ),
    ),
)


def _effort_for(treatment: str) -> Effort:
    if treatment == "inverted":
        return _UPRIGHT_INVERTED
    return _UPRIGHT_HISTOGRAM if treatment == "sharpened" else UPRIGHT


def _odd(value: float) -> int:
    return max(5, int(value) | 1)


def _bw(cut: Grey, share: float, offset: float) -> Grey:
    return preprocess.threshold(cut, _odd(cut.shape[0] * share), offset)


_NEIGHBOUR_CUTS: tuple[tuple[str, Callable[[Grey], Grey], float, float], ...] = (
    # Name, preparation, degrees turned, least side of the cut in pixels.
    ("turned 45, opened", lambda cut: preprocess.open_gaps(_bw(cut, 0.3, 6)), 45, 160),
    ("turned 30", lambda cut: _bw(cut, 0.12, 6), -30, 160),
    ("own size, turned 45", lambda cut: _bw(cut, 0.25, 6), -45, 0),
    ("turned 15, opened", lambda cut: preprocess.open_gaps(_bw(cut, 0.12, 6)), -15, 160),
    ("own size", lambda cut: _bw(cut, 0.25, 6), 0, 0),
    ("turned 60", lambda cut: _bw(cut, 0.12, 6), -60, 160),
    ("turned 45, opened, small block", lambda cut: preprocess.open_gaps(_bw(cut, 0.12, 6)), 45, 160),
    ("large, turned 60, opened", lambda cut: preprocess.open_gaps(_bw(cut, 0.12, 6), 5), -60, 230),
    ("turned 30, softened", lambda cut: _bw(preprocess.soften(cut, 2.5), 0.2, 4), 30, 160),
    ("turned 30, opened", lambda cut: preprocess.open_gaps(_bw(cut, 0.18, 6)), -30, 160),
    ("own size, turned 75", lambda cut: _bw(cut, 0.25, 6), -75, 0),
    ("turned 15", lambda cut: _bw(cut, 0.12, 6), 15, 160),
    ("softened", lambda cut: _bw(preprocess.soften(cut, 2.5), 0.3, 2), 0, 160),
    ("turned 60, opened", lambda cut: preprocess.open_gaps(_bw(cut, 0.12, 6)), -60, 160),
)
_TEXTURE_SIDE = 64.0
_LEAST_TEXTURE = 4.0
_LEAST_CHANGES = 0.8
_MOST_CHANGES = 1.25
_MATRIX_CUTS: tuple[tuple[str, Callable[[Grey], Grey], float], ...] = (
    ("turned 45", lambda cut: _bw(cut, 0.25, 6), 45),
    ("softened", lambda cut: _bw(preprocess.soften(cut, 2.5), 0.25, 4), 0),
    ("equalised", lambda cut: preprocess.equalise(cut, 3, 2), 0),
)


def _bar_places(search: Search) -> list[BarRegion]:
    """The likeliest places with bars, of two locators that err differently."""
    return [*search.bars[:1], *search.detected, *search.bars[1:2]]


def _upright(view: View, region: BarRegion, width: tuple[float, float] = _UPRIGHT_WIDTH) -> View:
    """Cut a linear code out with its quiet zones, bars upright, wide enough for two pixels a module."""
    across = region.length * (1 + 2 * _QUIET_ZONE)
    factor = min(max(2 * across, width[0]), width[1]) / across
    height = min(region.height, _UPRIGHT_HEIGHT / factor)
    return with_rows(cut_out(view, region.centre, (across, height), region.angle, factor), _ROWS)


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


_CUT_SHARE = 1.7
_LARGEST_CUT = 280.0


def _matrix_cut(
    view: View, place: tuple[float, float], side: float, degrees: float, least: float = 160.0
) -> View:
    """Cut a matrix symbol out with its surroundings; zxing-cpp searches DataMatrix from the middle."""
    width = side * _CUT_SHARE
    factor = min(max(1.0, least / width), 4.0)
    factor = min(factor, _LARGEST_CUT / width)
    return cut_out(view, place, (width, width), -degrees / 57.29578, factor)


def _region_of(candidate: Candidate, height: float = 0.15) -> BarRegion:
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
