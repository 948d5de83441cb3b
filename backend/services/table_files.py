"""Files of rows in and out: CSV and Excel workbooks, known by what they hold and not by what they are called."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import PurePath

from backend.domain.cell_texts import TableCell, as_text
from backend.domain.errors import refuse
from backend.domain.serial_rows import COLUMNS
from backend.domain.tables import Row
from backend.services.csv_files import read_csv
from backend.services.xlsx_files import read_xlsx

MAX_FILE = 8 * 1024 * 1024
"""Largest file in bytes; 10,000 rows take about one."""

_ZIP = b"PK"
_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_NAMES = {"csv": (".csv", ".txt", ".tsv", ""), "xlsx": (".xlsx", "")}


def read_table(content: bytes, name: str, columns: Sequence[str] = COLUMNS) -> list[Row]:
    """Read a file that a person uploaded.

    Args:
        content: The file.
        name: What it is called; only its ending counts.
        columns: The headers to look for, which tell what separates the columns of CSV.

    Raises:
        DomainError: ``file_empty``, ``file_too_large``, ``file_is_old_excel``, ``file_name_mismatch``, and what
            ``read_csv`` and ``read_xlsx`` raise.
    """
    if not content:
        raise refuse("file_empty", "The file is empty.", "Write a header and a row below it, and upload it again.")
    must_fit(len(content))
    if content.startswith(_OLD_OFFICE):
        raise refuse(
            "file_is_old_excel",
            "The file is an old Excel workbook (.xls), or one that is protected by a password.",
            "Save it as .xlsx without a password, or as CSV.",
        )
    kind = "xlsx" if content.startswith(_ZIP) else "csv"
    ending = PurePath(name).suffix.lower()
    if ending not in _NAMES[kind]:
        held = "an Excel workbook or another zip" if kind == "xlsx" else "no Excel workbook"
        raise refuse(
            "file_name_mismatch",
            f"The file is called {ending} but is {held}.",
            "Upload the file under its right name: .csv for CSV, .xlsx for an Excel workbook.",
        )
    return read_xlsx(content) if kind == "xlsx" else read_csv(content, columns)


def must_fit(size: int) -> None:
    """Raise the refusal ``file_too_large`` for a file of more than ``MAX_FILE`` bytes."""
    if size > MAX_FILE:
        raise refuse(
            "file_too_large",
            f"The file has more than {MAX_FILE // 1024 // 1024} MiB, the limit.",
            "Keep only the columns that are read, or split the file.",
            limit=MAX_FILE,
        )


def write_csv(rows: Iterable[Sequence[TableCell]]) -> bytes:
    """CSV that every spreadsheet opens right: UTF-8 with its mark, every cell quoted, no cell a formula."""
    return b"".join(csv_chunks(rows))


def csv_chunks(rows: Iterable[Sequence[TableCell]]) -> Iterator[bytes]:
    """The same in pieces of a few hundred rows, for tables that no memory should hold at once."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    yield codecs.BOM_UTF8
    rows = iter(rows)
    while some := list(islice(rows, 500)):
        writer.writerows([as_text(cell) if isinstance(cell, str) else cell for cell in row] for row in some)
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
