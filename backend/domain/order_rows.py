"""A file of purchase orders: a header row, then one line of an order a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backend.domain import serials
from backend.domain.errors import DomainError, Refusal, refuse
from backend.domain.ledger import Quantity
from backend.domain.quantities import read_quantity
from backend.domain.ranges import MAX_LIST
from backend.domain.table_columns import Cells, as_date, must_be_text, read_body
from backend.domain.tables import Cell, CellKind, Row

ORDER_NO, SUPPLIER, ITEM, QTY, ORDERED = "Order No", "Supplier", "Item", "Qty", "Ordered On"
ORDER_COLUMNS = (ORDER_NO, SUPPLIER, ITEM, QTY, ORDERED)
"""The headers of the template; case, space and punctuation do not count."""

_LONGEST = 64


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One row; its cells are only to be used where ``refusal`` is ``None``."""

    row: int
    order_no: str
    supplier: str = ""
    item_code: str = ""
    qty: Quantity = 0
    ordered_on: date | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class OrderTable:
    """The rows of a file; ``ignored_columns`` are the headers that mean nothing here."""

    rows: tuple[OrderRow, ...]
    ignored_columns: tuple[str, ...]


def read_order_table(table: Sequence[Row]) -> OrderTable:
    """Read a table whose first row with something in it is the header.

    Raises:
        DomainError: ``header_missing``, ``header_repeated``, ``file_empty``, ``list_too_long``.
    """
    found = read_body(table, ORDER_COLUMNS, required=ORDER_NO, most=MAX_LIST)
    return OrderTable(tuple(_read(number, cells) for number, cells in found.rows), found.ignored_columns)


def _read(number: int, cells: Cells) -> OrderRow:
    order_no = cells[ORDER_NO].text.strip()
    try:
        for column in (ORDER_NO, SUPPLIER, ITEM):
            must_be_text(column, cells[column])
            _must_be_code(column, cells[column].text.strip())
        return OrderRow(
            number,
            order_no,
            cells[SUPPLIER].text.strip(),
            cells[ITEM].text.strip(),
            _qty(cells[QTY]),
            as_date(ORDERED, cells[ORDERED]),
        )
    except DomainError as error:
        return OrderRow(number, order_no, refusal=error.refusal)


def _qty(cell: Cell) -> Quantity:
    if cell.kind is CellKind.FORMULA:
        must_be_text(QTY, cell)
    return read_quantity(cell.text)


def _must_be_code(column: str, text: str) -> None:
    if not text:
        raise refuse("cell_empty", f"The cell under {column} is empty.", "Fill it in; every row names its order.")
    if len(text) > _LONGEST or serials.has_hidden_characters(text):
        raise refuse(
            "cell_is_no_code",
            f"'{serials.printable(text[:40])}' under {column} is longer than {_LONGEST} characters or has hidden ones.",
            "Write the code as its own page shows it.",
        )
