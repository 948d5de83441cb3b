"""A sale, whatever voucher tells of it: goods leave stock for a customer, warranties start, orders are fulfilled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import bindparam, select, update

from backend.domain.availability import UnitFacts
from backend.domain.errors import refuse
from backend.domain.ledger import Move, Quantity
from backend.domain.locations import LocationKind
from backend.domain.people import Actor
from backend.models import (
    Balance,
    DeliveryNote,
    Item,
    Location,
    Party,
    Reservation,
    SalesInvoice,
    Scan,
    StockLedgerEntry,
    Voucher,
    VoucherLine,
    table,
)
from backend.services.dating import business_date, must_follow
from backend.services.feed import SiteFeed
from backend.services.places import only_place
from backend.services.reservations import STANDING
from backend.services.stock import move_units, post_moves
from backend.services.vouchers import next_number
from backend.services.warranties import start_with_sale
from backend.unit_of_work import UnitOfWork

Kind = TypeVar("Kind", DeliveryNote, SalesInvoice)
_line, _voucher = table(VoucherLine), table(Voucher)


@dataclass(frozen=True, slots=True)
class SoldLine:
    """What goes of one item: units, or a quantity of counted goods from one place and batch.

    ``source_line_id`` is the line of the order or pick list that asked for it.
    """

    item_id: int
    qty: Quantity
    units: tuple[UnitFacts, ...] = ()
    location_id: int | None = None
    batch_id: int | None = None
    source_line_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sale:
    """Who gets what from where, by which voucher."""

    voucher_id: str
    place: Location
    customer: Party
    lines: Sequence[SoldLine]
    source_id: str | None = None
    number: str | None = None
    remark: str | None = None
    dated_on: date | None = None
    request_digest: str | None = None


def post_sale(work: UnitOfWork, feed: SiteFeed, actor: Actor, kind: type[Kind], sale: Sale) -> Kind:
    """Write the voucher of a sale, post it, start warranties, and count it on the orders it fulfils.

    The units are judged already; that the goods are there is checked here.

    Raises:
        DomainError: ``not_enough_stock``, ``number_taken``, ``date_in_future``, ``date_too_far_back``,
            ``has_later_moves``.
    """
    _goods_must_be_there(work, sale)
    voucher = _voucher_of(work, actor, kind, sale)
    units = [unit for line in sale.lines for unit in line.units]
    must_follow(work, [unit.serial_id for unit in units], voucher.dated_on)
    entries = post_moves(work, feed, voucher, _moves(work, voucher, sale), actor_id=actor.user_id)
    if units:
        move_units(work, feed, entries, owner_id=sale.customer.id)
        start_with_sale(work, voucher, units)
        work.session.execute(
            update(Reservation)
            .where(Reservation.serial_id.in_([unit.serial_id for unit in units]), Reservation.status.in_(STANDING))
            .values(status="posted")
            .execution_options(synchronize_session=False)
        )
    sources = [line for line in voucher.lines if line.source_line_id is not None]
    count_delivered(work, feed, sources, 1)
    feed.tell("stock_moved", voucher_id=voucher.id)
    return voucher


def count_delivered(work: UnitOfWork, feed: SiteFeed, lines: Sequence[VoucherLine], sign: int) -> None:
    """Count what was sold on the pick lists and orders that asked for it, or out again with ``-1``.

    An order is closed when all of it is delivered, a pick list when all that was fetched is; both are open again
    when a sale is taken back.
    """
    by_line: dict[int, Quantity] = {}
    for line in lines:
        source = line.source_line
        while source is not None:
            by_line[source.id] = by_line.get(source.id, 0) + sign * line.qty
            source = source.source_line
    if not by_line:
        return
    work.session.execute(
        update(_line)
        .where(_line.c.id == bindparam("of_line"))
        .values(delivered=_line.c.delivered + bindparam("gone", type_=_line.c.delivered.type)),
        [{"of_line": line_id, "gone": qty} for line_id, qty in by_line.items()],
    )
    vouchers = work.connection.execute(
        select(_voucher.c.id, _voucher.c.type).where(
            _voucher.c.id.in_(select(_line.c.voucher_id).where(_line.c.id.in_(list(by_line))))
        )
    ).all()
    for row in vouchers:
        asked = _line.c.picked if row.type == "pick_list" else _line.c.qty
        is_open = work.session.scalar(
            select(_line.c.id).where(_line.c.voucher_id == row.id, _line.c.delivered < asked).limit(1)
        )
        status = "submitted" if is_open else "closed"
        work.session.execute(
            update(_voucher)
            .where(_voucher.c.id == row.id, _voucher.c.status.in_(("submitted", "closed")))
            .values(status=status)
        )
        feed.tell("order_changed" if row.type == "sales_order" else "pick_list_changed", voucher_id=row.id)


def undo_sale(work: UnitOfWork, feed: SiteFeed, voucher: Voucher, reason: str) -> None:
    """What follows from cancelling a delivery or an invoice that moved stock, besides ledger and warranties.

    Its order is open again; the units are free, not reserved for it any more, and a finished pick list stays closed.
    """
    lines = [line for line in voucher.lines if line.source_line_id is not None]
    if voucher.type == "sales_invoice" and voucher.source is not None and voucher.source.type == "delivery_note":
        return  # The delivery moved the stock, not this.
    sold = select(StockLedgerEntry.serial_id).where(
        StockLedgerEntry.voucher_id == voucher.id, StockLedgerEntry.serial_id.is_not(None)
    )
    work.session.execute(
        update(Reservation)
        .where(
            Reservation.line_id.in_([line.source_line_id for line in lines]),
            Reservation.serial_id.in_(sold),
            Reservation.status == "posted",
        )
        .values(status="released", reason=f"{voucher.number} was cancelled: {reason}"[:500])
        .execution_options(synchronize_session=False)
    )
    # What the pick list had fetched lies in the warehouse again, free for everybody.
    for line in lines:
        source = line.source_line
        if source is not None and source.voucher.type == "pick_list":
            source.picked -= line.qty
    work.session.flush()
    count_delivered(work, feed, lines, -1)


def _voucher_of(work: UnitOfWork, actor: Actor, kind: type[Kind], sale: Sale) -> Kind:
    of_kind = kind.__mapper__.polymorphic_identity
    is_taken = sale.number and work.session.scalar(
        select(Voucher.id).where(Voucher.type == of_kind, Voucher.number == sale.number)
    )
    if is_taken:
        raise refuse("number_taken", f"There is a voucher {sale.number} already.", "Choose another number.")
    site_id: Any = sale.place.site_id
    voucher = kind(
        id=sale.voucher_id,
        number=sale.number or next_number(work, kind, site_id),
        status="submitted",
        site_id=site_id,
        party_id=sale.customer.id,
        source_id=sale.source_id,
        location_id=sale.place.id,
        remark=sale.remark,
        request_digest=sale.request_digest,
        dated_on=business_date(work, sale.dated_on),
        opened_by_id=actor.user_id,
        opened_at=work.now,
        submitted_by_id=actor.user_id,
        submitted_at=work.now,
        lines=[
            VoucherLine(
                idx=idx,
                item_id=line.item_id,
                qty=line.qty,
                source_line_id=line.source_line_id,
                batch_id=line.batch_id,
                location_id=line.location_id,
            )
            for idx, line in enumerate(sale.lines, start=1)
        ],
    )
    work.session.add(voucher)
    work.session.flush()
    return voucher


def _moves(work: UnitOfWork, voucher: Voucher, sale: Sale) -> list[Move]:
    customer_place = only_place(work, voucher.site_id, LocationKind.CUSTOMER)
    scans = _scans_of(work, sale)
    moves: list[Move] = []
    for line, written in zip(sale.lines, voucher.lines, strict=True):
        moves += [
            Move(
                unit.item_id,
                unit.serial_id,
                unit.batch_id,
                unit.location_id,
                customer_place,
                1,
                written.id,
                *scans.get(unit.serial_id, (None, None)),
            )
            for unit in line.units
        ]
        if not line.units and line.location_id is not None:
            moves.append(
                Move(line.item_id, None, line.batch_id, line.location_id, customer_place, line.qty, written.id)
            )
    return moves


def _scans_of(work: UnitOfWork, sale: Sale) -> dict[int, tuple[Any, Any]]:
    """The scans by which people chose the units, for the ledger."""
    rows = work.connection.execute(
        select(Reservation.serial_id, Scan.id, Scan.scanned_at)
        .join(Scan, Scan.id == Reservation.scan_id)
        .where(
            Reservation.serial_id.in_([unit.serial_id for line in sale.lines for unit in line.units]),
            Reservation.status == "chosen",
        )
    )
    return {row.serial_id: (row.id, row.scanned_at) for row in rows}


def _goods_must_be_there(work: UnitOfWork, sale: Sale) -> None:
    wanted: dict[tuple[int, int, int | None], Quantity] = {}
    for line in sale.lines:
        if not line.units and line.location_id is not None:
            key = (line.location_id, line.item_id, line.batch_id)
            wanted[key] = wanted.get(key, 0) + line.qty
    if not wanted:
        return
    rows = work.connection.execute(
        select(Balance.location_id, Balance.item_id, Balance.batch_id, Balance.qty).where(
            Balance.location_id.in_({place for place, _, _ in wanted}),
            Balance.item_id.in_({item for _, item, _ in wanted}),
        )
    )
    there = {(row.location_id, row.item_id, row.batch_id): row.qty for row in rows}
    for key, qty in wanted.items():
        if there.get(key, 0) < qty:
            item = work.session.get_one(Item, key[1])
            place = work.session.get_one(Location, key[0])
            raise not_enough(item.item_code, place.path, qty, there.get(key, 0))


def not_enough(item_code: str, place: str, wanted: Quantity, there: Quantity) -> Exception:
    """The refusal of more goods than there are."""
    return refuse(
        "not_enough_stock",
        f"{place} has {there} {item_code}, {wanted} are wanted.",
        "Take less, or choose a place that has more.",
        item_code=item_code,
        location=place,
        wanted=str(wanted),
        there=str(there),
    )
