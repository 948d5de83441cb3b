"""Recalls: what they start from, what can become of a unit, and when one is done."""

from dataclasses import dataclass
from enum import StrEnum

from backend.domain.errors import DomainError, refuse


class Origin(StrEnum):
    """What a recall is started from."""

    BATCH = "batch"
    SERIALS = "serials"
    RECEIPT = "receipt"
    DATES = "dates"
    """Receipts of an item or of a supplier within some days."""

    COMPONENT = "component"
    """A part, and the units that it is built into."""


class Outcome(StrEnum):
    """What became of a recalled unit; all but ``open`` resolve it."""

    OPEN = "open"
    FOUND = "found"
    RETURNED = "returned"
    REPAIRED = "repaired"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a recall has come."""

    total: int
    resolved: int

    @property
    def is_whole(self) -> bool:
        """Whether every unit is resolved."""
        return self.resolved >= self.total

    @property
    def percent(self) -> int:
        """Whole percents; 100 only when nothing is open.

        >>> Progress(10, 7).percent, Progress(1000, 999).percent, Progress(3, 3).percent
        (70, 99, 100)
        """
        return 100 if self.is_whole else 100 * self.resolved // self.total

    @property
    def words(self) -> str:
        """As a person says it.

        >>> Progress(10, 7).words
        '7 of 10 resolved'
        """
        return f"{self.resolved} of {self.total} resolved"


def must_be_closable(number: str, progress: Progress, reason: str | None) -> None:
    """Refuse to close a recall of which units are open, unless somebody says why.

    Raises:
        DomainError: ``recall_not_done``.
    """
    if not progress.is_whole and not reason:
        raise refuse(
            "recall_not_done",
            f"{number}: {progress.words}; {progress.total - progress.resolved} are still open.",
            "Resolve the rest, or say why it is closed all the same.",
            number=number,
            resolved=progress.resolved,
            total=progress.total,
        )


def empty(scope: str) -> DomainError:
    """The refusal of a recall that names no unit."""
    return refuse(
        "recall_empty",
        f"There is no unit to recall for {scope}.",
        "Check the batch, the serial numbers, the receipt or the dates.",
        scope=scope,
    )
