"""What the things are called that labels are printed of, each kind in one query."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from backend.domain.labels import Facts, Subject
from backend.models import Batch, Item, ItemBarcode, Location, SerialNumber, StockLedgerEntry, User, UserRole

_GTIN = (
    select(func.min(ItemBarcode.code))
    .where(ItemBarcode.item_id == Item.id, ItemBarcode.is_gtin)
    .correlate(Item)
    .scalar_subquery()
)


def facts_of(session: Session, site_id: int, subject: Subject, ids: Sequence[int]) -> dict[int, Facts]:
    """What each thing is called; without those that do not exist or have nothing to do with the site."""
    return _READ[subject](session, site_id, ids)


def _units(session: Session, site_id: int, ids: Sequence[int]) -> dict[int, Facts]:
    was_here = (
        select(StockLedgerEntry.seq)
        .where(StockLedgerEntry.serial_id == SerialNumber.id, StockLedgerEntry.site_id == site_id)
        .exists()
    )
    rows = session.execute(
        select(
            SerialNumber.id,
            SerialNumber.serial_no,
            Item.item_code,
            Item.name,
            Batch.batch_no,
            Batch.expires_on,
            _GTIN.label("gtin"),
        )
        .join(Item, Item.id == SerialNumber.item_id)
        .outerjoin(Batch, Batch.id == SerialNumber.batch_id)
        .where(SerialNumber.id.in_(ids), was_here)
    )
    return {
        row.id: Facts(
            Subject.UNIT,
            row.serial_no,
            {
                "serial_no": row.serial_no,
                "item_code": row.item_code,
                "name": row.name,
                "batch_no": row.batch_no or "",
                "expires_on": row.expires_on.isoformat() if row.expires_on else "",
                "gtin": row.gtin or "",
            },
            row.gtin,
            row.serial_no,
            row.batch_no,
            row.expires_on,
        )
        for row in rows
    }


def _batches(session: Session, site_id: int, ids: Sequence[int]) -> dict[int, Facts]:
    rows = session.execute(
        select(Batch.id, Batch.batch_no, Batch.expires_on, Item.item_code, Item.name, _GTIN.label("gtin"))
        .join(Item, Item.id == Batch.item_id)
        .where(Batch.id.in_(ids))
    )
    return {
        row.id: Facts(
            Subject.BATCH,
            row.batch_no,
            {
                "batch_no": row.batch_no,
                "item_code": row.item_code,
                "name": row.name,
                "expires_on": row.expires_on.isoformat() if row.expires_on else "",
                "gtin": row.gtin or "",
            },
            row.gtin,
            None,
            row.batch_no,
            row.expires_on,
        )
        for row in rows
    }


def _places(session: Session, site_id: int, ids: Sequence[int]) -> dict[int, Facts]:
    site = aliased(Location)
    rows = session.execute(
        select(Location.id, Location.code, Location.name, site.name.label("site"))
        .join(site, site.id == Location.site_id)
        .where(Location.id.in_(ids), Location.site_id == site_id)
    )
    return {
        row.id: Facts(Subject.PLACE, row.code, {"place": row.code, "name": row.name, "site": row.site}) for row in rows
    }


def _items(session: Session, site_id: int, ids: Sequence[int]) -> dict[int, Facts]:
    rows = session.execute(select(Item.id, Item.item_code, Item.name, _GTIN.label("gtin")).where(Item.id.in_(ids)))
    return {
        row.id: Facts(
            Subject.ITEM,
            row.item_code,
            {"item_code": row.item_code, "name": row.name, "gtin": row.gtin or ""},
            row.gtin,
        )
        for row in rows
    }


def _badges(session: Session, site_id: int, ids: Sequence[int]) -> dict[int, Facts]:
    rows = session.execute(
        select(User.id, User.username, User.name)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.id.in_(ids), UserRole.site_id == site_id, User.disabled_at.is_(None))
    )
    return {row.id: Facts(Subject.BADGE, row.username, {"person": row.name, "username": row.username}) for row in rows}


_READ = {
    Subject.UNIT: _units,
    Subject.BATCH: _batches,
    Subject.PLACE: _places,
    Subject.ITEM: _items,
    Subject.BADGE: _badges,
}
