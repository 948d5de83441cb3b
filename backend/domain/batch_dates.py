"""The dates of a batch: what no batch can have, and what one that is known cannot be given by the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.domain.errors import Refusal


@dataclass(frozen=True, slots=True)
class BatchDates:
    """When a batch was made and when it expires, as far as somebody said."""

    manufactured_on: date | None
    expires_on: date | None


def out_of_order(batch: str, dates: BatchDates) -> Refusal | None:
    """Why a batch cannot have these dates, whatever it is of.

    Args:
        batch: The batch as the sentence begins: ``Batch B-1``, or with the unit before it.
        dates: The dates.

    >>> out_of_order("Batch B-1", BatchDates(date(2026, 2, 1), date(2026, 1, 31))).message
    'Batch B-1 would expire on 2026-01-31, before it was made on 2026-02-01.'
    >>> out_of_order("Batch B-1", BatchDates(date(2026, 2, 1), date(2026, 2, 1)))
    """
    made, expires = dates.manufactured_on, dates.expires_on
    if not made or not expires or expires >= made:
        return None
    return Refusal(
        "expiry_before_manufacture",
        f"{batch} would expire on {expires}, before it was made on {made}.",
        "Check both dates on the label.",
    )


def unfit(
    batch: str, dates: BatchDates, *, item_code: str, expiry_required: bool, actions: Sequence[dict[str, Any]] = ()
) -> Refusal | None:
    """Why a batch of an item cannot have these dates; ``actions`` are how an expiry date is given.

    >>> unfit("Batch B-1", BatchDates(None, None), item_code="MED-1", expiry_required=True).message
    'Batch B-1 needs an expiry date: MED-1 is sold with one.'
    >>> unfit("Batch B-1", BatchDates(None, None), item_code="MED-1", expiry_required=False)
    """
    if expiry_required and dates.expires_on is None:
        return Refusal(
            "expiry_required",
            f"{batch} needs an expiry date: {item_code} is sold with one.",
            "Enter the date of the label once; it holds for the whole batch.",
            actions=tuple(actions),
        )
    return out_of_order(batch, dates)


def unlike(batch: str, known: BatchDates, said: BatchDates, by: str, *, may_complete: bool) -> Refusal | None:
    """Why a batch that is known does not get the dates that a scan or a file says.

    Args:
        batch: The batch as the sentence begins.
        known: Its dates.
        said: The others.
        by: Who says them: ``the scan``, ``the file``.
        may_complete: Whether a date may come where none is known.

    >>> known = BatchDates(None, date(2026, 1, 31))
    >>> unlike("Batch B-1", known, BatchDates(None, None), "the file", may_complete=False).message
    'Batch B-1 expires on 2026-01-31, but the file says no day.'
    >>> unlike("Batch B-1", known, BatchDates(date(2025, 2, 1), date(2026, 1, 31)), "the scan", may_complete=True)
    """
    made, expires = (known.manufactured_on, said.manufactured_on), (known.expires_on, said.expires_on)
    if _differ(*made, may_complete=may_complete):
        return Refusal(
            "batch_manufacture_conflict",
            f"{batch} was made on {_day(made[0])}, but {by} says {_day(made[1])}.",
            _NEXT_STEP,
            facts=_facts(*made),
        )
    if _differ(*expires, may_complete=may_complete):
        return Refusal(
            "batch_expiry_conflict",
            f"{batch} expires on {_day(expires[0])}, but {by} says {_day(expires[1])}.",
            _NEXT_STEP,
            facts=_facts(*expires),
        )
    return None


_NEXT_STEP = "Check the label. If the batch is wrong, its dates are changed on its page, with a reason."


def _differ(known: date | None, said: date | None, *, may_complete: bool) -> bool:
    return said != known and not (known is None and may_complete)


def _day(day: date | None) -> str:
    return str(day) if day else "no day"


def _facts(known: date | None, said: date | None) -> dict[str, Any]:
    return {"known": known and str(known), "scanned": said and str(said)}
