"""The units: one row per serial number, with where the ledger has it."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, Guid, UtcDateTime
from backend.models.catalog import Batch, Item, Party
from backend.models.locations import Location
from backend.models.people import User


class SerialNumber(Base):
    """One unit. ``location_id``, ``owner_id`` and the last entry are projections of the ledger.

    ``serial_key`` is what look-ups compare (see ``domain.serials.key``); unique per item, not in the system.
    """

    __tablename__ = "serial_number"
    __table_args__ = (
        # The key first: a look-up often knows no item.
        UniqueConstraint("serial_key", "item_id"),
        # Pages of stock go by id within a place, an item in a place, a batch in a place: equal, equal, in order.
        Index("ix_serial_number_location_id_id", "location_id", "id"),
        Index("ix_serial_number_location_id_item_id_id", "location_id", "item_id", "id"),
        Index("ix_serial_number_batch_id_location_id_id", "batch_id", "location_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    serial_no: Mapped[str] = mapped_column(String(64))
    serial_key: Mapped[str] = mapped_column(String(200))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    receipt_id: Mapped[str | None] = mapped_column(Guid, ForeignKey("voucher.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    last_site_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    last_seq: Mapped[int] = mapped_column(BigInteger)

    item: Mapped[Item] = relationship()
    batch: Mapped[Batch | None] = relationship()
    supplier: Mapped[Party | None] = relationship(foreign_keys=[supplier_id])
    owner: Mapped[Party | None] = relationship(foreign_keys=[owner_id])
    location: Mapped[Location] = relationship(foreign_keys=[location_id])


class SecondarySerial(Base):
    """A further number of a unit: IMEI, MAC or VIN, each of one unit in the world; or a component's, which two
    makers may both have given.
    """

    __tablename__ = "secondary_serial"
    __table_args__ = (
        CheckConstraint("kind IN ('imei', 'mac', 'vin', 'component')", name="kind"),
        UniqueConstraint("serial_id", "kind", "secondary_key"),
        Index("ix_secondary_serial_secondary_key", "secondary_key"),
        Index(
            "uq_secondary_serial_of_one_unit",
            "kind",
            "secondary_key",
            unique=True,
            sqlite_where=text("kind <> 'component'"),
            postgresql_where=text("kind <> 'component'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    serial_id: Mapped[int] = mapped_column(ForeignKey("serial_number.id"))
    kind: Mapped[str] = mapped_column(String(16))
    secondary_no: Mapped[str] = mapped_column(String(64))
    secondary_key: Mapped[str] = mapped_column(String(200))
    added_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FormerSerialNumber(Base):
    """The text that a unit had before somebody corrected it; it still finds the unit. Once per unit."""

    __tablename__ = "former_serial_number"

    serial_id: Mapped[int] = mapped_column(ForeignKey("serial_number.id"), primary_key=True, autoincrement=False)
    serial_no: Mapped[str] = mapped_column(String(64))
    serial_key: Mapped[str] = mapped_column(String(200), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    corrected_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    corrected_at: Mapped[datetime] = mapped_column(UtcDateTime)

    serial: Mapped[SerialNumber] = relationship()
    corrected_by: Mapped[User] = relationship()
