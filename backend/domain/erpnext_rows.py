"""ERPNext's Serial No and Batch as tables: the columns of its Data Export that mean something here.

References:
    ERPNext 15, ``erpnext/stock/doctype/serial_no/serial_no.json`` and ``batch/batch.json``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from backend.domain.errors import DomainError, Refusal
from backend.domain.ranges import MAX_LIST
from backend.domain.table_columns import Cells, as_date, must_be_text, read_body
from backend.domain.tables import Row


class Doctype(StrEnum):
    """What a file holds."""

    SERIAL_NO = "serial-no"
    BATCH = "batch"


SERIAL_NO, ITEM_CODE, WAREHOUSE, BATCH_NO, STATUS = "Serial No", "Item Code", "Warehouse", "Batch No", "Status"
BATCH_ID, ITEM, MANUFACTURING_DATE, EXPIRY_DATE = "Batch ID", "Item", "Manufacturing Date", "Expiry Date"
COLUMNS = {
    Doctype.SERIAL_NO: (SERIAL_NO, ITEM_CODE, WAREHOUSE, BATCH_NO, STATUS),
    Doctype.BATCH: (BATCH_ID, ITEM, MANUFACTURING_DATE, EXPIRY_DATE),
}
IN_STOCK = "active"
"""The status of a serial number in a warehouse; the others say that it left, which needs its own voucher."""


@dataclass(frozen=True, slots=True)
class ErpnextRow:
    """One row of either doctype; ``key`` is its serial number or batch number."""

    row: int
    key: str
    item_code: str = ""
    warehouse: str = ""
    batch_no: str | None = None
    manufactured_on: date | None = None
    expires_on: date | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class ErpnextTable:
    """The rows of a file; ``ignored_columns`` are the headers that mean nothing here."""

    rows: tuple[ErpnextRow, ...]
    ignored_columns: tuple[str, ...]


def read_erpnext_table(doctype: Doctype, table: Sequence[Row]) -> ErpnextTable:
    """Read a table whose first row with something in it is the header.

    Raises:
        DomainError: ``header_missing``, ``header_repeated``, ``file_empty``, ``list_too_long``.
    """
    columns = COLUMNS[doctype]
    found = read_body(table, columns, required=columns[0], most=MAX_LIST)
    read = _serial_no if doctype is Doctype.SERIAL_NO else _batch
    return ErpnextTable(tuple(read(number, cells) for number, cells in found.rows), found.ignored_columns)


def _serial_no(number: int, cells: Cells) -> ErpnextRow:
    key, warehouse = cells[SERIAL_NO].text.strip(), cells[WAREHOUSE].text.strip()
    status = cells[STATUS].text.strip()
    try:
        for column in (SERIAL_NO, ITEM_CODE, WAREHOUSE, BATCH_NO):
            must_be_text(column, cells[column])
    except DomainError as error:
        return ErpnextRow(number, key, refusal=error.refusal)
    refusal = None
    if not warehouse or (status and status.casefold() != IN_STOCK):
        refusal = Refusal(
            "erpnext_not_in_stock",
            f"{key} is not in a warehouse{f': its status is {status[:40]}' if status else ''}.",
            "Take the rows with status Active and a warehouse; what was delivered is entered by a delivery.",
        )
    batch_no = cells[BATCH_NO].text.strip() or None
    return ErpnextRow(number, key, cells[ITEM_CODE].text.strip(), warehouse, batch_no, refusal=refusal)


def _batch(number: int, cells: Cells) -> ErpnextRow:
    key = cells[BATCH_ID].text.strip()
    try:
        must_be_text(BATCH_ID, cells[BATCH_ID])
        must_be_text(ITEM, cells[ITEM])
        made, expires = as_date(MANUFACTURING_DATE, cells[MANUFACTURING_DATE]), as_date(EXPIRY_DATE, cells[EXPIRY_DATE])
    except DomainError as error:
        return ErpnextRow(number, key, refusal=error.refusal)
    return ErpnextRow(number, key, cells[ITEM].text.strip(), manufactured_on=made, expires_on=expires)
