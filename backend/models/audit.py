"""What people changed of the things that others build on, kept for whoever audits it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, UtcDateTime


class AuditEvent(Base):
    """A change of a master, a site or a person with what it was before: added, never edited.

    ``site_id`` is ``None`` for what all sites share; ``by_id`` for what the command line did, which ``by_name`` says.
    ``subject`` is the code at that moment. What has a table of its own that says who did it when, such as tokens, is
    not kept twice.
    """

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_site_id_at", "site_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    kind: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(200))
    facts: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    by_name: Mapped[str | None] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
