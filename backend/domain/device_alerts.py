"""Alerts about devices: one that is silent, one that lost what it kept, one whose scans are badly understood."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backend.domain.alerts import Cause
from backend.domain.counters import Span, size, spell
from backend.domain.serials import printable

QUALITY_WINDOW = timedelta(hours=1)
QUALITY_SCANS = 20
"""With fewer scans in the window a share says nothing."""

_SPANS = 10
"""Spans that are spelled in one alert."""


@dataclass(frozen=True, slots=True)
class HeardDevice:
    """A device, when it was heard of last, and how many entries it said then that it keeps."""

    id: str
    name: str
    last_seen_at: datetime
    unsent: int


@dataclass(frozen=True, slots=True)
class GapsOfDevice:
    """A device, and the numbers of its counter that neither came nor are kept by it."""

    id: str
    name: str
    missing: Sequence[Span]


@dataclass(frozen=True, slots=True)
class ClearedDevice:
    """A device that threw its storage away, who used it last, and how many entries it had said until then to keep."""

    id: str
    name: str
    by: str
    last_seen_at: datetime
    unsent: int


@dataclass(frozen=True, slots=True)
class ScansOfDevice:
    """The scans of a device in the window, and those of them that were refused or that nobody could place."""

    id: str
    name: str
    scans: int
    failed: int


def silent(devices: Iterable[HeardDevice], now: datetime, minutes: int) -> list[Cause]:
    """Devices that keep entries and were not heard of for so long; a new silence is a new cause.

    >>> heard = HeardDevice("d", "Dock 1", datetime(2026, 1, 5, 9, 45), 3)
    >>> [cause.message for cause in silent([heard], datetime(2026, 1, 5, 10), 15)]
    ['Dock 1 is silent since 2026-01-05 09:45 UTC and keeps 3 unsent.']
    >>> silent([HeardDevice("d", "Dock 1", datetime(2026, 1, 5, 9, 45), 0)], datetime(2026, 1, 5, 10), 15)
    []
    """
    return [
        Cause(
            f"{device.id}:{device.last_seen_at:%Y%m%dT%H%M%S}",
            f"{printable(device.name)} is silent since {device.last_seen_at:%Y-%m-%d %H:%M} UTC "
            f"and keeps {device.unsent} unsent.",
        )
        for device in devices
        if device.unsent > 0 and device.last_seen_at <= now - timedelta(minutes=minutes)
    ]


def never_came(devices: Iterable[GapsOfDevice], entries: int) -> list[Cause]:
    """Devices of whose entries so many are lost; more that are lost later are a new cause.

    >>> [cause.message for cause in never_came([GapsOfDevice("d", "Dock 1", [(40, 51)])], 12)]
    ['Dock 1 lost 12 entries: n 40-51.']
    >>> never_came([GapsOfDevice("d", "Dock 1", [(40, 51)])], 13)
    []
    """
    return [
        Cause(
            f"{device.id}:{device.missing[-1][1]}",
            f"{printable(device.name)} lost {_entries(size(device.missing))}: {spell(device.missing[:_SPANS])}"
            f"{', …' if len(device.missing) > _SPANS else ''}.",
        )
        for device in devices
        if device.missing and size(device.missing) >= entries
    ]


def was_cleared(devices: Iterable[ClearedDevice], entries: int) -> list[Cause]:
    """Devices that threw their storage away and had said to keep so many entries; each tells it once.

    What a device never told of, nobody can count: from 0 entries on, each is told.

    >>> cleared = ClearedDevice("d", "Dock 1", "ben", datetime(2026, 1, 5, 9, 45), 3)
    >>> [cause.message for cause in was_cleared([cleared], 3)]
    ['Dock 1 of ben lost its storage with 3 entries, and what was done on it since 2026-01-05 09:45 UTC.']
    >>> was_cleared([cleared], 4)
    []
    """
    return [
        Cause(
            f"{device.id}:cleared",
            f"{printable(device.name)} of {device.by} lost its storage with {_entries(device.unsent)}, "
            f"and what was done on it since {device.last_seen_at:%Y-%m-%d %H:%M} UTC.",
        )
        for device in devices
        if device.unsent >= entries
    ]


def quality_falls(devices: Iterable[ScansOfDevice], today: date, percent: int) -> list[Cause]:
    """Devices of whose scans in the window fewer than some percent were understood; told once a day.

    >>> [cause.message for cause in quality_falls([ScansOfDevice("d", "Dock 1", 20, 3)], date(2026, 1, 5), 90)]
    ['Dock 1: 85 % of 20 scans in an hour were understood, fewer than 90 %.']
    >>> quality_falls([ScansOfDevice("d", "Dock 1", 20, 2)], date(2026, 1, 5), 90)
    []
    """
    return [
        Cause(
            f"{device.id}:{today}",
            f"{printable(device.name)}: {100 * (device.scans - device.failed) // device.scans} % "
            f"of {device.scans} scans in an hour were understood, fewer than {percent} %.",
        )
        for device in devices
        if device.scans >= QUALITY_SCANS and 100 * (device.scans - device.failed) < percent * device.scans
    ]


def _entries(count: int) -> str:
    return f"{count} {'entry' if count == 1 else 'entries'}"
