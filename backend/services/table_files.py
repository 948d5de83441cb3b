"""Files of rows in and out: CSV and Excel workbooks, known by what they hold and not by what they are called."""

import csv
import io
import unicodedata
from collections.abc import Sequence
from pathlib import PurePath

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
        raise refuse("file_empty", "The file is empty.", "Fill in the template and upload it.")
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
            "Keep the columns of the template only, or split the file.",
            limit=MAX_FILE,
        )


def write_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """CSV that every spreadsheet opens right: UTF-8 with its mark, every cell quoted, no cell a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows([as_text(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def write_xlsx(rows: Sequence[Sequence[str]], *, title: str) -> bytes:
    """A workbook of one sheet whose columns are text, so that a spreadsheet keeps zeros and calculates nothing."""
    # Here, since it loads numpy if that is there: 30 MiB that a server without this file need not hold.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title)
    for index in range(1, max(map(len, rows), default=0) + 1):
        column = sheet.column_dimensions[get_column_letter(index)]
        column.number_format, column.width = "@", 24
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet)
            cell.value, cell.data_type, cell.number_format = _visible(text), "s", "@"
            cells.append(cell)
        sheet.append(cells)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def as_text(text: str) -> str:
    """A text that a spreadsheet shows and never runs when it opens it as CSV.

    >>> as_text('=HYPERLINK("x")'), as_text("NB25-0001")
    ('\\'=HYPERLINK("x")', 'NB25-0001')

    References:
        OWASP, CSV Injection; ASVS 5.0, 1.2.10.
    """
    if unicodedata.normalize("NFKC", text.lstrip())[:1] in ("=", "+", "-", "@") or text[:1] in ("\t", "\r", "\n", "\0"):
        text = f"'{text}"
    return _visible(text)


def _visible(text: str) -> str:
    """Without control characters, of which a workbook takes none."""
    return "".join(character for character in text if character >= " " and unicodedata.category(character) != "Cs")
