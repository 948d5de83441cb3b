"""Which rows of a report are asked for, and how sums come out of a database."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement

from backend.domain.quantities import PLACES, quantity
from backend.domain.site_days import UTC_DAYS, SiteCalendar


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are asked for; what is not given does not narrow the report.

    Args:
        site_id: The site.
        today: The day on which days left and ages are counted.
        from_on: The first day.
        to_on: The last day; it counts.
        item_id: One item.
        batch_no: One batch number, exactly.
        place_id: One place with all that lies inside.
        party_id: One supplier or customer.
        serial_key: One serial number, as look-ups compare it.
        days: The days ahead that count as soon.
        act: One kind of act.
        calendar: How the site counts its days.
    """

    site_id: int
    today: date
    from_on: date | None = None
    to_on: date | None = None
    item_id: int | None = None
    batch_no: str | None = None
    place_id: int | None = None
    party_id: int | None = None
    serial_key: str | None = None
    days: int | None = None
    act: str | None = None
    calendar: SiteCalendar = UTC_DAYS

    def on_days(self, day: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """The condition that a date lies within the days that are asked for."""
        conditions = []
        if self.from_on is not None:
            conditions.append(day >= self.from_on)
        if self.to_on is not None:
            conditions.append(day <= self.to_on)
        return conditions

    def at_moments(self, at: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """The same of a moment; days are those of the site."""
        conditions = []
        if self.from_on is not None:
            conditions.append(at >= self.calendar.first_moment(self.from_on))
        if self.to_on is not None:
            conditions.append(at < self.calendar.first_moment(self.to_on + timedelta(1)))
        return conditions


def exact(value: Any) -> Any:
    """A sum as the quantity that it is, whatever number the database made of it."""
    return quantity(round(Decimal(str(value)), PLACES)) if isinstance(value, float | Decimal) else value


def hour_at_site(begins: str, wanted: Wanted) -> str:
    """An hour by the clock of the site: ``2026-01-05T16:00+05:30`` for what begins at ``2026-01-05T10:30Z``."""
    return wanted.calendar.hour(datetime.fromisoformat(begins)).isoformat(timespec="minutes")
