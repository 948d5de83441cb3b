"""The picture of a report: sums of its rows side by side."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, case, func, literal, select
from sqlalchemy.orm import Session

from backend.queries.reports.sources import month_of
from backend.queries.reports.wanted import Wanted, exact, hour_at_site

MOST = 24
"""More bars than these are no picture any more."""

EARLIER = "earlier"
"""Names the bar of all that lies before the first month of a chart."""


class Order(StrEnum):
    """In which order the bars stand, and which of them are left out where there are too many."""

    LONGEST = "longest"
    """The longest first."""

    HOURS = "hours"
    """The latest hours of the site, one after the other."""

    MONTHS = "months"
    """The next months, one after the other, and all before them as one."""

    DAYS = "days"
    """The latest days of the site up to the last one with a row, one after the other, the empty ones among them."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its name, how long it is, what that is a part of, and what stands against it."""

    label: str
    value: Any
    of: Any = None
    against: Any = None


@dataclass(frozen=True, slots=True)
class Chart:
    """Which columns of a report make its picture.

    Args:
        by: The column that the bars are named by; without one, each column of ``parts`` is a bar.
        value: The column that says what the bars are; without one, they count rows.
        parts: The columns whose sum a bar is, where they are others than ``value``.
        of: The column of what the sum is a part of.
        is_rate: A bar is that part in percent.
        against: The column of what goes the other way, where days show both.
        is_running: A day shows what all days up to it come to, those before the first that is asked for included.
        order: How the bars stand.
    """

    by: str | None
    value: str | None = None
    parts: tuple[str, ...] = ()
    of: str | None = None
    is_rate: bool = False
    order: Order = Order.LONGEST
    against: str | None = None
    is_running: bool = False

    def summary(self, session: Session, query: Select[Any], wanted: Wanted) -> tuple[int, list[Bar]]:
        """How many rows a query has, and the bars over all of them: read once for both."""
        rows = query.order_by(None).subquery()
        if self.by is None:
            sums = [func.coalesce(func.sum(rows.c[part]), 0).label(part) for part in self.parts]
            total, *values = session.execute(select(func.count(), *sums).select_from(rows)).one()
            return total, [Bar(part, exact(value)) for part, value in zip(self.parts, values, strict=True) if value]
        by = rows.c[self.by]
        label = _month(by, wanted) if self.order is Order.MONTHS else by
        named = select(rows, label.label("bar")).subquery().c
        value = self._sum(named, self.parts or ((self.value,) if self.value else ()))
        of = self._sum(named, (self.of,)) if self.of else value
        if self.is_rate:
            value = of = percent(value, of)
        total = func.sum(func.count()).over().label("total")
        found = session.execute(
            select(named.bar, value.label("value"), of.label("of"), total)
            .group_by(named.bar)
            # Rows of no name are counted and make no bar.
            .order_by(named.bar.is_(None), *_ORDERS[self.order](named.bar, value, of))
            .limit(MOST)
        ).all()
        bars = list(self._bars([row for row in found if row.bar is not None and row.of], wanted))
        return int(found[0].total) if found else 0, bars

    def _bars(self, found: Sequence[Any], wanted: Wanted) -> Iterator[Bar]:
        is_part = self.of is not None and not self.is_rate
        for row in reversed(found) if self.order is Order.HOURS else found:
            label = hour_at_site(row.bar, wanted) if self.order is Order.HOURS else str(row.bar)
            yield Bar(label, exact(row.value), exact(row.of) if is_part else None)

    def days(self, session: Session, query: Select[Any], wanted: Wanted) -> list[Bar]:
        """Sums between the midnights of the site, which no function of SQLite knows."""
        rows: Any = query.order_by(None).subquery().c
        at = rows[self.by]
        latest = session.scalar(select(func.max(at)))
        if latest is None:
            return []
        last = wanted.calendar.day_of(latest)
        days = [last - timedelta(back) for back in reversed(range(MOST))]
        days = [day for day in days if wanted.from_on is None or day >= wanted.from_on]
        if not days:
            return []
        begins = [wanted.calendar.first_moment(day) for day in days]
        bounds = zip(begins, [EARLIER, *map(str, days)], strict=False)
        label = case(*((at < begin, name) for begin, name in bounds), else_=str(last)).label("bar")
        value = self._sum(rows, self.parts or ((self.value,) if self.value else ())).label("value")
        against = self._sum(rows, (self.against,)).label("against") if self.against else literal(None).label("against")
        statement = select(label, value, against).group_by(label)
        if not self.is_running:
            statement = statement.where(at >= begins[0])
        found = {row.bar: row for row in session.execute(statement)}
        return list(self._filled([str(day) for day in days], found))

    def _filled(self, days: Sequence[str], found: Mapping[str, Any]) -> Iterator[Bar]:
        has_begun, total = EARLIER in found, exact(found[EARLIER].value) if EARLIER in found else 0
        for day in days:
            row = found.get(day)
            has_begun = has_begun or row is not None
            value = exact(row.value) if row else 0
            total += value
            against = None if self.against is None else exact(row.against) if row else 0
            if has_begun:
                yield Bar(day, total if self.is_running else value, against=against)

    def _sum(self, rows: Any, keys: tuple[str, ...]) -> ColumnElement[Any]:
        if not keys:
            return func.count()
        first, *others = (func.coalesce(func.sum(rows[key]), 0) for key in keys)
        return sum(others, first)


_Ordering = Callable[[ColumnElement[Any], ColumnElement[Any], ColumnElement[Any]], list[Any]]

_ORDERS: dict[Order, _Ordering] = {
    Order.LONGEST: lambda bar, total, of: [of.desc(), total.desc(), bar],
    Order.HOURS: lambda bar, _total, _of: [bar.desc()],
    # What is earlier is named by a word, which stands after every figure.
    Order.MONTHS: lambda bar, _total, _of: [case((bar == EARLIER, 0), else_=1), bar],
}


def percent(part: ColumnElement[Any], of: ColumnElement[Any]) -> ColumnElement[Any]:
    """A share in percent with one place after the point."""
    return func.round(1000.0 * part / func.nullif(of, 0)) / 10.0


def _month(day: ColumnElement[Any], wanted: Wanted) -> ColumnElement[Any]:
    first = (wanted.from_on or wanted.today).replace(day=1)
    return case((day < literal(first, Date), EARLIER), else_=month_of(day))
