"""When maintenance is due, as properties: always after the visit, always a date of the plan, and the next one."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backend.domain.servicing import Period, due_after, nth_due

days = st.dates(date(2020, 1, 1), date(2040, 1, 1))
plans = st.tuples(days, st.integers(1, 400), st.just(Period.DAYS)) | st.tuples(
    days, st.integers(1, 36), st.just(Period.MONTHS)
)


@given(plans, st.integers(0, 40))
def test_the_dates_of_a_plan_grow(plan, n):
    assert nth_due(*plan, n) < nth_due(*plan, n + 1)
    assert nth_due(*plan, 0) == plan[0]


@given(plans, st.integers(0, 20), st.integers(-400, 4000))
def test_the_next_date_is_the_first_of_the_plan_after_the_visit_and_after_what_it_fulfilled(plan, n, late):
    due_on = nth_due(*plan, n)
    visited_on = due_on + timedelta(days=late)
    found = due_after(*plan, due_on=due_on, visited_on=visited_on)
    by_counting = next(day for k in range(n, 20_000) if (day := nth_due(*plan, k)) > max(due_on, visited_on))
    assert found == by_counting


def test_the_day_of_the_start_comes_back_after_a_short_month():
    dates = [nth_due(date(2024, 1, 31), 1, Period.MONTHS, n) for n in range(4)]
    assert dates == [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30)]


def test_a_plan_ends_with_the_calendar():
    last = date(9999, 12, 31)
    for period in Period:
        assert nth_due(date(9999, 11, 30), 3650, period, 2) >= date(9999, 12, 1)
        assert due_after(date(9999, 11, 30), 3650, period, due_on=last, visited_on=last) <= last
