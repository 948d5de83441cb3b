"""What was printed, when, by whom and why."""

from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from backend.domain.labels import Subject
from backend.models import LabelPrint, PrintedLabel, User, UserRole

MOST = 50


def print_of(session: Session, print_id: str) -> dict[str, Any] | None:
    """One print."""
    row = session.execute(_prints().where(LabelPrint.id == print_id)).one_or_none()
    return dict(row._mapping) if row else None


def prints_of(session: Session, site_id: int, subject: Subject, subject_id: int) -> list[dict[str, Any]]:
    """The last prints of a thing at a site, newest first."""
    of_thing = select(PrintedLabel.print_id).where(
        PrintedLabel.subject == subject, PrintedLabel.subject_id == subject_id
    )
    rows = session.execute(
        _prints()
        .where(LabelPrint.site_id == site_id, LabelPrint.id.in_(of_thing))
        .order_by(LabelPrint.at.desc(), LabelPrint.id)
        .limit(MOST)
    )
    return [dict(row._mapping) for row in rows]


def _prints() -> Any:
    printed = func.count(PrintedLabel.idx)
    again = func.sum(case((PrintedLabel.is_again, 1), else_=0))
    return (
        select(
            LabelPrint.id,
            LabelPrint.subject,
            LabelPrint.symbol,
            LabelPrint.format,
            (printed * LabelPrint.copies).label("labels"),
            again.label("again"),
            LabelPrint.reason,
            User.username.label("by"),
            LabelPrint.at,
        )
        .join(PrintedLabel, PrintedLabel.print_id == LabelPrint.id)
        .join(User, User.id == LabelPrint.user_id)
        .group_by(LabelPrint.id, User.username)
    )


def badge_holders(session: Session, site_id: int) -> list[dict[str, Any]]:
    """The people who work at a site, by name."""
    here = select(UserRole.user_id).where(UserRole.site_id == site_id)
    people = session.execute(
        select(User.id, User.name, User.username)
        .where(User.id.in_(here), User.disabled_at.is_(None))
        .order_by(User.name, User.id)
    )
    return [dict(row._mapping) for row in people]
