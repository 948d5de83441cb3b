"""Goods without serial numbers that a customer brings back: as many as they have of us, from who sold them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from backend.domain.errors import refuse
from backend.domain.ledger import Quantity
from backend.domain.locations import LocationKind
from backend.models import Location, Party, StockLedgerEntry
from backend.services.goods import GoodsWanted, goods_named
from backend.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SoldGoods:
    """A quantity that is in the place for customers of the site that sold it."""

    item_id: int
    batch_id: int | None
    location_id: int
    qty: Quantity


def sites_that_sold(work: UnitOfWork, customer: Party, wanted: Sequence[GoodsWanted]) -> list[int]:
    """The sites that ever sold a customer some of these goods."""
    if not wanted:
        return []
    found = work.session.scalars(
        select(StockLedgerEntry.site_id)
        .where(
            StockLedgerEntry.party_id == customer.id,
            StockLedgerEntry.serial_id.is_(None),
            StockLedgerEntry.item_id.in_({each.item_id for each in wanted}),
        )
        .distinct()
    )
    return list(found)


def sold_goods(work: UnitOfWork, customer: Party, site_id: int, wanted: Sequence[GoodsWanted]) -> list[SoldGoods]:
    """Where the goods come from that a customer brings back: those that this site sold first.

    What they have is what the ledger moved to and from the places for customers in their name. The sites that sold it
    must be locked.

    Raises:
        DomainError: ``more_than_sold``, and what :func:`backend.services.goods.goods_named` answers.
    """
    taken: list[SoldGoods] = []
    for each in goods_named(work, wanted):
        has = func.sum(StockLedgerEntry.qty)
        rows = work.session.execute(
            select(StockLedgerEntry.location_id, has.label("qty"))
            .join(Location, Location.id == StockLedgerEntry.location_id)
            .where(
                StockLedgerEntry.party_id == customer.id,
                StockLedgerEntry.serial_id.is_(None),
                StockLedgerEntry.item_id == each.item_id,
                StockLedgerEntry.batch_id.is_not_distinct_from(each.batch_id),
                Location.kind == LocationKind.CUSTOMER,
            )
            .group_by(StockLedgerEntry.location_id, Location.site_id)
            .having(has > 0)
            .order_by(Location.site_id != site_id, Location.site_id)
        ).all()
        left = each.qty
        for row in rows:
            qty = min(left, row.qty)
            if qty > 0:
                taken.append(SoldGoods(each.item_id, each.batch_id, row.location_id, qty))
                left -= qty
        if left > 0:
            there = each.qty - left
            raise refuse(
                "more_than_sold",
                f"{customer.code} has {there} {each.item_code} of ours, {each.qty} come back.",
                "Count again, or check the batch and the customer.",
                item_code=each.item_code,
                there=str(there),
            )
    return taken
