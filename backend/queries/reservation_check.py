"""Compares what vouchers have taken, fetched and delivered with the ledger and with each other."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from backend.domain.ledger import Quantity
from backend.domain.locations import STATE_AT, LocationKind, UnitState
from backend.models import Item, Location, Reservation, SerialNumber, StockLedgerEntry, Voucher, VoucherLine

_IN_STOCK = [kind for kind in LocationKind if STATE_AT.get(kind) is UnitState.IN_STOCK]
_OPEN = {"sales_order": {"submitted"}, "pick_list": {"draft", "submitted"}}
"""Statuses in which a voucher may hold units."""


def check_reservations(session: Session) -> Iterator[str]:
    """Standing ones belong to open vouchers, and their units lie where they are fetched; posted ones were sold."""
    inside = _inside(session)
    rows = session.execute(
        select(
            Reservation.id,
            Voucher.number,
            Voucher.type,
            Voucher.status,
            Voucher.site_id,
            Voucher.location_id.label("from_id"),
            SerialNumber.serial_no,
            SerialNumber.location_id,
            Location.kind,
        )
        .join(Voucher, Voucher.id == Reservation.voucher_id)
        .join(SerialNumber, SerialNumber.id == Reservation.serial_id)
        .join(Location, Location.id == SerialNumber.location_id)
        .where(Reservation.status.in_(("proposed", "chosen")))
    )
    for row in rows:
        if row.type in _OPEN and row.status not in _OPEN[row.type]:
            yield f"reservation {row.id}: {row.serial_no} stands on {row.number}, which is {row.status}"
        elif row.kind not in _IN_STOCK:
            yield f"reservation {row.id}: {row.serial_no} stands on {row.number} and is not in stock"
        elif row.location_id not in inside.get(row.from_id or row.site_id, ()):
            yield f"reservation {row.id}: {row.serial_no} stands on {row.number} and lies elsewhere"
    sold = (
        select(StockLedgerEntry.seq)
        .join(VoucherLine, VoucherLine.id == StockLedgerEntry.voucher_line_id)
        .where(StockLedgerEntry.serial_id == Reservation.serial_id, VoucherLine.source_line_id == Reservation.line_id)
    )
    for reservation_id, number in session.execute(
        select(Reservation.id, Voucher.number)
        .join(Voucher, Voucher.id == Reservation.voucher_id)
        .where(Reservation.status == "posted", Voucher.type.in_(("sales_order", "pick_list")), ~sold.exists())
    ):
        yield f"reservation {reservation_id} of {number} is posted, and the ledger has no movement for it"


def check_sales(session: Session) -> Iterator[str]:
    """What lines say was fetched and delivered, against reservations and the vouchers that delivered it."""
    delivered: defaultdict[int, Quantity] = defaultdict(int)
    for row in session.execute(_sold_lines()):
        delivered[row.source_line_id] += row.qty
        if row.order_line_id is not None:
            delivered[row.order_line_id] += row.qty
    fetched: dict[int, int] = dict(
        session.execute(
            select(Reservation.line_id, func.count())
            .where(Reservation.status.in_(("chosen", "posted")))
            .group_by(Reservation.line_id)
        ).all()
    )
    rows = session.execute(
        select(
            VoucherLine.id,
            VoucherLine.qty,
            VoucherLine.picked,
            VoucherLine.delivered,
            Voucher.number,
            Voucher.type,
            Voucher.status,
            Item.tracking,
        )
        .join(Voucher, Voucher.id == VoucherLine.voucher_id)
        .join(Item, Item.id == VoucherLine.item_id)
        .where(Voucher.type.in_(("sales_order", "pick_list")))
    )
    for row in rows:
        if row.delivered != delivered[row.id]:
            yield f"{row.number}, line {row.id}: delivered {row.delivered}, its deliveries say {delivered[row.id]}"
        if row.type != "pick_list" or row.status == "cancelled":
            continue
        if row.tracking in ("serial", "serial_batch") and row.picked != fetched.get(row.id, 0):
            yield f"{row.number}, line {row.id}: picked {row.picked}, its units are {fetched.get(row.id, 0)}"
        if not row.delivered <= row.picked <= row.qty:
            yield f"{row.number}, line {row.id}: asks for {row.qty}, picked {row.picked}, delivered {row.delivered}"
    yield from _check_totals(session)


def _sold_lines() -> Select[Any]:
    """The lines that sold something for a pick list or order, and the order's line behind a pick list's."""
    source, of = aliased(VoucherLine), aliased(Voucher)
    return (
        select(VoucherLine.qty, VoucherLine.source_line_id, source.source_line_id.label("order_line_id"))
        .join(Voucher, Voucher.id == VoucherLine.voucher_id)
        .join(source, source.id == VoucherLine.source_line_id)
        .join(of, of.id == source.voucher_id)
        .where(
            Voucher.type.in_(("delivery_note", "sales_invoice")),
            Voucher.status != "cancelled",
            of.type.in_(("sales_order", "pick_list")),
        )
    )


def _check_totals(session: Session) -> Iterator[str]:
    """A sale moved what its lines say."""
    moved = func.sum(StockLedgerEntry.qty)
    rows = session.execute(
        select(Voucher.number, VoucherLine.id, VoucherLine.qty, moved)
        .join(VoucherLine, VoucherLine.voucher_id == Voucher.id)
        .join(StockLedgerEntry, StockLedgerEntry.voucher_line_id == VoucherLine.id)
        .join(Location, Location.id == StockLedgerEntry.location_id)
        .where(
            Voucher.type.in_(("delivery_note", "sales_invoice")),
            Voucher.status != "cancelled",
            Location.kind == LocationKind.CUSTOMER,
        )
        .group_by(Voucher.number, VoucherLine.id, VoucherLine.qty)
    )
    for number, line_id, qty, went in rows:
        if qty != round(Decimal(str(went)), 6):
            yield f"{number}, line {line_id}: {qty} sold, the ledger moved {went}"


def _inside(session: Session) -> dict[int, set[int]]:
    """Each place with all places under it."""
    parents: dict[int, int | None] = dict(session.execute(select(Location.id, Location.parent_id)).all())
    inside: defaultdict[int, set[int]] = defaultdict(set)
    for place_id in parents:
        above: int | None = place_id
        while above is not None:
            inside[above].add(place_id)
            above = parents[above]
    return inside
