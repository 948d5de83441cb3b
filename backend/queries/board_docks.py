"""The docks of the receiving board: places at which something is received, each with all that lies in it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, false, select, union_all
from sqlalchemy.orm import Session, joinedload

from backend.domain.locations import MADE_BY_PEOPLE
from backend.models import Location, PurchaseReceipt, Scan, table
from backend.queries.stock import subtree

MOST = 200
"""Docks that are offered."""


@dataclass(frozen=True, slots=True)
class BoardOfSite:
    """One board of a site; a receiving board may be that of one dock."""

    kind: str
    site_id: int
    dock_id: int | None = None


def is_dock(session: Session, site_id: int, dock_id: int) -> bool:
    """Whether a place of the site can be a dock, whatever is received there now."""
    query = select(Location.id).where(
        Location.id == dock_id, Location.site_id == site_id, Location.kind.in_(MADE_BY_PEOPLE)
    )
    return session.scalar(query) is not None


def docks(session: Session, receipts: ColumnElement[bool]) -> list[dict[str, Any]]:
    """The places of some receipts and what those lie in, without the site; what lies in one follows it."""
    tree = select(Location.id, Location.parent_id).where(
        Location.id.in_(select(PurchaseReceipt.location_id).where(receipts))
    )
    way = tree.cte(recursive=True)
    way = way.union(select(Location.id, Location.parent_id).join(way, Location.id == way.c.parent_id))
    places = session.scalars(
        select(Location)
        .where(Location.id.in_(select(way.c.id)), Location.kind.in_(MADE_BY_PEOPLE))
        .options(joinedload(Location.parent))
        .order_by(Location.code)
        .limit(MOST)
    )
    return sorted(map(_card, places), key=lambda card: str(card["path"]))


def dock(session: Session, dock_id: int | None) -> dict[str, Any] | None:
    """A dock as the board names it; nothing for a board of all docks."""
    place = session.get(Location, dock_id, populate_existing=True) if dock_id is not None else None
    return None if place is None else _card(place)


def at_dock(dock_id: int) -> ColumnElement[bool]:
    """Condition: the receipt is for a place in that dock."""
    return PurchaseReceipt.location_id.in_(subtree(dock_id))


def newest_scans(receipts: list[str], count: int) -> ColumnElement[bool]:
    """Condition: the scan is among the newest of one of a few receipts, ``count`` of each."""
    scan = table(Scan).c
    each: list[Select[Any]] = [
        select(
            select(scan.id)
            .where(scan.voucher_id == receipt)
            .order_by(scan.recorded_at.desc())
            .limit(count)
            .subquery()
            .c.id
        )
        for receipt in receipts
    ]
    return Scan.id.in_(union_all(*each)) if each else false()


def _card(place: Location) -> dict[str, Any]:
    return {"id": place.id, "path": place.path, "name": place.name}
