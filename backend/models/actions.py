"""What people did on a device that is no scan, with the answer that each act got."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Guid, UtcDateTime


class Action(Base):
    """An action of an outbox; its id was made on the device and is remembered for ever, with a hash of its content.

    ``answer`` is what the device was told, so that an action sent twice gets its first answer again.
    """

    __tablename__ = "action"
    __table_args__ = (Index("ix_action_device_id_counter", "device_id", "counter"),)

    id: Mapped[str] = mapped_column(Guid, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    kind: Mapped[str] = mapped_column(String(40))
    device_id: Mapped[str] = mapped_column(Guid, ForeignKey("device.id"))
    counter: Mapped[int] = mapped_column(BigInteger)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"), index=True)
    voucher_id: Mapped[str | None] = mapped_column(Guid, index=True)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(40))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
