"""Pictures that were kept on purpose, for the supervisors of the site."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.models import KeptFrame, User


def kept(session: Session, site_id: int) -> list[dict[str, Any]]:
    """What was kept at a site, newest first, without the pictures themselves."""
    rows = session.execute(
        select(KeptFrame.id, KeptFrame.purpose, KeptFrame.note, KeptFrame.kept_at, User.username.label("by"))
        .join(User, User.id == KeptFrame.user_id)
        .where(KeptFrame.site_id == site_id)
        .order_by(KeptFrame.id.desc())
        .limit(200)
    )
    return [dict(row._mapping) for row in rows]


def picture(session: Session, frame_id: int) -> tuple[int, bytes] | None:
    """The site of a kept picture and its JPEG."""
    row = session.execute(select(KeptFrame.site_id, KeptFrame.jpeg).where(KeptFrame.id == frame_id)).one_or_none()
    return (row.site_id, row.jpeg) if row else None
