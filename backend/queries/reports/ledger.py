"""Reports straight from the ledger: every movement, the balance of batches as it went, and where units are now."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select

from backend.domain.locations import STATE_AT
from backend.models import StockLedgerEntry, table
from backend.queries.availability import HOUSE_KINDS
from backend.queries.reports.report import Chart, Filter, Kind, Order, Report, Wanted, columns
from backend.queries.reports.sources import (
    batch,
    item,
    narrowed,
    parent,
    party,
    place,
    place_path,
    serial,
    user,
    voucher,
)

entry = table(StockLedgerEntry)
_BATCH = batch.c.batch_no


def _movements(wanted: Wanted) -> Select[Any]:
    into, out_of = _ways(wanted)
    query = (
        select(
            entry.c.seq,
            voucher.c.dated_on,
            item.c.item_code,
            serial.c.serial_no,
            _BATCH,
            place_path.label("place"),
            entry.c.qty,
            voucher.c.type.label("voucher_type"),
            voucher.c.number.label("voucher_no"),
            party.c.name.label("party"),
            user.c.username.label("by"),
            entry.c.scanned_at,
            entry.c.posted_at,
            case((into, 1), else_=0).label("came_in"),
            case((out_of, 1), else_=0).label("went_out"),
        )
        .select_from(entry)
        .join(item, item.c.id == entry.c.item_id)
        .join(place, place.c.id == entry.c.location_id)
        .outerjoin(parent, parent.c.id == place.c.parent_id)
        .join(voucher, voucher.c.id == entry.c.voucher_id)
        .join(user, user.c.id == entry.c.actor_id)
        .outerjoin(serial, serial.c.id == entry.c.serial_id)
        .outerjoin(batch, batch.c.id == entry.c.batch_id)
        .outerjoin(party, party.c.id == entry.c.party_id)
        .where(entry.c.site_id == wanted.site_id, *wanted.at_moments(entry.c.posted_at))
        .order_by(entry.c.seq)
    )
    return narrowed(
        query,
        wanted,
        item_id=entry.c.item_id,
        batch_no=_BATCH,
        place_id=entry.c.location_id,
        party_id=entry.c.party_id,
        serial_key=serial.c.serial_key,
    )


def _ways(wanted: Wanted) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Which entries tell what came in and what went out: of the place that is asked for, or of the house.

    What came into the house left a place outside of it; what moves from shelf to shelf does neither.
    """
    arrived, departed = entry.c.qty > 0, entry.c.qty < 0
    if wanted.place_id is not None:
        return arrived, departed
    is_outside = place.c.kind.not_in(HOUSE_KINDS)
    return is_outside & departed, is_outside & arrived


LEDGER = Report(
    "ledger",
    "Serial number ledger",
    "Every movement of every unit, with who, when, where and by which voucher.",
    columns(
        ("seq", "Entry", Kind.NUMBER),
        ("dated_on", "Date", Kind.DAY),
        "item_code",
        "serial_no",
        "batch_no",
        "place",
        ("qty", "Quantity", Kind.NUMBER),
        "voucher_type",
        "voucher_no",
        "party",
        "by",
        ("scanned_at", "Scanned At", Kind.MOMENT),
        ("posted_at", "Posted At", Kind.MOMENT),
    ),
    (Filter.FROM, Filter.TO, Filter.ITEM, Filter.BATCH, Filter.SERIAL, Filter.PLACE, Filter.PARTY),
    _movements,
    Chart("posted_at", "came_in", against="went_out", order=Order.DAYS),
)


def _balances(wanted: Wanted) -> Select[Any]:
    """What each voucher changed of a batch in the house; a move from shelf to shelf changes nothing."""
    change = func.sum(entry.c.qty)
    changes = (
        select(
            func.max(entry.c.seq).label("seq"),
            entry.c.batch_id,
            entry.c.voucher_id,
            func.max(entry.c.posted_at).label("posted_at"),
            change.label("change"),
        )
        .join(place, place.c.id == entry.c.location_id)
        .where(entry.c.site_id == wanted.site_id, entry.c.batch_id.is_not(None), place.c.kind.in_(HOUSE_KINDS))
        .group_by(entry.c.batch_id, entry.c.voucher_id, entry.c.posted_at)
        .having(change != 0)
        .subquery()
    )
    running = func.sum(changes.c.change).over(partition_by=changes.c.batch_id, order_by=changes.c.seq)
    with_balance = select(changes, running.label("balance")).subquery()
    each = with_balance.c
    query = (
        select(
            item.c.item_code,
            _BATCH,
            batch.c.expires_on,
            voucher.c.dated_on,
            voucher.c.type.label("voucher_type"),
            voucher.c.number.label("voucher_no"),
            each.change,
            each.balance,
            each.posted_at,
        )
        .select_from(with_balance)
        .join(batch, batch.c.id == each.batch_id)
        .join(item, item.c.id == batch.c.item_id)
        .join(voucher, voucher.c.id == each.voucher_id)
        # Only after the sums: a balance counts what was before the first day that is asked for.
        .where(*wanted.at_moments(each.posted_at))
        .order_by(item.c.item_code, _BATCH, each.seq)
    )
    return narrowed(query, wanted, item_id=batch.c.item_id, batch_no=_BATCH)


BATCH_BALANCE = Report(
    "batch-balance",
    "Batch balance history",
    "How the stock of each batch went up and down, voucher by voucher.",
    columns(
        "item_code",
        "batch_no",
        ("expires_on", "Expires On", Kind.DAY),
        ("dated_on", "Date", Kind.DAY),
        "voucher_type",
        "voucher_no",
        ("change", "Change", Kind.NUMBER),
        ("balance", "Balance", Kind.NUMBER),
        ("posted_at", "Posted At", Kind.MOMENT),
    ),
    (Filter.FROM, Filter.TO, Filter.ITEM, Filter.BATCH),
    _balances,
    Chart("posted_at", "balance", parts=("change",), order=Order.DAYS, is_running=True),
)


def _whereabouts(wanted: Wanted) -> Select[Any]:
    receipt = voucher.alias("receipt")
    last = entry.alias("last_entry")
    moved_by = voucher.alias("moved_by")
    supplier, owner = party.alias("supplier"), party.alias("owner")
    state = case(*((place.c.kind == kind, literal(str(state))) for kind, state in STATE_AT.items()))
    query = (
        select(
            item.c.item_code,
            serial.c.serial_no,
            _BATCH,
            batch.c.expires_on,
            state.label("state"),
            place_path.label("place"),
            owner.c.name.label("customer"),
            owner.c.contact,
            moved_by.c.number.label("last_voucher"),
            moved_by.c.dated_on.label("since"),
            supplier.c.name.label("supplier"),
            receipt.c.number.label("receipt"),
            receipt.c.dated_on.label("received_on"),
        )
        .select_from(serial)
        .join(item, item.c.id == serial.c.item_id)
        .join(place, place.c.id == serial.c.location_id)
        .outerjoin(parent, parent.c.id == place.c.parent_id)
        .outerjoin(batch, batch.c.id == serial.c.batch_id)
        .outerjoin(owner, owner.c.id == serial.c.owner_id)
        .outerjoin(supplier, supplier.c.id == serial.c.supplier_id)
        .outerjoin(receipt, receipt.c.id == serial.c.receipt_id)
        .join(last, (last.c.site_id == serial.c.last_site_id) & (last.c.seq == serial.c.last_seq))
        .join(moved_by, moved_by.c.id == last.c.voucher_id)
        .where(place.c.site_id == wanted.site_id)
        .order_by(item.c.item_code, serial.c.id)
    )
    return narrowed(
        query,
        wanted,
        item_id=serial.c.item_id,
        batch_no=_BATCH,
        place_id=serial.c.location_id,
        party_id=serial.c.owner_id,
        serial_key=serial.c.serial_key,
    )


WHEREABOUTS = Report(
    "whereabouts",
    "Whereabouts of all units",
    "Where each unit of an item is or who has it, with contact, since when and by which document (21 CFR 821).",
    columns(
        "item_code",
        "serial_no",
        "batch_no",
        ("expires_on", "Expires On", Kind.DAY),
        "state",
        "place",
        "customer",
        "contact",
        "last_voucher",
        ("since", "Since", Kind.DAY),
        "supplier",
        "receipt",
        ("received_on", "Received On", Kind.DAY),
    ),
    (Filter.ITEM, Filter.BATCH, Filter.SERIAL, Filter.PLACE, Filter.PARTY),
    _whereabouts,
    Chart("state"),
)
