"""A place's page: where it lies and what lies inside of it."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, joinedload

from backend.models import Balance, Location
from backend.queries.receipts import place as place_card


def place(session: Session, place_id: int) -> dict[str, Any] | None:
    """One place, with the places inside of it and how much each holds, all that is inside included."""
    found = session.scalar(
        select(Location).where(Location.id == place_id).options(joinedload(Location.parent).joinedload(Location.parent))
    )
    if found is None:
        return None
    return {
        "place": {**(place_card(found) or {}), "kind": found.kind},
        "name": found.name,
        "site_id": found.site_id,
        "parent": place_card(found.parent),
        "inside": _inside(session, place_id),
    }


def _inside(session: Session, place_id: int) -> list[dict[str, Any]]:
    child = aliased(Location)
    tree = select(child.id, child.id.label("top")).where(child.parent_id == place_id).cte("inside", recursive=True)
    tree = tree.union_all(select(Location.id, tree.c.top).join(tree, Location.parent_id == tree.c.id))
    held = (
        select(tree.c.top, func.sum(Balance.qty).label("qty"))
        .join(Balance, Balance.location_id == tree.c.id)
        .where(Balance.qty > 0)
        .group_by(tree.c.top)
        .subquery()
    )
    rows = session.execute(
        select(Location.id, Location.code, Location.name, held.c.qty)
        .outerjoin(held, held.c.top == Location.id)
        .where(Location.parent_id == place_id)
        .order_by(Location.walk_order, Location.code)
    )
    return [{**row._mapping, "qty": row.qty or 0} for row in rows]
