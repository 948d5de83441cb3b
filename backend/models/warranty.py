"""The promise for a unit, what became of it, and the service contracts that go on where it ends."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, Guid, UtcDateTime
from backend.models.catalog import Party
from backend.models.people import User
from backend.models.serials import SerialNumber


class Warranty(Base):
    """The promise for one unit: first and last day, and the voucher that started it.

    A projection of its events. A voided one is kept with its reason; one stands per unit. ``paused_on`` is the day
    of the return that stopped it; ``carried_from_id`` the unit in whose place this one was given.
    """

    __tablename__ = "warranty"
    __table_args__ = (
        CheckConstraint("(voided_at IS NULL) = (void_reason IS NULL)", name="void"),
        Index(
            "uq_warranty_standing",
            "serial_id",
            unique=True,
            sqlite_where=text("voided_at IS NULL"),
            postgresql_where=text("voided_at IS NULL"),
        ),
        Index("ix_warranty_voucher_id", "voucher_id"),
        Index("ix_warranty_end_on", "end_on"),
        Index("ix_warranty_carried_from_id", "carried_from_id"),
    )

    serial_id: Mapped[int] = mapped_column(ForeignKey("serial_number.id"), primary_key=True, autoincrement=False)
    voucher_id: Mapped[str] = mapped_column(Guid, ForeignKey("voucher.id"), primary_key=True)
    start_on: Mapped[date]
    end_on: Mapped[date]
    basis: Mapped[str] = mapped_column(String(16))
    paused_on: Mapped[date | None]
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("serial_number.id"))
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    void_reason: Mapped[str | None] = mapped_column(String(500))


class WarrantyEvent(Base):
    """Something that changed a warranty: added, never edited. ``end_on`` is its last day from then on."""

    __tablename__ = "warranty_event"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('started', 'paused', 'resumed', 'carried_over', 'extended', 'voided', 'restored')", name="kind"
        ),
        Index("ix_warranty_event_serial_id_id", "serial_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    serial_id: Mapped[int] = mapped_column(ForeignKey("serial_number.id"))
    kind: Mapped[str] = mapped_column(String(16))
    on: Mapped[date] = mapped_column("on_day")
    end_on: Mapped[date]
    voucher_id: Mapped[str | None] = mapped_column(Guid, ForeignKey("voucher.id"))
    other_serial_id: Mapped[int | None] = mapped_column(ForeignKey("serial_number.id"))
    reason: Mapped[str | None] = mapped_column(String(500))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    by: Mapped[User | None] = relationship()
    other_serial: Mapped[SerialNumber | None] = relationship(foreign_keys=[other_serial_id])


class ServiceContract(Base):
    """An annual maintenance contract (AMC) of a customer for some units, with days of its own."""

    __tablename__ = "service_contract"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("start_on <= end_on", name="days"),
        Index("ix_service_contract_site_id_end_on", "site_id", "end_on"),
    )

    id: Mapped[str] = mapped_column(Guid, primary_key=True)
    number: Mapped[str] = mapped_column(String(64))
    site_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), index=True)
    start_on: Mapped[date]
    end_on: Mapped[date]
    remark: Mapped[str | None] = mapped_column(String(500))
    request_digest: Mapped[str] = mapped_column(String(64))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    end_reason: Mapped[str | None] = mapped_column(String(500))

    party: Mapped[Party] = relationship()
    made_by: Mapped[User] = relationship()
    units: Mapped[list["ContractUnit"]] = relationship(order_by="ContractUnit.serial_id", cascade="all, delete-orphan")
    events: Mapped[list["ContractEvent"]] = relationship(order_by="ContractEvent.id")


class ContractEvent(Base):
    """Something that changed a service contract: added, never edited. The days are its own from then on.

    ``units_added`` and ``units_removed`` are serial numbers, as they were on that day.
    """

    __tablename__ = "contract_event"
    __table_args__ = (
        CheckConstraint("kind IN ('made', 'changed', 'ended')", name="kind"),
        Index("ix_contract_event_contract_id_id", "contract_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[str] = mapped_column(Guid, ForeignKey("service_contract.id"))
    kind: Mapped[str] = mapped_column(String(16))
    start_on: Mapped[date]
    end_on: Mapped[date]
    units_added: Mapped[list[str]] = mapped_column(JSON)
    units_removed: Mapped[list[str]] = mapped_column(JSON)
    reason: Mapped[str | None] = mapped_column(String(500))
    by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    by: Mapped[User] = relationship()


class ContractUnit(Base):
    """A unit that a service contract is for."""

    __tablename__ = "contract_unit"

    contract_id: Mapped[str] = mapped_column(Guid, ForeignKey("service_contract.id"), primary_key=True)
    serial_id: Mapped[int] = mapped_column(
        ForeignKey("serial_number.id"), primary_key=True, autoincrement=False, index=True
    )

    serial: Mapped[SerialNumber] = relationship()
