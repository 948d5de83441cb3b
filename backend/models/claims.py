"""What customers bring back: warranty claims, and the units that came with a customer return."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, Guid, UtcDateTime
from backend.models.documents import Voucher
from backend.models.people import User
from backend.models.serials import SerialNumber


class WarrantyClaim(Voucher):
    """A customer asks for what the warranty promises. Draft while it is held for review, closed with its outcome.

    ``decision`` was taken the moment it was entered, ``decision_reason`` says why. ``serial_text`` is the serial
    number as the customer gave it; one that is held for review may name no unit.
    """

    __tablename__ = "warranty_claim"
    __table_args__: Any = (
        CheckConstraint("decision IN ('accepted', 'goodwill', 'held')", name="decision"),
        CheckConstraint("outcome IN ('repair', 'replace', 'refund', 'reject')", name="outcome"),
        CheckConstraint("decision = 'held' OR serial_id IS NOT NULL", name="known_unit"),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended"),
    )

    id: Mapped[str] = mapped_column(Guid, ForeignKey("voucher.id"), primary_key=True)
    serial_id: Mapped[int | None] = mapped_column(ForeignKey("serial_number.id"), index=True)
    serial_text: Mapped[str] = mapped_column(String(200))
    complaint: Mapped[str] = mapped_column(String(1000))
    decision: Mapped[str] = mapped_column(String(16))
    decision_code: Mapped[str] = mapped_column(String(40))
    decision_reason: Mapped[str] = mapped_column(String(500))
    goodwill_reason: Mapped[str | None] = mapped_column(String(500))
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    outcome: Mapped[str | None] = mapped_column(String(16))
    outcome_remark: Mapped[str | None] = mapped_column(String(500))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    serial: Mapped[SerialNumber | None] = relationship(foreign_keys=[serial_id])
    technician: Mapped[User | None] = relationship(foreign_keys=[technician_id])
    ended_by: Mapped[User | None] = relationship(foreign_keys=[ended_by_id])

    __mapper_args__ = {"polymorphic_identity": "warranty_claim"}


class ReturnedUnit(Base):
    """A unit that came with a customer return, and what the inspection made of it.

    ``warranty_left`` are the days that were left when it came. ``replacement_id`` is the unit given in its place
    with the voucher ``outcome_voucher_id``.
    """

    __tablename__ = "returned_unit"
    __table_args__ = (
        CheckConstraint("outcome IN ('restock', 'repair', 'replace', 'scrap')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (inspected_at IS NULL)", name="inspected"),
        Index("ix_returned_unit_serial_id", "serial_id"),
    )

    voucher_id: Mapped[str] = mapped_column(Guid, ForeignKey("voucher.id"), primary_key=True)
    serial_id: Mapped[int] = mapped_column(ForeignKey("serial_number.id"), primary_key=True, autoincrement=False)
    warranty_left: Mapped[int | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
    remark: Mapped[str | None] = mapped_column(String(500))
    inspected_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    inspected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replacement_id: Mapped[int | None] = mapped_column(ForeignKey("serial_number.id"))
    outcome_voucher_id: Mapped[str | None] = mapped_column(Guid, ForeignKey("voucher.id"))

    serial: Mapped[SerialNumber] = relationship(foreign_keys=[serial_id])
    replacement: Mapped[SerialNumber | None] = relationship(foreign_keys=[replacement_id])
    inspected_by: Mapped[User | None] = relationship()
    outcome_voucher: Mapped[Voucher | None] = relationship(foreign_keys=[outcome_voucher_id])
