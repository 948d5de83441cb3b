"""Warranty dates as scenarios S1 and S10 have them, and no day that belongs to two answers or to none."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.warranty import WarrantyStatus, coverage, end_of

days = st.dates(date(2000, 1, 1), date(2060, 1, 1))
periods = st.integers(0, 3650)

SOLD, LAST = date(2026, 1, 15), date(2027, 1, 15)


def test_a_year_ends_on_the_same_day():
    assert end_of(SOLD, 365) == LAST


def test_sold_on_the_29th_of_february():
    assert end_of(date(2024, 2, 29), 365) == end_of(date(2024, 2, 29), None, 12) == date(2025, 2, 28)


def test_a_month_ends_on_the_same_day_of_the_month_or_on_its_last():
    assert end_of(date(2026, 1, 15), None, 24) == date(2028, 1, 15)
    assert [end_of(date(2026, 1, 31), None, months) for months in (0, 1, 3, 11)] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 4, 30),
        date(2026, 12, 31),
    ]


@pytest.mark.parametrize(
    ("today", "status", "left", "said"),
    [
        (date(2026, 1, 14), "not_started", None, "Warranty not started: it begins on 2026-01-15."),
        (SOLD, "under", 365, "Under Warranty: 365 days left, until 2027-01-15."),
        (date(2026, 7, 15), "under", 184, "Under Warranty: 184 days left, until 2027-01-15."),
        (date(2027, 1, 14), "under", 1, "Under Warranty: 1 day left, until 2027-01-15."),
        (LAST, "under", 0, "Under Warranty: 0 days left, until 2027-01-15."),
        (date(2027, 1, 16), "out", None, "Out of Warranty: expired 1 day ago, on 2027-01-15."),
        (date(2027, 1, 17), "out", None, "Out of Warranty: expired 2 days ago, on 2027-01-15."),
    ],
)
def test_what_is_said_on_a_day(today, status, left, said):
    answer = coverage(SOLD, LAST, 365, today)
    assert (answer.status, answer.days_left, answer.message) == (status, left, said)


def test_an_unsold_unit_has_no_warranty_yet():
    answer = coverage(None, None, 365, SOLD)
    assert (answer.status, answer.days_left) == ("not_started", None)
    assert "not sold" in answer.message


def test_an_item_without_warranty_says_so():
    assert coverage(None, None, None, SOLD).status is WarrantyStatus.NONE


@given(days, periods, days)
def test_every_day_is_before_under_or_after(start, period, today):
    end = end_of(start, period)
    answer = coverage(start, end, period, today)
    is_before, is_after = today < start, today > end
    assert answer.status == ("not_started" if is_before else "out" if is_after else "under")
    assert answer.days_left == (None if is_before or is_after else (end - today).days)


@given(days, periods)
def test_the_days_under_warranty_are_the_period_and_the_day_of_the_sale(start, period):
    end = end_of(start, period)
    around = (start + timedelta(days=offset) for offset in range(-3, period + 4))
    under = [day for day in around if coverage(start, end, period, day).status is WarrantyStatus.UNDER]
    assert (len(under), under[0], under[-1]) == (period + 1, start, end)


@given(days, periods, days)
def test_one_day_later_is_never_better(start, period, today):
    order = [WarrantyStatus.NOT_STARTED, WarrantyStatus.UNDER, WarrantyStatus.OUT]
    end = end_of(start, period)
    now, later = (coverage(start, end, period, day) for day in (today, today + timedelta(days=1)))
    assert order.index(now.status) <= order.index(later.status)
    if now.days_left is not None and later.days_left is not None:
        assert later.days_left == now.days_left - 1
