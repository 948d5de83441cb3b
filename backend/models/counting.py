"""Stock counts: who counted what where, in rounds, and what came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, Guid, QuantityType, UtcDateTime
from backend.models.catalog import Batch, Item
from backend.models.documents import StockCount
from backend.models.locations import Location
from backend.models.people import User
from backend.models.serials import SerialNumber


class CountRound(Base):
    """One person's walk along the shelves. A recount is the next round, by somebody else.

    ``after_seq`` is the end of the site's ledger when it began: what moved after it is not missing.
    """

    __tablename__ = "count_round"

    voucher_id: Mapped[str] = mapped_column(Guid, ForeignKey("voucher.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    is_blind: Mapped[bool]
    after_seq: Mapped[int] = mapped_column(BigInteger)
    counted_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    voucher: Mapped[StockCount] = relationship()
    counted_by: Mapped[User] = relationship(foreign_keys=[counted_by_id])
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])


class CountScan(Base):
    """What a person found on a shelf: a unit, a text that is none, or a quantity of untracked goods.

    The id is made on the device; a scan sent twice counts once. One that is taken back is kept.
    """

    __tablename__ = "count_scan"
    __table_args__ = (
        CheckConstraint("serial_id IS NULL OR qty = 1", name="one_unit"),
        CheckConstraint("qty >= 0", name="qty"),
        Index("ix_count_scan_voucher_id_round", "voucher_id", "round"),
    )

    id: Mapped[str] = mapped_column(Guid, primary_key=True)
    voucher_id: Mapped[str] = mapped_column(Guid, ForeignKey("voucher.id"))
    round: Mapped[int]
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    text: Mapped[str] = mapped_column(String(4096))
    symbology: Mapped[str] = mapped_column(String(8))
    serial_id: Mapped[int | None] = mapped_column(ForeignKey("serial_number.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    qty: Mapped[Any] = mapped_column(QuantityType)
    outcome: Mapped[str] = mapped_column(String(16))
    message: Mapped[str] = mapped_column(String(500))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    scanned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    serial: Mapped[SerialNumber | None] = relationship()
    item: Mapped[Item | None] = relationship()
    batch: Mapped[Batch | None] = relationship()
    location: Mapped[Location] = relationship()


class CountResult(Base):
    """What an approved count said of one unit, text or sort of goods; ``posted`` when stock was moved for it."""

    __tablename__ = "count_result"
    __table_args__ = (
        CheckConstraint("kind IN ('found', 'missing', 'misplaced', 'surplus', 'unknown', 'moved')", name="kind"),
        Index("ix_count_result_voucher_id_kind", "voucher_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    voucher_id: Mapped[str] = mapped_column(Guid, ForeignKey("voucher.id"))
    kind: Mapped[str] = mapped_column(String(16))
    serial_id: Mapped[int | None] = mapped_column(ForeignKey("serial_number.id"))
    text: Mapped[str] = mapped_column(String(200))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    qty: Mapped[Any] = mapped_column(QuantityType)
    book_location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    shelf_location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    note: Mapped[str] = mapped_column(String(500))
    posted: Mapped[bool]
