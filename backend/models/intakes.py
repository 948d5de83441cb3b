"""Many units at once: what was asked for, so that it happens once; what a supplier announced; what was let in."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, Guid, QuantityType, UtcDateTime
from backend.models.people import User


class Intake(Base):
    """A list, file or number of units that a person put on a voucher, under an id made on the device.

    ``answer`` is what it was told, with a hash of what was asked: after a lost answer the same id adds nothing.
    """

    __tablename__ = "intake"

    id: Mapped[str] = mapped_column(Guid, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    voucher_id: Mapped[str] = mapped_column(Guid, ForeignKey("voucher.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)


class OverReceipt(Base):
    """A supervisor's word that more of an order's line may be received than was ordered, with the reason."""

    __tablename__ = "over_receipt"
    __table_args__ = (CheckConstraint("qty > 0", name="qty"),)

    id: Mapped[str] = mapped_column(Guid, primary_key=True)
    voucher_id: Mapped[str] = mapped_column(Guid, ForeignKey("voucher.id"), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("voucher_line.id"), index=True)
    qty: Mapped[Any] = mapped_column(QuantityType)
    reason: Mapped[str] = mapped_column(String(500))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()


class ExpectedSerial(Base):
    """A serial number that the supplier of a purchase order announced."""

    __tablename__ = "expected_serial"
    __table_args__ = (
        UniqueConstraint("voucher_id", "item_id", "serial_key"),
        # For the look-up of a unit that is not here yet.
        Index("ix_expected_serial_serial_key", "serial_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    voucher_id: Mapped[str] = mapped_column(Guid, ForeignKey("voucher.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    serial_no: Mapped[str] = mapped_column(String(64))
    serial_key: Mapped[str] = mapped_column(String(200))
