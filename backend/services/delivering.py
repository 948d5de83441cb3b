"""Deliveries: units and goods that are named leave stock for a customer."""

from collections.abc import Sequence

from backend.domain.errors import refuse
from backend.domain.people import Actor, Permission
from backend.models import DeliveryNote, Item, Location, SalesOrder
from backend.services.dating import business_date
from backend.services.feed import SiteFeed
from backend.services.reservations import to_fetch
from backend.services.sales_orders import customer_of
from backend.services.selling import Kind, Sale, SoldLine, post_sale
from backend.services.vouchers import id_reused, made_before
from backend.services.wanted_goods import Wanted, WantedGoods
from backend.unit_of_work import UnitOfWork


def deliver(
    work: UnitOfWork,
    actor: Actor,
    *,
    note_id: str,
    customer_code: str,
    location_id: int,
    serial_nos: Sequence[str],
) -> DeliveryNote:
    """Deliver units to a customer; see :func:`deliver_goods`."""
    wanted = Wanted(note_id, location_id, customer_code, serial_nos=tuple(serial_nos))
    return deliver_goods(work, actor, DeliveryNote, wanted)


def deliver_goods(work: UnitOfWork, actor: Actor, kind: type[Kind], wanted: Wanted) -> Kind:
    """Deliver goods and start their warranty; the same id again answers with the same voucher.

    Args:
        work: The unit of work.
        actor: Needs ``deliver`` at the site of the place.
        kind: A delivery note, or a sales invoice that moves the stock in its place.
        wanted: Who gets what.

    Raises:
        DomainError: ``location_unknown``, ``customer_unknown``, ``order_unknown``, ``order_closed``,
            ``item_unknown``, ``item_not_on_order``, ``over_delivery``, ``serial_count``, ``serial_unknown``,
            ``serial_twice``, ``ambiguous_item``, ``list_refused``, ``batch_required``, ``batch_unknown``,
            ``not_enough_stock``, ``id_reused``, ``forbidden``, and what
            :func:`backend.domain.availability.refusal_of` answers.
    """
    place = work.session.get(Location, wanted.location_id)
    if place is None or place.site_id is None:
        raise refuse("location_unknown", "There is no such place.", "Choose a place of the list.")
    actor.must(Permission.DELIVER, place.site_id)
    feed = SiteFeed(work, place.site_id)
    known = made_before(work, kind, wanted.voucher_id)
    if known is not None:
        # One that was posted before requests were kept by their digest is known by its id alone.
        if known.request_digest not in (None, wanted.digest):
            raise id_reused(wanted.voucher_id)
        return known
    order = _order_of(work, wanted, place)
    customer = order.party if order is not None else customer_of(work, wanted.customer_code or "")
    if customer is None or wanted.customer_code not in (None, customer.code):
        raise refuse(
            "customer_unknown",
            f"{wanted.customer_code} is not the customer of {order.number if order else 'the order'}.",
            "Leave the customer out, or choose an order of this customer.",
        )
    reader = WantedGoods(work, place, order, business_date(work, wanted.dated_on))
    lines = reader.read(wanted)
    sale = Sale(
        wanted.voucher_id,
        place,
        customer,
        _of_order(work, order, lines) if order is not None else lines,
        source_id=order.id if order is not None else None,
        number=wanted.number,
        remark=wanted.remark,
        dated_on=wanted.dated_on,
        request_digest=wanted.digest,
    )
    voucher = post_sale(work, feed, actor, kind, sale)
    feed.close()
    return voucher


def _order_of(work: UnitOfWork, wanted: Wanted, place: Location) -> SalesOrder | None:
    if wanted.order_id is None:
        return None
    order = work.session.get(SalesOrder, wanted.order_id, populate_existing=True)
    if order is None or order.site_id != place.site_id:
        raise refuse("order_unknown", "There is no such sales order at this site.", "Choose an order of the list.")
    if order.status != "submitted":
        raise refuse(
            "order_closed", f"{order.number} is {order.status}; nothing is to be delivered.", "Choose another order."
        )
    return order


def _of_order(work: UnitOfWork, order: SalesOrder, lines: Sequence[SoldLine]) -> list[SoldLine]:
    """Put each line on the order's line that asks for it; more than is open is refused."""
    left = to_fetch(work, [order.id])
    placed: list[SoldLine] = []
    for line in lines:
        of_item = [each for each in order.lines if each.item_id == line.item_id]
        item = work.session.get_one(Item, line.item_id)
        if not of_item:
            raise refuse(
                "item_not_on_order",
                f"{item.item_code} is not on {order.number}.",
                "Leave it out, or deliver it without the order.",
            )
        source = next((each for each in of_item if left[each.id] >= line.qty), None)
        if source is None:
            open_qty = max(left[each.id] for each in of_item)
            raise refuse(
                "over_delivery",
                f"{order.number} still asks for {open_qty} {item.item_code}, {line.qty} are given.",
                "Deliver what is open; what is on a pick list is delivered with the list.",
                item_code=item.item_code,
            )
        left[source.id] -= line.qty
        placed.append(
            SoldLine(line.item_id, line.qty, line.units, line.location_id, line.batch_id, source_line_id=source.id)
        )
    return placed
