"""What the rows of every file of masters share."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from backend.domain.errors import Refusal
from backend.domain.master_rows import MasterRow

Value = TypeVar("Value")


def chunks(values: Sequence[Value]) -> Iterator[tuple[Value, ...]]:
    """Values in portions that a statement takes as parameters."""
    rest = iter(values)
    while chunk := tuple(islice(rest, 500)):
        yield chunk


def lacks(row: MasterRow, *fields: str) -> Refusal | None:
    """Refuse a row that is to make something and leaves out what everything of its kind has."""
    missing: Any = next((field for field in fields if field not in row.fields), None)
    if missing is None:
        return None
    return Refusal(
        "cell_missing",
        f"{row.code} is new and has no {missing.replace('_', ' ')}.",
        "Fill in the cell, or correct the code if it should be one that is there.",
    )


def is_retired(code: str) -> Refusal:
    """The refusal of a row about something that is not offered any more."""
    return Refusal("retired", f"{code} is retired.", "Bring it back first, or take the row out of the file.")
