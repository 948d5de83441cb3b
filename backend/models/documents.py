"""Vouchers: the documents that cause stock to move, their lines, and the units scanned into them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, Guid, QuantityType, UtcDateTime
from backend.models.catalog import Batch, Item, Party
from backend.models.locations import Location
from backend.models.people import User


class Voucher(Base):
    """A document with a type and a number: draft, submitted, closed (an order that is fulfilled), cancelled.

    The counts are projections that boards read; they change in the transaction of the scan. ``purpose`` says what
    a stock entry is for; ``request_digest`` tells a request that is sent again from another one with the same id.
    """

    __tablename__ = "voucher"
    __table_args__: Any = (
        UniqueConstraint("type", "number"),
        CheckConstraint("status IN ('draft', 'submitted', 'closed', 'cancelled')", name="status"),
        CheckConstraint("accepted >= 0 AND rejected >= 0 AND refused >= 0", name="counts"),
        Index("ix_voucher_site_id_type_status_submitted_at", "site_id", "type", "status", "submitted_at"),
        Index("ix_voucher_site_id_opened_at_id", "site_id", "opened_at", "id"),
        Index("ix_voucher_party_id_opened_at_id", "party_id", "opened_at", "id"),
    )

    id: Mapped[str] = mapped_column(Guid, primary_key=True)
    type: Mapped[str] = mapped_column(String(24))
    number: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    site_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    source_id: Mapped[str | None] = mapped_column(Guid, ForeignKey("voucher.id"), index=True)
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    reject_location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    to_location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    purpose: Mapped[str | None] = mapped_column(String(16))
    remark: Mapped[str | None] = mapped_column(String(500))
    dated_on: Mapped[date]
    request_digest: Mapped[str | None] = mapped_column(String(64))
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_reason: Mapped[str | None] = mapped_column(String(500))
    accepted: Mapped[Any] = mapped_column(QuantityType, default=0)
    rejected: Mapped[Any] = mapped_column(QuantityType, default=0)
    refused: Mapped[int] = mapped_column(default=0)

    party: Mapped[Party | None] = relationship()
    source: Mapped["Voucher | None"] = relationship(remote_side=[id])
    location: Mapped[Location | None] = relationship(foreign_keys=[location_id])
    reject_location: Mapped[Location | None] = relationship(foreign_keys=[reject_location_id])
    to_location: Mapped[Location | None] = relationship(foreign_keys=[to_location_id])
    opened_by: Mapped[User] = relationship(foreign_keys=[opened_by_id])
    submitted_by: Mapped[User | None] = relationship(foreign_keys=[submitted_by_id])
    cancelled_by: Mapped[User | None] = relationship(foreign_keys=[cancelled_by_id])
    lines: Mapped[list["VoucherLine"]] = relationship(back_populates="voucher", order_by="VoucherLine.idx")

    __mapper_args__: dict[str, Any] = {"polymorphic_on": "type", "polymorphic_abstract": True}


class PurchaseOrder(Voucher):
    """What was ordered from a supplier."""

    __mapper_args__ = {"polymorphic_identity": "purchase_order"}


class PurchaseReceipt(Voucher):
    """Goods in: open while it is scanned, posted to the ledger when it is submitted."""

    __mapper_args__ = {"polymorphic_identity": "purchase_receipt"}


class OpeningStock(Voucher):
    """What was in a place before the first receipt: no order, no supplier, the same ways in."""

    __mapper_args__ = {"polymorphic_identity": "opening_stock"}


class SalesOrder(Voucher):
    """What a customer ordered; closed when all of it is delivered."""

    __mapper_args__ = {"polymorphic_identity": "sales_order"}


class PickList(Voucher):
    """What one person fetches for sales orders: a draft while it is picked, submitted when all is fetched."""

    __mapper_args__ = {"polymorphic_identity": "pick_list"}


class DeliveryNote(Voucher):
    """Goods out to a customer."""

    __mapper_args__ = {"polymorphic_identity": "delivery_note"}


class SalesInvoice(Voucher):
    """What a customer is billed for: made from a delivery note, or moving the stock itself in its place."""

    __mapper_args__ = {"polymorphic_identity": "sales_invoice"}


class StockTransfer(Voucher):
    """Place to place; submitted while the goods are in transit, closed when they have arrived."""

    __mapper_args__ = {"polymorphic_identity": "stock_transfer"}


class SupplierReturn(Voucher):
    """Goods back to their supplier."""

    __mapper_args__ = {"polymorphic_identity": "supplier_return"}


class CustomerReturn(Voucher):
    """Goods back from a customer, waiting to be inspected; closed when every unit is."""

    __mapper_args__ = {"polymorphic_identity": "customer_return"}


class Installation(Voucher):
    """A unit was set up at its customer's; it moves nothing, and starts warranties that begin with it."""

    __mapper_args__ = {"polymorphic_identity": "installation"}


class StockEntry(Voucher):
    """Issue, consumption into another unit, opening stock: movements with no party."""

    __mapper_args__ = {"polymorphic_identity": "stock_entry"}


class StockCount(Voucher):
    """Book against shelf; submitted when it is counted, closed when a supervisor approved and it is posted."""

    __mapper_args__ = {"polymorphic_identity": "stock_count"}


class VoucherLine(Base):
    """One item of a voucher. On a purchase order, ``received`` and ``scanned`` follow its receipts.

    ``admitted`` is what supervisors let in beyond the order and its allowance. ``batch_id`` and ``location_id`` say
    which of the untracked goods a line means. On a pick list ``picked`` is what was fetched; there and on a sales
    order ``delivered`` follows the deliveries.
    """

    __tablename__ = "voucher_line"
    __table_args__ = (
        UniqueConstraint("voucher_id", "idx"),
        CheckConstraint("qty >= 0", name="qty"),
        CheckConstraint("received >= 0 AND scanned >= 0 AND admitted >= 0", name="progress"),
        CheckConstraint("picked >= 0 AND delivered >= 0", name="sold"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    voucher_id: Mapped[str] = mapped_column(Guid, ForeignKey("voucher.id"))
    idx: Mapped[int]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    qty: Mapped[Any] = mapped_column(QuantityType)
    source_line_id: Mapped[int | None] = mapped_column(ForeignKey("voucher_line.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    received: Mapped[Any] = mapped_column(QuantityType, default=0)
    scanned: Mapped[Any] = mapped_column(QuantityType, default=0)
    accepted: Mapped[Any] = mapped_column(QuantityType, default=0)
    rejected: Mapped[Any] = mapped_column(QuantityType, default=0)
    admitted: Mapped[Any] = mapped_column(QuantityType, default=0)
    picked: Mapped[Any] = mapped_column(QuantityType, default=0)
    delivered: Mapped[Any] = mapped_column(QuantityType, default=0)

    voucher: Mapped[Voucher] = relationship(back_populates="lines")
    item: Mapped[Item] = relationship()
    batch: Mapped[Batch | None] = relationship()
    location: Mapped[Location | None] = relationship()
    source_line: Mapped["VoucherLine | None"] = relationship(remote_side=[id])


class VoucherUnit(Base):
    """A unit, or a quantity of goods without serial numbers, that a person put on a voucher.

    ``open`` until the voucher posts it or the person takes it back. The partial unique index lets one serial
    number be open on one voucher only, whatever two phones do at the same moment. ``is_unexpected`` marks a unit
    that is not on the supplier's list and that the person took all the same.
    """

    __tablename__ = "voucher_unit"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'posted', 'undone')", name="status"),
        CheckConstraint("condition IN ('accepted', 'rejected')", name="condition"),
        CheckConstraint("qty > 0 AND (serial_no IS NULL OR qty = 1)", name="qty"),
        Index(
            "uq_voucher_unit_open_serial",
            "serial_key",
            "item_id",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        Index("ix_voucher_unit_voucher_id_id", "voucher_id", "id"),
        Index("uq_voucher_unit_scan_id", "scan_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    voucher_id: Mapped[str] = mapped_column(Guid, ForeignKey("voucher.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("voucher_line.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    serial_no: Mapped[str | None] = mapped_column(String(64))
    serial_key: Mapped[str | None] = mapped_column(String(200))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    condition: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(200))
    qty: Mapped[Any] = mapped_column(QuantityType, default=1)
    is_unexpected: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(16))
    scan_id: Mapped[str | None] = mapped_column(Guid, ForeignKey("scan.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    scanned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    item: Mapped[Item] = relationship()
    batch: Mapped[Batch | None] = relationship()
    user: Mapped[User] = relationship()


class UnitSecondary(Base):
    """A further number of a unit on a voucher, such as its IMEI; posting the voucher gives it to the unit itself."""

    __tablename__ = "voucher_unit_secondary"
    __table_args__ = (
        CheckConstraint("kind IN ('imei', 'mac', 'vin', 'component')", name="kind"),
        UniqueConstraint("unit_id", "kind", "secondary_key"),
        Index("ix_voucher_unit_secondary_secondary_key", "secondary_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("voucher_unit.id"))
    kind: Mapped[str] = mapped_column(String(16))
    secondary_no: Mapped[str] = mapped_column(String(64))
    secondary_key: Mapped[str] = mapped_column(String(200))


class SeriesCounter(Base):
    """The last number drawn of a series, keyed by the text before the counter."""

    __tablename__ = "series_counter"

    prefix: Mapped[str] = mapped_column(String(100), primary_key=True)
    last: Mapped[int]


class SiteSeries(Base):
    """How a site numbers a kind of voucher, or its new items and parties; without one the usual series holds."""

    __tablename__ = "site_series"

    site_id: Mapped[int] = mapped_column(ForeignKey("location.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24), primary_key=True)
    pattern: Mapped[str] = mapped_column(String(64))
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SiteDays(Base):
    """How a site counts its days; without it in UTC, with a fiscal year that begins in January."""

    __tablename__ = "site_days"
    __table_args__ = (CheckConstraint("fiscal_month BETWEEN 1 AND 12", name="fiscal_month"),)

    site_id: Mapped[int] = mapped_column(ForeignKey("location.id"), primary_key=True)
    time_zone: Mapped[str] = mapped_column(String(64))
    fiscal_month: Mapped[int]
    version: Mapped[int]
    edited_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
