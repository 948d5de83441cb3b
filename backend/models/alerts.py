"""What supervisors want to be told of, and what they were told."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, Guid, UtcDateTime
from backend.models.catalog import Batch, Item
from backend.models.documents import Voucher
from backend.models.people import User


class AlertRule(Base):
    """What is watched at a site, from which number on, and who gets a mail.

    ``next_seq`` is the first event of the feed that was not looked at yet; ``look_at`` when the rules that time
    brings about are looked at again.
    """

    __tablename__ = "alert_rule"

    id: Mapped[str] = mapped_column(Guid, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    threshold: Mapped[int | None]
    email: Mapped[str | None] = mapped_column(String(254))
    next_seq: Mapped[int] = mapped_column(BigInteger)
    look_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stopped_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])


class Alert(Base):
    """A cause that a rule found, told once, until a person says that they know.

    The mail, if the rule has an address, waits here, was sent, or was given up after the last attempt.
    """

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("rule_id", "key"),
        CheckConstraint("mail_status IN ('none', 'waiting', 'sent', 'dead')", name="mail_status"),
        CheckConstraint("(acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)", name="acknowledged"),
        Index("ix_alert_site_id_acknowledged_at", "site_id", "acknowledged_at"),
        Index("ix_alert_mail_status_mail_due_at", "mail_status", "mail_due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[str] = mapped_column(Guid, ForeignKey("alert_rule.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    kind: Mapped[str] = mapped_column(String(24))
    key: Mapped[str] = mapped_column(String(250))
    message: Mapped[str] = mapped_column(String(500))
    voucher_id: Mapped[str | None] = mapped_column(Guid, ForeignKey("voucher.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remark: Mapped[str | None] = mapped_column(String(500))
    mail_status: Mapped[str] = mapped_column(String(16))
    mail_attempts: Mapped[int] = mapped_column(default=0)
    mail_due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    mail_answer: Mapped[str | None] = mapped_column(String(300))

    rule: Mapped[AlertRule] = relationship()
    voucher: Mapped[Voucher | None] = relationship()
    batch: Mapped[Batch | None] = relationship()
    item: Mapped[Item | None] = relationship()
    acknowledged_by: Mapped[User | None] = relationship()
