"""What several reports select from: tables by short names, places as people say them, and days."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, case, func, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from backend.models import Batch, Item, Location, Party, SerialNumber, User, Voucher, table
from backend.queries.reports.wanted import Wanted
from backend.queries.stock import subtree

item, batch, serial, party = (table(model) for model in (Item, Batch, SerialNumber, Party))
voucher, user = table(Voucher), table(User)
place = table(Location)
parent = table(Location).alias("parent")


def path_of(of: Any, above: Any) -> ColumnElement[str]:
    """How a person says where a place is, with the place above it where that is not the site."""
    return case((above.c.kind == "site", of.c.code), else_=func.coalesce(above.c.code + " / ", "") + of.c.code)


place_path = path_of(place, parent)


def narrowed(
    query: Select[Any],
    wanted: Wanted,
    *,
    item_id: ColumnElement[Any] | None = None,
    batch_no: ColumnElement[Any] | None = None,
    place_id: ColumnElement[Any] | None = None,
    party_id: ColumnElement[Any] | None = None,
    serial_key: ColumnElement[Any] | None = None,
) -> Select[Any]:
    """The query with those filters that are set, each on the column that a report gives for it."""
    for column, value in (
        (item_id, wanted.item_id),
        (batch_no, wanted.batch_no),
        (party_id, wanted.party_id),
        (serial_key, wanted.serial_key),
    ):
        if column is not None and value is not None:
            query = query.where(column == value)
    if place_id is not None and wanted.place_id is not None:
        query = query.where(place_id.in_(subtree(wanted.place_id)))
    return query


def hour_of(at: ColumnElement[Any], wanted: Wanted) -> ColumnElement[str]:
    """The moment, in UTC, at which the hour of the site begins that a moment lies in: ``2026-01-05T10:30Z``."""
    last = min(wanted.to_on or wanted.today, wanted.today)
    first = min(max(wanted.from_on or _FIRST_DAY, _FIRST_DAY), last)
    (_, minute), *later = wanted.calendar.hours_begin(first, last)
    begins: ColumnElement[str] = _hour_from(at, literal_column(str(minute)))
    for since, minute in later:
        begins = case((at >= since, _hour_from(at, literal_column(str(minute)))), else_=begins)
    return begins


_FIRST_DAY = date(2020, 1, 1)
"""Before it nobody has worked with this program."""


class _hour_from(FunctionElement[str]):  # a function of SQL
    """The beginning of the hour around a moment, where hours begin at some minute of those of UTC."""

    type = String()
    inherit_cache = True


@compiles(_hour_from, "sqlite")
def _hour_in_sqlite(element: Any, compiler: Any, **kwargs: Any) -> str:
    moment, minute = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"strftime('%Y-%m-%dT%H:%MZ', strftime('%Y-%m-%d %H:00', {moment}, '-{minute} minutes'), '{minute} minutes')"


@compiles(_hour_from, "postgresql")
def _hour_in_postgresql(element: Any, compiler: Any, **kwargs: Any) -> str:
    moment, minute = (compiler.process(clause, **kwargs) for clause in element.clauses)
    past = f"interval '{minute} minutes'"
    hour = f"date_trunc('hour', (({moment}) AT TIME ZONE 'UTC') - {past}) + {past}"
    return f"""to_char({hour}, 'YYYY-MM-DD"T"HH24:MI"Z"')"""


class month_of(FunctionElement[str]):  # a function of SQL
    """The first day of the month of a day: ``2026-01-01``."""

    type = String()
    inherit_cache = True


@compiles(month_of, "sqlite")
def _month_in_sqlite(element: Any, compiler: Any, **kwargs: Any) -> str:
    return f"strftime('%Y-%m-01', {compiler.process(element.clauses, **kwargs)})"


@compiles(month_of, "postgresql")
def _month_in_postgresql(element: Any, compiler: Any, **kwargs: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **kwargs)}, 'YYYY-MM-01')"


class days_between(FunctionElement[int]):  # a function of SQL
    """Whole days from the first date to the second."""

    type = Integer()
    inherit_cache = True


@compiles(days_between, "sqlite")
def _days_in_sqlite(element: Any, compiler: Any, **kwargs: Any) -> str:
    first, second = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"CAST(julianday({second}) - julianday({first}) AS INTEGER)"


@compiles(days_between, "postgresql")
def _days_in_postgresql(element: Any, compiler: Any, **kwargs: Any) -> str:
    first, second = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"({second} - {first})"
