"""A file of serial numbers: a header row, then one unit a row."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from backend.domain.errors import DomainError, Refusal
from backend.domain.ranges import MAX_LIST
from backend.domain.standards import SecondaryKind
from backend.domain.table_columns import Cells, as_date, must_be_text, read_body
from backend.domain.tables import Row

SERIAL_NO, BATCH_NO, EXPIRY, MANUFACTURED = "Serial No", "Batch No", "Expiry", "Manufactured"
COLUMNS = (SERIAL_NO, BATCH_NO, EXPIRY, MANUFACTURED)
"""The headers of the template; case, space and punctuation do not count."""

SECONDARY_COLUMNS: Mapping[str, SecondaryKind] = {
    "IMEI": SecondaryKind.IMEI,
    "IMEI 2": SecondaryKind.IMEI,
    "MAC": SecondaryKind.MAC,
    "MAC 2": SecondaryKind.MAC,
    "VIN": SecondaryKind.VIN,
    "Component": SecondaryKind.COMPONENT,
    "Component 2": SecondaryKind.COMPONENT,
    "Component 3": SecondaryKind.COMPONENT,
}
"""The headers of further numbers of a unit, in a file of units that are received."""


@dataclass(frozen=True, slots=True)
class SerialRow:
    """One row; its cells are only to be used where ``refusal`` is ``None``.

    Args:
        row: Its number as a spreadsheet shows it: the header is row 1 when nothing stands above it.
        serial_no: As it stands there, outer space removed; may be empty.
        batch_no: Empty or missing is ``None``.
        manufactured_on: Date in the row, if any.
        expires_on: Date in the row, if any.
        secondaries: Further numbers in the row, with their kinds.
        refusal: Why the row cannot be read.
    """

    row: int
    serial_no: str
    batch_no: str | None = None
    manufactured_on: date | None = None
    expires_on: date | None = None
    secondaries: tuple[tuple[SecondaryKind, str], ...] = ()
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class SerialTable:
    """The rows of a file; ``ignored_columns`` are the headers that mean nothing here."""

    rows: tuple[SerialRow, ...]
    ignored_columns: tuple[str, ...]


def columns_of(kinds: Collection[str]) -> tuple[str, ...]:
    """The headers of the template for an item whose units have further numbers of some kinds.

    >>> columns_of(["mac"])
    ('Serial No', 'Batch No', 'Expiry', 'Manufactured', 'MAC', 'MAC 2')
    """
    return (*COLUMNS, *(column for column, kind in SECONDARY_COLUMNS.items() if kind in kinds))


def read_serial_table(table: Sequence[Row], *, with_secondaries: bool = False) -> SerialTable:
    """Read a table whose first row with something in it is the header.

    Args:
        table: The rows of a file.
        with_secondaries: Whether columns of further numbers mean something.

    Raises:
        DomainError: ``header_missing``, ``header_repeated``, ``file_empty``, ``list_too_long``.
    """
    columns = (*COLUMNS, *SECONDARY_COLUMNS) if with_secondaries else COLUMNS
    found = read_body(table, columns, required=SERIAL_NO, most=MAX_LIST)
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
            tuple(_secondaries(cells)),
        )
    except DomainError as error:
        return SerialRow(number, serial_no, refusal=error.refusal)


def _secondaries(cells: Cells) -> Iterator[tuple[SecondaryKind, str]]:
    for column, kind in SECONDARY_COLUMNS.items():
        if column in cells and cells[column].text.strip():
            must_be_text(column, cells[column])
            yield kind, cells[column].text.strip()
