"""Tables as PDF: landscape A4, the head on every page, in letters of every script that our fonts have."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO

from backend.domain.cell_texts import TableCell, visible

MOST_ROWS = 5_000
"""More is no reading matter; 5,000 rows are some 140 pages and take about five seconds."""


def write_pdf(
    rows: Iterable[Sequence[TableCell]],
    *,
    title: str,
    under_title: Sequence[str],
    is_number: Sequence[bool],
    made_at: datetime,
    is_right_to_left: bool = False,
) -> IO[bytes]:
    """Write a table.

    Args:
        rows: The head, then the rows; at most ``MOST_ROWS``, which the caller sees to.
        title: What it is.
        under_title: What was asked for, said under the title.
        is_number: Which columns are aligned like numbers.
        made_at: The moment of which the table is true.
        is_right_to_left: Whether its first column is the rightmost.

    Returns:
        The file, to be read from its beginning.
    """
    # Here, since the library behind it takes some 25 MiB, and few processes ever write a PDF.
    from backend.services.pdf_sheet import Sheet

    texts = ([printable(cell) for cell in row] for row in rows)
    pdf = Sheet(title, f"{made_at:%Y-%m-%d %H:%M} UTC", is_right_to_left=is_right_to_left)
    pdf.begin([printable(each) for each in under_title])
    pdf.write_table(texts, is_number)
    file = TemporaryFile()  # noqa: SIM115  # whoever asked for it reads and closes it
    file.write(bytes(pdf.output()))
    file.seek(0)
    return file


def printable(cell: TableCell) -> str:
    """A cell on paper: without what steers a printer or turns the direction of the text around it.

    >>> printable("NB25\\u202e-0001\\x1b"), printable(None)
    ('NB25-0001', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, Decimal | int):
        return f"{cell:,}"
    return visible(cell)
