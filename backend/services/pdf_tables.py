"""Tables as PDF: landscape A4, the head on every page, in letters of every script that our fonts have."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from backend.services.table_files import TableCell

MOST_ROWS = 5_000
"""More is no reading matter; 5,000 rows are some 140 pages and take about five seconds."""

_ROW_MM, _FONT_PT = 5.5, 8
_SAMPLE = 200
"""Rows that the widths of the columns are taken from."""


@cache
def fonts() -> tuple[Path, ...]:
    """The font, and those that letters are taken from which it does not have."""
    found = []
    for package, beginning in (("fontpkg_noto_sans", "NotoSans["), ("fontpkg_noto_sans_arabic", "NotoSansArabic[")):
        folder = Path(str(files(package))) / "files"
        found += [path for path in sorted(folder.iterdir()) if path.name.startswith(beginning)]
    return tuple(found)


def write_pdf(
    rows: Iterable[Sequence[TableCell]],
    *,
    title: str,
    under_title: Sequence[str],
    is_number: Sequence[bool],
    made_at: datetime,
) -> IO[bytes]:
    """Write a table.

    Args:
        rows: The head, then the rows; at most ``MOST_ROWS``, which the caller sees to.
        title: What it is.
        under_title: What was asked for, said under the title.
        is_number: Which columns are aligned like numbers.
        made_at: The moment of which the table is true.

    Returns:
        The file, to be read from its beginning.
    """
    texts = ([printable(cell) for cell in row] for row in rows)
    pdf = _Sheet(title, f"{made_at:%Y-%m-%d %H:%M} UTC")
    pdf.begin(under_title)
    pdf.write_table(texts, is_number)
    file = TemporaryFile()  # noqa: SIM115  # whoever asked for it reads and closes it
    file.write(bytes(pdf.output()))
    file.seek(0)
    return file


def printable(cell: TableCell) -> str:
    """A cell on paper: without what steers a printer or turns the direction of the text around it.

    >>> printable("NB25\\u202e-0001\\x1b"), printable(None)
    ('NB25-0001', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, Decimal | int):
        return f"{cell:,}"
    return "".join(character for character in cell if unicodedata.category(character) not in ("Cc", "Cf", "Cs"))


class _Sheet(FPDF):
    def __init__(self, title: str, made_at: str) -> None:
        super().__init__(orientation="landscape", format="A4")
        self._title, self._made_at = title, made_at
        self._letter_widths: dict[str, float] = {}
        self.set_title(title)
        self.set_margin(10)
        self.set_auto_page_break(False)
        names = [f"font{index}" for index, _ in enumerate(fonts())]
        for name, path in zip(names, fonts(), strict=True):
            self.add_font(name, fname=path)
        self.set_font(names[0], size=_FONT_PT)
        self.set_fallback_fonts(names[1:])

    def footer(self) -> None:
        """The foot of every page: what it is, when it was made, and which page."""
        self.set_y(-9)
        self.set_text_color(90)
        self.cell(w=self.epw / 2, text=f"Serialtrail · {self._title} · {self._made_at}")
        self.cell(w=self.epw / 2, text=f"{self.page_no()} / {{nb}}", align="R")
        self.set_text_color(0)

    def begin(self, under_title: Sequence[str]) -> None:
        """The first page with its title."""
        self.add_page()
        self.set_font(size=15)
        self.cell(w=self.epw, h=9, text=self._title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_font(size=_FONT_PT)
        if under_title:
            self.multi_cell(w=self.epw, h=5, text=" · ".join(under_title), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(2)

    def write_table(self, texts: Iterator[Sequence[str]], is_number: Sequence[bool]) -> None:
        """All rows, the head again on every page."""
        head, *first = islice(texts, _SAMPLE + 1)
        widths = self._widths([head, *first])
        self._row(head, widths, is_number, is_head=True)
        for row in chain(first, texts):
            if self.get_y() + _ROW_MM > self.h - 13:
                self.add_page()
                self._row(head, widths, is_number, is_head=True)
            self._row(row, widths, is_number)

    def _widths(self, rows: Sequence[Sequence[str]]) -> list[float]:
        """What each column needs, shrunk in proportion where the page is too narrow."""
        needed = [max(sum(map(self._width_of, text[:60])) for text in column) + 4 for column in zip(*rows, strict=True)]
        return [width * min(1.0, self.epw / sum(needed)) for width in needed]

    def _row(
        self, row: Sequence[str], widths: Sequence[float], is_number: Sequence[bool], *, is_head: bool = False
    ) -> None:
        if is_head:
            self.set_fill_color(228)
        for text, width, right in zip(row, widths, is_number, strict=True):
            shown = self._cut(text, width - 2)
            self.cell(w=width, h=_ROW_MM, text=shown, border="B", align="R" if right else "L", fill=is_head)
        self.ln(_ROW_MM)

    def _cut(self, text: str, width: float) -> str:
        """What fits, with dots where something is left out."""
        room, fits = width, 0
        dots = self._width_of("…")
        for position, letter in enumerate(text):
            room -= self._width_of(letter)
            if room < 0:
                return text[:fits] + "…"
            if room >= dots:
                fits = position + 1
        return text

    def _width_of(self, letter: str) -> float:
        """A letter's width in the table. A text is as wide as its letters; to ask fpdf for all of it takes longer."""
        if letter not in self._letter_widths:
            self._letter_widths[letter] = self.get_string_width(letter)
        return self._letter_widths[letter]
