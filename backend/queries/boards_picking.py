"""The picking board: what is being fetched or waits to be shipped, who is on it, and what is late."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.models import DeliveryNote, Party, PickList, User, Voucher, VoucherLine, table

MOST = 200


def picking(session: Session, site_id: int, now: datetime) -> dict[str, Any]:
    """Open pick lists of a site, the longest open first; one that was opened before today is late.

    Today is that of the clock of ``now``.
    """
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    rows = session.execute(
        select(
            PickList.id,
            PickList.number,
            PickList.status,
            PickList.opened_at,
            User.username.label("by"),
            func.coalesce(func.sum(VoucherLine.qty), 0).label("qty"),
            func.coalesce(func.sum(VoucherLine.picked), 0).label("picked"),
        )
        .join(User, User.id == PickList.opened_by_id)
        .outerjoin(VoucherLine, VoucherLine.voucher_id == PickList.id)
        .where(PickList.site_id == site_id, PickList.status.in_(("draft", "submitted")))
        .group_by(PickList.id, User.username)
        .order_by(PickList.opened_at, PickList.id)
        .limit(MOST)
    ).all()
    customers = _customers(session, [row.id for row in rows])
    shipped = session.scalar(
        select(func.count()).where(
            DeliveryNote.site_id == site_id, DeliveryNote.status != "cancelled", DeliveryNote.submitted_at >= today
        )
    )
    return {
        "pick_lists": [
            dict(row._mapping) | {"customers": customers.get(row.id, []), "is_late": row.opened_at < today}
            for row in rows
        ],
        "shipped_today": shipped or 0,
    }


def _customers(session: Session, ids: list[str]) -> dict[str, list[str]]:
    """The customers of each pick list: it may fetch for several orders."""
    line, ordered, order = (
        table(VoucherLine).alias("line"),
        table(VoucherLine).alias("ordered"),
        table(Voucher).alias("sales_order"),
    )
    rows = session.execute(
        select(line.c.voucher_id, Party.name)
        .join(ordered, ordered.c.id == line.c.source_line_id)
        .join(order, order.c.id == ordered.c.voucher_id)
        .join(Party, Party.id == order.c.party_id)
        .where(line.c.voucher_id.in_(ids))
        .distinct()
        .order_by(Party.name)
    )
    found: dict[str, list[str]] = {}
    for pick_list_id, name in rows:
        found.setdefault(pick_list_id, []).append(name)
    return found
