"""The steps of the escalation, cheapest gain first.

Each step is one function and one row of ``STEPS``, so that it can be left out by name and measured alone.
``docs/decoding.md`` has what each adds and costs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scanner import preprocess
from scanner.linear_steps import all_bars, last_witness, likeliest_bars, moved_bars, restored_bars, second_witness
from scanner.matrix_steps import likeliest_matrices, neighbours, turned_crowd
from scanner.reader import DARK_ON_LIGHT, DARK_ON_LIGHT_FULL_SIZE, FIRST, FIRST_UPRIGHT, HISTOGRAM
from scanner.search import Part, Search
from scanner.view import scaled, thinned, turned_right
from scanner.vote import UNTREATED

_LINES = 128  # at least so many scan lines each way, before all are read
_REDUCE_FROM = 500  # pixels
_ENLARGE_UP_TO = 0.2  # megapixels
_SMALL_SYMBOL = 0.15  # of the longer side of the picture


def whole_picture(search: Search) -> None:
    """Read the picture as it is, dark on light; linear codes along every few rows and columns first."""
    linear = search.linear
    parts = [Part(search.whole, tuple(name for name in search.options.formats if name not in linear), FIRST)]
    lines = [thinned(search.whole, _LINES), thinned(turned_right(search.whole), _LINES)]
    parts += [Part(view, linear, FIRST_UPRIGHT) for view in lines]
    search.look_at(parts)
    if search.empty and any(view.image.size < search.image.size for view in lines):
        search.look(search.whole, linear, FIRST)


def reduced(search: Search) -> None:
    """Read the picture at a third of its size, as zxing-cpp does with large ones."""
    search.look(scaled(search.whole, 1 / 3), search.options.formats, DARK_ON_LIGHT_FULL_SIZE)


def inverted(search: Search) -> None:
    """Read the picture light on dark."""
    search.look(search.whole.with_image(255 - search.image), search.options.formats, DARK_ON_LIGHT)


def black_and_white(search: Search) -> None:
    """Judge each pixel against its neighbourhood: most of all for DataMatrix in crowds."""
    formats = search.crowd or (
        *search.linear,
        *(search.matrix if search.empty and not search.only_bars else ()),
    )
    search.look(search.black_and_white, formats, DARK_ON_LIGHT)


def equalised(search: Search) -> None:
    """Equalise the picture and let the histogram decide: linear codes in glare and shadow."""
    search.look(search.whole.with_image(preprocess.equalise(search.image)), search.linear, HISTOGRAM)


def sharpened(search: Search) -> None:
    """Sharpen the picture."""
    search.look(
        search.whole.with_image(preprocess.sharpen(search.image, 2, 1.5)),
        (*search.linear, *search.matrix),
        DARK_ON_LIGHT,
    )


def softened(search: Search) -> None:
    """Blur the picture, so that points and gaps of printing and engraving run together."""
    search.look(search.whole.with_image(preprocess.soften(search.image, 2)), search.matrix, DARK_ON_LIGHT)


def enlarged(search: Search) -> None:
    """Double and sharpen the picture: modules of about one pixel."""
    large = scaled(search.whole, 2)
    search.look(
        large.with_image(preprocess.sharpen(large.image, 3, 2)),
        (*search.linear, *search.matrix),
        DARK_ON_LIGHT,
    )


def _nothing(search: Search) -> bool:
    return search.unsure


def _no_matrix(search: Search) -> bool:
    return search.empty and bool(search.matrix) and not search.only_bars


def _nothing_or_crowd_and_large(search: Search) -> bool:
    return (search.empty or _crowd(search)) and max(search.image.shape) > _REDUCE_FROM


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
    run: Callable[[Search], None]


STEPS: tuple[Row, ...] = (
    Row(UNTREATED, lambda search: True, whole_picture),
    Row("reduced", _nothing_or_crowd_and_large, reduced),
    Row("second witness", _texts_read_once, second_witness),
    Row("likeliest bars", _nothing_but_bars, likeliest_bars),
    Row("black and white", _nothing_or_crowd, black_and_white),
    Row("turned crowd", _crowd, turned_crowd),
    Row("neighbours", lambda search: _crowd(search) or _has_neighbours(search), neighbours),
    Row("equalised", _nothing, equalised),
    Row("inverted", lambda search: search.empty, inverted),
    Row("all bars", _no_linear, all_bars),
    Row("restored bars", _no_linear, restored_bars),
    Row("moved bars", _no_linear, moved_bars),
    Row("softened", _no_matrix, softened),
    Row("likeliest matrices", _no_matrix, likeliest_matrices),
    Row("sharpened", _nothing, sharpened),
    Row("enlarged", _nothing_and_small, enlarged),
    Row("last witness", _texts_in_doubt, last_witness),
)
