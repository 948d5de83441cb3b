"""What several reports select from: tables by short names, places as people say them, and days."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, case, func
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


class hour_of(FunctionElement[str]):  # a function of SQL
    """The hour of a moment, in UTC: ``2026-01-05T10:00Z``."""

    type = String()
    inherit_cache = True


@compiles(hour_of, "sqlite")
def _hour_in_sqlite(element: Any, compiler: Any, **kwargs: Any) -> str:
    return f"strftime('%Y-%m-%dT%H:00Z', {compiler.process(element.clauses, **kwargs)})"


@compiles(hour_of, "postgresql")
def _hour_in_postgresql(element: Any, compiler: Any, **kwargs: Any) -> str:
    moment = compiler.process(element.clauses, **kwargs)
    return f"""to_char(({moment}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:00"Z"')"""


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
