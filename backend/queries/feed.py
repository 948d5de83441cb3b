"""The feed as readers see it: what happened at a site after a number."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.models import Event, Feed


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Events after ``since``, oldest first; ``next`` is where to go on, ``head`` the site's newest event."""

    events: list[dict[str, Any]]
    next: int
    head: int
    more: bool


def page(session: Session, site_id: int, since: int, limit: int = 500) -> FeedPage:
    """Read the events of a site after ``since``."""
    head = session.scalar(select(Feed.head).where(Feed.site_id == site_id)) or 0
    rows = session.execute(
        select(Event.seq, Event.kind, Event.voucher_id, Event.scan_id, Event.unit_id, Event.at)
        .where(Event.site_id == site_id, Event.seq > since)
        .order_by(Event.seq)
        .limit(limit)
    ).all()
    last = rows[-1].seq if rows else max(since, 0)
    return FeedPage([dict(row._mapping) for row in rows], last, max(head, last), last < head)


def heads(session: Session, site_ids: set[int]) -> dict[int, int]:
    """The newest event number of each site."""
    rows = session.execute(select(Feed.site_id, Feed.head).where(Feed.site_id.in_(site_ids)))
    return {row.site_id: row.head for row in rows}
