"""Traces, forward and backward, sent as they are read: as JSON and as CSV."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Response
from sqlalchemy import Select

from backend.api.access import actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.recall_schemas import Trace, TraceQuery, TraceShownQuery
from backend.api.streaming import streamed
from backend.domain.cell_texts import TableCell
from backend.domain.errors import refuse
from backend.domain.people import Permission
from backend.domain.recalling import Origin
from backend.extensions import reading_one_moment
from backend.queries import recalls
from backend.queries.trace import Direction, asked_for, trace
from backend.services.recall_scope import Scope, named
from backend.services.table_files import csv_chunks

bp: Any = Blueprint("traces", __name__, url_prefix="/api", description="Traces")

_HEAD = (
    "Serial No",
    "Item",
    "Batch No",
    "Expires On",
    "Asked For",
    "Supplier",
    "Receipt",
    "Received On",
    "Purchase Order",
    "State",
    "Place",
    "Customer",
    "Contact",
    "Document",
    "Dated On",
    "Built Into",
    "Parts",
    "Places Before",
)


@bp.get("/traces")
@requires(Permission.REPORTS_READ)
@bp.arguments(TraceShownQuery, location="query")
@bp.response(200, Trace)
def show_trace(query: dict[str, Any]) -> Response:
    """A trace: every unit that it comes to, with origin, places, what it was built into and its parts."""
    direction = query["direction"]
    units = _asked_for(query)
    return streamed(_json(direction, units, query.get("limit")), "application/json")


@bp.get("/traces.csv")
@requires(Permission.REPORTS_READ)
@bp.arguments(TraceQuery, location="query")
@bp.response(200, {"type": "string", "format": "binary"}, content_type="text/csv")
def export_trace(query: dict[str, Any]) -> Response:
    """The same as a file."""
    units = _asked_for(query)
    rows = _rows(query["direction"], units)
    return streamed(csv_chunks(rows), "text/csv; charset=utf-8", name="trace.csv")


def _asked_for(query: dict[str, Any]) -> Select[Any]:
    """The statement for what is traced, narrowed to what the person may see."""
    actor, session = actor_or_refuse(), reading_one_moment()
    if "recall" in query:
        found = recalls.recall(session, query["recall"])
        if found is None or not actor.may(Permission.REPORTS_READ, found["site_id"]):
            raise _unknown()
        return recalls.units_of(query["recall"])
    sites = actor.sites_with(Permission.REPORTS_READ)
    if "unit" in query:
        units = asked_for(unit_id=query["unit"], sites=sites)
    else:
        _, statement, _ = named(session, _scope(query))
        units = asked_for(units=statement, sites=sites)
    if session.execute(units.limit(1)).first() is None:
        raise _unknown()
    return units


def _scope(query: dict[str, Any]) -> Scope:
    if "batch" in query:
        return Scope(Origin.BATCH, batch_id=query["batch"])
    if "receipt" in query:
        return Scope(Origin.RECEIPT, receipt_id=query["receipt"])
    return Scope(Origin.COMPONENT, component=query["component"])


def _unknown() -> Exception:
    return refuse("not_found", "There is nothing to trace.", "Look the unit, batch or receipt up again.")


def _json(direction: Direction, units: Select[Any], limit: int | None) -> Iterator[str]:
    session = reading_one_moment()
    found = trace(session, units, direction)
    yield f'{{"direction":"{direction}","total":{len(found)},"units":['
    comma = ""
    for unit in found.units(session, limit):
        yield comma + json.dumps(unit, separators=(",", ":"), default=_json_value)
        comma = ","
    yield "]}"


def _json_value(value: date) -> str:
    """A day or a moment, as the schema writes it; going through the schema took four times as long as the trace."""
    return value.isoformat().replace("+00:00", "Z")


def _rows(direction: Direction, units: Select[Any]) -> Iterator[tuple[TableCell, ...]]:
    yield _HEAD
    session = reading_one_moment()
    for unit in trace(session, units, direction).units(session):
        batch, receipt, customer = (unit[part] or {} for part in ("batch", "receipt", "customer"))
        yield (
            unit["serial_no"],
            unit["item"]["item_code"],
            batch.get("batch_no"),
            _day(batch.get("expires_on")),
            "yes" if unit["is_asked_for"] else "no",
            (unit["supplier"] or {}).get("name"),
            receipt.get("number"),
            _day(receipt.get("dated_on")),
            receipt.get("purchase_order"),
            str(unit["state"]),
            unit["place"]["path"],
            customer.get("name"),
            customer.get("contact"),
            unit["voucher"]["number"],
            _day(unit["since"]),
            _links(unit["built_into"]),
            _links(unit["parts"]),
            "; ".join(f"{move['place']} {move['dated_on']} {move['voucher']}" for move in unit["moves"]),
        )


def _links(links: list[dict[str, Any]]) -> str:
    return "; ".join(link["serial_no"] + (" (taken out)" if link["removed_at"] else "") for link in links)


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None
