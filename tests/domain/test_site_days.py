"""The days of a site around midnight and across daylight saving time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.errors import DomainError
from backend.domain.series import resolve
from backend.domain.site_days import SiteCalendar, must_be_time_zone

ZONES = st.sampled_from(
    ["UTC", "Asia/Tokyo", "America/New_York", "Europe/Berlin", "Asia/Beirut", "Pacific/Apia", "America/St_Johns"]
)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))


@settings(max_examples=200)
@given(ZONES, MOMENTS, st.integers(0, 3 * 3600))
def test_a_day_begins_at_midnight_of_the_site_and_never_goes_back(zone: str, moment: datetime, seconds: int) -> None:
    calendar = SiteCalendar(zone)
    day = calendar.day_of(moment)
    assert day == moment.astimezone(ZoneInfo(zone)).date()
    assert day <= calendar.day_of(moment + timedelta(seconds=seconds)) <= day + timedelta(1)
    midnight = calendar.local(moment).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    assert calendar.day_of(midnight) == day
    assert calendar.day_of(midnight - timedelta(microseconds=1)) == day - timedelta(1)


@settings(max_examples=200)
@given(st.sampled_from(["Asia/Kathmandu", "Australia/Lord_Howe", "Europe/Berlin", "America/St_Johns"]), MOMENTS)
def test_an_hour_of_the_site_is_that_on_its_wall(zone: str, moment: datetime) -> None:
    calendar = SiteCalendar(zone)
    day = calendar.day_of(moment)
    minute = [minute for since, minute in calendar.hours_begin(day - timedelta(200), day) if since <= moment][-1]
    begin = (moment - timedelta(minutes=minute)).replace(minute=0, second=0, microsecond=0) + timedelta(minutes=minute)
    hour, offset = calendar.local(moment).isoformat()[:13], calendar.local(moment).isoformat()[-6:]
    assert calendar.hour(begin).isoformat() == f"{hour}:00:00{offset}"


@settings(max_examples=100)
@given(st.integers(1, 12), st.dates(date(2024, 1, 1), date(2035, 12, 31)))
def test_a_fiscal_year_is_twelve_months_long(month: int, day: date) -> None:
    calendar = SiteCalendar(fiscal_month=month)
    first = date(day.year if day.month >= month else day.year - 1, month, 1)
    following = date(first.year + 1, month, 1)
    year = calendar.fiscal_year(day)
    assert year == calendar.fiscal_year(first) == calendar.fiscal_year(following - timedelta(1))
    assert year[:4] == str(first.year)
    assert calendar.fiscal_year(first - timedelta(1)) != year != calendar.fiscal_year(following)
    assert resolve("PO-.FY.-.##", day, calendar=calendar).prefix == f"PO-{year}-"


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "europe/berlin ", "A" * 64])
def test_only_names_of_the_time_zone_database_are_taken(name: str) -> None:
    with pytest.raises(DomainError, match="no time zone"):
        must_be_time_zone(name)
