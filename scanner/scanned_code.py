"""What one code means: the answer of ``scanner.gs1.parse``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Literal

Severity = Literal["refuse", "review", "note"]


class Kind(StrEnum):
    """How the text was understood."""

    EMPTY = "empty"
    PLAIN = "plain"
    GTIN = "gtin"
    GS1 = "gs1"
    DIGITAL_LINK = "digital_link"
    SSCC = "sscc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something about a code that a person or a rule has to know.

    ``refuse`` means that the code cannot be what it claims to be, ``review`` that a person decides,
    ``note`` that it is kept for later and disturbs nobody.
    """

    code: str
    message: str
    severity: Severity
    facts: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the problem as JSON values."""
        return {"code": self.code, "message": self.message, "severity": self.severity, "facts": self.facts}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedCode:
    """One code, or two codes of one label joined.

    ``text`` is what was scanned, separators as 0x1D and without symbology identifier. ``gtin`` has 14 digits
    and a right check digit. ``extra`` holds every other application identifier as it came, also unknown ones.
    """

    text: str
    symbology: str = ""
    kind: Kind
    gtin: str | None = None
    batch_no: str | None = None
    serial_no: str | None = None
    sscc: str | None = None
    manufactured_on: date | None = None
    best_before: date | None = None
    expires_on: date | None = None
    count: int | None = None
    locations: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    proposal: ScannedCode | None = None

    @property
    def refusal(self) -> Problem | None:
        """The first problem that forbids using this code, if there is one."""
        return next((problem for problem in self.problems if problem.severity == "refuse"), None)

    def as_dict(self) -> dict[str, Any]:
        """Return the code as JSON values, dates as ISO 8601."""
        return {
            "text": self.text,
            "symbology": self.symbology,
            "kind": str(self.kind),
            "gtin": self.gtin,
            "batch_no": self.batch_no,
            "serial_no": self.serial_no,
            "sscc": self.sscc,
            "manufactured_on": _iso(self.manufactured_on),
            "best_before": _iso(self.best_before),
            "expires_on": _iso(self.expires_on),
            "count": self.count,
            "locations": dict(self.locations),
            "extra": dict(self.extra),
            "problems": [problem.as_dict() for problem in self.problems],
            "proposal": None if self.proposal is None else self.proposal.as_dict(),
        }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
