"""What is inside of what, as statements over any number of units at once: up to the holders, down to the parts."""

from typing import Any

from sqlalchemy import CTE, Select, Subquery, exists, func, select

from backend.models.base import table
from backend.models.components import Component

_part = table(Component).c


def holders(units: Select[Any], *, also_former: bool = False) -> CTE:
    """The units that these are built into, directly or deeper: ``unit_id``, and ``via_id``, the part in it.

    Args:
        units: Ids of units.
        also_former: Those too that the part was taken out of again.
    """
    stands = () if also_former else (_part.removed_at.is_(None),)
    first = select(_part.parent_id.label("unit_id"), _part.serial_id.label("via_id")).where(
        _part.serial_id.in_(units), *stands
    )
    found = first.cte("holders", recursive=True)
    # union, not union_all: two parts of one unit meet in it, and a part may have been in and out more than once.
    return found.union(
        select(_part.parent_id, _part.serial_id).join(found, _part.serial_id == found.c.unit_id).where(*stands)
    )


def parts(units: Select[Any]) -> CTE:
    """The units that are or were inside of these, directly or deeper: ``unit_id``, and ``via_id``, what it is in."""
    first = select(_part.serial_id.label("unit_id"), _part.parent_id.label("via_id")).where(
        _part.parent_id.in_(units), _part.serial_id.is_not(None)
    )
    found = first.cte("parts", recursive=True)
    return found.union(
        select(_part.serial_id, _part.parent_id)
        .join(found, _part.parent_id == found.c.unit_id)
        .where(_part.serial_id.is_not(None))
    )


def outermost(units: Select[Any]) -> Subquery:
    """What each of these units is in now, from the outside: ``unit_id`` and ``top_id``, itself if in nothing."""
    each = units.cte("each").c[0]
    first = select(_part.serial_id.label("unit_id"), _part.parent_id.label("top_id")).where(
        _part.serial_id.in_(select(each)), _part.removed_at.is_(None)
    )
    # Most units are in nothing, so only those that are in something are followed.
    chain = first.cte("chain", recursive=True)
    chain = chain.union_all(
        select(chain.c.unit_id, _part.parent_id).join(
            chain, (_part.serial_id == chain.c.top_id) & _part.removed_at.is_(None)
        )
    )
    goes_on = exists().where(_part.serial_id == chain.c.top_id, _part.removed_at.is_(None))
    ends = select(chain.c.unit_id, chain.c.top_id).where(~goes_on).subquery("ends")
    return (
        select(each.label("unit_id"), func.coalesce(ends.c.top_id, each).label("top_id"))
        .outerjoin(ends, ends.c.unit_id == each)
        .subquery("outermost")
    )
