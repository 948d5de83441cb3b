"""What was printed: every print with who, when and why, so that a label that comes up twice can be explained."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, Guid, UtcDateTime
from backend.models.people import User


class LabelPrint(Base):
    """Labels of things of one kind, printed together. ``reason`` says why some were printed again."""

    __tablename__ = "label_print"
    __table_args__ = (
        CheckConstraint("subject IN ('unit', 'batch', 'place', 'item', 'badge')", name="subject"),
        CheckConstraint("copies BETWEEN 1 AND 10", name="copies"),
    )

    id: Mapped[str] = mapped_column(Guid, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    subject: Mapped[str] = mapped_column(String(16))
    symbol: Mapped[str] = mapped_column(String(16))
    format: Mapped[str] = mapped_column(String(16))
    dpi: Mapped[int]
    copies: Mapped[int]
    skip: Mapped[int]
    layout: Mapped[str | None] = mapped_column(String(500))
    reason: Mapped[str | None] = mapped_column(String(500))
    request_digest: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()


class PrintedLabel(Base):
    """One thing of a print; ``is_again`` when it had a label before."""

    __tablename__ = "printed_label"
    __table_args__ = (Index("ix_printed_label_subject_id_subject", "subject_id", "subject"),)

    print_id: Mapped[str] = mapped_column(Guid, ForeignKey("label_print.id"), primary_key=True)
    idx: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(String(16))
    subject_id: Mapped[int]
    is_again: Mapped[bool]
