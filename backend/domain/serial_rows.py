"""A file of serial numbers: a header row, then one unit a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backend.domain import serials
from backend.domain.errors import DomainError, Refusal, refuse
from backend.domain.ranges import MAX_LIST
from backend.domain.tables import Cell, CellKind, Row

SERIAL_NO, BATCH_NO, EXPIRY, MANUFACTURED = "Serial No", "Batch No", "Expiry", "Manufactured"
COLUMNS = (SERIAL_NO, BATCH_NO, EXPIRY, MANUFACTURED)
"""The headers of the template; case, space and punctuation do not count."""

_NOTHING = Cell("")


@dataclass(frozen=True, slots=True)
class SerialRow:
    """One row; its cells are only to be used where ``refusal`` is ``None``.

    Args:
        row: Its number as a spreadsheet shows it: the header is row 1 when nothing stands above it.
        serial_no: As it stands there, outer space removed; may be empty.
        batch_no: Empty or missing is ``None``.
        manufactured_on: Date in the row, if any.
        expires_on: Date in the row, if any.
        refusal: Why the row cannot be read.
    """

    row: int
    serial_no: str
    batch_no: str | None = None
    manufactured_on: date | None = None
    expires_on: date | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class SerialTable:
    """The rows of a file; ``ignored_columns`` are the headers that mean nothing here."""

    rows: tuple[SerialRow, ...]
    ignored_columns: tuple[str, ...]


def read_serial_table(table: Sequence[Row]) -> SerialTable:
    """Read a table whose first row with something in it is the header.

    Raises:
        DomainError: ``header_missing``, ``header_repeated``, ``file_empty``, ``list_too_long``.
    """
    top = next((index for index, row in enumerate(table) if any(cell.text.strip() for cell in row)), 0)
    header = table[top] if table else ()
    columns, ignored = columns_of(header, COLUMNS, needed=(SERIAL_NO,))
    body = table[top + 1 :]
    if not body:
        raise refuse(
            "file_empty", "The file has a header and no rows.", "Write one serial number a row below the header."
        )
    if len(body) > MAX_LIST:
        raise refuse(
            "list_too_long",
            f"The file has {len(body):,} rows; one upload takes up to {MAX_LIST:,}.",
            "Split the file and upload the parts one after the other.",
            limit=MAX_LIST,
        )
    rows = (_read(number, row, columns) for number, row in enumerate(body, start=top + 2))
    return SerialTable(tuple(rows), ignored)


def header_key(text: str) -> str:
    """What is compared of a header.

    >>> header_key(" SERIAL_no. ")
    'serialno'
    """
    return "".join(character for character in text.casefold() if character.isalnum())


def columns_of(header: Row, known: Sequence[str], *, needed: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Where the known columns are, and the headers that mean nothing here.

    Raises:
        DomainError: ``header_missing``, ``header_repeated``.
    """
    by_key = {header_key(column): column for column in known}
    columns: dict[str, int] = {}
    ignored = []
    for index, cell in enumerate(header):
        column = by_key.get(header_key(cell.text))
        if column is None:
            ignored += [_shown(cell.text)] if cell.text.strip() else []
        elif column in columns:
            raise refuse("header_repeated", f"The file has the column '{column}' twice.", "Keep the one that is meant.")
        else:
            columns[column] = index
    missing = next((column for column in needed if column not in columns), None)
    if missing is not None:
        found = ", ".join(f"'{name}'" for name in [*columns, *ignored][:8]) or "nothing that is one"
        raise refuse(
            "header_missing",
            f"The file has no column '{missing}'; its header has {found}.",
            f"Write the header {', '.join(known)} in the first row, or use the template.",
            columns=list(known),
        )
    return columns, tuple(ignored)


def _read(number: int, row: Row, columns: dict[str, int]) -> SerialRow:
    def cell(column: str) -> Cell:
        index = columns.get(column, len(row))
        return row[index] if index < len(row) else _NOTHING

    serial_no = cell(SERIAL_NO).text.strip()
    try:
        must_be_text(SERIAL_NO, cell(SERIAL_NO))
        must_be_text(BATCH_NO, cell(BATCH_NO))
        return SerialRow(
            number,
            serial_no,
            cell(BATCH_NO).text.strip() or None,
            read_date(MANUFACTURED, cell(MANUFACTURED)),
            read_date(EXPIRY, cell(EXPIRY)),
        )
    except DomainError as error:
        return SerialRow(number, serial_no, refusal=error.refusal)


def must_be_text(column: str, cell: Cell) -> None:
    """Refuse a cell that a spreadsheet has made something else of than the text that was typed."""
    shown = _shown(cell.text)
    if cell.kind is CellKind.FORMULA or cell.text.lstrip().startswith("="):
        raise refuse(
            "formula_refused",
            f"'{shown}' under {column} is a formula; formulas are never calculated here.",
            "Write the number itself.",
        )
    if cell.kind is CellKind.DATE:
        raise refuse(
            "cell_is_date",
            f"The spreadsheet has made the date {shown} of what was typed under {column}.",
            "Format the column as text, as in the template, and type it again.",
        )
    if cell.kind is CellKind.ROUNDED:
        raise refuse(
            "cell_is_rounded",
            f"{shown} under {column} is kept as a number, of which a spreadsheet keeps 15 digits.",
            "Format the column as text, as in the template, and type it again.",
        )
    if cell.kind is CellKind.FAULT:
        raise refuse("cell_is_error", f"The cell under {column} holds the error {shown}.", "Write the number itself.")


def read_date(column: str, cell: Cell) -> date | None:
    """The date of a cell, if it has one."""
    if not cell.text.strip():
        return None
    try:
        if cell.kind not in (CellKind.TEXT, CellKind.DATE):
            raise ValueError
        return date.fromisoformat(cell.text.strip())
    except ValueError:
        # 03/04/2027 is not guessed: it is a day in March or in April, depending on who wrote it.
        raise refuse(
            "date_unreadable",
            f"'{_shown(cell.text)}' under {column} is no date of the form 2027-12-31.",
            "Write the date as year-month-day, or as a date cell of a spreadsheet.",
        ) from None


def _shown(text: str) -> str:
    return serials.printable(text.strip()[:60])
