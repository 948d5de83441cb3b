"""Masters as the phone keeps them: places and items of a site, and the sites of a person."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backend.domain.locations import RECEIVABLE, LocationKind
from backend.models import Item, Location, User


def sites(session: Session, site_ids: Collection[int]) -> list[dict[str, Any]]:
    """Id, code and name of some sites, by code."""
    rows = session.execute(
        select(Location.id, Location.code, Location.name)
        .where(Location.id.in_(site_ids), Location.kind == LocationKind.SITE)
        .order_by(Location.code)
    )
    return [dict(row._mapping) for row in rows]


def full_name(session: Session, user_id: int) -> str:
    """The name of a person as screens greet them."""
    return session.scalars(select(User.name).where(User.id == user_id)).one()


def locations(session: Session, site_id: int) -> list[dict[str, Any]]:
    """The places of a site that are offered, as they were made."""
    places = session.scalars(
        select(Location)
        .where(Location.site_id == site_id, Location.retired_at.is_(None))
        .order_by(Location.id)
        .options(joinedload(Location.parent))
    )
    return [
        {
            "id": place.id,
            "code": place.code,
            "name": place.name,
            "kind": place.kind,
            "parent_id": place.parent_id,
            "path": place.path,
            "walk_order": place.walk_order,
            "receivable": LocationKind(place.kind) in RECEIVABLE,
        }
        for place in places
    ]


def items(session: Session) -> list[dict[str, Any]]:
    """The items that are offered, with their GTINs, by code."""
    found = session.scalars(
        select(Item).where(Item.retired_at.is_(None)).options(selectinload(Item.barcodes)).order_by(Item.item_code)
    )
    return [item_card(item) for item in found]


def count_items(session: Session) -> int:
    """How many items are offered."""
    return session.scalar(select(func.count()).select_from(Item).where(Item.retired_at.is_(None))) or 0


def item_card(item: Item) -> dict[str, Any]:
    """What a screen needs of an item."""
    return {
        "id": item.id,
        "item_code": item.item_code,
        "name": item.name,
        "tracking": item.tracking,
        "gtins": [barcode.code for barcode in item.barcodes if barcode.is_gtin],
        "expiry_required": item.expiry_required,
        "serial_length": item.serial_length,
        "serial_pattern": item.serial_pattern,
        "secondary_kinds": item.secondary_kinds,
    }
