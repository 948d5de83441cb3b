"""Recalls: which units are wanted back and why, and what became of each of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, Guid, UtcDateTime
from backend.models.documents import Voucher
from backend.models.people import User
from backend.models.serials import SerialNumber


class Recall(Voucher):
    """Units that are wanted back: submitted while it runs, closed when each is resolved or somebody says why not.

    ``origin`` is the kind of thing it was started from and ``scope`` says it in words, such as "batch P9 of PUMP-1";
    ``hold_id`` is the hold on that batch. The voucher's remark is the reason. It moves nothing.
    """

    __tablename__ = "recall"
    __table_args__: Any = (
        CheckConstraint("origin IN ('batch', 'serials', 'receipt', 'dates', 'component')", name="origin"),
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed"),
        Index("ix_recall_hold_id", "hold_id"),
    )

    id: Mapped[str] = mapped_column(Guid, ForeignKey("voucher.id"), primary_key=True)
    origin: Mapped[str] = mapped_column(String(16))
    scope: Mapped[str] = mapped_column(String(500))
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("hold.id"))
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    close_reason: Mapped[str | None] = mapped_column(String(500))

    closed_by: Mapped[User | None] = relationship(foreign_keys=[closed_by_id])

    __mapper_args__: dict[str, Any] = {"polymorphic_identity": "recall"}


class RecallUnit(Base):
    """A unit that a recall wants back, or a serial number of its list that nobody here knows.

    ``via_id`` is the recalled unit inside of it for which it is on the list; ``hold_id`` the hold that keeps it from
    being sold, unless that of the whole batch does. ``outcome`` is that of its last step: a projection.
    """

    __tablename__ = "recall_unit"
    __table_args__ = (
        UniqueConstraint("recall_id", "serial_id"),
        CheckConstraint("outcome IN ('open', 'found', 'returned', 'repaired', 'destroyed')", name="outcome"),
        Index("ix_recall_unit_recall_id_id", "recall_id", "id"),
        Index("ix_recall_unit_serial_id", "serial_id"),
        Index("ix_recall_unit_hold_id", "hold_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recall_id: Mapped[str] = mapped_column(Guid, ForeignKey("recall.id"))
    serial_id: Mapped[int | None] = mapped_column(ForeignKey("serial_number.id"))
    serial_no: Mapped[str] = mapped_column(String(64))
    via_id: Mapped[int | None] = mapped_column(ForeignKey("serial_number.id"))
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("hold.id"))
    outcome: Mapped[str] = mapped_column(String(16), default="open")

    serial: Mapped[SerialNumber | None] = relationship(foreign_keys=[serial_id])


class RecallStep(Base):
    """What somebody found out or did about units of a recall: added, never edited; a later one counts for more.

    The id is made on the device; ``done_at`` is its time. ``open`` takes an earlier step back.
    """

    __tablename__ = "recall_step"
    __table_args__ = (
        CheckConstraint("outcome IN ('open', 'found', 'returned', 'repaired', 'destroyed')", name="outcome"),
        Index("ix_recall_step_recall_id", "recall_id"),
    )

    id: Mapped[str] = mapped_column(Guid, primary_key=True)
    recall_id: Mapped[str] = mapped_column(Guid, ForeignKey("recall.id"))
    outcome: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(String(500))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    request_digest: Mapped[str] = mapped_column(String(64))

    user: Mapped[User] = relationship()


class RecallStepUnit(Base):
    """Which units a step is about."""

    __tablename__ = "recall_step_unit"
    __table_args__ = (Index("ix_recall_step_unit_recall_unit_id", "recall_unit_id"),)

    step_id: Mapped[str] = mapped_column(Guid, ForeignKey("recall_step.id"), primary_key=True)
    recall_unit_id: Mapped[int] = mapped_column(ForeignKey("recall_unit.id"), primary_key=True, autoincrement=False)
