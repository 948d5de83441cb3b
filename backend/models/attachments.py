"""Pictures that belong to a voucher: photos, readings' pictures and signatures, encoded anew without metadata."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, Guid, UtcDateTime
from backend.models.people import User


class Attachment(Base):
    """A JPEG of ours. It comes from a phone before the voucher that names it, so at first it belongs to none."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("kind IN ('photo', 'reading', 'signature')", name="kind"),
        Index("ix_attachment_user_id_voucher_id", "user_id", "voucher_id"),
    )

    id: Mapped[str] = mapped_column(Guid, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    voucher_id: Mapped[str | None] = mapped_column(Guid, ForeignKey("voucher.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(String(500))
    jpeg: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    request_digest: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()
