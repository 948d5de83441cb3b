"""What was built into what: the units and goods inside another unit, since when and until when."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, Guid, QuantityType, UtcDateTime
from backend.models.catalog import Batch, Item
from backend.models.documents import Voucher
from backend.models.serials import SerialNumber

_STANDS = "removed_at IS NULL AND serial_id IS NOT NULL"


class Component(Base):
    """A unit, or a quantity of untracked goods, inside another unit.

    ``voucher_id`` put it in, ``removed_by_id`` took it out. The partial unique index lets one unit be inside one
    other unit only.
    """

    __tablename__ = "component"
    __table_args__ = (
        CheckConstraint("qty > 0", name="qty"),
        CheckConstraint("serial_id IS NULL OR serial_id <> parent_id", name="not_in_itself"),
        Index(
            "uq_component_standing_unit",
            "serial_id",
            unique=True,
            sqlite_where=text(_STANDS),
            postgresql_where=text(_STANDS),
        ),
        Index("ix_component_serial_id", "serial_id"),
        Index("ix_component_voucher_id", "voucher_id"),
        Index("ix_component_removed_by_id", "removed_by_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("serial_number.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    serial_id: Mapped[int | None] = mapped_column(ForeignKey("serial_number.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    qty: Mapped[Any] = mapped_column(QuantityType)
    voucher_id: Mapped[str] = mapped_column(Guid, ForeignKey("voucher.id"))
    put_in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_by_id: Mapped[str | None] = mapped_column(Guid, ForeignKey("voucher.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    parent: Mapped[SerialNumber] = relationship(foreign_keys=[parent_id])
    serial: Mapped[SerialNumber | None] = relationship(foreign_keys=[serial_id])
    item: Mapped[Item] = relationship()
    batch: Mapped[Batch | None] = relationship()
    voucher: Mapped[Voucher] = relationship(foreign_keys=[voucher_id])
