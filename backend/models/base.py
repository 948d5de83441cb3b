"""What every table shares: the naming of constraints, and types that mean the same on both databases."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import DateTime, MetaData, Numeric, Table, TypeDecorator, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase

Guid = Uuid(as_uuid=False)
"""An id that may be made on a device, as text with dashes."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always with its zone in Python and always UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; SQLite has no zones, so there it is left out."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class QuantityType(TypeDecorator[Any]):
    """An integer, or a Decimal of at most six places for untracked goods; never a float in Python."""

    impl = Numeric(18, 6, asdecimal=False)
    cache_ok = True

    def process_bind_param(self, value: int | Decimal | None, dialect: Dialect) -> Any:
        """SQLite has no decimals: a fraction is stored as the nearest double, exact to six places below 1e9."""
        if isinstance(value, Decimal) and dialect.name == "sqlite":
            return int(value) if value == value.to_integral_value() else float(value)
        return value

    def process_result_value(self, value: Any, dialect: Dialect) -> int | Decimal | None:
        """Whole quantities come back as integers, so that they compare and hash as they were written."""
        if value is None:
            return None
        exact = round(Decimal(str(value)), 6)
        return int(exact) if exact == exact.to_integral_value() else exact.normalize()


class Base(DeclarativeBase):
    """The metadata of all tables; constraints are named so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def table(model: type[Base]) -> Table:
    """The table behind a model, for statements of plain columns: they cost a fraction of ORM entities."""
    return cast(Table, model.__table__)
