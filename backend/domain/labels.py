"""Labels: what stands in the code, what stands beside it, and where on the paper.

References:
    GS1 General Specifications, sections 3.2 (application identifiers) and 5.4 (GS1 DataMatrix); GS1 Digital Link
    URI Syntax 1.4, section 4; ISO/IEC 15417 (Code 128).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from urllib.parse import quote

from backend.domain.cell_texts import visible
from backend.domain.epcis_ids import is_gs1_text
from backend.domain.errors import refuse

MOST_LABELS = 2_000
"""Of one print: some minutes of a label printer, and a PDF that a phone still opens."""


class Subject(StrEnum):
    """What a label can be of."""

    UNIT = "unit"
    BATCH = "batch"
    PLACE = "place"
    ITEM = "item"
    BADGE = "badge"


class Symbol(StrEnum):
    """The code on a label."""

    GS1_DATAMATRIX = "gs1_datamatrix"
    GS1_QR = "gs1_qr"
    """A QR code with a Digital Link of our own address, which any phone's camera opens."""

    QR = "qr"
    CODE_128 = "code_128"


@dataclass(frozen=True, slots=True)
class Format:
    """A size of label, in millimetres; on a sheet also how many stand where, on a roll one a page."""

    width: float
    height: float
    page_width: float = 0
    page_height: float = 0
    columns: int = 1
    rows: int = 1
    left: float = 0
    top: float = 0
    step_x: float = 0
    step_y: float = 0

    @property
    def is_sheet(self) -> bool:
        """Whether the labels stand on a sheet for an office printer."""
        return self.page_width > 0

    def position(self, index: int) -> tuple[int, float, float]:
        """Page and upper left corner of a label, counted from 0 row by row."""
        if not self.is_sheet:
            return index, 0, 0
        page, at = divmod(index, self.columns * self.rows)
        row, column = divmod(at, self.columns)
        return page, self.left + column * self.step_x, self.top + row * self.step_y


FORMATS: Mapping[str, Format] = {
    "a4_21": Format(63.5, 38.1, 210, 297, 3, 7, 7.25, 15.15, 66.0, 38.1),
    "a4_65": Format(38.1, 21.2, 210, 297, 5, 13, 4.75, 10.7, 40.6, 21.2),
    "letter_30": Format(66.675, 25.4, 215.9, 279.4, 3, 10, 4.7625, 12.7, 69.85, 25.4),
    "roll_50x25": Format(50, 25),
    "roll_62x29": Format(62, 29),
    "roll_100x50": Format(100, 50),
}
"""Avery L7160 and L7651 on A4, Avery 5160 on letter paper, and rolls of desktop label printers."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a thing is called; what it does not have is empty."""

    subject: Subject
    code: str
    """The text that a plain code holds: serial number, batch number, code of place or item, user name."""

    fields: Mapping[str, str] = field(default_factory=dict)
    gtin: str | None = None
    serial_no: str | None = None
    batch_no: str | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """What is printed: the code with its content, and the lines beside it, the first one the largest.

    ``elements`` are the GS1 fields of a GS1 symbol; ``text`` is what any other symbol holds.
    """

    symbol: Symbol
    text: str
    elements: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]


LAYOUTS: Mapping[Subject, str] = {
    Subject.UNIT: "{serial_no}\n{item_code}\n{name}\nBatch {batch_no}\nExp {expires_on}",
    Subject.BATCH: "{batch_no}\n{item_code}\n{name}\nExp {expires_on}",
    Subject.PLACE: "{place}\n{name}\n{site}",
    Subject.ITEM: "{item_code}\n{name}\n{gtin}",
    Subject.BADGE: "{person}\n{username}",
}
"""The lines of a label. A line whose placeholder has nothing to say is left out."""

PLACEHOLDERS = frozenset(
    {"serial_no", "item_code", "name", "batch_no", "expires_on", "place", "site", "gtin", "person", "username"}
)
_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_MOST_LINES, _LONGEST_LINE = 8, 80
_CODE_128 = re.compile(r"[ -~]{1,48}")


def label_of(facts: Facts, symbol: Symbol, base: str, layout: str | None = None) -> Label:
    """The label of a thing.

    Args:
        facts: What it is called.
        symbol: The code that is wanted; what has no GTIN gets the same code with its plain text.
        base: Our own address, for Digital Links.
        layout: Lines with placeholders in braces; nothing else in it means anything.

    Raises:
        DomainError: ``label_not_encodable``, ``layout_unknown_placeholder``.
    """
    lines = fill(LAYOUTS[facts.subject] if layout is None else layout, facts.fields)
    elements = elements_of(facts) if symbol in (Symbol.GS1_DATAMATRIX, Symbol.GS1_QR) else ()
    if symbol is Symbol.GS1_QR and elements:
        return Label(symbol, digital_link(base, elements), (), lines)
    if symbol is Symbol.CODE_128 and not _CODE_128.fullmatch(facts.code):
        raise refuse(
            "label_not_encodable",
            f"'{visible(facts.code[:60])}' does not fit a Code 128: up to 48 characters of ASCII.",
            "Choose a QR code.",
        )
    return Label(symbol, facts.code, elements if symbol is Symbol.GS1_DATAMATRIX else (), lines)


def elements_of(facts: Facts) -> tuple[tuple[str, str], ...]:
    """The GS1 fields, those of fixed length first; empty for what GS1 has no key for.

    A serial number that GS1 does not allow makes the whole code a plain one: half of it would name another thing.
    """
    if facts.gtin is None or facts.subject not in (Subject.UNIT, Subject.BATCH, Subject.ITEM):
        return ()
    if any(text is not None and not is_gs1_text(text) for text in (facts.serial_no, facts.batch_no)):
        return ()
    found = [("01", facts.gtin)]
    if facts.expires_on:
        found.append(("17", f"{facts.expires_on:%y%m%d}"))
    if facts.batch_no:
        found.append(("10", facts.batch_no))
    if facts.serial_no:
        found.append(("21", facts.serial_no))
    return tuple(found)


def digital_link(base: str, elements: tuple[tuple[str, str], ...]) -> str:
    """The elements as an address: keys and qualifiers in the path, the rest behind it.

    >>> digital_link("https://stock.example", (("01", "09506000134352"), ("17", "270228"), ("21", "A/1")))
    'https://stock.example/01/09506000134352/21/A%2F1?17=270228'
    """
    path = "".join(f"/{ai}/{quote(value, safe='')}" for ai, value in elements if ai != "17")
    query = "&".join(f"{ai}={value}" for ai, value in elements if ai == "17")
    return f"{base}{path}" + (f"?{query}" if query else "")


def fill(layout: str, fields: Mapping[str, str]) -> tuple[str, ...]:
    """Put texts in the place of placeholders, once: what a text holds is never a placeholder itself.

    >>> fill("{serial_no}\\nBatch {batch_no}\\n{name}", {"serial_no": "1", "name": "{serial_no} ^XZ"})
    ('1', '{serial_no} ^XZ')

    Raises:
        DomainError: ``layout_unknown_placeholder``.
    """
    unknown = [name for name in _PLACEHOLDER.findall(layout) if name not in PLACEHOLDERS]
    if unknown:
        raise refuse(
            "layout_unknown_placeholder",
            f"{{{unknown[0][:40]}}} is no placeholder of a label.",
            f"Use {', '.join(sorted(PLACEHOLDERS))}.",
        )
    lines = []
    for line in layout.split("\n"):
        names = _PLACEHOLDER.findall(line)
        if any(not fields.get(name) for name in names):
            continue
        text = visible(_PLACEHOLDER.sub(lambda match: fields[match[1]], line)).strip()
        if text:
            lines.append(text[:_LONGEST_LINE])
    return tuple(lines[:_MOST_LINES])
