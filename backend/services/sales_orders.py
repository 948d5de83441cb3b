"""Sales orders: written, submitted, given particular units, taken back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select

from backend.domain import serials
from backend.domain.availability import Purpose, UnitFacts, refusal_of
from backend.domain.errors import Refusal, refuse
from backend.domain.ledger import Quantity
from backend.domain.people import Actor, Permission
from backend.domain.receiving import Tracking
from backend.models import Item, Location, Party, Reservation, SalesOrder, SerialNumber, Voucher, VoucherLine, table
from backend.services.choosing import chosen
from backend.services.editing import must_be_offered
from backend.services.feed import SiteFeed
from backend.services.reservations import STANDING, release, serial_count, to_fetch
from backend.services.vouchers import id_reused, locked, made_before, must_be, next_number
from backend.unit_of_work import UnitOfWork

_reservation = table(Reservation).c


@dataclass(frozen=True, slots=True)
class WantedLine:
    """How much of an item is wanted."""

    item_code: str
    qty: Quantity


def create_order(
    work: UnitOfWork,
    actor: Actor,
    *,
    order_id: str,
    site_id: int,
    customer_code: str,
    lines: Sequence[WantedLine],
    number: str | None = None,
    remark: str | None = None,
) -> SalesOrder:
    """Write a draft; the same id again answers with the same order.

    Args:
        work: The unit of work.
        actor: Needs ``orders.manage`` at the site.
        order_id: UUID made by the caller.
        site_id: Where the goods will come from.
        customer_code: Who ordered them.
        lines: What was ordered.
        number: The number that people know the order by; drawn when none is given.
        remark: Kept as it is.

    Raises:
        DomainError: ``customer_unknown``, ``item_unknown``, ``quantity_not_whole``, ``number_taken``, ``id_reused``,
            ``forbidden``.
    """
    actor.must(Permission.ORDERS_MANAGE, site_id)
    feed = SiteFeed(work, site_id)
    known = made_before(work, SalesOrder, order_id)
    if known is not None:
        if known.site_id != site_id or number not in (None, known.number) or not _says(known, customer_code, lines):
            raise id_reused(order_id)
        return known
    if number is not None and _is_taken(work, number):
        raise refuse("number_taken", f"There is a sales order {number} already.", "Choose another number.")
    order = SalesOrder(
        id=order_id,
        number=number or next_number(work, SalesOrder, site_id),
        status="draft",
        site_id=site_id,
        party_id=customer_of(work, customer_code).id,
        remark=remark,
        dated_on=work.today,
        opened_by_id=actor.user_id,
        opened_at=work.now,
        lines=_lines(work, lines),
    )
    work.session.add(order)
    work.session.flush()
    feed.tell("order_changed", voucher_id=order.id)
    feed.close()
    return order


def edit_order(
    work: UnitOfWork,
    actor: Actor,
    *,
    order_id: str,
    customer_code: str,
    lines: Sequence[WantedLine],
    remark: str | None,
) -> SalesOrder:
    """Write a draft anew.

    Raises:
        DomainError: ``voucher_unknown``, ``voucher_not_open``, ``forbidden``, and what :func:`create_order` raises.
    """
    order, feed = locked(work, actor, SalesOrder, order_id, Permission.ORDERS_MANAGE)
    must_be(order, "draft")
    order.party_id = customer_of(work, customer_code).id
    order.remark = remark
    if not _says(order, customer_code, lines):
        wanted = _lines(work, lines)
        work.session.execute(delete(VoucherLine).where(VoucherLine.voucher_id == order.id))
        work.session.expire(order, ["lines"])
        for line in wanted:
            line.voucher_id = order.id
        work.session.add_all(wanted)
    work.session.flush()
    feed.tell("order_changed", voucher_id=order.id)
    feed.close()
    return order


def submit_order(work: UnitOfWork, actor: Actor, *, order_id: str) -> SalesOrder:
    """Let an order be picked; again: the same answer.

    Raises:
        DomainError: ``order_empty``, ``voucher_unknown``, ``voucher_not_open``, ``forbidden``.
    """
    order, feed = locked(work, actor, SalesOrder, order_id, Permission.ORDERS_MANAGE)
    if order.status in ("submitted", "closed"):
        return order
    must_be(order, "draft")
    if not order.lines:
        raise refuse("order_empty", f"{order.number} has no lines.", "Write down what was ordered first.")
    order.status, order.submitted_by_id, order.submitted_at = "submitted", actor.user_id, work.now
    work.session.flush()
    feed.tell("order_changed", voucher_id=order.id)
    feed.close()
    return order


def cancel_order(work: UnitOfWork, actor: Actor, *, order_id: str, reason: str) -> SalesOrder:
    """Take an order back of which nothing was fetched or delivered; its reserved units are free again.

    Raises:
        DomainError: ``order_in_progress``, ``voucher_unknown``, ``voucher_not_open``, ``forbidden``.
    """
    order, feed = locked(work, actor, SalesOrder, order_id, Permission.ORDERS_MANAGE)
    if order.status == "cancelled":
        return order
    must_be(order, "draft", "submitted")
    must_be_untouched(work, order)
    undo_order(work, order, reason)
    order.status, order.cancel_reason = "cancelled", reason
    order.cancelled_by_id, order.cancelled_at = actor.user_id, work.now
    work.session.flush()
    feed.tell("order_changed", voucher_id=order.id)
    feed.close()
    return order


def must_be_untouched(work: UnitOfWork, order: Voucher) -> None:
    """Raise the refusal ``order_in_progress`` when something was fetched or delivered for an order."""
    later = _made_from(work, order)
    if later is not None:
        raise refuse(
            "order_in_progress",
            f"{later} was made from {order.number}, so this cannot be cancelled.",
            f"Discard or cancel {later} first.",
            number=order.number,
            voucher=later,
        )


def undo_order(work: UnitOfWork, order: Voucher, reason: str) -> None:
    """What follows from cancelling an order: the units that it had reserved are free."""
    release(work, Reservation.voucher_id == order.id, reason=reason)


def reserve_units(work: UnitOfWork, actor: Actor, *, order_id: str, serial_nos: Sequence[str]) -> SalesOrder:
    """Choose particular units for an order; nobody else gets them while the order stands.

    Those that it has already are passed over, so that the same request may come again.

    Raises:
        DomainError: ``serial_count``, ``voucher_unknown``, ``voucher_not_open``, ``forbidden``, and for the units
            what :func:`backend.services.choosing.chosen` and :func:`backend.domain.availability.refusal_of` say.
    """
    order, feed = locked(work, actor, SalesOrder, order_id, Permission.ORDERS_MANAGE)
    must_be(order, "submitted")
    lines = {line.item_id for line in order.lines}
    wanted_items = " or ".join(dict.fromkeys(line.item.item_code for line in order.lines))
    site_places = frozenset(work.session.scalars(select(Location.id).where(Location.site_id == order.site_id)))

    def judge(unit: UnitFacts) -> Refusal | None:
        return refusal_of(
            unit,
            Purpose.SELL,
            today=work.today,
            item=None if unit.item_id in lines else (0, wanted_items),
            places=site_places,
            place="this site",
            voucher_ids={order.id},
        )

    units = chosen(work.connection, serial_nos, judge, item_id=order.lines[0].item_id if len(lines) == 1 else None)
    rows = []
    room = _room(work, order)
    for unit in units:
        if unit.reserved is not None:
            continue
        line_id = next((line for line, left in room[unit.item_id].items() if left > 0), None)
        if line_id is None:
            needed = sum(line.qty - line.delivered for line in order.lines if line.item_id == unit.item_id)
            given = sum(each.item_id == unit.item_id for each in units)
            raise serial_count(order.number, unit.item_code, needed, given)
        room[unit.item_id][line_id] -= 1
        rows.append(
            {
                "voucher_id": order.id,
                "line_id": line_id,
                "serial_id": unit.serial_id,
                "status": "chosen",
                "user_id": actor.user_id,
                "at": work.now,
            }
        )
    if rows:
        work.session.execute(insert(table(Reservation)), rows)
        feed.tell("order_changed", voucher_id=order.id)
    feed.close()
    return order


def release_units(
    work: UnitOfWork, actor: Actor, *, order_id: str, serial_nos: Collection[str], reason: str
) -> SalesOrder:
    """Give units free that were reserved for an order; those that are not are passed over.

    Raises:
        DomainError: ``voucher_unknown``, ``voucher_not_open``, ``forbidden``.
    """
    order, feed = locked(work, actor, SalesOrder, order_id, Permission.ORDERS_MANAGE)
    must_be(order, "submitted")
    keys = {serials.key(serial_no) for serial_no in serial_nos}
    named = select(SerialNumber.id).where(SerialNumber.serial_key.in_(keys))
    release(work, Reservation.voucher_id == order.id, Reservation.serial_id.in_(named), reason=reason)
    feed.tell("order_changed", voucher_id=order.id)
    feed.close()
    return order


def customer_of(work: UnitOfWork, code: str) -> Party:
    """The customer with a code.

    Raises:
        DomainError: ``customer_unknown``, ``retired``.
    """
    customer = work.session.scalar(select(Party).where(Party.code == code, Party.kind == "customer"))
    if customer is None:
        raise refuse("customer_unknown", f"There is no customer {code}.", "Choose a customer of the list.")
    must_be_offered(customer)
    return customer


def items_of(work: UnitOfWork, item_codes: Collection[str]) -> dict[str, Item]:
    """Items by their codes.

    Raises:
        DomainError: ``item_unknown``.
    """
    found = work.session.scalars(select(Item).where(Item.item_code.in_(set(item_codes))))
    items = {item.item_code: item for item in found}
    for item_code in item_codes:
        if item_code not in items:
            raise refuse("item_unknown", f"There is no item {item_code}.", "Choose an item of the list.")
    return items


def must_be_whole(item: Item, qty: Quantity) -> None:
    """Raise the refusal ``quantity_not_whole`` for half a unit of something that has serial numbers."""
    if Tracking(item.tracking).has_serial and qty != int(qty):
        raise refuse(
            "quantity_not_whole",
            f"{qty} {item.item_code} cannot be: its units have serial numbers.",
            "Give a whole number of units.",
            item_code=item.item_code,
        )


def _lines(work: UnitOfWork, lines: Sequence[WantedLine]) -> list[VoucherLine]:
    items = items_of(work, [line.item_code for line in lines])
    for line in lines:
        must_be_offered(items[line.item_code])
        must_be_whole(items[line.item_code], line.qty)
    return [
        VoucherLine(idx=idx, item_id=items[line.item_code].id, qty=line.qty) for idx, line in enumerate(lines, start=1)
    ]


def _says(order: SalesOrder, customer_code: str, lines: Sequence[WantedLine]) -> bool:
    known = [(line.item.item_code, line.qty) for line in order.lines]
    customer = order.party.code if order.party else None
    return (customer, known) == (customer_code, [(line.item_code, line.qty) for line in lines])


def _is_taken(work: UnitOfWork, number: str) -> bool:
    return work.session.scalar(select(SalesOrder.id).where(SalesOrder.number == number)) is not None


def _made_from(work: UnitOfWork, order: Voucher) -> str | None:
    """The number of a voucher that stands on a line of the order."""
    made, line = table(VoucherLine).alias("made"), table(VoucherLine).c
    return work.session.scalar(
        select(Voucher.number)
        .join(made, made.c.voucher_id == Voucher.id)
        .join(table(VoucherLine), line.id == made.c.source_line_id)
        .where(line.voucher_id == order.id, Voucher.status != "cancelled")
        .order_by(Voucher.opened_at)
    )


def _room(work: UnitOfWork, order: SalesOrder) -> dict[int, dict[int, Quantity]]:
    """How many more units each line may reserve, by item and line."""
    left = to_fetch(work, [order.id])
    reserved: dict[int, int] = dict(
        work.connection.execute(
            select(_reservation.line_id, func.count())
            .where(_reservation.voucher_id == order.id, _reservation.status.in_(STANDING))
            .group_by(_reservation.line_id)
        ).all()
    )
    room: dict[int, dict[int, Quantity]] = {}
    for line in order.lines:
        room.setdefault(line.item_id, {})[line.id] = left[line.id] - reserved.get(line.id, 0)
    return room
