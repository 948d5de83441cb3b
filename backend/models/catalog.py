"""What is handled: items with their codes, batches; and with whom: parties."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, UtcDateTime
from backend.models.edited import Edited


class Item(Edited, Base):
    """What is sold. ``tracking`` says how its units are told apart.

    ``profile`` is the trade profile that was applied last; what it set may have been edited since.
    """

    __tablename__ = "item"
    __table_args__ = (
        CheckConstraint("tracking IN ('none', 'serial', 'batch', 'serial_batch')", name="tracking"),
        CheckConstraint("warranty_days IS NULL OR warranty_days >= 0", name="warranty_days"),
        CheckConstraint("over_receipt_percent BETWEEN 0 AND 100", name="over_receipt_percent"),
        CheckConstraint("reorder_level IS NULL OR reorder_level >= 0", name="reorder_level"),
        CheckConstraint("shelf_life_days IS NULL OR shelf_life_days > 0", name="shelf_life_days"),
        CheckConstraint("warranty_months IS NULL OR warranty_months >= 0", name="warranty_months"),
        CheckConstraint("warranty_days IS NULL OR warranty_months IS NULL", name="one_warranty_period"),
        CheckConstraint("warranty_basis IN ('delivery', 'installation', 'registration')", name="warranty_basis"),
        CheckConstraint("pick_rule IN ('fifo', 'lifo', 'fefo')", name="pick_rule"),
        CheckConstraint("serial_standard IN ('imei', 'mac', 'vin')", name="serial_standard"),
        CheckConstraint(
            "profile IN ('medical_device', 'pharma', 'electronics', 'automotive', 'machinery')", name="profile"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    tracking: Mapped[str] = mapped_column(String(16))
    serial_no_series: Mapped[str | None] = mapped_column(String(64))
    batch_no_series: Mapped[str | None] = mapped_column(String(64))
    serial_length: Mapped[int | None]
    serial_pattern: Mapped[str | None] = mapped_column(String(64))
    expiry_required: Mapped[bool] = mapped_column(default=False)
    warranty_days: Mapped[int | None]
    over_receipt_percent: Mapped[int] = mapped_column(default=0)
    shelf_life_days: Mapped[int | None]
    reorder_level: Mapped[int | None]
    warranty_months: Mapped[int | None]
    warranty_basis: Mapped[str] = mapped_column(String(16), default="delivery")
    pick_rule: Mapped[str] = mapped_column(String(8), default="fifo")
    serial_standard: Mapped[str | None] = mapped_column(String(8))
    secondary_kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    verify_returns: Mapped[bool] = mapped_column(default=False)
    profile: Mapped[str | None] = mapped_column(String(24))

    barcodes: Mapped[list["ItemBarcode"]] = relationship(back_populates="item", order_by="ItemBarcode.code")


class ItemBarcode(Base):
    """A code that stands for an item: a GTIN as 14 digits, or any foreign code linked to it."""

    __tablename__ = "item_barcode"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    is_gtin: Mapped[bool]
    linked_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    linked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    item: Mapped[Item] = relationship(back_populates="barcodes")


class ItemPicture(Base):
    """What an item looks like: one picture, encoded anew without metadata, apart so that lists never load it."""

    __tablename__ = "item_picture"

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    jpeg: Mapped[bytes] = mapped_column(LargeBinary)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Party(Edited, Base):
    """A supplier or customer, with a contact."""

    __tablename__ = "party"
    __table_args__ = (CheckConstraint("kind IN ('supplier', 'customer')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(200))
    contact: Mapped[str | None] = mapped_column(String(200))


class Batch(Base):
    """Units made together: one number, one manufacture and one expiry date."""

    __tablename__ = "batch"
    __table_args__ = (
        UniqueConstraint("batch_key", "item_id"),
        CheckConstraint("expires_on IS NULL OR manufactured_on IS NULL OR expires_on >= manufactured_on", name="dates"),
        Index("ix_batch_item_id_expires_on", "item_id", "expires_on"),
        Index("ix_batch_expires_on", "expires_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    batch_no: Mapped[str] = mapped_column(String(64))
    batch_key: Mapped[str] = mapped_column(String(200))
    manufactured_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    supplier: Mapped[Party | None] = relationship()
