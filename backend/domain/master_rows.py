"""Files of items, parties and places: a header row, then one a row. An empty cell says nothing about its field."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from backend.domain import serials
from backend.domain.errors import DomainError, Refusal, refuse
from backend.domain.locations import MADE_BY_PEOPLE
from backend.domain.profiles import ProfileName
from backend.domain.ranges import MAX_LIST
from backend.domain.receiving import Tracking
from backend.domain.standards import SecondaryKind
from backend.domain.table_columns import Cells, must_be_text, read_body, shown
from backend.domain.tables import Row
from backend.domain.warranty import Basis

NONE = "none"
"""What a person writes to empty a field that has something in it."""

Read = Callable[[str, str], Any]


class MasterKind(StrEnum):
    """What a file holds."""

    ITEMS = "items"
    PARTIES = "parties"
    PLACES = "places"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, the field it fills, and how its text is read; ``optional`` fields can be emptied."""

    header: str
    field: str
    read: Read
    optional: bool = False


@dataclass(frozen=True, slots=True)
class MasterRow:
    """One row; its fields are only to be used where ``refusal`` is ``None``. Fields of empty cells are left out."""

    row: int
    code: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class MasterTable:
    """The rows of a file; ``ignored_columns`` are the headers that mean nothing here."""

    rows: tuple[MasterRow, ...]
    ignored_columns: tuple[str, ...]


def _text(most: int) -> Read:
    def read(column: str, text: str) -> str:
        if len(text) > most or serials.has_hidden_characters(text):
            raise _unreadable(column, text, f"a text of at most {most} characters without invisible ones")
        return text

    return read


def _whole(least: int, most: int) -> Read:
    def read(column: str, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
            raise _unreadable(column, text, f"a whole number from {least} to {most:,}")
        return int(text)

    return read


def _choice(values: Sequence[str]) -> Read:
    def read(column: str, text: str) -> str:
        value = text.casefold().replace(" ", "_").replace("-", "_")
        if value not in values:
            raise _unreadable(column, text, f"one of {', '.join(values)}")
        return value

    return read


def _yes(column: str, text: str) -> bool:
    if text.casefold() not in ("yes", "no"):
        raise _unreadable(column, text, "yes or no")
    return text.casefold() == "yes"


def _kinds(column: str, text: str) -> list[str]:
    return [_choice(list(SecondaryKind))(column, part) for part in text.replace(",", " ").split()]


def _codes(_column: str, text: str) -> list[str]:
    return text.split()


def _unreadable(column: str, text: str, wanted: str) -> DomainError:
    return refuse("cell_unreadable", f"'{shown(text)}' under {column} is not {wanted}.", "Correct the cell.")


_DAYS = _whole(0, 36_500)

COLUMNS: Mapping[MasterKind, tuple[Column, ...]] = {
    MasterKind.ITEMS: (
        Column("Item Code", "item_code", _text(64)),
        Column("Name", "name", _text(200)),
        Column("Tracking", "tracking", _choice(list(Tracking))),
        Column("Profile", "profile", _choice(list(ProfileName)), optional=True),
        Column("Barcodes", "barcodes", _codes),
        Column("Serial No Series", "serial_no_series", _text(64), optional=True),
        Column("Batch No Series", "batch_no_series", _text(64), optional=True),
        Column("Serial Length", "serial_length", _whole(1, 64), optional=True),
        Column("Serial Pattern", "serial_pattern", _text(64), optional=True),
        Column("Serial Standard", "serial_standard", _choice(("imei", "mac", "vin")), optional=True),
        Column("Secondary Kinds", "secondary_kinds", _kinds, optional=True),
        Column("Shelf Life Days", "shelf_life_days", _whole(1, 36_500), optional=True),
        Column("Expiry Required", "expiry_required", _yes),
        Column("Warranty Days", "warranty_days", _DAYS, optional=True),
        Column("Warranty Months", "warranty_months", _whole(0, 1200), optional=True),
        Column("Warranty Basis", "warranty_basis", _choice(list(Basis))),
        Column("Pick Rule", "pick_rule", _choice(("fifo", "lifo", "fefo"))),
        Column("Over Receipt Percent", "over_receipt_percent", _whole(0, 100)),
        Column("Reorder Level", "reorder_level", _whole(0, 1_000_000), optional=True),
        Column("Verify Returns", "verify_returns", _yes),
    ),
    MasterKind.PARTIES: (
        Column("Code", "code", _text(64)),
        Column("Kind", "kind", _choice(("supplier", "customer"))),
        Column("Name", "name", _text(200)),
        Column("Contact", "contact", _text(200), optional=True),
    ),
    MasterKind.PLACES: (
        Column("Code", "code", _text(64)),
        Column("Name", "name", _text(200)),
        Column("Kind", "kind", _choice(sorted(MADE_BY_PEOPLE))),
        Column("Parent", "parent", _text(64)),
        Column("Walk Order", "walk_order", _whole(0, 1_000_000)),
    ),
}
"""The columns of each kind of file; the first holds the code that says which one a row is about."""


def headers(kind: MasterKind) -> list[str]:
    """The header row of the template."""
    return [column.header for column in COLUMNS[kind]]


def read_master_table(kind: MasterKind, table: Sequence[Row]) -> MasterTable:
    """Read a table whose first row with something in it is the header.

    Raises:
        DomainError: ``header_missing``, ``header_repeated``, ``file_empty``, ``list_too_long``.
    """
    code = COLUMNS[kind][0].header
    body = read_body(table, headers(kind), required=code, most=MAX_LIST)
    rows = (
        _read(kind, number, cells) for number, cells in body.rows if any(cell.text.strip() for cell in cells.values())
    )
    return MasterTable(tuple(rows), body.ignored_columns)


def _read(kind: MasterKind, number: int, cells: Cells) -> MasterRow:
    first, *columns = COLUMNS[kind]
    code = _plain(cells[first.header].text)
    try:
        must_be_text(first.header, cells[first.header])
        if not code:
            raise refuse("code_missing", f"Row {number} has no {first.header}.", "Write the code in the first column.")
        fields: dict[str, Any] = {}
        for column in columns:
            must_be_text(column.header, cells[column.header])
            text = _plain(cells[column.header].text)
            if column.optional and text.casefold() == NONE:
                fields[column.field] = [] if column.field == "secondary_kinds" else None
            elif text:
                fields[column.field] = column.read(column.header, text)
        return MasterRow(number, first.read(first.header, code), fields)
    except DomainError as error:
        return MasterRow(number, code, refusal=error.refusal)


def _plain(text: str) -> str:
    """The text of a cell, without the apostrophe that an export writes before what looks like a formula.

    >>> _plain(" '-20 degrees "), _plain("'n Apple")
    ('-20 degrees', "'n Apple")
    """
    text = serials.clean(text)
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


def written(value: Any) -> str:
    """How an export writes what a cell is read from."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(value) if isinstance(value, list) else str(value)
