"""GS1 check digits, judged with the digit that was expected."""

from __future__ import annotations

from biip.checksums import gs1_standard_check_digit

from scanner.scanned_code import Problem

GTIN_LENGTHS = frozenset({8, 12, 13, 14})


def is_digits(text: str) -> bool:
    """Tell whether the text is made of 0-9 only; ``str.isdigit`` alone also takes other scripts' digits."""
    return text.isascii() and text.isdigit()


def has_right_check_digit(number: str) -> bool:
    """Tell whether the last digit is the GS1 check digit of those before it.

    >>> has_right_check_digit("09506000134352"), has_right_check_digit("09506000134353")
    (True, False)
    """
    return is_digits(number) and len(number) > 1 and gs1_standard_check_digit(number[:-1]) == int(number[-1])


def wrong_check_digit(code: str, what: str, number: str) -> Problem:
    """Describe a wrong check digit; ``position`` counts the digits of the number from 1."""
    expected = gs1_standard_check_digit(number[:-1])
    return Problem(
        code=code,
        message=f"{what} {number} has the check digit {number[-1]}, it should be {expected}.",
        severity="refuse",
        facts={"number": number, "expected": expected, "given": int(number[-1]), "position": len(number)},
    )
