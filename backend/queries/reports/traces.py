"""Traces as reports: from units to whoever has what they are in, and back to where they and their parts came from."""

from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, or_, select

from backend.domain.locations import STATE_AT, LocationKind
from backend.models import Component, StockLedgerEntry, table
from backend.queries.reports.report import Chart, Filter, Kind, Report, Wanted, columns
from backend.queries.reports.sources import batch, item, narrowed, place, serial, voucher
from backend.queries.trace import Direction, asked_for, traced
from backend.queries.whereabouts import whereabouts

_link, _entry = table(Component), table(StockLedgerEntry)
_BETWEEN = "; "


def _asked_for(wanted: Wanted) -> Select[Any]:
    """The units that the filters name, of those that are or were at the site."""
    receipt = voucher.alias("receipt")
    named = (
        select(serial.c.id)
        .join(item, item.c.id == serial.c.item_id)
        .outerjoin(batch, batch.c.id == serial.c.batch_id)
        .outerjoin(receipt, receipt.c.id == serial.c.receipt_id)
        .where(*wanted.on_days(receipt.c.dated_on))
    )
    if wanted.party_id is not None:
        named = named.where(or_(serial.c.supplier_id == wanted.party_id, serial.c.owner_id == wanted.party_id))
    if wanted.batch_no is not None:
        # Goods that are only counted have no units of their own, but what they were built into has.
        counted = batch.alias("counted")
        built_in = (
            select(_link.c.parent_id)
            .join(counted, counted.c.id == _link.c.batch_id)
            .where(_link.c.serial_id.is_(None), counted.c.batch_no == wanted.batch_no)
        )
        named = named.where(or_(batch.c.batch_no == wanted.batch_no, serial.c.id.in_(built_in)))
    named = narrowed(named, wanted, item_id=serial.c.item_id, serial_key=serial.c.serial_key)
    return asked_for(sites=(wanted.site_id,), units=named)


def _trace(direction: Direction, wanted: Wanted) -> Select[Any]:
    units = _asked_for(wanted)
    found = whereabouts(traced(units, direction)).order_by(None).subquery("found")
    each = found.c
    state = case(*((each.place_kind == kind, literal(str(state))) for kind, state in STATE_AT.items()))
    around = case((each.around_kind == LocationKind.SITE, None), else_=each.around)
    return select(
        each.serial_no,
        each.item_code,
        each.batch_no,
        each.expires_on,
        case((each.id.in_(units), "yes"), else_="no").label("asked_for"),
        each.supplier_name.label("supplier"),
        each.purchase_order,
        each.receipt,
        each.received_on,
        state.label("state"),
        (func.coalesce(around + " / ", "") + each.place_code).label("place"),
        each.customer_name.label("customer"),
        each.contact,
        each.voucher.label("last_voucher"),
        each.since,
        _serials(found, _link.c.parent_id, _link.c.serial_id == each.id).label("built_into"),
        _serials(found, _link.c.serial_id, _link.c.parent_id == each.id).label("parts"),
        _places(found).label("places_before"),
    ).order_by(each.id)


def _serials(found: Subquery, shown: ColumnElement[Any], condition: ColumnElement[bool]) -> ColumnElement[Any]:
    """Serial numbers on the other side of what was built in, in the order in which it was done."""
    other = serial.alias("other")
    taken_out = case((_link.c.removed_at.is_(None), ""), else_=" (taken out)")
    links = (
        select((other.c.serial_no + taken_out).label("said"))
        .select_from(_link)
        .join(other, other.c.id == shown)
        .where(condition)
        .order_by(_link.c.put_in_at, _link.c.id)
    )
    return _joined(found, links)


def _places(found: Subquery) -> ColumnElement[Any]:
    """Every place that a unit came to, one after the other, with the voucher."""
    # Each looked up by its key: a join of so few rows has PostgreSQL read all places once for every unit.
    code = select(place.c.code).where(place.c.id == _entry.c.location_id).scalar_subquery()
    number = select(voucher.c.number).where(voucher.c.id == _entry.c.voucher_id).scalar_subquery()
    moves = (
        select((code + " " + number).label("said"))
        .select_from(_entry)
        .where(and_(_entry.c.serial_id == found.c.id, _entry.c.qty > 0))
        .order_by(_entry.c.posted_at, _entry.c.site_id, _entry.c.seq)
    )
    return _joined(found, moves)


def _joined(found: Subquery, texts: Select[Any]) -> ColumnElement[Any]:
    """Texts of one unit in one cell; ordered before they are joined, as SQLite cannot order while it joins."""
    said = texts.correlate(found).subquery().c.said
    return select(func.aggregate_strings(said, _BETWEEN)).scalar_subquery()


_COLUMNS = columns(
    "serial_no",
    "item_code",
    "batch_no",
    ("expires_on", "Expires On", Kind.DAY),
    "asked_for",
    "supplier",
    "purchase_order",
    "receipt",
    ("received_on", "Received On", Kind.DAY),
    "state",
    "place",
    "customer",
    "contact",
    "last_voucher",
    ("since", "Since", Kind.DAY),
    "built_into",
    "parts",
    "places_before",
)
_FILTERS = (Filter.SERIAL, Filter.BATCH, Filter.ITEM, Filter.PARTY, Filter.FROM, Filter.TO)

TRACE_FORWARD = Report(
    "trace-forward",
    "Forward trace",
    "From units to what they are or were built into, where that is now, and to the customers.",
    _COLUMNS,
    _FILTERS,
    partial(_trace, Direction.FORWARD),
    Chart("customer"),
)

TRACE_BACKWARD = Report(
    "trace-backward",
    "Backward trace",
    "From units to the parts inside of them, their batches, receipts and suppliers.",
    _COLUMNS,
    _FILTERS,
    partial(_trace, Direction.BACKWARD),
    Chart("supplier"),
)
