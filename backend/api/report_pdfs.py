"""A report on paper: what its screen says, in the language of whoever reads it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import IO

from backend.domain.cell_texts import TableCell
from backend.queries.reports import Report
from backend.queries.reports.report import Column, Kind
from backend.services.pdf_tables import write_pdf
from backend.services.texts import RIGHT_TO_LEFT, texts

_FILTERS = {
    "from": "report_from",
    "to": "report_to",
    "days": "report_days",
    "act": "report_column_what",
    "serial": "serial_or_code",
}
"""The texts of those filters that are not called by their own name."""


def report_pdf(
    report: Report,
    rows: Iterator[Sequence[TableCell]],
    *,
    language: str,
    filters: Sequence[tuple[str, str]],
    made_at: datetime,
) -> IO[bytes]:
    """Write a report.

    Args:
        report: Which one.
        rows: Its rows without the head.
        language: Of the titles and of the words that stand for codes; what others typed stays as it is.
        filters: What narrows it, by the names of the filters.
        made_at: The moment of which it is true.
    """
    said = texts(language)
    head = [said.get(f"report_column_{column.key}", column.title) for column in report.columns]

    def lines() -> Iterator[Sequence[TableCell]]:
        yield head
        for row in rows:
            yield [_said(cell, column, said) for cell, column in zip(row, report.columns, strict=True)]

    return write_pdf(
        lines(),
        title=said.get(f"report_{report.key}", report.title),
        under_title=[
            f"{said[_FILTERS.get(name, name)]}: {said.get(f'{name}_{value}', value)}" for name, value in filters
        ],
        is_number=[column.kind in (Kind.NUMBER, Kind.PERCENT) for column in report.columns],
        made_at=made_at,
        is_right_to_left=language in RIGHT_TO_LEFT,
    )


def _said(cell: TableCell, column: Column, said: Mapping[str, str]) -> TableCell:
    """A code as a word, as the screen says it."""
    if column.words is None or not isinstance(cell, str):
        return cell
    # What an act is about may be a kind of voucher, or anything that has a name of its own.
    return said.get(f"{column.words}_{cell}", cell if column.key == "subject" else cell.replace("_", " "))
