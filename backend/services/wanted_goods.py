"""From what a caller names to what is sold: every unit judged, the place of counted goods found."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date

from sqlalchemy import select

from backend.domain import serials
from backend.domain.availability import Purpose, UnitFacts, refusal_of
from backend.domain.errors import Refusal, refuse
from backend.domain.ledger import Quantity
from backend.domain.receiving import Tracking
from backend.models import Batch, Item, Location, SalesOrder
from backend.services.choosing import chosen
from backend.services.places import inside
from backend.services.proposals import free_goods
from backend.services.reservations import serial_count
from backend.services.sales_orders import items_of, must_be_whole
from backend.services.selling import SoldLine, not_enough
from backend.services.vouchers import digest_of
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

    @property
    def digest(self) -> str:
        """What tells a request that is sent again from another one with the same id, however its units are spelled."""
        lines = (replace(line, serial_nos=_keys(line.serial_nos)) for line in self.lines)
        return digest_of(astuple(replace(self, serial_nos=_keys(self.serial_nos), lines=tuple(lines))))


def _keys(serial_nos: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(map(serials.key, serial_nos)))


class WantedGoods:
    """Reads what goes to a customer from a place, by itself or for an order."""

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
