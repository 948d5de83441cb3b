"""Business dates: a voucher may be dated back, unless later movements contradict it."""

from collections.abc import Collection
from datetime import date, timedelta

from backend.domain.errors import refuse
from backend.services.standing import first_dated_after
from backend.unit_of_work import UnitOfWork


def business_date(work: UnitOfWork, asked: date | None) -> date:
    """The date of a new voucher: today unless an earlier one is asked for.

    The ledger keeps the order in which vouchers were posted; the business date says when it really happened.

    Raises:
        DomainError: ``date_in_future``, ``date_too_far_back``.
    """
    today = work.today
    if asked is None or asked == today:
        return today
    if asked > today:
        raise refuse(
            "date_in_future",
            f"{asked} is in the future; today is {today}.",
            "Date the voucher today, or on the day when it happened.",
        )
    earliest = today - timedelta(days=work.backdate_days)
    if asked < earliest:
        raise refuse(
            "date_too_far_back",
            f"{asked} is more than {work.backdate_days} days ago.",
            f"Date the voucher {earliest} or later.",
            earliest=str(earliest),
        )
    return asked


def must_follow(work: UnitOfWork, serial_ids: Collection[int], dated_on: date) -> None:
    """Refuse a date that is before the last movement of one of the units.

    The business dates of one unit never go backwards in its history.

    Raises:
        DomainError: ``has_later_moves`` with the unit and the first later voucher.
    """
    if dated_on >= work.today:
        return
    later = first_dated_after(work.connection, serial_ids, dated_on)
    if later is not None:
        raise later.contradicts(f"Nothing can be dated {dated_on} before it.")
