"""Items as the people see them who look after them."""

from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backend.domain import item_rules
from backend.domain.profiles import gaps
from backend.models import Balance, Item, ItemBarcode, ItemPicture, SerialNumber
from backend.queries.pages import edited, is_shown, page


def items(
    session: Session,
    *,
    text: str = "",
    show: str = "offered",
    tracking: str | None = None,
    profile: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Items by code, a page at a time; ``text`` is looked for in code and name, and as a barcode."""
    query = select(Item).where(*is_shown(Item, show)).options(selectinload(Item.barcodes))
    if text:
        gtin = text.zfill(14) if text.isascii() and text.isdigit() else text
        query = query.where(
            or_(
                Item.item_code.icontains(text, autoescape=True),
                Item.name.icontains(text, autoescape=True),
                exists().where(ItemBarcode.item_id == Item.id, ItemBarcode.code.in_({text, gtin})),
            )
        )
    if tracking:
        query = query.where(Item.tracking == tracking)
    if profile:
        query = query.where(Item.profile == profile)
    found, cursor = page(session, query, Item.item_code, after, limit)
    pictured = set(
        session.scalars(select(ItemPicture.item_id).where(ItemPicture.item_id.in_([item.id for item in found])))
    )
    return {"items": [_line(item, item.id in pictured) for item in found], "next": cursor}


def item(session: Session, item_id: int) -> dict[str, Any] | None:
    """One item with all that can be edited of it, and what its profile asks for besides."""
    found = session.get(
        Item, item_id, options=[selectinload(Item.barcodes), joinedload(Item.edited_by)], populate_existing=True
    )
    if found is None:
        return None
    fields = {field: getattr(found, field) for field in item_rules.FIELDS}
    has_gtin = any(barcode.is_gtin for barcode in found.barcodes)
    picture_at = session.scalar(select(ItemPicture.added_at).where(ItemPicture.item_id == item_id))
    return {
        **_line(found, picture_at is not None),
        **fields,
        **edited(found),
        "picture_at": picture_at,
        "barcodes": [
            {"id": barcode.id, "code": barcode.code, "is_gtin": barcode.is_gtin, "linked_at": barcode.linked_at}
            for barcode in found.barcodes
        ],
        "has_units": bool(
            session.scalar(
                select(exists().where(SerialNumber.item_id == item_id) | exists().where(Balance.item_id == item_id))
            )
        ),
        "gaps": gaps(fields, has_gtin=has_gtin),
    }


def picture(session: Session, item_id: int) -> bytes | None:
    """The picture of an item, as JPEG."""
    return session.scalar(select(ItemPicture.jpeg).where(ItemPicture.item_id == item_id))


def _line(item: Item, has_picture: bool) -> dict[str, Any]:
    return {
        "id": item.id,
        "item_code": item.item_code,
        "name": item.name,
        "tracking": item.tracking,
        "profile": item.profile,
        "gtins": [barcode.code for barcode in item.barcodes if barcode.is_gtin],
        "has_picture": has_picture,
        "retired_at": item.retired_at,
    }
