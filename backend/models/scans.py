"""Every scan as it came, whatever it was taken to mean, with the answer it got."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Guid, UtcDateTime


class Scan(Base):
    """A scan; its id was made on the device and is remembered for ever, with a hash of its content.

    ``answer`` is what the device was told, so that a scan sent twice gets its first answer again.
    """

    __tablename__ = "scan"
    __table_args__ = (
        Index("ix_scan_voucher_id_recorded_at", "voucher_id", "recorded_at"),
        Index("ix_scan_device_id_counter", "device_id", "counter"),
        Index("ix_scan_site_id_feed_seq", "site_id", "feed_seq"),
    )

    id: Mapped[str] = mapped_column(Guid, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    device_id: Mapped[str] = mapped_column(Guid, ForeignKey("device.id"))
    counter: Mapped[int] = mapped_column(BigInteger)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    voucher_id: Mapped[str] = mapped_column(Guid)
    purpose: Mapped[str] = mapped_column(String(16))
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    symbology: Mapped[str] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(String(16))
    scanned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(40))
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    feed_seq: Mapped[int | None] = mapped_column(BigInteger)
