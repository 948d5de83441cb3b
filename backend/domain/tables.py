"""A table out of a file, within limits: rows of cells, whatever kind of file they came in."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from backend.domain.errors import refuse

MAX_ROWS = 50_000
"""Most rows of a table below its header, empty ones in between included."""

MAX_COLUMNS = 64
MAX_CELLS = 500_000
"""Most cells with something in them."""

MAX_TEXT = 16_000_000
"""Most characters in all cells. A short spreadsheet can hold one long text many times."""


class CellKind(StrEnum):
    """What a cell is besides text."""

    TEXT = "text"
    DATE = "date"
    FORMULA = "formula"
    ROUNDED = "rounded"
    """A number with more digits than a spreadsheet keeps."""
    FAULT = "fault"
    """An error value such as #REF!."""


class Cell(NamedTuple):
    """A cell as a person reads it; a date as YYYY-MM-DD, a formula as it is written."""

    text: str
    kind: CellKind = CellKind.TEXT


Row = Sequence[Cell]


def within_limits(rows: Iterable[Row]) -> list[Row]:
    """The rows without empty ones at the end, refused as soon as a limit is passed.

    Empty rows in between are kept, so that the index of a row is its number in the file, less one.

    Raises:
        DomainError: ``file_too_many_rows``, ``file_too_many_columns``, ``file_too_much_text``, ``file_empty``.
    """
    kept: list[Row] = []
    cells = characters = last = 0
    for number, row in enumerate(rows, start=1):
        if number > MAX_ROWS + 1:
            raise refuse(
                "file_too_many_rows",
                f"The file has more than {MAX_ROWS:,} rows below its header, the limit.",
                "Delete the empty rows below the last serial number, or split the file.",
                limit=MAX_ROWS,
            )
        if len(row) > MAX_COLUMNS:
            raise refuse(
                "file_too_many_columns",
                f"Row {number} reaches beyond column {MAX_COLUMNS}, the limit.",
                "Keep only the columns that are read.",
                limit=MAX_COLUMNS,
            )
        filled = [cell for cell in row if cell.text.strip()]
        cells += len(filled)
        characters += sum(len(cell.text) for cell in filled)
        if cells > MAX_CELLS or characters > MAX_TEXT:
            raise refuse(
                "file_too_much_text",
                f"The file holds more than {MAX_CELLS:,} cells or {MAX_TEXT:,} characters, the limit.",
                "Keep only the columns that are read, or split the file.",
                limit=MAX_CELLS,
            )
        kept.append(row)
        if filled:
            last = number
    if not last:
        raise refuse("file_empty", "The file is empty.", "Write a header and a row below it, and upload it again.")
    return kept[:last]
