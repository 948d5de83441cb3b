"""The steps that look for matrix symbols: places with texture, cut out and treated one by one."""

from __future__ import annotations

from collections.abc import Callable
from math import radians

import numpy as np

from scanner import preprocess
from scanner.locate import changes, matrix_places
from scanner.options import Grey
from scanner.reader import DARK_ON_LIGHT, DARK_ON_LIGHT_FULL_SIZE
from scanner.search import Search
from scanner.view import View, cut_out, rotated

Place = tuple[float, float]

_SHARES = (0.5, 0.25, 0.1)  # side of a symbol, of the longer side of the picture
_MOST_NEIGHBOURS = 60
_SURROUNDINGS = 1.7  # side of a cut, of the side of the symbol
_LEAST_CUT = 160.0  # pixels
_LARGEST_CUT = 280.0
_TEXTURE_SIDE = 64.0
_LEAST_TEXTURE = 4.0
_LEAST_CHANGES = 0.8
_MOST_CHANGES = 1.25


def _odd(value: float) -> int:
    return max(5, int(value) | 1)


def _bw(cut: Grey, share: float, offset: float) -> Grey:
    """Black and white, against a neighbourhood that is a share of the cut."""
    return preprocess.threshold(cut, _odd(cut.shape[0] * share), offset)


def _opened(cut: Grey, share: float, side: int = 3) -> Grey:
    return preprocess.open_gaps(_bw(cut, share, 6), side)


# Name, preparation, degrees turned, least side of the cut in pixels. The angles differ because zxing-cpp
# follows the edges of a DataMatrix along few directions; what it misses at one it often reads at another.
_NEIGHBOUR_CUTS: tuple[tuple[str, Callable[[Grey], Grey], float, float], ...] = (
    ("turned 45, opened", lambda cut: _opened(cut, 0.3), 45, 160),
    ("turned 30", lambda cut: _bw(cut, 0.12, 6), -30, 160),
    ("own size, turned 45", lambda cut: _bw(cut, 0.25, 6), -45, 0),
    ("turned 15, opened", lambda cut: _opened(cut, 0.12), -15, 160),
    ("own size", lambda cut: _bw(cut, 0.25, 6), 0, 0),
    ("turned 60", lambda cut: _bw(cut, 0.12, 6), -60, 160),
    ("turned 45, opened, small block", lambda cut: _opened(cut, 0.12), 45, 160),
    ("large, turned 60, opened", lambda cut: _opened(cut, 0.12, 5), -60, 230),
    ("turned 30, softened", lambda cut: _bw(preprocess.soften(cut, 2.5), 0.2, 4), 30, 160),
    ("turned 30, opened", lambda cut: _opened(cut, 0.18), -30, 160),
    ("own size, turned 75", lambda cut: _bw(cut, 0.25, 6), -75, 0),
    ("turned 15", lambda cut: _bw(cut, 0.12, 6), 15, 160),
    ("softened", lambda cut: _bw(preprocess.soften(cut, 2.5), 0.3, 2), 0, 160),
    ("turned 60, opened", lambda cut: _opened(cut, 0.12), -60, 160),
)
_MATRIX_CUTS: tuple[tuple[str, Callable[[Grey], Grey], float], ...] = (
    ("turned 45", lambda cut: _bw(cut, 0.25, 6), 45),
    ("softened", lambda cut: _bw(preprocess.soften(cut, 2.5), 0.25, 4), 0),
    ("equalised", lambda cut: preprocess.equalise(cut, 3, 2), 0),
)


def neighbours(search: Search) -> None:
    """Look for more symbols of the size of those found, one by one, each in the middle of its cut."""
    side = search.typical_side()
    known = [candidate.centre for candidate in search.ballot.matrices()]
    places = _alike(search, matrix_places(search.image, side, known, limit=_MOST_NEIGHBOURS), known, side)
    for name, prepare, degrees, least_side in _NEIGHBOUR_CUTS:
        read: list[Place] = []
        for place in places:
            if search.out_of_time:
                return
            cut = _matrix_cut(search.whole, place, side, degrees, least_side)
            view = cut.with_image(prepare(cut.image))
            if search.look(view, search.matrix, DARK_ON_LIGHT_FULL_SIZE, witness=f"neighbour {name}"):
                read.append(place)
        places = [place for place in places if place not in read]


def likeliest_matrices(search: Search) -> None:
    """Cut out what looks like a matrix symbol, at a few sizes."""
    for share in _SHARES:
        side = share * max(search.image.shape)
        for place in matrix_places(search.image, side, [], limit=2):
            if min(_texture(search.whole, place, side)) < _LEAST_TEXTURE:
                continue
            for name, prepare, degrees in _MATRIX_CUTS:
                cut = _matrix_cut(search.whole, place, side, degrees)
                view = cut.with_image(prepare(cut.image))
                search.look(view, search.matrix, DARK_ON_LIGHT_FULL_SIZE, witness=f"matrix {name}")
                if not search.empty:
                    return


def turned_crowd(search: Search) -> None:
    """Turn by 60 degrees, then black and white: symbols that stand askew to zxing-cpp's scan lines."""
    turned = rotated(search.whole, 60)
    search.look(turned.with_image(preprocess.threshold(turned.image)), search.crowd, DARK_ON_LIGHT)


def _alike(search: Search, places: list[Place], known: list[Place], side: float) -> list[Place]:
    """Keep the places whose black and white change as often as in the symbols that were read."""
    usual = np.array([_texture(search.whole, place, side) for place in known])
    lowest, highest = _LEAST_CHANGES * float(usual.min()), _MOST_CHANGES * float(usual.max())
    return [
        place for place in places if all(lowest <= count <= highest for count in _texture(search.whole, place, side))
    ]


def _texture(view: View, place: Place, side: float) -> tuple[float, float]:
    """Return how often black and white change along a row and along a column of a matrix symbol."""
    cut = cut_out(view, place, (side, side), 0.0, min(1.0, _TEXTURE_SIDE / side))
    return changes(_bw(cut.image, 0.4, 6))


def _matrix_cut(view: View, place: Place, side: float, degrees: float, least: float = _LEAST_CUT) -> View:
    """Cut a matrix symbol out with its surroundings; zxing-cpp searches DataMatrix from the middle."""
    width = side * _SURROUNDINGS
    factor = min(max(1.0, least / width), 4.0)
    factor = min(factor, _LARGEST_CUT / width)
    return cut_out(view, place, (width, width), radians(-degrees), factor)
