"""The sheets that a table is written on."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from backend.services.pdf_fonts import fonts

_ROW_MM, _FONT_PT = 5.5, 8
_PAGES = "\ue000\ue001\ue002"
_JOINED = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
"""Letters of scripts that run from right to left."""

_SAMPLE = 200
"""Rows that the widths of the columns are taken from."""


class Sheet(FPDF):
    """A document with its title and the moment of which it is true in the foot of every page."""

    def __init__(self, title: str, made_at: str, *, is_right_to_left: bool = False) -> None:
        super().__init__(orientation="landscape", format="A4")
        self._title, self._made_at = title, made_at
        self._is_right_to_left = is_right_to_left
        self._start, self._end = ("R", "L") if is_right_to_left else ("L", "R")
        # What stands for the number of pages must not be what somebody can type: fpdf's own is "{nb}".
        self.alias_nb_pages(_PAGES)
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
        said = [
            (f"Serialtrail · {self._title} · {self._made_at}", self._start),
            (f"{self.page_no()} / {_PAGES}", self._end),
        ]
        for text, align in self._in_order(said):
            self._say(text, self.epw / 2, 5, align)
        self.set_text_color(0)

    def begin(self, under_title: Sequence[str]) -> None:
        """The first page with its title."""
        self.add_page()
        self.set_font(size=15)
        self._say(self._title, self.epw, 9, self._start)
        self.ln(9)
        self.set_font(size=_FONT_PT)
        if under_title:
            under = " · ".join(under_title)
            self._shape(under)
            self.multi_cell(w=self.epw, h=5, text=under, align=self._start, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
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
        if self._is_right_to_left:
            self.set_x(self.w - self.r_margin - sum(widths))
        for text, width, number in self._in_order(list(zip(row, widths, is_number, strict=True))):
            align = self._end if number else self._start
            self._say(self._cut(text, width - 2), width, _ROW_MM, align, border="B", fill=is_head)
        self.ln(_ROW_MM)

    def _in_order(self, cells: list[Any]) -> list[Any]:
        return cells[::-1] if self._is_right_to_left else cells

    def _say(self, text: str, width: float, height: float, align: str, **more: Any) -> None:
        self._shape(text)
        self.cell(w=width, h=height, text=text, align=align, **more)

    def _shape(self, text: str) -> None:
        """Join letters and turn words where a script asks for it; it takes five times as long."""
        self.set_text_shaping(_JOINED.search(text) is not None)

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
