"""The places of a site as a tree to walk through and to edit."""

from typing import Any

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload

from backend.domain.locations import MADE_BY_PEOPLE, LocationKind
from backend.models import Balance, Location
from backend.queries.pages import edited, is_shown


def places(
    session: Session,
    site_id: int,
    *,
    text: str = "",
    show: str = "offered",
    parent_id: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> dict[str, Any]:
    """Places of a site in walking order, a page at a time: those in a parent, or all that a text fits.

    ``after`` is the id of the last place that was seen.
    """
    child = aliased(Location)
    inner = select(func.count(child.id)).where(child.parent_id == Location.id, child.retired_at.is_(None))
    query = (
        select(Location, inner.scalar_subquery())
        .where(Location.site_id == site_id, Location.kind.in_(MADE_BY_PEOPLE), *is_shown(Location, show))
        .options(joinedload(Location.parent), joinedload(Location.edited_by))
    )
    if text:
        query = query.where(
            or_(Location.code.icontains(text, autoescape=True), Location.name.icontains(text, autoescape=True))
        )
    if parent_id is not None:
        query = query.where(Location.parent_id == parent_id)
    if after is not None:
        last = session.get(Location, after)
        if last is not None:
            query = query.where(tuple_(Location.walk_order, Location.code) > (last.walk_order, last.code))
    found = session.execute(query.order_by(Location.walk_order, Location.code).limit(limit + 1)).all()
    shown = found[:limit]
    return {
        "places": [_place(place) | {"places_inside": count} for place, count in shown],
        "next": shown[-1][0].id if len(found) > limit else None,
    }


def place(session: Session, place_id: int) -> dict[str, Any] | None:
    """One place, with the way to it and whether it holds stock."""
    found = session.get(Location, place_id, options=[joinedload(Location.edited_by)], populate_existing=True)
    if found is None or LocationKind(found.kind) not in MADE_BY_PEOPLE | {LocationKind.SITE}:
        return None
    inside = session.scalar(
        select(func.count(Location.id)).where(Location.parent_id == place_id, Location.retired_at.is_(None))
    )
    held = session.scalar(select(Balance.location_id).where(Balance.location_id == place_id, Balance.qty != 0).limit(1))
    return _place(found) | {"places_inside": inside, "has_stock": held is not None, "way": _way(found)}


def _way(place: Location) -> list[dict[str, Any]]:
    """The places that a place lies in, from the site inwards."""
    way: list[dict[str, Any]] = []
    parent = place.parent
    while parent is not None:
        way.insert(0, {"id": parent.id, "code": parent.code, "name": parent.name})
        parent = parent.parent
    return way


def _place(place: Location) -> dict[str, Any]:
    return {
        "id": place.id,
        "site_id": place.site_id,
        "code": place.code,
        "name": place.name,
        "kind": place.kind,
        "parent_id": place.parent_id,
        "path": place.path,
        "walk_order": place.walk_order,
        **edited(place),
    }
