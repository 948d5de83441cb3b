"""Traces as reports: from units to whoever has what they are in, and back to where they and their parts came from."""

from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, or_, select

from backend.domain.locations import STATE_AT, LocationKind
from backend.models import Component, StockLedgerEntry, table, was_at
from backend.models.composition import outermost
from backend.queries.reports.report import Chart, Filter, Kind, Report, Wanted, columns
from backend.queries.reports.sources import batch, narrowed, party, place, serial, voucher
from backend.queries.trace import Direction, traced, traced_page
from backend.queries.whereabouts import whereabouts

_link, _entry = table(Component), table(StockLedgerEntry)
_BETWEEN = "; "


def _asked_for(wanted: Wanted) -> Select[Any]:
    """The units that the filters name, of those that are or were at the site."""
    receipt = voucher.alias("receipt")
    # Where a unit was last, it was: its ledger need only be asked for those that went to another site.
    was_here = or_(serial.c.last_site_id == wanted.site_id, was_at((wanted.site_id,)))
    named = (
        select(serial.c.id)
        .outerjoin(batch, batch.c.id == serial.c.batch_id)
        .outerjoin(receipt, receipt.c.id == serial.c.receipt_id)
        .where(was_here, *wanted.on_days(receipt.c.dated_on))
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
    return narrowed(named, wanted, item_id=serial.c.item_id, serial_key=serial.c.serial_key)


def _trace(direction: Direction, wanted: Wanted) -> Select[Any]:
    units = _asked_for(wanted)
    return _told(traced(units, direction), units)


def _page(direction: Direction, wanted: Wanted, offset: int, limit: int) -> Select[Any]:
    units = _asked_for(wanted)
    page = select(traced_page(units, direction, offset, limit).c.id)
    return _told(page, units.where(serial.c.id.in_(page)))


def _customers(wanted: Wanted) -> Select[Any]:
    """Who has each unit of a forward trace."""
    now = outermost(traced(_asked_for(wanted), Direction.FORWARD))
    return (
        select(party.c.name.label("customer"))
        .select_from(now)
        .join(serial, serial.c.id == now.c.top_id)
        .outerjoin(party, party.c.id == serial.c.owner_id)
    )


def _suppliers(wanted: Wanted) -> Select[Any]:
    """Who supplied each unit of a backward trace."""
    units = traced(_asked_for(wanted), Direction.BACKWARD).subquery()
    return (
        select(party.c.name.label("supplier"))
        .select_from(units)
        .join(serial, serial.c.id == units.c[0])
        .outerjoin(party, party.c.id == serial.c.supplier_id)
    )


def _told(ids: Select[Any], units: Select[Any]) -> Select[Any]:
    """What is known of the units of a trace, of which some were asked for."""
    found = whereabouts(ids).order_by(None).subquery("found")
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
    counted=_customers,
    paged=partial(_page, Direction.FORWARD),
)

TRACE_BACKWARD = Report(
    "trace-backward",
    "Backward trace",
    "From units to the parts inside of them, their batches, receipts and suppliers.",
    _COLUMNS,
    _FILTERS,
    partial(_trace, Direction.BACKWARD),
    Chart("supplier"),
    counted=_suppliers,
    paged=partial(_page, Direction.BACKWARD),
)
