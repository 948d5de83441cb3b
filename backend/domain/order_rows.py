"""A file of purchase orders: a header row, then one line of an order a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backend.domain import serials
from backend.domain.errors import DomainError, Refusal, refuse
from backend.domain.ledger import Quantity
from backend.domain.quantities import read_quantity
from backend.domain.ranges import MAX_LIST
from backend.domain.serial_rows import columns_of, must_be_text, read_date
from backend.domain.tables import Cell, CellKind, Row

ORDER_NO, SUPPLIER, ITEM, QTY, ORDERED = "Order No", "Supplier", "Item", "Qty", "Ordered On"
ORDER_COLUMNS = (ORDER_NO, SUPPLIER, ITEM, QTY, ORDERED)
"""The headers of the template; case, space and punctuation do not count."""

_NEEDED = (ORDER_NO, SUPPLIER, ITEM, QTY)
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
    top = next((index for index, row in enumerate(table) if any(cell.text.strip() for cell in row)), 0)
    columns, ignored = columns_of(table[top] if table else (), ORDER_COLUMNS, needed=_NEEDED)
    body = table[top + 1 :]
    if not body:
        raise refuse("file_empty", "The file has a header and no rows.", "Write one line of an order a row below it.")
    if len(body) > MAX_LIST:
        raise refuse(
            "list_too_long",
            f"The file has {len(body):,} rows; one upload takes up to {MAX_LIST:,}.",
            "Split the file and upload the parts one after the other.",
            limit=MAX_LIST,
        )
    return OrderTable(
        tuple(_read(number, row, columns) for number, row in enumerate(body, start=top + 2)), tuple(ignored)
    )


def _read(number: int, row: Row, columns: dict[str, int]) -> OrderRow:
    def cell(column: str) -> Cell:
        index = columns.get(column, len(row))
        return row[index] if index < len(row) else Cell("")

    order_no = cell(ORDER_NO).text.strip()
    try:
        for column in (ORDER_NO, SUPPLIER, ITEM):
            must_be_text(column, cell(column))
            _must_be_code(column, cell(column).text.strip())
        return OrderRow(
            number,
            order_no,
            cell(SUPPLIER).text.strip(),
            cell(ITEM).text.strip(),
            _qty(cell(QTY)),
            read_date(ORDERED, cell(ORDERED)),
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
