"""Numbering series: ``LAP-.YYYY.-.#####`` gives LAP-2026-00001 and starts again in 2027."""

import re
from dataclasses import dataclass
from datetime import date

from backend.domain.errors import refuse
from backend.domain.site_days import UTC_DAYS, SiteCalendar

_TOKENS = {"YYYY": "%Y", "YY": "%y", "MM": "%m", "DD": "%d", "WW": "%V"}


@dataclass(frozen=True, slots=True)
class Series:
    """A series as of a day: numbers are ``prefix`` + counter padded to ``digits`` + ``suffix``.

    The counter is keyed by the prefix, so that it starts again when a date in the prefix changes.
    """

    prefix: str
    digits: int
    suffix: str

    def number(self, counter: int) -> str:
        """The text of the n-th number, counted from 1."""
        return f"{self.prefix}{counter:0{self.digits}d}{self.suffix}"


def resolve(
    pattern: str, on: date, fields: dict[str, str] | None = None, *, calendar: SiteCalendar = UTC_DAYS
) -> Series:
    """Read a series for a day.

    Parts are split by ``.``; the first run of ``#`` is the counter; a series without one gets five digits.

    >>> resolve("LAP-.YYYY.-.#####", date(2026, 1, 5)).number(1)
    'LAP-2026-00001'
    >>> resolve("PR-", date(2026, 1, 5)).number(12)
    'PR-00012'
    >>> resolve("PO-.FY.-.##", date(2026, 1, 5), calendar=SiteCalendar(fiscal_month=4)).number(1)
    'PO-2025-26-01'

    Raises:
        DomainError: ``series_dot_missing`` for ``LAP#####``; ``series_unknown_field`` for ``{colour}``.
    """
    for part in pattern.split("."):
        if "#" in part and set(part) != {"#"}:
            raise refuse(
                "series_dot_missing",
                f"In the series '{pattern}' a dot is missing before the #.",
                f"Write it as '{_with_dots(pattern)}'.",
            )
    parts = pattern.split(".")
    counter = next((index for index, part in enumerate(parts) if part.startswith("#")), None)
    if counter is None:
        parts, counter = [*parts, "#####"], len(parts)
    written = [_written(part, on, fields or {}, calendar) for part in parts]
    return Series("".join(written[:counter]), len(parts[counter]), "".join(written[counter + 1 :]))


def _with_dots(pattern: str) -> str:
    """The pattern with a dot on both sides of every run of ``#`` inside it."""
    return re.sub(r"\.?(#+)\.?", r".\1.", pattern).strip(".")


def _written(part: str, on: date, fields: dict[str, str], calendar: SiteCalendar) -> str:
    if part in _TOKENS:
        return on.strftime(_TOKENS[part])
    if part == "FY":
        return calendar.fiscal_year(on)

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in fields:
            raise refuse(
                "series_unknown_field",
                f"The series names the field '{name}', which there is not.",
                f"Known fields: {', '.join(sorted(fields)) or 'none'}.",
            )
        return fields[name]

    return re.sub(r"\{(\w+)\}", value, part)
