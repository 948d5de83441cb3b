"""Deliveries of what was fetched with a pick list."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from backend.domain.availability import Purpose, UnitFacts, refusal_of
from backend.domain.errors import Refusal, refuse
from backend.domain.people import Actor, Permission
from backend.domain.receiving import Tracking
from backend.models import DeliveryNote, Location, Party, PickList, Reservation, SerialNumber, VoucherLine
from backend.services.choosing import chosen
from backend.services.places import inside
from backend.services.selling import Sale, SoldLine, post_sale
from backend.services.vouchers import id_reused, locked, made_before, must_be
from backend.unit_of_work import UnitOfWork


def deliver_pick_list(
    work: UnitOfWork,
    actor: Actor,
    *,
    note_id: str,
    pick_list_id: str,
    order_id: str | None = None,
    number: str | None = None,
) -> DeliveryNote:
    """Deliver what a finished pick list has fetched, for one of its orders or for all of one customer.

    Every unit is judged again: one that was recalled meanwhile is not shipped.

    Raises:
        DomainError: ``several_customers``, ``nothing_to_deliver``, ``voucher_unknown``, ``voucher_not_open``,
            ``id_reused``, ``forbidden``, ``list_refused``, and what
            :func:`backend.domain.availability.refusal_of` answers.
    """
    pick_list, feed = locked(work, actor, PickList, pick_list_id, Permission.DELIVER)
    known = made_before(work, DeliveryNote, note_id)
    if known is not None:
        if known.source_id != pick_list.id:
            raise id_reused(note_id)
        return known
    must_be(pick_list, "submitted")
    lines = [line for line in pick_list.lines if line.picked > line.delivered and _is_for(line, order_id)]
    customers = {_order_line(line).voucher.party_id for line in lines}
    if not lines:
        raise refuse(
            "nothing_to_deliver",
            f"Nothing that was fetched with {pick_list.number} waits for its delivery.",
            "Look at the pick list: it shows what was delivered.",
        )
    if len(customers) > 1:
        raise refuse(
            "several_customers",
            f"{pick_list.number} holds goods for several customers.",
            "Deliver order by order.",
            orders=sorted({_order_line(line).voucher.number for line in lines}),
        )
    place = work.session.get_one(Location, pick_list.location_id)
    customer = work.session.get_one(Party, customers.pop())
    sale = Sale(
        note_id, place, customer, _fetched(work, pick_list, lines, place), source_id=pick_list.id, number=number
    )
    note = post_sale(work, feed, actor, DeliveryNote, sale)
    feed.close()
    return note


def _fetched(work: UnitOfWork, pick_list: PickList, lines: Sequence[VoucherLine], place: Location) -> list[SoldLine]:
    places = inside(work, place)

    def judge(unit: UnitFacts) -> Refusal | None:
        return refusal_of(
            unit,
            Purpose.SELL,
            today=work.today,
            places=places,
            place=place.path,
            voucher_ids={pick_list.id},
        )

    rows = work.session.execute(
        select(Reservation.line_id, SerialNumber.serial_no)
        .join(SerialNumber, SerialNumber.id == Reservation.serial_id)
        .where(Reservation.voucher_id == pick_list.id, Reservation.status == "chosen")
        .order_by(Reservation.id)
    )
    serial_nos: defaultdict[int, list[str]] = defaultdict(list)
    for line_id, serial_no in rows:
        serial_nos[line_id].append(serial_no)
    sold: list[SoldLine] = []
    for line in lines:
        if Tracking(line.item.tracking).has_serial:
            units = chosen(work.connection, serial_nos[line.id], judge, item_id=line.item_id)
            sold.append(SoldLine(line.item_id, len(units), tuple(units), source_line_id=line.id))
        else:
            qty = line.picked - line.delivered
            sold.append(SoldLine(line.item_id, qty, (), line.location_id, line.batch_id, line.id))
    return sold


def _order_line(line: VoucherLine) -> VoucherLine:
    source = line.source_line
    if source is None:
        raise LookupError(f"line {line.id} of a pick list has no order")
    return source


def _is_for(line: VoucherLine, order_id: str | None) -> bool:
    return order_id is None or _order_line(line).voucher_id == order_id
