"""Warranty: when it runs, what stops it, and what to say about it and about service contracts on a day.

`coverage`, `end_of` and `moved_end` stand in ``pwa/src/service/coverage.ts``, too; ``tests/data/warranty_cases.json``
keeps the two together.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum


class WarrantyStatus(StrEnum):
    """What a look-up answers."""

    NONE = "none"
    NOT_STARTED = "not_started"
    UNDER = "under"
    OUT = "out"
    PAUSED = "paused"
    VOID = "void"
    UNDER_AMC = "under_amc"
    OUT_OF_AMC = "out_of_amc"


COVERED = frozenset({WarrantyStatus.UNDER, WarrantyStatus.UNDER_AMC})
"""On these a claim is accepted."""


class Basis(StrEnum):
    """What starts a warranty."""

    DELIVERY = "delivery"
    INSTALLATION = "installation"
    REGISTRATION = "registration"


@dataclass(frozen=True, slots=True)
class Coverage:
    """The answer of a look-up: status, days left (``None`` unless something covers or waits), and one sentence.

    ``code`` and ``facts`` are the sentence for those who put it into another language.
    """

    status: WarrantyStatus
    days_left: int | None
    code: str
    message: str
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contract:
    """A service contract (AMC) of a unit: its number, first and last day."""

    number: str
    start: date
    end: date


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


def moved_end(end: date, paused_on: date, resumed_on: date) -> date:
    """The last day of a warranty that goes on after a pause, for the same unit or for the one in its place.

    The days that were left when it stopped are left when it goes on: never more, never fewer.

    >>> moved_end(date(2027, 1, 15), date(2026, 9, 1), date(2026, 9, 1))
    datetime.date(2027, 1, 15)
    >>> moved_end(date(2027, 1, 15), date(2026, 9, 1), date(2026, 9, 11))
    datetime.date(2027, 1, 25)
    """
    left = max(end - paused_on, timedelta(0))
    return resumed_on + min(left, date.max - resumed_on)  # One that was extended to the end of the calendar ends there.


def coverage(
    start: date | None,
    end: date | None,
    period_days: int | None,
    today: date,
    *,
    void_reason: str | None = None,
    paused_on: date | None = None,
    basis: Basis = Basis.DELIVERY,
    is_sold: bool = False,
    contracts: Sequence[Contract] = (),
) -> Coverage:
    """What to say about a unit on a day; its warranty wins over its service contracts.

    Args:
        start: First day of the warranty, if it has started.
        end: Its last day, which counts.
        period_days: The item's period, in whatever unit; ``None`` where the item has no warranty.
        today: The day.
        void_reason: Why the warranty does not hold.
        paused_on: The day of the return that stopped it; a return after the last day stops nothing.
        basis: What starts the warranties of the item.
        is_sold: Whether somebody outside has the unit, for the words of one that has not started.
        contracts: The unit's service contracts.

    >>> coverage(date(2026, 1, 15), date(2027, 1, 15), 365, date(2026, 7, 15)).days_left
    184
    >>> coverage(date(2026, 1, 15), date(2027, 1, 15), 365, date(2027, 1, 16)).message
    'Out of Warranty: expired 1 day ago, on 2027-01-15.'
    >>> amc = [Contract("AMC-1", date(2027, 2, 1), date(2028, 1, 31))]
    >>> coverage(date(2026, 1, 15), date(2027, 1, 15), 365, date(2027, 3, 1), contracts=amc).message
    'Under AMC: 336 days left, until 2028-01-31 by AMC-1.'
    """
    warranty = _of_warranty(start, end, period_days, today, void_reason, paused_on, basis, is_sold)
    if warranty.status in (WarrantyStatus.UNDER, WarrantyStatus.PAUSED):
        return warranty
    running = [each for each in contracts if each.start <= today <= each.end]
    if running:
        longest = max(running, key=lambda each: each.end)
        left = (longest.end - today).days
        said = f"Under AMC: {_days(left)} left, until {longest.end} by {longest.number}."
        return Coverage(
            WarrantyStatus.UNDER_AMC,
            left,
            "coverage_under_amc",
            said,
            {"days": left, "day": str(longest.end), "contract": longest.number},
        )
    ended = [each for each in contracts if each.end < today]
    if ended:
        last = max(ended, key=lambda each: each.end)
        if end is None or last.end > end:
            ago = (today - last.end).days
            said = f"Out of AMC: {last.number} expired {_days(ago)} ago, on {last.end}."
            return Coverage(
                WarrantyStatus.OUT_OF_AMC,
                None,
                "coverage_out_of_amc",
                said,
                {"days": ago, "day": str(last.end), "contract": last.number},
            )
    return warranty


def _of_warranty(
    start: date | None,
    end: date | None,
    period_days: int | None,
    today: date,
    void_reason: str | None,
    paused_on: date | None,
    basis: Basis,
    is_sold: bool,
) -> Coverage:
    if void_reason is not None:
        said = f"Warranty void: {void_reason}"
        return Coverage(WarrantyStatus.VOID, None, "coverage_void", said, {"reason": void_reason})
    if start is None or end is None:
        if period_days is None:
            return Coverage(WarrantyStatus.NONE, None, "coverage_none", "No warranty: the item has none.")
        return begins_with(basis if is_sold else Basis.DELIVERY)
    if today < start:
        said = f"Warranty not started: it begins on {start}."
        return Coverage(WarrantyStatus.NOT_STARTED, None, "coverage_begins_on", said, {"day": str(start)})
    if paused_on is not None and paused_on <= min(today, end):
        left = (end - paused_on).days
        said = f"Warranty paused since {paused_on}: {_days(left)} left."
        return Coverage(WarrantyStatus.PAUSED, left, "coverage_paused", said, {"days": left, "day": str(paused_on)})
    if today > end:
        ago = (today - end).days
        said = f"Out of Warranty: expired {_days(ago)} ago, on {end}."
        return Coverage(WarrantyStatus.OUT, None, "coverage_out", said, {"days": ago, "day": str(end)})
    left = (end - today).days
    said = f"Under Warranty: {_days(left)} left, until {end}."
    return Coverage(WarrantyStatus.UNDER, left, "coverage_under", said, {"days": left, "day": str(end)})


def begins_with(basis: Basis) -> Coverage:
    """What to say of a warranty that waits for what it starts with."""
    said = "the unit is not sold" if basis is Basis.DELIVERY else f"it begins with the {basis}"
    return Coverage(WarrantyStatus.NOT_STARTED, None, f"coverage_begins_with_{basis}", f"Warranty not started: {said}.")


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
