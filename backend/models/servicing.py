"""After the sale: repair orders, service visits with their readings, and maintenance plans."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, Guid, UtcDateTime
from backend.models.documents import Voucher
from backend.models.people import User
from backend.models.serials import SerialNumber
from backend.models.warranty import ServiceContract


class RepairOrder(Voucher):
    """A customer's unit in our custody: submitted while it is here, closed when it went back or was scrapped.

    ``party_id`` is the customer, who stays the owner; ``done_at`` is the device's time of the intake.
    """

    __tablename__ = "repair_order"
    __table_args__: Any = (
        CheckConstraint("outcome IN ('given_back', 'scrapped')", name="outcome"),
        CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended"),
    )
    __mapper_args__ = {"polymorphic_identity": "repair_order"}

    id: Mapped[str] = mapped_column(Guid, ForeignKey("voucher.id"), primary_key=True)
    serial_id: Mapped[int] = mapped_column(ForeignKey("serial_number.id"), index=True)
    complaint: Mapped[str] = mapped_column(String(1000))
    accessories: Mapped[str | None] = mapped_column(String(500))
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(16))
    end_remark: Mapped[str | None] = mapped_column(String(500))
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    serial: Mapped[SerialNumber] = relationship()
    technician: Mapped[User | None] = relationship(foreign_keys=[technician_id])
    ended_by: Mapped[User | None] = relationship(foreign_keys=[ended_by_id])


class MaintenancePlan(Base):
    """A unit that is looked after every so many days or months. ``next_due_on`` follows from its visits."""

    __tablename__ = "maintenance_plan"
    __table_args__ = (
        CheckConstraint("period IN ('days', 'months')", name="period"),
        CheckConstraint("every > 0", name="every"),
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ended"),
        Index("ix_maintenance_plan_site_id_next_due_on", "site_id", "next_due_on"),
    )

    id: Mapped[str] = mapped_column(Guid, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    serial_id: Mapped[int] = mapped_column(ForeignKey("serial_number.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    contract_id: Mapped[str | None] = mapped_column(Guid, ForeignKey("service_contract.id"), index=True)
    every: Mapped[int]
    period: Mapped[str] = mapped_column(String(8))
    starts_on: Mapped[date]
    next_due_on: Mapped[date]
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    request_digest: Mapped[str] = mapped_column(String(64))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str | None] = mapped_column(String(500))

    serial: Mapped[SerialNumber] = relationship()
    contract: Mapped[ServiceContract | None] = relationship()
    technician: Mapped[User | None] = relationship(foreign_keys=[technician_id])


class ServiceVisit(Voucher):
    """A job on a unit, on site or in the workshop. Its parts are the components that it put in and took out.

    ``source_id`` is the repair order that the unit was here on; ``party_id`` the customer.
    """

    __tablename__ = "service_visit"
    __table_args__: Any = (CheckConstraint("result IN ('fixed', 'not_fixed', 'needs_part')", name="result"),)
    __mapper_args__ = {"polymorphic_identity": "service_visit"}

    id: Mapped[str] = mapped_column(Guid, ForeignKey("voucher.id"), primary_key=True)
    serial_id: Mapped[int] = mapped_column(ForeignKey("serial_number.id"), index=True)
    technician_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    work_done: Mapped[str] = mapped_column(String(4000))
    result: Mapped[str] = mapped_column(String(16))
    signer_name: Mapped[str | None] = mapped_column(String(200))
    unsigned_reason: Mapped[str | None] = mapped_column(String(500))
    next_visit_on: Mapped[date | None] = mapped_column(index=True)
    plan_id: Mapped[str | None] = mapped_column(Guid, ForeignKey("maintenance_plan.id"), index=True)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)

    serial: Mapped[SerialNumber] = relationship()
    technician: Mapped[User] = relationship(foreign_keys=[technician_id])
    plan: Mapped[MaintenancePlan | None] = relationship()
    readings: Mapped[list["Reading"]] = relationship(order_by="Reading.idx")
    noted_parts: Mapped[list["NotedPart"]] = relationship(order_by="NotedPart.idx")


class Reading(Base):
    """A value that was read off a unit, as it was written: 3.1, OK, <5."""

    __tablename__ = "reading"

    visit_id: Mapped[str] = mapped_column(Guid, ForeignKey("service_visit.id"), primary_key=True)
    idx: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(100))
    value: Mapped[str] = mapped_column(String(100))
    unit: Mapped[str | None] = mapped_column(String(32))


class NotedPart(Base):
    """A part that came out and was never ours to count: built in by the maker, so the ledger does not know it."""

    __tablename__ = "noted_part"

    visit_id: Mapped[str] = mapped_column(Guid, ForeignKey("service_visit.id"), primary_key=True)
    idx: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    serial_no: Mapped[str] = mapped_column(String(64))
