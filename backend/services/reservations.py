"""Units that vouchers have taken: given free, handed on, and what of an order is still to be fetched."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, insert, select, update

from backend.domain.errors import DomainError, refuse
from backend.domain.ledger import Quantity
from backend.models import Reservation, Voucher, VoucherLine, table
from backend.unit_of_work import UnitOfWork

STANDING = ("proposed", "chosen")
_reservation = table(Reservation).c
_REPLACE = (
    update(table(Reservation))
    .where(_reservation.id == bindparam("given_up"))
    .values(reason=bindparam("why"), replaced_by_id=bindparam("new"))
)
_line = table(VoucherLine).c
_COUNT_OUT = (
    update(table(VoucherLine)).where(_line.id == bindparam("line")).values(picked=_line.picked - bindparam("units"))
)


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A standing reservation that ends because a unit is taken: the unit's own, or that of one that gives way."""

    reservation_id: int
    for_unit: int
    reason: str


def release(work: UnitOfWork, *which: ColumnElement[bool], reason: str) -> None:
    """Give the standing ones among some reservations free; they are kept, with the reason."""
    work.session.execute(
        update(Reservation)
        .where(Reservation.status.in_(STANDING), *which)
        .values(status="released", reason=reason[:500])
        .execution_options(synchronize_session=False)
    )


def hand_on(work: UnitOfWork, rows: Sequence[dict[str, Any]], given_up: Collection[GivenUp]) -> None:
    """Reserve units, and link the reservations that are given up for them to the new ones.

    Args:
        work: The unit of work.
        rows: The new reservations.
        given_up: Those that end; each one's unit is among the new rows.
    """
    if given_up:
        ids = [each.reservation_id for each in given_up]
        fetched = work.connection.scalars(
            select(_reservation.line_id)
            .join(table(Voucher), table(Voucher).c.id == _reservation.voucher_id)
            .where(_reservation.id.in_(ids), _reservation.status == "chosen", table(Voucher).c.type == "pick_list")
        )
        count_out(work, fetched.all())
        release(work, Reservation.id.in_(ids), reason="")
    if rows:
        work.session.execute(insert(table(Reservation)), rows)
    if given_up:
        new = standing_ids(work, {each.for_unit for each in given_up})
        work.session.execute(
            _REPLACE,
            [
                {"given_up": each.reservation_id, "why": each.reason[:500], "new": new[each.for_unit]}
                for each in given_up
            ],
        )


def count_out(work: UnitOfWork, line_ids: Sequence[int]) -> None:
    """What was fetched for these lines of pick lists is not with them any more: a unit each time one is named."""
    if line_ids:
        work.connection.execute(
            _COUNT_OUT, [{"line": line, "units": units} for line, units in Counter(line_ids).items()]
        )


def give_back(work: UnitOfWork, voucher_id: str, *which: ColumnElement[bool], reason: str) -> None:
    """Release what a pick list has taken; what an order had reserved before is the order's again."""
    taken = [Reservation.voucher_id == voucher_id, Reservation.status.in_(STANDING), *which]
    orders = table(Reservation).alias("of_order")
    before = work.session.execute(
        select(orders.c.voucher_id, orders.c.line_id, orders.c.serial_id, orders.c.user_id)
        .join(Reservation, Reservation.id == orders.c.replaced_by_id)
        .join(Voucher, Voucher.id == orders.c.voucher_id)
        .where(
            *taken,
            orders.c.serial_id == Reservation.serial_id,
            Voucher.type == "sales_order",
            Voucher.status == "submitted",
        )
    ).all()
    release(work, *taken, reason=reason)
    if before:
        work.session.execute(
            insert(table(Reservation)),
            [dict(row._mapping) | {"status": "chosen", "at": work.now} for row in before],
        )


def to_fetch(work: UnitOfWork, order_ids: Collection[str]) -> dict[int, Quantity]:
    """What of each line of some orders is neither delivered nor on an open pick list."""
    order_line, list_line, pick_list = table(VoucherLine).c, table(VoucherLine).alias("list_line"), table(Voucher)
    rows = work.connection.execute(
        select(
            order_line.id,
            order_line.qty,
            order_line.delivered,
            pick_list.c.status,
            list_line.c.qty.label("asked"),
            list_line.c.picked,
            list_line.c.delivered.label("gone"),
        )
        .select_from(table(VoucherLine))
        .outerjoin(list_line, list_line.c.source_line_id == order_line.id)
        .outerjoin(pick_list, and_(pick_list.c.id == list_line.c.voucher_id, pick_list.c.type == "pick_list"))
        .where(order_line.voucher_id.in_(list(order_ids)))
    )
    left: dict[int, Quantity] = {}
    for row in rows:
        left.setdefault(row.id, row.qty - row.delivered)
        # An open list promises all that it asks for; a finished one what was fetched and waits for its delivery.
        if row.status == "draft":
            left[row.id] -= row.asked
        elif row.status == "submitted":
            left[row.id] -= row.picked - row.gone
    return {line_id: max(qty, 0) for line_id, qty in left.items()}


def promised_goods(
    work: UnitOfWork, item_ids: Collection[int], *, without: Collection[str] = ()
) -> dict[tuple[int, int, int | None], Quantity]:
    """How much of counted goods open pick lists have promised, by place, item and batch."""
    line, pick_list = table(VoucherLine).c, table(Voucher).c
    rows = work.connection.execute(
        select(line.location_id, line.item_id, line.batch_id, line.qty, line.picked, line.delivered, pick_list.status)
        .select_from(table(VoucherLine))
        .join(table(Voucher), pick_list.id == line.voucher_id)
        .where(
            pick_list.type == "pick_list",
            pick_list.status.in_(("draft", "submitted")),
            line.location_id.is_not(None),
            line.item_id.in_(list(item_ids)),
            pick_list.id.not_in(list(without)),
        )
    )
    promised: defaultdict[tuple[int, int, int | None], Quantity] = defaultdict(int)
    for row in rows:
        open_qty = row.qty if row.status == "draft" else row.picked - row.delivered
        promised[row.location_id, row.item_id, row.batch_id] += open_qty
    return promised


def serial_count(number: str, item_code: str, needed: Quantity, given: int) -> DomainError:
    """The refusal of more or fewer serial numbers than units."""
    return refuse(
        "serial_count",
        f"{number}: {needed} serials needed for {item_code}, {given} given.",
        "Name one serial number for each unit.",
        item_code=item_code,
        needed=int(needed),
        given=given,
    )


def standing_ids(work: UnitOfWork, serial_ids: Collection[int]) -> dict[int, int]:
    """The standing reservation of each of these units that has one."""
    rows = work.connection.execute(
        select(_reservation.serial_id, _reservation.id).where(
            _reservation.serial_id.in_(list(serial_ids)), _reservation.status.in_(STANDING)
        )
    )
    return {row.serial_id: row.id for row in rows}
