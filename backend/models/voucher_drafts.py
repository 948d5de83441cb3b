"""Vouchers that a person began and did not post: transfers, returns, stock entries, deliveries, invoices."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, Guid, UtcDateTime
from backend.models.documents import Voucher
from backend.models.people import User


class VoucherDraft(Base):
    """A voucher before it moves anything; its id was made on the device, ``revision`` tells two editors apart.

    ``body`` is what the route of its kind takes, with gaps. Once it is submitted or discarded it is empty, and
    the row says who did that and which voucher it became. ``entries`` and ``remark`` are for the list.
    """

    __tablename__ = "voucher_draft"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'submitted', 'discarded')", name="status"),
        CheckConstraint("(status = 'submitted') = (voucher_id IS NOT NULL)", name="voucher"),
        Index("ix_voucher_draft_site_id_status_kind", "site_id", "status", "kind"),
    )

    id: Mapped[str] = mapped_column(Guid, primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    status: Mapped[str] = mapped_column(String(16))
    site_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    voucher_id: Mapped[str | None] = mapped_column(Guid, ForeignKey("voucher.id"), index=True)
    revision: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    entries: Mapped[int]
    remark: Mapped[str | None] = mapped_column(String(500))
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    voucher: Mapped[Voucher | None] = relationship()
    opened_by: Mapped[User] = relationship(foreign_keys=[opened_by_id])
    changed_by: Mapped[User] = relationship(foreign_keys=[changed_by_id])
