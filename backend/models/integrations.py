"""Other programs: the tokens that they come in with, and the webhooks that tell them what happened."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, Guid, UtcDateTime
from backend.models.people import User


class ApiToken(Base):
    """What a program comes in with: some of the permissions of its own user at one site. Only the hash is kept."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    site_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    permissions: Mapped[list[str]] = mapped_column(JSON)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])
    revoked_by: Mapped[User | None] = relationship(foreign_keys=[revoked_by_id])


class Webhook(Base):
    """An address that is told what happens at a site. ``next_seq`` is the first event of the feed not yet queued."""

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    url: Mapped[str] = mapped_column(String(500))
    secret: Mapped[str] = mapped_column(String(64))
    kinds: Mapped[list[str]] = mapped_column(JSON)
    next_seq: Mapped[int] = mapped_column(BigInteger)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stopped_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])


class WebhookMessage(Base):
    """What one address is told: waiting, delivered, or dead after the last attempt, with what it answered.

    ``key`` tells a message that is queued twice from two of the same content.
    """

    __tablename__ = "webhook_message"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'delivered', 'dead')", name="status"),
        UniqueConstraint("webhook_id", "key"),
        Index("ix_webhook_message_status_due_at", "status", "due_at"),
    )

    id: Mapped[str] = mapped_column(Guid, primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    key: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(24))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(String(300))

    webhook: Mapped[Webhook] = relationship()
