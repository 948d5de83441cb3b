"""Goods without serial numbers that a person wants to take from a place by quantity."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from backend.domain import serials
from backend.domain.errors import refuse
from backend.domain.ledger import Quantity
from backend.domain.receiving import Tracking
from backend.models import Balance, Batch, Item, Location
from backend.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class GoodsWanted:
    """How much of an item, and of which batch where the item has batches."""

    item_id: int
    qty: Quantity
    batch_no: str | None = None


@dataclass(frozen=True, slots=True)
class Goods:
    """Goods that are there to be taken."""

    item_id: int
    item_code: str
    batch_id: int | None
    qty: Quantity


def goods_named(work: UnitOfWork, wanted: Sequence[GoodsWanted]) -> list[Goods]:
    """The goods that a person named; the same ones named twice are added up.

    Raises:
        DomainError: ``item_unknown``, ``serials_needed``, ``batch_required``, ``batch_unknown``.
    """
    named: Counter[tuple[int, int | None]] = Counter()
    codes: dict[int, str] = {}
    for each in wanted:
        item = work.session.get(Item, each.item_id)
        if item is None:
            raise refuse("item_unknown", f"There is no item {each.item_id}.", "Choose an item of the list.")
        tracking = Tracking(item.tracking)
        if tracking.has_serial:
            raise refuse(
                "serials_needed",
                f"{item.item_code} has serial numbers: its units are named, not counted.",
                "Scan each unit.",
                item_code=item.item_code,
            )
        codes[item.id] = item.item_code
        named[item.id, _batch_id(work, item, tracking, each.batch_no)] += each.qty  # type: ignore[assignment]
    return [Goods(item_id, codes[item_id], batch_id, qty) for (item_id, batch_id), qty in named.items()]


def must_be_there(work: UnitOfWork, goods: Sequence[Goods], place: Location) -> None:
    """Refuse when a place itself, its bins left out, holds less than is wanted.

    Raises:
        DomainError: ``not_enough_stock``.
    """
    if not goods:
        return
    there = {
        (row.item_id, row.batch_id): row.qty
        for row in work.session.execute(
            select(Balance.item_id, Balance.batch_id, Balance.qty).where(
                Balance.location_id == place.id, Balance.item_id.in_({each.item_id for each in goods})
            )
        )
    }
    for each in goods:
        has = there.get((each.item_id, each.batch_id), 0)
        if has < each.qty:
            raise refuse(
                "not_enough_stock",
                f"{has} {each.item_code} are in {place.path}, {each.qty} are wanted.",
                "Take less, or choose the place where they are.",
                item_code=each.item_code,
                location=place.path,
                there=str(has),
            )


def _batch_id(work: UnitOfWork, item: Item, tracking: Tracking, batch_no: str | None) -> int | None:
    if not tracking.has_batch:
        return None
    if not batch_no:
        raise refuse(
            "batch_required", f"{item.item_code} is tracked by batch and none is named.", "Enter or scan the batch."
        )
    shown = serials.printable(batch_no)
    batch_id = None
    if not serials.has_hidden_characters(serials.clean(batch_no)):
        batch_id = work.session.scalar(
            select(Batch.id).where(Batch.item_id == item.id, Batch.batch_key == serials.key(batch_no))
        )
    if batch_id is None:
        raise refuse(
            "batch_unknown", f"{item.item_code} has no batch {shown}.", "Check the label, or scan its code again."
        )
    return batch_id
