"""The series of a site: what it numbers how, and what comes next."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.series import resolve
from backend.domain.site_days import SiteCalendar
from backend.models import SeriesCounter, SiteSeries, User


def series_of(
    session: Session, site_id: int, usual: dict[str, str], on: date, calendar: SiteCalendar
) -> list[dict[str, Any]]:
    """Every kind that is numbered, with the site's own series if it has one, and the number that comes next."""
    own = {
        row.kind: row
        for row in session.execute(
            select(SiteSeries.kind, SiteSeries.pattern, SiteSeries.edited_at, User.username)
            .outerjoin(User, User.id == SiteSeries.edited_by_id)
            .where(SiteSeries.site_id == site_id)
        )
    }
    resolved = {
        kind: resolve(own[kind].pattern if kind in own else pattern, on, calendar=calendar)
        for kind, pattern in usual.items()
    }
    prefixes = {series.prefix for series in resolved.values()}
    last = dict(
        session.execute(
            select(SeriesCounter.prefix, SeriesCounter.last).where(SeriesCounter.prefix.in_(prefixes))
        ).all()
    )
    return [
        {
            "kind": kind,
            "usual": usual[kind],
            "own": own[kind].pattern if kind in own else None,
            "next": series.number(last.get(series.prefix, 0) + 1),
            "edited_by": own[kind].username if kind in own else None,
            "edited_at": own[kind].edited_at if kind in own else None,
        }
        for kind, series in resolved.items()
    ]


def preview(session: Session, pattern: str, on: date, calendar: SiteCalendar) -> str:
    """The number that a series would give next.

    Raises:
        DomainError: ``series_dot_missing``, ``series_unknown_field``.
    """
    series = resolve(pattern, on, calendar=calendar)
    last = session.scalar(select(SeriesCounter.last).where(SeriesCounter.prefix == series.prefix)) or 0
    return series.number(last + 1)
