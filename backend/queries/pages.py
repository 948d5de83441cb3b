"""Lists by page: what comes after the last one that was seen."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from backend.models.edited import Edited

Code = InstrumentedAttribute[str]


def page(
    session: Session, query: Select[Any], code: Code, after: str | None, limit: int
) -> tuple[Sequence[Any], str | None]:
    """One page of a query, by code; and the code to go on after, ``None`` on the last page."""
    if after is not None:
        query = query.where(code > after)
    found = session.scalars(query.order_by(code).limit(limit + 1)).all()
    if len(found) <= limit:
        return found, None
    return found[:limit], getattr(found[limit - 1], code.key)


def is_shown(kind: type[Edited], show: str) -> list[ColumnElement[bool]]:
    """The condition for ``offered``, ``retired`` or ``all`` masters."""
    if show == "all":
        return []
    return [kind.retired_at.is_(None) if show == "offered" else kind.retired_at.is_not(None)]


def edited(master: Edited) -> dict[str, Any]:
    """What every master shows of its changes."""
    return {
        "version": master.version,
        "retired_at": master.retired_at,
        "edited_at": master.edited_at,
        "edited_by": master.edited_by and master.edited_by.username,
    }
