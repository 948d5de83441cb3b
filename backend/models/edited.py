"""What the masters share: who changed one last, a version that tells two editors apart, and when it was retired."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from backend.models.base import UtcDateTime
from backend.models.people import User


class Edited:
    """Columns of a master that people edit. ``version`` grows with every change; a retired one is not offered."""

    version: Mapped[int] = mapped_column(default=1)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @declared_attr
    def edited_by_id(cls) -> Mapped[int | None]:
        """Who changed it last; ``None`` for what the command line made."""
        return mapped_column(ForeignKey("app_user.id"))

    @declared_attr
    def edited_by(cls) -> Mapped[User | None]:
        """The person."""
        return relationship(foreign_keys=[cls.edited_by_id])  # type: ignore[list-item]  # a Mapped once it is declared
