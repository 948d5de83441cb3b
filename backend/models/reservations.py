"""Who has taken a unit for themselves before it moves, and which units nobody may take."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, Guid, UtcDateTime
from backend.models.catalog import Batch
from backend.models.documents import Voucher, VoucherLine
from backend.models.people import User
from backend.models.serials import SerialNumber

_STANDS = "status IN ('proposed', 'chosen')"
_NOT_LIFTED: dict[str, Any] = {
    "sqlite_where": text("lifted_at IS NULL"),
    "postgresql_where": text("lifted_at IS NULL"),
}


class Reservation(Base):
    """A unit that a voucher has taken: proposed by a rule or chosen by a person, then posted or released.

    The partial unique index lets one unit stand on one voucher only, whatever two people do at the same moment.
    A released one is kept: with ``replaced_by_id`` it says which unit a person took in its place, or which was
    proposed in its place when a hold or a count released it.
    """

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint("status IN ('proposed', 'chosen', 'posted', 'released')", name="status"),
        Index(
            "uq_reservation_standing_unit",
            "serial_id",
            unique=True,
            sqlite_where=text(_STANDS),
            postgresql_where=text(_STANDS),
        ),
        Index("ix_reservation_voucher_id_status", "voucher_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    voucher_id: Mapped[str] = mapped_column(Guid, ForeignKey("voucher.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("voucher_line.id"), index=True)
    serial_id: Mapped[int] = mapped_column(ForeignKey("serial_number.id"), index=True)
    status: Mapped[str] = mapped_column(String(16))
    scan_id: Mapped[str | None] = mapped_column(Guid, ForeignKey("scan.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    scanned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("reservation.id"))
    reason: Mapped[str | None] = mapped_column(String(500))
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("hold.id"))
    """The hold that released it."""
    count_id: Mapped[str | None] = mapped_column(Guid, ForeignKey("voucher.id"))
    """The stock count that released it: the unit was not in its place."""

    voucher: Mapped[Voucher] = relationship(foreign_keys=[voucher_id])
    line: Mapped[VoucherLine] = relationship()
    serial: Mapped[SerialNumber] = relationship()
    user: Mapped[User] = relationship()


class Hold(Base):
    """What keeps a batch or a single unit from being picked and sold, until it is lifted."""

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint("kind IN ('hold', 'recall')", name="kind"),
        CheckConstraint("(batch_id IS NULL) <> (serial_id IS NULL)", name="one_subject"),
        Index("ix_hold_batch_id", "batch_id"),
        Index("ix_hold_serial_id", "serial_id"),
        # One of a kind stands on a thing, whatever two people do at the same moment.
        Index("uq_hold_standing_batch", "batch_id", "kind", unique=True, **_NOT_LIFTED),
        Index("uq_hold_standing_unit", "serial_id", "kind", unique=True, **_NOT_LIFTED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    serial_id: Mapped[int | None] = mapped_column(ForeignKey("serial_number.id"))
    reason: Mapped[str] = mapped_column(String(500))
    placed_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lift_reason: Mapped[str | None] = mapped_column(String(500))

    batch: Mapped[Batch | None] = relationship()
    serial: Mapped[SerialNumber | None] = relationship()
    placed_by: Mapped[User] = relationship(foreign_keys=[placed_by_id])
    lifted_by: Mapped[User | None] = relationship(foreign_keys=[lifted_by_id])
