"""Who works with the system, what they may do where, and their open sessions."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, Guid, UtcDateTime


class User(Base):
    """A person with a log-in."""

    __tablename__ = "app_user"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    roles: Mapped[list["UserRole"]] = relationship(back_populates="user")


class UserRole(Base):
    """A role of a person at one site."""

    __tablename__ = "user_role"
    __table_args__ = (
        UniqueConstraint("user_id", "site_id", "role"),
        CheckConstraint("role IN ('picker', 'technician', 'supervisor', 'support', 'administrator')", name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    role: Mapped[str] = mapped_column(String(16))

    user: Mapped[User] = relationship(back_populates="roles")


class UserSession(Base):
    """A log-in that is open until it expires or is revoked. Only hashes of the tokens are kept."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    user_agent: Mapped[str] = mapped_column(String(200))


class Device(Base):
    """A phone or handheld, known by the id it made for itself."""

    __tablename__ = "device"

    id: Mapped[str] = mapped_column(Guid, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    clock_skew_ms: Mapped[int | None]
    last_counter: Mapped[int | None] = mapped_column(BigInteger)
    """The highest number of an entry that came; null until the first one after this was kept."""

    holds: Mapped[list[list[int]] | None] = mapped_column(JSON)
    """Spans of numbers that it said, with the last batch, to keep itself still."""


class ClearedDevice(Base):
    """A device whose browser threw all of its storage away: it goes on as another, and what it kept is lost."""

    __tablename__ = "cleared_device"

    device_id: Mapped[str] = mapped_column(Guid, ForeignKey("device.id"), primary_key=True)
    goes_on_as_id: Mapped[str] = mapped_column(Guid, ForeignKey("device.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    """Whose entries it sent last."""

    noticed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    reason: Mapped[str | None] = mapped_column(String(500))


class DeviceGap(Base):
    """Numbers of a device's counter that did not come, though later ones did: held by it still, or lost for ever."""

    __tablename__ = "device_gap"
    __table_args__ = (CheckConstraint("first > 0 AND first <= last", name="span"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[str] = mapped_column(Guid, ForeignKey("device.id"), index=True)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"), index=True)
    first: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    noticed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    reason: Mapped[str | None] = mapped_column(String(500))
