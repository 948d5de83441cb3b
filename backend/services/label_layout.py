"""Where the code and the lines of a label go: one arrangement for paper, screen and label printers.

Everything is in dots of the printer, so that a module is a whole number of dots and its edges are sharp.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.domain.errors import refuse
from backend.domain.labels import Format, Label, Symbol
from backend.domain.zpl import Placed
from backend.services.label_symbols import modules_of

_QUIET = {Symbol.GS1_DATAMATRIX: 2, Symbol.GS1_QR: 4, Symbol.QR: 4, Symbol.CODE_128: 10}
"""Modules that stay white around a code: DataMatrix asks for 1, QR for 4, Code 128 for 10 at its sides."""

_MARGIN_MM = 1.5
_LEAST_MODULE_MM = 0.165
"""Smaller modules are what label printers and phones cannot tell apart (GS1 asks for 0.255 on general goods)."""

_LARGEST_MODULE_MM = 0.8


@dataclass(frozen=True, slots=True)
class Arranged:
    """A label with its modules and their place; ``dots`` are its width and height."""

    label: Label
    modules: NDArray[np.bool_]
    placed: Placed
    dots: tuple[int, int]


def arrange(label: Label, paper: Format, dpi: int) -> Arranged:
    """Arrange a label: a square code at the left with the lines beside it, a linear code above them.

    Raises:
        DomainError: ``label_too_small``, ``label_not_encodable``.
    """
    modules = modules_of(label)
    width, height = _dots(paper.width, dpi), _dots(paper.height, dpi)
    margin = _dots(_MARGIN_MM, dpi)
    rows, columns = modules.shape
    quiet = _QUIET[label.symbol]
    if label.symbol is Symbol.CODE_128:
        module = _module((width - 2 * margin) // (columns + 2 * quiet), dpi, label)
        bar = round(height * 0.42)
        x = (width - columns * module) // 2
        under = 2 * margin + bar
        lines = _lines(label, margin * 2, under, width - 4 * margin, height - margin - under)
        return Arranged(label, modules, Placed(x, margin, module, bar, lines), (width, height))
    room = min(height - 2 * margin, width * 3 // 5)
    module = _module(room // (rows + 2 * quiet), dpi, label)
    side = rows * module
    x = margin + quiet * module
    beside = x + side + quiet * module
    lines = _lines(label, beside, margin, width - beside - margin, height - 2 * margin)
    return Arranged(label, modules, Placed(x, (height - side) // 2, module, side, lines), (width, height))


def _lines(label: Label, x: int, top: int, room: int, height: int) -> tuple[tuple[int, int, int, int], ...]:
    """Left, top, height of letters and width of each line; the first is one and a half times as high."""
    count = len(label.lines)
    if not count:
        return ()
    step = min(height / (count + 0.5), height / 4)
    top = round(top + (height - step * (count + 0.5)) / 2)
    tops = [top] + [round(top + step * (index + 0.5)) for index in range(1, count)]
    sizes = [step * 1.5] + [step] * (count - 1)
    return tuple((x, at, max(round(size * 0.78), 6), room) for at, size in zip(tops, sizes, strict=True))


def _module(dots: int, dpi: int, label: Label) -> int:
    largest = max(1, int(_LARGEST_MODULE_MM / 25.4 * dpi))
    if dots < 1 or dots / dpi * 25.4 < _LEAST_MODULE_MM:
        raise refuse(
            "label_too_small",
            f"The code of '{label.lines[0] if label.lines else label.text[:40]}' does not fit this label.",
            "Choose a larger label, or another code.",
        )
    return min(dots, largest)


def _dots(millimetres: float, dpi: int) -> int:
    return round(millimetres / 25.4 * dpi)
