"""The stock board: items that run low, and batches that expire soon."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.models import Balance, Batch, Item, Location
from backend.queries.availability import HOUSE_KINDS

MOST = 200
EXPIRES_WITHIN = 30
"""Days ahead."""


def stock(session: Session, site_id: int, today: date, days: int = EXPIRES_WITHIN) -> dict[str, Any]:
    """What a site has in the house of items at or below their reorder level, and of batches near their end.

    A batch that has expired already is listed as long as any of it is in the house, with negative ``days_left``.
    """
    return {"low": low(session, site_id), "expiring": expiring(session, site_id, today, days), "days": days}


def low(session: Session, site_id: int) -> list[dict[str, Any]]:
    """Items at or below their reorder level, the emptiest first."""
    in_house = (
        select(Balance.item_id, func.sum(Balance.qty).label("qty"))
        .join(Location, Location.id == Balance.location_id)
        .join(Item, Item.id == Balance.item_id)
        .where(Location.site_id == site_id, Location.kind.in_(HOUSE_KINDS), Item.reorder_level.is_not(None))
        .group_by(Balance.item_id)
        .subquery()
    )
    qty = func.coalesce(in_house.c.qty, 0)
    rows = session.execute(
        select(Item.id, Item.item_code, Item.name, Item.reorder_level, qty.label("qty"))
        .outerjoin(in_house, in_house.c.item_id == Item.id)
        .where(Item.reorder_level.is_not(None), qty <= Item.reorder_level)
        .order_by((qty - Item.reorder_level), Item.item_code)
        .limit(MOST)
    )
    return [dict(row._mapping) for row in rows]


def expiring(session: Session, site_id: int, today: date, days: int) -> list[dict[str, Any]]:
    """Batches in the house that end within some days, the first to end first."""
    rows = session.execute(
        select(
            Batch.id,
            Batch.batch_no,
            Batch.expires_on,
            Item.item_code,
            Item.name,
            func.sum(Balance.qty).label("qty"),
        )
        .join(Item, Item.id == Batch.item_id)
        .join(Balance, Balance.batch_id == Batch.id)
        .join(Location, Location.id == Balance.location_id)
        .where(
            Batch.expires_on <= today + timedelta(days=days),
            Location.site_id == site_id,
            Location.kind.in_(HOUSE_KINDS),
        )
        .group_by(Batch.id, Item.item_code, Item.name)
        .having(func.sum(Balance.qty) > 0)
        .order_by(Batch.expires_on, Batch.batch_no)
        .limit(MOST)
    )
    return [dict(row._mapping) | {"days_left": (row.expires_on - today).days} for row in rows]
