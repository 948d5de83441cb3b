"""Warranty: when it runs, and what to say about it on a day."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class WarrantyStatus(StrEnum):
    """What a look-up answers."""

    NONE = "none"
    NOT_STARTED = "not_started"
    UNDER = "under"
    OUT = "out"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Coverage:
    """The answer of a look-up: status, days left (``None`` unless under warranty), and one sentence."""

    status: WarrantyStatus
    days_left: int | None
    message: str


class Basis(StrEnum):
    """What starts a warranty."""

    DELIVERY = "delivery"
    INSTALLATION = "installation"
    REGISTRATION = "registration"


def end_of(start: date, days: int | None, months: int | None = None) -> date:
    """The last day of a warranty that starts on a day; that day counts.

    A month ends on the same day of its month, or on the last one where the month is too short.

    >>> end_of(date(2026, 1, 15), 365)
    datetime.date(2027, 1, 15)
    >>> end_of(date(2024, 2, 29), None, 12)
    datetime.date(2025, 2, 28)
    """
    if months is not None:
        year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
        start = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    return start + timedelta(days=days or 0)


def coverage(
    start: date | None, end: date | None, period_days: int | None, today: date, *, void_reason: str | None = None
) -> Coverage:
    """What to say about a unit's warranty on a day; ``void_reason`` says why it does not hold.

    >>> coverage(date(2026, 1, 15), date(2027, 1, 15), 365, date(2026, 7, 15)).days_left
    184
    >>> coverage(date(2026, 1, 15), date(2027, 1, 15), 365, date(2027, 1, 16)).message
    'Out of Warranty: expired 1 day ago, on 2027-01-15.'
    """
    if void_reason is not None:
        return Coverage(WarrantyStatus.VOID, None, f"Warranty void: {void_reason}")
    if start is None or end is None:
        if period_days is None:
            return Coverage(WarrantyStatus.NONE, None, "No warranty: the item has none.")
        return Coverage(WarrantyStatus.NOT_STARTED, None, "Warranty not started: the unit is not sold.")
    if today < start:
        return Coverage(WarrantyStatus.NOT_STARTED, None, f"Warranty not started: it begins on {start}.")
    if today > end:
        return Coverage(
            WarrantyStatus.OUT, None, f"Out of Warranty: expired {_days((today - end).days)} ago, on {end}."
        )
    left = (end - today).days
    return Coverage(WarrantyStatus.UNDER, left, f"Under Warranty: {_days(left)} left, until {end}.")


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
