"""What a report is: one SELECT whose rows are read in order, its columns, and the filters that narrow it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from backend.domain.quantities import PLACES, quantity


class Kind(StrEnum):
    """What a column holds, and so how it is written and aligned."""

    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    DAY = "day"
    MOMENT = "moment"


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are asked for; what is not given does not narrow the report.

    Args:
        site_id: The site.
        today: The day on which days left and ages are counted.
        from_on: The first day.
        to_on: The last day; it counts.
        item_id: One item.
        batch_no: One batch number, exactly.
        place_id: One place with all that lies inside.
        party_id: One supplier or customer.
        serial_key: One serial number, as look-ups compare it.
        days: The days ahead that count as soon.
    """

    site_id: int
    today: date
    from_on: date | None = None
    to_on: date | None = None
    item_id: int | None = None
    batch_no: str | None = None
    place_id: int | None = None
    party_id: int | None = None
    serial_key: str | None = None
    days: int | None = None

    def on_days(self, day: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """The condition that a date lies within the days that are asked for."""
        conditions = []
        if self.from_on is not None:
            conditions.append(day >= self.from_on)
        if self.to_on is not None:
            conditions.append(day <= self.to_on)
        return conditions

    def at_moments(self, at: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """The same of a moment; days are UTC days."""
        conditions = []
        if self.from_on is not None:
            conditions.append(at >= datetime.combine(self.from_on, time(), UTC))
        if self.to_on is not None:
            conditions.append(at < datetime.combine(self.to_on + timedelta(1), time(), UTC))
        return conditions


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``key`` is the label in the SELECT and of the text on the screen, ``title`` heads it in files."""

    key: str
    title: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Chart:
    """Which columns make a picture: a bar for each ``label`` as long as the sum of ``value``."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Report:
    """A report. ``query`` gives a SELECT with the columns by their keys, and with an order that leaves nothing open."""

    key: str
    title: str
    about: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    query: Callable[[Wanted], Select[Any]]
    chart: Chart | None = None

    def count(self, session: Session, wanted: Wanted) -> int:
        """How many rows there are."""
        rows = self.query(wanted).order_by(None).subquery()
        return session.scalar(select(func.count()).select_from(rows)) or 0

    def page(self, session: Session, wanted: Wanted, offset: int, limit: int) -> list[list[Any]]:
        """Some of the rows."""
        return [self._cells(row) for row in session.execute(self.query(wanted).offset(offset).limit(limit))]

    def stream(self, session: Session, wanted: Wanted) -> Iterator[list[Any]]:
        """All rows, a thousand in memory at a time."""
        for row in session.execute(self.query(wanted), execution_options={"yield_per": 1000}):
            yield self._cells(row)

    def sums(self, session: Session, wanted: Wanted, most: int = 24) -> list[tuple[str, Any]]:
        """The bars of the chart, longest first; none without a chart."""
        if self.chart is None:
            return []
        rows = self.query(wanted).order_by(None).subquery().c
        label, value = rows[self.chart.label], func.sum(rows[self.chart.value])
        found = session.execute(select(label, value).group_by(label).order_by(value.desc(), label).limit(most))
        return [(str(name), total) for name, total in found if name is not None and total]

    def _cells(self, row: Any) -> list[Any]:
        values = row._mapping
        return [_exact(values[column.key]) for column in self.columns]


def _exact(value: Any) -> Any:
    """A sum as the quantity that it is, whatever number the database made of it."""
    return quantity(round(Decimal(str(value)), PLACES)) if isinstance(value, float | Decimal) else value


def columns(*described: str | tuple[str, str] | tuple[str, str, Kind]) -> tuple[Column, ...]:
    """Columns from their keys and titles; a key alone is titled by its words.

    >>> columns("serial_no", ("qty", "Quantity", Kind.NUMBER))[0].title
    'Serial No'
    """
    return tuple(
        Column(each, each.replace("_", " ").title()) if isinstance(each, str) else Column(*each) for each in described
    )
