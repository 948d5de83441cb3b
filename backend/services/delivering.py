"""Deliveries: units and goods leave stock for a customer, named directly or fetched with a pick list."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from backend.domain import serials
from backend.domain.availability import Purpose, UnitFacts, refusal_of
from backend.domain.errors import Refusal, refuse
from backend.domain.ledger import Quantity
from backend.domain.people import Actor, Permission
from backend.domain.receiving import Tracking
from backend.models import (
    Batch,
    DeliveryNote,
    Item,
    Location,
    Party,
    PickList,
    Reservation,
    SalesInvoice,
    SalesOrder,
    SerialNumber,
    StockLedgerEntry,
    VoucherLine,
)
from backend.services.choosing import chosen
from backend.services.dating import business_date
from backend.services.feed import SiteFeed
from backend.services.places import inside
from backend.services.proposals import free_goods
from backend.services.reservations import serial_count, to_fetch
from backend.services.sales_orders import customer_of, items_of, must_be_whole
from backend.services.selling import Kind, Sale, SoldLine, not_enough, post_sale
from backend.services.vouchers import id_reused, locked, made_before, must_be
from backend.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """How much of an item goes: its units by their serial numbers, other goods by quantity, batch and place."""

    item_code: str
    qty: Quantity
    serial_nos: tuple[str, ...] = ()
    batch_no: str | None = None
    location_id: int | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A delivery as its caller wants it.

    Args:
        voucher_id: UUID made by the caller.
        location_id: The place that the goods are taken from, with all places in it.
        customer_code: Who gets them; that of the order when there is one.
        serial_nos: Units of any items, each once.
        lines: Item by item, how much of each; beside the units, such as goods that are only counted.
        order_id: The sales order that is fulfilled.
        number: Drawn when none is given.
        remark: Kept as it is.
        dated_on: The business date; today when none is given.
    """

    voucher_id: str
    location_id: int
    customer_code: str | None = None
    serial_nos: tuple[str, ...] = ()
    lines: tuple[GoodsLine, ...] = ()
    order_id: str | None = None
    number: str | None = None
    remark: str | None = None
    dated_on: date | None = None


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
        if not _says_the_same(work, known, wanted):
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
    reader = _Reader(work, place, order, business_date(work, wanted.dated_on))
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
    )
    voucher = post_sale(work, feed, actor, kind, sale)
    feed.close()
    return voucher


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


class _Reader:
    """From what a caller names to what is sold: every unit judged, the place of counted goods found."""

    def __init__(self, work: UnitOfWork, place: Location, order: SalesOrder | None, today: date) -> None:
        self._work = work
        self._place = place
        self._places = inside(work, place)
        self._order = order
        self._today = today

    def read(self, wanted: Wanted) -> list[SoldLine]:
        """All that is named, every unit once."""
        sold = [*self.units(wanted.serial_nos), *self.lines(wanted.lines)]
        serial_ids = [unit.serial_id for line in sold for unit in line.units]
        if len(set(serial_ids)) < len(serial_ids):
            raise refuse("serial_twice", "A unit is on two lines.", "Name every unit once.")
        return sold

    def units(self, serial_nos: Sequence[str]) -> list[SoldLine]:
        """Units of any items, one line an item."""
        units = chosen(self._work.connection, serial_nos, self._judge)
        of_item: defaultdict[int, list[UnitFacts]] = defaultdict(list)
        for unit in units:
            of_item[unit.item_id].append(unit)
        return [SoldLine(item_id, len(of_item[item_id]), tuple(of_item[item_id])) for item_id in sorted(of_item)]

    def lines(self, lines: Sequence[GoodsLine]) -> list[SoldLine]:
        """Line by line, each with as many serial numbers as units."""
        items = items_of(self._work, [line.item_code for line in lines])
        sold: list[SoldLine] = []
        for line in lines:
            item = items[line.item_code]
            must_be_whole(item, line.qty)
            sold.append(self._units_of(item, line) if Tracking(item.tracking).has_serial else self._goods(item, line))
        return sold

    def _units_of(self, item: Item, line: GoodsLine) -> SoldLine:
        if len(line.serial_nos) != line.qty:
            raise serial_count("The delivery", item.item_code, line.qty, len(line.serial_nos))
        units = chosen(
            self._work.connection,
            line.serial_nos,
            lambda unit: self._judge(unit, (item.id, item.item_code), line.batch_no),
            item_id=item.id,
        )
        return SoldLine(item.id, line.qty, tuple(units))

    def _goods(self, item: Item, line: GoodsLine) -> SoldLine:
        if line.serial_nos:
            raise serial_count("The delivery", item.item_code, 0, len(line.serial_nos))
        batch = self._batch(item, line.batch_no)
        goods = [
            each
            for each in free_goods(self._work, item.id, self._places)
            if each.batch_id == (batch and batch.id) and line.location_id in (None, each.location_id)
        ]
        if batch is not None and batch.expires_on is not None and batch.expires_on < self._work.today:
            raise refuse(
                "batch_expired",
                f"{item.item_code}: batch {batch.batch_no} expired on {batch.expires_on}.",
                "Put it aside and take goods of another batch.",
                batch_no=batch.batch_no,
                expires_on=str(batch.expires_on),
            )
        if any(each.is_held for each in goods):
            raise refuse(
                "unit_on_hold",
                f"{item.item_code}: batch {batch.batch_no if batch else ''} is on hold or recalled.",
                "Leave it where it is and take goods of another batch.",
            )
        source = next((each for each in goods if each.free >= line.qty), None)
        if source is None:
            there = max((each.free for each in goods), default=0)
            raise not_enough(item.item_code, self._place.path, line.qty, there)
        return SoldLine(item.id, line.qty, (), source.location_id, source.batch_id)

    def _batch(self, item: Item, batch_no: str | None) -> Batch | None:
        if not Tracking(item.tracking).has_batch:
            return None
        if not batch_no:
            raise refuse(
                "batch_required", f"{item.item_code} is tracked by batch.", "Say which batch the goods are of."
            )
        batch = self._work.session.scalar(
            select(Batch).where(Batch.item_id == item.id, Batch.batch_key == serials.key(batch_no))
        )
        if batch is None:
            raise refuse("batch_unknown", f"{item.item_code} has no batch {batch_no}.", "Check the batch.")
        return batch

    def _judge(
        self, unit: UnitFacts, item: tuple[int, str] | None = None, batch_no: str | None = None
    ) -> Refusal | None:
        is_other_batch = batch_no and serials.key(batch_no) != serials.key(unit.batch_no or "")
        return refusal_of(
            unit,
            Purpose.SELL,
            today=self._today,
            item=item,
            batch=(0, batch_no or "") if is_other_batch else None,
            places=self._places,
            place=self._place.path,
            voucher_ids={self._order.id} if self._order is not None else (),
        )


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


def _says_the_same(work: UnitOfWork, known: DeliveryNote | SalesInvoice, wanted: Wanted) -> bool:
    sold = work.session.scalars(
        select(SerialNumber.serial_key)
        .join(StockLedgerEntry, StockLedgerEntry.serial_id == SerialNumber.id)
        .where(StockLedgerEntry.voucher_id == known.id)
        .distinct()
    )
    named = [*wanted.serial_nos, *(serial_no for line in wanted.lines for serial_no in line.serial_nos)]
    asked = {serials.key(serial_no) for serial_no in named}
    customer = known.party.code if known.party else None
    goods = Counter((line.item.item_code, line.qty) for line in known.lines)
    asked_goods = Counter((line.item_code, line.qty) for line in wanted.lines)
    # What no line asks for are the units that were named alone.
    of_units = sum(qty for _, qty in (goods - asked_goods).elements())
    return (
        wanted.customer_code in (None, customer)
        and (known.location_id, known.source_id) == (wanted.location_id, wanted.order_id)
        and wanted.dated_on in (None, known.dated_on)
        and set(sold) == asked
        and asked_goods <= goods
        and of_units == len(wanted.serial_nos)
    )


def _order_line(line: VoucherLine) -> VoucherLine:
    source = line.source_line
    if source is None:
        raise LookupError(f"line {line.id} of a pick list has no order")
    return source


def _is_for(line: VoucherLine, order_id: str | None) -> bool:
    return order_id is None or _order_line(line).voucher_id == order_id
