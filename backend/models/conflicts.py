"""Picks that met another person's, until somebody has decided."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Guid, UtcDateTime


class Conflict(Base):
    """A pick of a unit that somebody else had taken by then, or that was recalled meanwhile.

    Its id is that of the scan, whose answer says who has the unit, since when and where.
    """

    __tablename__ = "conflict"
    __table_args__ = (
        CheckConstraint("decision IN ('other_unit', 'left_short', 'overridden')", name="decision"),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided"),
        Index("ix_conflict_site_id_decided_at", "site_id", "decided_at"),
    )

    scan_id: Mapped[str] = mapped_column(Guid, ForeignKey("scan.id"), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    voucher_id: Mapped[str] = mapped_column(Guid, ForeignKey("voucher.id"), index=True)
    serial_id: Mapped[int] = mapped_column(ForeignKey("serial_number.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decision: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(500))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
