"""Repair and service: which unit may be taken in or visited, what a visit needs, and when maintenance is due next."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

from backend.domain.availability import UnitFacts
from backend.domain.errors import Refusal
from backend.domain.locations import UnitState


class RepairOutcome(StrEnum):
    """How a repair order ended."""

    GIVEN_BACK = "given_back"
    SCRAPPED = "scrapped"


class VisitResult(StrEnum):
    """What a visit achieved."""

    FIXED = "fixed"
    NOT_FIXED = "not_fixed"
    NEEDS_PART = "needs_part"


class Period(StrEnum):
    """What the interval of a maintenance plan counts."""

    DAYS = "days"
    MONTHS = "months"


def refusal_of_intake(unit: UnitFacts, customer: str) -> Refusal | None:
    """Why a customer's unit is not taken in for repair; ``None`` when it is theirs and with them.

    Args:
        unit: The unit.
        customer: Code of the customer who brings it.
    """
    if unit.state is UnitState.IN_REPAIR:
        return Refusal(
            "already_in_repair",
            f"{unit.serial_no} is in repair already, on {unit.last_voucher}.",
            f"Open {unit.last_voucher} and go on there.",
            facts={"serial_no": unit.serial_no, "voucher": unit.last_voucher},
        )
    refusal = refusal_of_visit(unit)
    if refusal is None and unit.owner is not None and unit.owner != customer:
        return Refusal(
            "serial_of_other_customer",
            f"{unit.serial_no} is sold to {unit.owner}, not to {customer}.",
            f"Check the label, or take it in for {unit.owner}.",
            facts={"serial_no": unit.serial_no, "owner": unit.owner},
        )
    return refusal


def refusal_of_visit(unit: UnitFacts) -> Refusal | None:
    """Why a unit is nobody's to visit: it is neither with a customer nor in repair."""
    if unit.state in (UnitState.SOLD, UnitState.IN_REPAIR):
        return None
    return Refusal(
        "serial_not_sold",
        f"{unit.serial_no} is {unit.state.replace('_', ' ')}, in {unit.location}: no customer has it.",
        "Check the label, or look the unit up: its page says what became of it.",
        facts={"serial_no": unit.serial_no, "state": str(unit.state), "location": unit.location},
    )


def refusal_of_sign_off(unit: UnitFacts, *, signer_name: str | None, unsigned_reason: str | None) -> Refusal | None:
    """On a customer's site somebody signs, or the report says why nobody did; in our workshop nobody is there to."""
    if unit.state is UnitState.IN_REPAIR or signer_name or unsigned_reason:
        return None
    return Refusal(
        "signature_missing",
        f"The visit to {unit.serial_no} is not signed for.",
        "Let the customer sign or type the name, or say why nobody could.",
        facts={"serial_no": unit.serial_no},
    )


_LAST = date(date.max.year, 12, 1)
"""Nobody counts maintenance further."""


def nth_due(starts_on: date, every: int, period: Period, n: int) -> date:
    """A date of a maintenance plan, the first being number 0.

    A month too short ends on its last day, and the day of the start comes back in the next that has it. No date is
    after the end of the calendar.

    >>> [str(nth_due(date(2026, 1, 31), 1, Period.MONTHS, n)) for n in range(3)]
    ['2026-01-31', '2026-02-28', '2026-03-31']
    """
    if period is Period.DAYS:
        return starts_on + min(timedelta(days=every * n), date.max - starts_on)
    year, month = divmod(min(starts_on.year * 12 + starts_on.month - 1 + every * n, date.max.year * 12 + 11), 12)
    return date(year, month + 1, min(starts_on.day, monthrange(year, month + 1)[1]))


def due_after(starts_on: date, every: int, period: Period, *, due_on: date, visited_on: date) -> date:
    """The date of a plan that comes after a visit: the first after the one that it fulfilled and after the visit.

    An early visit fulfils the date that stood; a very late one the dates that it missed, too.

    >>> str(due_after(date(2026, 1, 1), 3, Period.MONTHS, due_on=date(2026, 4, 1), visited_on=date(2026, 3, 20)))
    '2026-07-01'
    >>> str(due_after(date(2026, 1, 1), 3, Period.MONTHS, due_on=date(2026, 4, 1), visited_on=date(2026, 8, 2)))
    '2026-10-01'
    """
    after = max(due_on, visited_on)
    longest = every * (1 if period is Period.DAYS else 31)
    n = max(0, (after - starts_on).days // longest)
    while (due := nth_due(starts_on, every, period, n)) <= after and due < _LAST:
        n += 1
    return nth_due(starts_on, every, period, n)
