"""What a report is: one SELECT whose rows are read in order, its columns, and the filters that narrow it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backend.queries.reports.chart import Bar, Chart, Order
from backend.queries.reports.wanted import Wanted, exact, hour_at_site

__all__ = ["Chart", "Column", "Filter", "Kind", "Order", "Report", "Wanted", "columns"]


class Kind(StrEnum):
    """What a column holds, and so how it is written and aligned."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    DAY = "day"
    MOMENT = "moment"
    HOUR = "hour"
    """An hour of the site; its offset from UTC tells apart one that comes twice."""


class Filter(StrEnum):
    """What can narrow a report."""

    FROM = "from"
    TO = "to"
    ITEM = "item"
    BATCH = "batch"
    PLACE = "place"
    PARTY = "party"
    SERIAL = "serial"
    DAYS = "days"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``key`` is the label in the SELECT and of the text on the screen, ``title`` heads it in files."""

    key: str
    title: str
    kind: Kind = Kind.TEXT

    @property
    def words(self) -> str | None:
        """What the keys of the words begin with that stand for the codes in it; ``None`` where it has none."""
        return _WORDS.get(self.key)


_WORDS = {
    "voucher_type": "type",
    "status": "voucher",
    "state": "state",
    "asked_for": "asked_for",
    "subject": "type",
    "what": "act",
    "basis": "basis",
    "result": "count_kind",
}


@dataclass(frozen=True, slots=True)
class Report:
    """A report. ``query`` gives a SELECT with the columns by their keys, and with an order that leaves nothing open.

    ``acts`` are the kinds of acts that it can be narrowed to. Where the query is long, two more ask for less:
    ``counted`` for its rows with no more than what the chart is made of, ``paged`` for some of the rows.
    """

    key: str
    title: str
    about: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    query: Callable[[Wanted], Select[Any]]
    chart: Chart | None = None
    acts: tuple[str, ...] = ()
    counted: Callable[[Wanted], Select[Any]] | None = None
    paged: Callable[[Wanted, int, int], Select[Any]] | None = None

    def count(self, session: Session, wanted: Wanted) -> int:
        """How many rows there are."""
        rows = (self.counted or self.query)(wanted).order_by(None).subquery()
        return session.scalar(select(func.count()).select_from(rows)) or 0

    def page(self, session: Session, wanted: Wanted, offset: int, limit: int) -> list[list[Any]]:
        """Some of the rows."""
        if self.paged is None:
            some = self.query(wanted).offset(offset).limit(limit)
        else:
            some = self.paged(wanted, offset, limit)
        return [self._cells(row, wanted) for row in session.execute(some)]

    def stream(self, session: Session, wanted: Wanted) -> Iterator[list[Any]]:
        """All rows, a thousand in memory at a time."""
        for row in session.execute(self.query(wanted), execution_options={"yield_per": 1000}):
            yield self._cells(row, wanted)

    def summary(self, session: Session, wanted: Wanted) -> tuple[int, list[Bar]]:
        """How many rows there are, and the bars of the chart; none without a chart."""
        if self.chart is None:
            return self.count(session, wanted), []
        if self.chart.order is Order.DAYS:
            # What is there at the end of a day came on any day before it.
            counted = replace(wanted, from_on=None) if self.chart.is_running else wanted
            return self.count(session, wanted), self.chart.days(session, self.query(counted), wanted)
        return self.chart.summary(session, (self.counted or self.query)(wanted), wanted)

    def _cells(self, row: Any, wanted: Wanted) -> list[Any]:
        values = row._mapping
        return [
            hour_at_site(values[column.key], wanted) if column.kind is Kind.HOUR else exact(values[column.key])
            for column in self.columns
        ]


def columns(*described: str | tuple[str, str] | tuple[str, str, Kind]) -> tuple[Column, ...]:
    """Columns from their keys and titles; a key alone is titled by its words.

    >>> columns("serial_no", ("qty", "Quantity", Kind.NUMBER))[0].title
    'Serial No'
    """
    return tuple(
        Column(each, each.replace("_", " ").title()) if isinstance(each, str) else Column(*each) for each in described
    )
