"""What is where: lines of stock, units, an item and a place, each also as a file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from flask import Response

from backend.api import stock_schemas as schemas
from backend.api.access import actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.cursors import word
from backend.api.schemas import SiteQuery
from backend.api.site_days import moment_at, today_at
from backend.domain.errors import refuse
from backend.domain.people import Permission
from backend.extensions import reading, reading_one_moment
from backend.queries import batches, places, stock, stock_units
from backend.queries.stock import StockFilter
from backend.services.table_files import write_csv

bp: Any = Blueprint("stock", __name__, url_prefix="/api/stock", description="What is where")

EXPORT_LIMIT = 100_000
"""Most rows of a file."""
_EXPORT_PAGE = 1_000
_BINARY = {"type": "string", "format": "binary"}


@bp.get("")
@requires(Permission.UNITS_READ)
@bp.arguments(schemas.LinesQuery, location="query")
@bp.response(200, schemas.StockLines)
def list_stock(query: dict[str, Any]) -> dict[str, Any]:
    """What is where, by item, batch and place, each line with what of it is available, reserved, on hold."""
    wanted = _wanted(query)
    session = reading_one_moment()
    today = today_at(query["site"])
    lines, after = stock.lines(session, wanted, today, query["cursor"], query["limit"])
    return {
        "lines": lines,
        "totals": stock.totals(session, wanted, today) if query["cursor"] is None else {},
        "next_cursor": after and word(*after),
    }


@bp.get("/units")
@requires(Permission.UNITS_READ)
@bp.arguments(schemas.UnitsQuery, location="query")
@bp.response(200, schemas.StockUnits)
def list_stock_units(query: dict[str, Any]) -> dict[str, Any]:
    """Units of the stock, in the order in which they came; a page goes on right while units move."""
    (after,) = query["cursor"] or (0,)
    session, now = reading_one_moment(), moment_at(query["site"])
    units, last = stock_units.units(session, _wanted(query), now, after, query["limit"])
    return {"units": units, "next_cursor": last and word(last)}


@bp.get("/items/<int(max=2147483647):item_id>")
@requires(Permission.UNITS_READ)
@bp.arguments(SiteQuery, location="query")
@bp.response(200, schemas.ItemStock)
def show_item_stock(query: dict[str, Any], item_id: int) -> dict[str, Any]:
    """An item at a site: how much of it is what, and its batches, the first to expire first."""
    wanted = _wanted({**query, "item": item_id})
    today = today_at(query["site"])
    item = stock.item(reading(), item_id)
    if item is None:
        raise refuse("not_found", "There is no such item.", "Go back to the list.")
    return {
        "item": item,
        "totals": stock.totals(reading(), wanted, today),
        "batches": batches.of_item(reading(), item_id, today, query["site"]),
    }


@bp.get("/places/<int(max=2147483647):place_id>")
@requires(Permission.UNITS_READ)
@bp.response(200, schemas.PlaceStock)
def show_place_stock(place_id: int) -> dict[str, Any]:
    """A place: where it is, what is inside of it, and how much of that is what."""
    found = places.place(reading(), place_id)
    if found is None:
        raise refuse("not_found", "There is no such place.", "Go back to the list.")
    site_id = found["site_id"]
    actor_or_refuse().must(Permission.UNITS_READ, site_id)
    wanted = StockFilter(site_id, place_id=place_id)
    return {**found, "totals": stock.totals(reading(), wanted, today_at(site_id))}


@bp.get("/lines.csv")
@requires(Permission.UNITS_READ)
@bp.arguments(schemas.StockQuery, location="query")
@bp.response(200, _BINARY, content_type="text/csv")
def export_stock(query: dict[str, Any]) -> Response:
    """The lines of stock as a file."""
    wanted = _wanted(query)
    session, today = reading_one_moment(), today_at(query["site"])
    states = [str(state) for state in _STATES]
    rows = (
        [
            line["item"]["item_code"],
            line["item"]["name"],
            line["batch"] and line["batch"]["batch_no"],
            line["batch"] and line["batch"]["expires_on"],
            line["place"]["path"],
            line["qty"],
            *(line["states"].get(state, 0) for state in states),
        ]
        for line in _all(lambda after: stock.lines(session, wanted, today, after, _EXPORT_PAGE))
    )
    return _csv("stock.csv", ["Item", "Name", "Batch No", "Expires On", "Place", "Quantity", *states], rows)


@bp.get("/units.csv")
@requires(Permission.UNITS_READ)
@bp.arguments(schemas.UnitsExport, location="query")
@bp.response(200, _BINARY, content_type="text/csv")
def export_stock_units(query: dict[str, Any]) -> Response:
    """The units of the stock as a file."""
    wanted, now = _wanted(query), moment_at(query["site"])
    session = reading_one_moment()
    rows = (
        [
            unit["serial_no"],
            unit["item"]["item_code"],
            unit["batch_no"],
            unit["expires_on"],
            unit["location"]["path"],
            unit["availability"],
            unit["reserved_for"],
            unit["hold_reason"],
            _moment(unit["received_at"]),
        ]
        for unit in _all(lambda after: stock_units.units(session, wanted, now, after or 0, _EXPORT_PAGE))
    )
    head = ["Serial No", "Item", "Batch No", "Expires On", "Place", "State", "Reserved For", "Hold", "Received At"]
    return _csv("stock-units.csv", head, rows)


_STATES = ("available", "reserved", "expired", "on_hold", "recalled")


def _wanted(query: dict[str, Any]) -> StockFilter:
    actor_or_refuse().must(Permission.UNITS_READ, query["site"])
    return StockFilter(
        query["site"],
        item_id=query.get("item"),
        batch_id=query.get("batch"),
        place_id=query.get("place"),
        state=query.get("state"),
        q=query.get("q", "").strip(),
        older_than=query.get("older_than"),
        expires_within=query.get("expires_within"),
    )


def _all(page_after: Callable[[Any], tuple[list[dict[str, Any]], Any]]) -> Iterator[dict[str, Any]]:
    """All rows up to the limit of a file, page by page."""
    after, count = None, 0
    while count < EXPORT_LIMIT:
        rows, after = page_after(after)
        yield from rows
        count += len(rows)
        if after is None:
            return


def _csv(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    content = write_csv([header, *(["" if cell is None else str(cell) for cell in row] for row in rows)])
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type="text/csv; charset=utf-8", headers=headers)


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
