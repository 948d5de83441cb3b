"""The stock ledger, what is derived from it, and the feed that numbers what happened at a site."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Guid, QuantityType, UtcDateTime


class StockLedgerEntry(Base):
    """One signed line, never changed after commit: the database itself refuses UPDATE and DELETE.

    ``seq`` is gap-free and commit-ordered per site; ``hash`` covers the entry and ``prev_hash``.
    """

    __tablename__ = "stock_ledger_entry"
    __table_args__ = (
        CheckConstraint("qty <> 0", name="qty"),
        Index("ix_stock_ledger_entry_serial_id", "serial_id", "site_id", "seq"),
        Index("ix_stock_ledger_entry_voucher_id", "voucher_id"),
        # Units are found by their batch; what has no serial number is found here, and costs a scan nothing.
        Index(
            "ix_stock_ledger_entry_batch_of_untracked",
            "batch_id",
            "site_id",
            "seq",
            sqlite_where=text("serial_id IS NULL"),
            postgresql_where=text("serial_id IS NULL"),
        ),
    )

    site_id: Mapped[int] = mapped_column(ForeignKey("location.id"), primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    serial_id: Mapped[int | None] = mapped_column(ForeignKey("serial_number.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    qty: Mapped[Any] = mapped_column(QuantityType)
    party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    voucher_id: Mapped[str] = mapped_column(Guid, ForeignKey("voucher.id"))
    voucher_line_id: Mapped[int | None] = mapped_column(ForeignKey("voucher_line.id"))
    scan_id: Mapped[str | None] = mapped_column(Guid, ForeignKey("scan.id"))
    actor_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    scanned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class Balance(Base):
    """How much of an item, by batch, is in a place: a projection, rebuilt and compared by ``check-ledger``."""

    __tablename__ = "balance"
    __table_args__ = (
        Index(
            "uq_balance_place",
            "location_id",
            "item_id",
            text("coalesce(batch_id, 0)"),
            unique=True,
        ),
        Index("ix_balance_item_id_location_id", "item_id", "location_id"),
        Index("ix_balance_batch_id", "batch_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    qty: Mapped[Any] = mapped_column(QuantityType)


class Feed(Base):
    """One row a site: the write lock of its stock, the head of its feed, and the end of its ledger chain."""

    __tablename__ = "feed"

    site_id: Mapped[int] = mapped_column(ForeignKey("location.id"), primary_key=True, autoincrement=False)
    head: Mapped[int] = mapped_column(BigInteger)
    ledger_seq: Mapped[int] = mapped_column(BigInteger)
    ledger_hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class Event(Base):
    """Something that open screens want to know, by id only; ``seq`` is gap-free and commit-ordered per site."""

    __tablename__ = "event"

    site_id: Mapped[int] = mapped_column(ForeignKey("location.id"), primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(24))
    voucher_id: Mapped[str | None] = mapped_column(Guid)
    scan_id: Mapped[str | None] = mapped_column(Guid)
    unit_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
