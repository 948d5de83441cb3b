"""A file of serial numbers: a header row, then one unit a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backend.domain.errors import DomainError, Refusal
from backend.domain.ranges import MAX_LIST
from backend.domain.table_columns import Cells, as_date, must_be_text, read_body
from backend.domain.tables import Row

SERIAL_NO, BATCH_NO, EXPIRY, MANUFACTURED = "Serial No", "Batch No", "Expiry", "Manufactured"
COLUMNS = (SERIAL_NO, BATCH_NO, EXPIRY, MANUFACTURED)
"""The headers of the template; case, space and punctuation do not count."""


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
    found = read_body(table, COLUMNS, required=SERIAL_NO, most=MAX_LIST)
    return SerialTable(tuple(_read(number, cells) for number, cells in found.rows), found.ignored_columns)


def _read(number: int, cells: Cells) -> SerialRow:
    serial_no = cells[SERIAL_NO].text.strip()
    try:
        must_be_text(SERIAL_NO, cells[SERIAL_NO])
        must_be_text(BATCH_NO, cells[BATCH_NO])
        return SerialRow(
            number,
            serial_no,
            cells[BATCH_NO].text.strip() or None,
            as_date(MANUFACTURED, cells[MANUFACTURED]),
            as_date(EXPIRY, cells[EXPIRY]),
        )
    except DomainError as error:
        return SerialRow(number, serial_no, refusal=error.refusal)
