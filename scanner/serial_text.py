"""What a text must be to serve as a serial number, wherever it comes from."""

from __future__ import annotations

import unicodedata

from scanner.scanned_code import Problem

MAX_SERIAL_LENGTH = 64
"""Characters; longer than any serial number seen on a label, short enough for a printed list."""

# Control, format (among them the right-to-left overrides), surrogate, private use, line and paragraph
# separators: characters that a person cannot see or that change how the others are shown.
_FORBIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def serial_problems(serial_no: str, limit: int = MAX_SERIAL_LENGTH) -> tuple[Problem, ...]:
    """Return why this text cannot be a serial number, or nothing.

    >>> [problem.code for problem in serial_problems("SN\\u202e1")]
    ['serial_has_control_characters']
    """
    if not serial_no:
        return (Problem(code="serial_empty", message="The serial number is empty.", severity="refuse"),)
    problems = []
    if len(serial_no) > limit:
        problems.append(
            Problem(
                code="serial_too_long",
                message=f"The serial number has {len(serial_no)} characters, at most {limit} are allowed.",
                severity="refuse",
                facts={"length": len(serial_no), "limit": limit},
            )
        )
    hidden = [at for at, char in enumerate(serial_no, 1) if unicodedata.category(char) in _FORBIDDEN]
    if hidden:
        problems.append(
            Problem(
                code="serial_has_control_characters",
                message=f"The serial number has a hidden or control character at position {hidden[0]}.",
                severity="refuse",
                facts={"position": hidden[0], "character": f"U+{ord(serial_no[hidden[0] - 1]):04X}"},
            )
        )
    return tuple(problems)
