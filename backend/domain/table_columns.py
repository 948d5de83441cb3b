"""The columns of a table by their headers, and what a cell says as text or as a date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from backend.domain import serials
from backend.domain.errors import refuse
from backend.domain.tables import Cell, CellKind, Row

Cells = Mapping[str, Cell]
"""The cells of a row by the name of their column; an empty one where the file has no such column."""

NOTHING = Cell("")


@dataclass(frozen=True, slots=True)
class Body:
    """The rows below a header, with their numbers as a spreadsheet shows them."""

    rows: tuple[tuple[int, Cells], ...]
    ignored_columns: tuple[str, ...]


def read_body(table: Sequence[Row], columns: Sequence[str], *, required: str, most: int) -> Body:
    """Read a table whose first row with something in it is the header.

    Args:
        table: The rows of a file.
        columns: The headers that mean something.
        required: The one that must be there.
        most: How many rows it may have below the header.

    Raises:
        DomainError: ``header_missing``, ``header_repeated``, ``file_empty``, ``list_too_long``.
    """
    top = next((index for index, row in enumerate(table) if any(cell.text.strip() for cell in row)), 0)
    found, ignored = _columns(table[top] if table else (), columns, required)
    body = table[top + 1 :]
    if not body:
        raise refuse(
            "file_empty", "The file has a header and no rows.", f"Write one {required.lower()} a row below the header."
        )
    if len(body) > most:
        raise refuse(
            "list_too_long",
            f"The file has {len(body):,} rows; one upload takes up to {most:,}.",
            "Split the file and upload the parts one after the other.",
            limit=most,
        )

    def cells(row: Row) -> Cells:
        at = {column: found.get(column, len(row)) for column in columns}
        return {column: row[index] if index < len(row) else NOTHING for column, index in at.items()}

    return Body(tuple((number, cells(row)) for number, row in enumerate(body, start=top + 2)), ignored)


def header_key(text: str) -> str:
    """What is compared of a header.

    >>> header_key(" SERIAL_no. ")
    'serialno'
    """
    return "".join(character for character in text.casefold() if character.isalnum())


def _columns(header: Row, columns: Sequence[str], required: str) -> tuple[dict[str, int], tuple[str, ...]]:
    by_key = {header_key(column): column for column in columns}
    found: dict[str, int] = {}
    ignored = []
    for index, cell in enumerate(header):
        column = by_key.get(header_key(cell.text))
        if column is None:
            ignored += [shown(cell.text)] if cell.text.strip() else []
        elif column in found:
            raise refuse("header_repeated", f"The file has the column '{column}' twice.", "Keep the one that is meant.")
        else:
            found[column] = index
    if required not in found:
        has = ", ".join(f"'{name}'" for name in ignored[:8]) or "nothing that is one"
        raise refuse(
            "header_missing",
            f"The file has no column '{required}'; its header has {has}.",
            f"Write the header {', '.join(columns)} in the first row.",
            columns=list(columns),
        )
    return found, tuple(ignored)


def must_be_text(column: str, cell: Cell) -> None:
    """Raise the refusal of a cell that is no text: a formula, a date, a rounded number, an error."""
    text = shown(cell.text)
    if cell.kind is CellKind.FORMULA or cell.text.lstrip().startswith("="):
        raise refuse(
            "formula_refused",
            f"'{text}' under {column} is a formula; formulas are never calculated here.",
            "Write the number itself.",
        )
    if cell.kind is CellKind.DATE:
        raise refuse(
            "cell_is_date",
            f"The spreadsheet has made the date {text} of what was typed under {column}.",
            "Format the column as text and type it again.",
        )
    if cell.kind is CellKind.ROUNDED:
        raise refuse(
            "cell_is_rounded",
            f"{text} under {column} is kept as a number, of which a spreadsheet keeps 15 digits.",
            "Format the column as text and type it again.",
        )
    if cell.kind is CellKind.FAULT:
        raise refuse("cell_is_error", f"The cell under {column} holds the error {text}.", "Write the number itself.")


def as_date(column: str, cell: Cell) -> date | None:
    """The date in a cell; ``None`` for an empty one.

    Raises:
        DomainError: ``date_unreadable``.
    """
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
            f"'{shown(cell.text)}' under {column} is no date of the form 2027-12-31.",
            "Write the date as year-month-day, or as a date cell of a spreadsheet.",
        ) from None


def shown(text: str) -> str:
    """The beginning of a text, safe for any screen."""
    return serials.printable(text.strip()[:60])
