"""What became of a batch besides its movements: its dates, as somebody changed them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.models.base import Base, UtcDateTime
from backend.models.catalog import Batch
from backend.models.people import User


class BatchChange(Base):
    """The dates that a batch had, and those that a person gave it, with the reason."""

    __tablename__ = "batch_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    manufactured_before: Mapped[date | None]
    expires_before: Mapped[date | None]
    manufactured_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(500))
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    batch: Mapped[Batch] = relationship()
    changed_by: Mapped[User] = relationship()
