"""A file of quantities, of goods without serial numbers: a header row, then so much of a batch a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backend.domain.errors import DomainError, Refusal
from backend.domain.ledger import Quantity
from backend.domain.quantities import read_quantity
from backend.domain.ranges import MAX_LIST
from backend.domain.serial_rows import BATCH_NO, EXPIRY, MANUFACTURED
from backend.domain.table_columns import Cells, as_date, must_be_text, read_body
from backend.domain.tables import Cell, CellKind, Row

QTY = "Qty"
QUANTITY_COLUMNS = (QTY, BATCH_NO, EXPIRY, MANUFACTURED)
"""The headers of the template; case, space and punctuation do not count."""


@dataclass(frozen=True, slots=True)
class QuantityRow:
    """One row; its cells are only to be used where ``refusal`` is ``None``. ``text`` is the quantity as it stands."""

    row: int
    text: str
    qty: Quantity = 0
    batch_no: str | None = None
    manufactured_on: date | None = None
    expires_on: date | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class QuantityTable:
    """The rows of a file; ``ignored_columns`` are the headers that mean nothing here."""

    rows: tuple[QuantityRow, ...]
    ignored_columns: tuple[str, ...]


def read_quantity_table(table: Sequence[Row]) -> QuantityTable:
    """Read a table whose first row with something in it is the header.

    Raises:
        DomainError: ``header_missing``, ``header_repeated``, ``file_empty``, ``list_too_long``.
    """
    found = read_body(table, QUANTITY_COLUMNS, required=QTY, most=MAX_LIST)
    return QuantityTable(tuple(_read(number, cells) for number, cells in found.rows), found.ignored_columns)


def _read(number: int, cells: Cells) -> QuantityRow:
    text = cells[QTY].text.strip()
    try:
        must_be_text(BATCH_NO, cells[BATCH_NO])
        return QuantityRow(
            number,
            text,
            _qty(cells[QTY]),
            cells[BATCH_NO].text.strip() or None,
            as_date(MANUFACTURED, cells[MANUFACTURED]),
            as_date(EXPIRY, cells[EXPIRY]),
        )
    except DomainError as error:
        return QuantityRow(number, text, refusal=error.refusal)


def _qty(cell: Cell) -> Quantity:
    if cell.kind is not CellKind.ROUNDED:  # So long a number is told that it is too large.
        must_be_text(QTY, cell)
    return read_quantity(cell.text)
