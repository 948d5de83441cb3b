"""CSV and plain text as spreadsheets and other programs write them."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence

from backend.domain.cell_texts import from_text
from backend.domain.errors import refuse
from backend.domain.serial_rows import COLUMNS
from backend.domain.table_columns import header_key
from backend.domain.tables import Cell, Row, within_limits

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS = ",;\t"


def read_csv(content: bytes, columns: Sequence[str] = COLUMNS) -> list[Row]:
    """Read CSV: UTF-8 or UTF-16 with their marks, else UTF-8, else what Windows writes in Western Europe.

    Comma, semicolon or tab separate, whichever gives the most known columns in the first line. An apostrophe that
    our own files have before what a spreadsheet would run is taken off again.

    Raises:
        DomainError: ``file_not_text``, ``file_broken``, and what ``tables.within_limits`` raises.
    """
    text = _decode(content)
    if "\0" in text:
        raise refuse(
            "file_not_text",
            "The file is neither CSV nor an Excel workbook.",
            "Save it as CSV UTF-8 or as .xlsx and upload that.",
        )
    first_line = text.lstrip().split("\n", 1)[0].split("\r", 1)[0]
    known = {header_key(column) for column in columns}
    separator = max(_SEPARATORS, key=lambda candidate: _count(first_line.split(candidate), known))
    return within_limits(_rows(text, separator))


def _decode(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _count(names: list[str], known: set[str]) -> int:
    return sum(header_key(name.strip('"')) in known for name in names)


def _rows(text: str, separator: str) -> Iterator[Row]:
    # strict: a quotation mark that is never closed would otherwise swallow the rows after it without a word.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in reader:
            yield [Cell(from_text(field)) for field in row]
    except csv.Error as error:
        raise refuse(
            "file_broken",
            f"The file cannot be read in line {reader.line_num}: {error}.",
            "Look for a quotation mark that is not closed, or save the file as CSV again.",
        ) from error
