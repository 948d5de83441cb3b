"""The days of a site: when its day begins, and which fiscal year a day belongs to."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from backend.domain.errors import refuse

USUAL_ZONE = "UTC"
_DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class SiteCalendar:
    """How a site counts its days.

    Args:
        time_zone: IANA name of its time zone.
        fiscal_month: Month, 1 to 12, in which its fiscal year begins.
    """

    time_zone: str = USUAL_ZONE
    fiscal_month: int = 1

    def day_of(self, moment: datetime) -> date:
        """The day that it is at the site at a moment.

        >>> SiteCalendar("Asia/Tokyo").day_of(datetime(2026, 3, 1, 15, 0, tzinfo=UTC))
        datetime.date(2026, 3, 2)
        """
        return self.local(moment).date()

    def local(self, moment: datetime) -> datetime:
        """The same moment as the clock on the wall of the site shows it; its midnight is the site's.

        >>> SiteCalendar("Asia/Tokyo").local(datetime(2026, 3, 1, 15, 0, tzinfo=UTC)).isoformat()
        '2026-03-02T00:00:00+09:00'
        """
        return moment.astimezone(_zone(self.time_zone))

    def first_moment(self, day: date) -> datetime:
        """The moment, in UTC, at which a day begins at the site.

        Where clocks go forward at midnight, the day begins at the moment at which they do.

        >>> SiteCalendar("America/Los_Angeles").first_moment(date(2026, 1, 5)).isoformat()
        '2026-01-05T08:00:00+00:00'
        """
        return datetime.combine(day, time(), _zone(self.time_zone)).astimezone(UTC)

    def hour(self, begin: datetime) -> datetime:
        """The hour of the site that begins at a moment, by the clock on its wall; its offset tells apart an hour
        that comes twice when the clocks go back.

        >>> berlin = SiteCalendar("Europe/Berlin")
        >>> [berlin.hour(datetime(2026, 10, 25, hour, tzinfo=UTC)).isoformat() for hour in (0, 1)]
        ['2026-10-25T02:00:00+02:00', '2026-10-25T02:00:00+01:00']
        """
        # Judged by its end: where the clocks move by half an hour, an hour begins in the middle of another.
        end = self.local(begin + timedelta(minutes=59))
        return end.replace(minute=0, tzinfo=timezone(end.utcoffset() or timedelta()))

    def hours_begin(self, first: date, last: date) -> list[tuple[datetime, int]]:
        """At which minute of an hour of UTC the hours of the site begin, and from which moment on.

        The first holds from ever; another follows only where the clocks of the site moved by a part of an hour.

        >>> [minute for _, minute in SiteCalendar("Asia/Kathmandu").hours_begin(date(2020, 1, 1), date(2026, 1, 1))]
        [15]
        """
        moment, end = self.first_moment(first), self.first_moment(last) + _DAY
        found = [(moment, self._minute(moment))]
        while moment < end:
            # Clocks that move do not move back within a week.
            before, moment = moment, moment + 7 * _DAY
            if self._minute(moment) != found[-1][1]:
                found.append((self._changed(before, moment), self._minute(moment)))
        return found

    def _minute(self, moment: datetime) -> int:
        offset = self.local(moment).utcoffset() or timedelta()
        return int(-offset.total_seconds() // 60) % 60

    def _changed(self, before: datetime, after: datetime) -> datetime:
        """The first moment, to the second, at which the hours begin as they do after it."""
        wanted = self._minute(after)
        while after - before > timedelta(seconds=1):
            middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
            before, after = (before, middle) if self._minute(middle) == wanted else (middle, after)
        return after

    def fiscal_year(self, day: date) -> str:
        """The fiscal year of a day: the calendar year, or both years that it lies in.

        >>> SiteCalendar().fiscal_year(date(2026, 3, 31))
        '2026'
        >>> SiteCalendar(fiscal_month=4).fiscal_year(date(2026, 3, 31))
        '2025-26'
        """
        if self.fiscal_month == 1:
            return str(day.year)
        first = day.year if day.month >= self.fiscal_month else day.year - 1
        return f"{first}-{(first + 1) % 100:02d}"


UTC_DAYS = SiteCalendar()
"""Where no site is known."""


def must_be_time_zone(name: str) -> None:
    """Raise the refusal ``time_zone_unknown`` unless a text is the IANA name of a time zone."""
    if name != USUAL_ZONE and name not in _names():
        raise refuse(
            "time_zone_unknown",
            f"'{name[:64]}' is no time zone.",
            "Write its IANA name, such as Europe/Berlin or America/New_York.",
        )


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _zone(name: str) -> tzinfo:
    return UTC if name == USUAL_ZONE else ZoneInfo(name)
