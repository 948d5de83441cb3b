"""How many, or how much: whole units, or a fraction of at most six places for goods without serial numbers."""

import re
from decimal import Decimal

from backend.domain.errors import Refusal, refuse
from backend.domain.ledger import Quantity

MAX_QUANTITY = 999_999_999
"""Largest quantity of one line; up to here both databases keep six places exactly."""

PLACES = 6
_PLAIN = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")


def quantity(value: int | Decimal) -> Quantity:
    """A quantity as it is kept: whole ones as integers, so that they compare and hash as they were written.

    >>> quantity(Decimal("2.50")), quantity(Decimal("3.0"))
    (Decimal('2.5'), 3)
    """
    if isinstance(value, int):
        return value
    return int(value) if value == value.to_integral_value() else value.normalize()


def read_quantity(text: str) -> Quantity:
    """The quantity that a cell of a file holds.

    >>> read_quantity("12"), read_quantity("2.5")
    (12, Decimal('2.5'))

    Raises:
        DomainError: ``quantity_unreadable`` for anything else: ``1e6``, ``1,5``, ``-3``, ``1 000``.
    """
    if not _PLAIN.fullmatch(text.strip()) or not Decimal(text.strip()):
        raise refuse(
            "quantity_unreadable",
            f"'{text.strip()[:40]}' is no quantity: a number above 0 and up to {MAX_QUANTITY:,} in plain digits.",
            "Write it as 12 or 2.5, without separators of thousands and without an exponent.",
            limit=MAX_QUANTITY,
        )
    return quantity(Decimal(text.strip()))


def check_whole(qty: Quantity, item_code: str, *, has_serial: bool) -> Refusal | None:
    """Refuse half a unit of an item whose units have serial numbers."""
    if has_serial and not isinstance(qty, int):
        return Refusal(
            "quantity_not_whole",
            f"{qty} {item_code}: its units have serial numbers, so there is no fraction of one.",
            "Enter a whole number.",
        )
    return None
