"""What an export of items, parties or places has in its rows: the columns of the template, so that it can come back."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from backend.domain.locations import MADE_BY_PEOPLE
from backend.domain.master_rows import COLUMNS, MasterKind, written
from backend.models import Item, Location, Party


def rows(session: Session, kind: MasterKind, site_id: int) -> list[list[str]]:
    """All that is offered of a kind, by code; places of one site, in walking order."""
    fields = [column.field for column in COLUMNS[kind]]
    return [[written(_value(master, field)) for field in fields] for master in _masters(session, kind, site_id)]


def _masters(session: Session, kind: MasterKind, site_id: int) -> Any:
    if kind is MasterKind.ITEMS:
        return session.scalars(
            select(Item).where(Item.retired_at.is_(None)).order_by(Item.item_code).options(selectinload(Item.barcodes))
        )
    if kind is MasterKind.PARTIES:
        return session.scalars(select(Party).where(Party.retired_at.is_(None)).order_by(Party.code))
    return session.scalars(
        select(Location)
        .where(Location.site_id == site_id, Location.kind.in_(MADE_BY_PEOPLE), Location.retired_at.is_(None))
        .order_by(Location.walk_order, Location.code)
        .options(joinedload(Location.parent))
    )


def _value(master: Any, field: str) -> Any:
    if field == "barcodes":
        return [barcode.code for barcode in master.barcodes]
    if field == "parent":
        return master.parent.code
    return getattr(master, field)
