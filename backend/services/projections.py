"""Rebuilding the balances from the ledger, after something outside the program changed them."""

from sqlalchemy import delete, func, insert, select

from backend.models import Balance, Feed, StockLedgerEntry
from backend.services.feed import SiteFeed
from backend.unit_of_work import UnitOfWork


def rebuild_balances(work: UnitOfWork) -> int:
    """Write every balance anew from the ledger; returns how many there are.

    All sites are locked for the time of it.
    """
    for site_id in work.session.scalars(select(Feed.site_id).order_by(Feed.site_id)).all():
        SiteFeed(work, site_id)
    work.session.execute(delete(Balance))
    key = (StockLedgerEntry.location_id, StockLedgerEntry.item_id, StockLedgerEntry.batch_id)
    total = func.sum(StockLedgerEntry.qty)
    work.session.execute(
        insert(Balance).from_select(
            ["location_id", "item_id", "batch_id", "qty"],
            select(*key, total).group_by(*key).having(total != 0),
        )
    )
    return work.session.scalar(select(func.count()).select_from(Balance)) or 0
