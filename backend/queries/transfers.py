"""Stock transfers as screens show them, and where goods can be sent."""

from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from backend.domain.locations import SHELVES, LocationKind
from backend.models import Item, Location, SerialNumber, StockLedgerEntry, StockTransfer, VoucherLine

MOST_UNITS = 1000
"""How many units a transfer shows."""


def destinations(session: Session, site_id: int) -> list[dict[str, Any]]:
    """Every place for goods of a site, and the warehouses of the others."""
    sites = _sites(session)
    found = session.scalars(
        select(Location)
        .where(
            Location.retired_at.is_(None),
            Location.kind.in_(SHELVES),
            or_(Location.site_id == site_id, Location.kind == LocationKind.WAREHOUSE),
        )
        .options(joinedload(Location.parent))
    )
    cards = [
        _place(place, sites) | {"kind": place.kind, "is_here": place.site_id == site_id, "walk": place.walk_order}
        for place in found
    ]
    return sorted(cards, key=lambda card: (not card["is_here"], card["site"], card["walk"], card["path"]))


def transfers(session: Session, site_id: int, status: str | None) -> list[dict[str, Any]]:
    """The transfers out of a site and into it, newest first."""
    to = aliased(Location)
    query = (
        select(StockTransfer)
        .join(to, to.id == StockTransfer.to_location_id)
        .where(or_(StockTransfer.site_id == site_id, to.site_id == site_id))
    )
    if status is not None:
        query = query.where(StockTransfer.status == ("submitted" if status == "open" else status))
    found = session.scalars(query.order_by(StockTransfer.opened_at.desc()).limit(200).options(*_PARTS)).all()
    sites = _sites(session)
    return [_card(each, sites) for each in found]


def transfer(session: Session, transfer_id: str) -> dict[str, Any] | None:
    """One transfer with its lines and units; ``sites`` are the ids of the sites at both its ends."""
    found = session.get(StockTransfer, transfer_id, options=_PARTS)
    if found is None or found.to_location is None:
        return None
    return _card(found, _sites(session)) | {
        "lines": [
            {
                "id": line.id,
                "item_code": line.item.item_code,
                "name": line.item.name,
                "batch_no": line.batch and line.batch.batch_no,
                "by_serial": line.location_id is None,
                "qty": line.qty,
                "received": line.received,
            }
            for line in found.lines
        ],
        "units": _units(session, transfer_id),
        "sites": (found.site_id, found.to_location.site_id),
    }


def _units(session: Session, transfer_id: str) -> list[dict[str, Any]]:
    """The units with where this transfer has brought them, whatever became of them after it."""
    last = (
        select(StockLedgerEntry.serial_id, func.max(StockLedgerEntry.posted_at).label("at"))
        .where(StockLedgerEntry.voucher_id == transfer_id, StockLedgerEntry.serial_id.is_not(None))
        .group_by(StockLedgerEntry.serial_id)
        .subquery()
    )
    rows = session.execute(
        select(SerialNumber.id, SerialNumber.serial_no, Item.item_code, StockLedgerEntry.seq, Location)
        .join(last, last.c.serial_id == SerialNumber.id)
        .join(
            StockLedgerEntry,
            (StockLedgerEntry.serial_id == SerialNumber.id)
            & (StockLedgerEntry.voucher_id == transfer_id)
            & (StockLedgerEntry.posted_at == last.c.at)
            & (StockLedgerEntry.qty > 0),
        )
        .join(Item, Item.id == SerialNumber.item_id)
        .join(Location, Location.id == StockLedgerEntry.location_id)
        .order_by(SerialNumber.serial_no, SerialNumber.id, Location.kind == LocationKind.TRANSIT)
        .limit(2 * MOST_UNITS)
    ).all()
    units: dict[int, dict[str, Any]] = {}
    for row in rows:
        # Sent and arrived in one tick of the clock: the arrival comes first in this order, and counts.
        units.setdefault(
            row.id,
            {
                "id": row.id,
                "serial_no": row.serial_no,
                "item_code": row.item_code,
                "in_transit": row.Location.kind == LocationKind.TRANSIT,
                "place": row.Location.path,
            },
        )
    return list(units.values())[:MOST_UNITS]


_PARTS = (
    joinedload(StockTransfer.location).joinedload(Location.parent),
    joinedload(StockTransfer.to_location).joinedload(Location.parent),
    joinedload(StockTransfer.opened_by),
    selectinload(StockTransfer.lines).joinedload(VoucherLine.item),
    selectinload(StockTransfer.lines).joinedload(VoucherLine.batch),
)


def _card(note: StockTransfer, sites: dict[int, str]) -> dict[str, Any]:
    return {
        "id": note.id,
        "type": note.type,
        "number": note.number,
        "status": note.status,
        "purpose": note.purpose,
        "dated_on": note.dated_on,
        "remark": note.remark,
        "from": note.location and _place(note.location, sites),
        "to": note.to_location and _place(note.to_location, sites),
        "by": note.opened_by.username,
        "at": note.opened_at,
        "qty": sum(line.qty for line in note.lines),
        "received": sum(line.received for line in note.lines),
    }


def _place(place: Location, sites: dict[int, str]) -> dict[str, Any]:
    return {"id": place.id, "code": place.code, "path": place.path, "site": sites[place.site_id or place.id]}


def _sites(session: Session) -> dict[int, str]:
    return {
        row.id: row.code
        for row in session.execute(select(Location.id, Location.code).where(Location.kind == LocationKind.SITE))
    }
