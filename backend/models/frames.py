"""Pictures that a person kept on purpose; no other picture is ever stored."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, UtcDateTime
from backend.models.people import User


class KeptFrame(Base):
    """A picture of a bad label or for a held claim, encoded anew without metadata."""

    __tablename__ = "kept_frame"
    __table_args__ = (CheckConstraint("purpose IN ('bad_label', 'held_claim')", name="purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    purpose: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(String(500))
    jpeg: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()
