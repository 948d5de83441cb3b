"""The table of warranty cases, which the phone's rule reads too, and no day that belongs to two answers or to none."""

import json
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.warranty import Basis, Contract, WarrantyStatus, coverage, end_of, moved_end

CASES = json.loads((Path(__file__).parents[1] / "data" / "warranty_cases.json").read_text(encoding="utf-8"))

days = st.dates(date(2000, 1, 1), date(2060, 1, 1))
periods = st.integers(0, 3650)
months = st.integers(0, 240)
ONE_DAY = timedelta(days=1)


def day(text):
    return text and date.fromisoformat(text)


def named(kind):
    return [pytest.param(case, id=case["name"]) for case in CASES[kind]]


@st.composite
def contracts(draw):
    """Up to three service contracts, which may overlap."""
    found = []
    for idx in range(draw(st.integers(0, 3))):
        start = draw(days)
        found.append(Contract(f"AMC-{idx}", start, start + timedelta(days=draw(periods))))
    return found


@pytest.mark.parametrize("case", named("coverage"))
def test_what_is_said_of_a_unit_on_a_day(case):
    unit = case["unit"]
    answer = coverage(
        day(unit.get("start")),
        day(unit.get("end")),
        unit.get("period_days"),
        day(case["on"]),
        void_reason=unit.get("void_reason"),
        paused_on=day(unit.get("paused_on")),
        basis=Basis(unit.get("basis", "delivery")),
        is_sold=unit.get("is_sold", False),
        contracts=[
            Contract(each["number"], day(each["start"]), day(each["end"])) for each in unit.get("contracts", [])
        ],
    )
    assert asdict(answer) == case["expect"]


@pytest.mark.parametrize("case", named("end_of"))
def test_the_last_day(case):
    assert end_of(day(case["start"]), case["days"], case["months"]) == day(case["expect"])


@pytest.mark.parametrize("case", named("moved_end"))
def test_the_last_day_after_a_pause(case):
    assert moved_end(day(case["end"]), day(case["paused_on"]), day(case["resumed_on"])) == day(case["expect"])


def test_the_table_has_every_status():
    assert {case["expect"]["status"] for case in CASES["coverage"]} == set(WarrantyStatus)


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
    now, later = (coverage(start, end, period, day) for day in (today, today + ONE_DAY))
    assert order.index(now.status) <= order.index(later.status)
    if now.days_left is not None and later.days_left is not None:
        assert later.days_left == now.days_left - 1


@given(days, months)
def test_months_end_on_the_same_day_or_on_the_last_of_a_shorter_month(start, count):
    end = end_of(start, None, count)
    assert start <= end
    assert (end.year - start.year) * 12 + end.month - start.month == count
    assert end.day == start.day or (end.day < start.day and (end + ONE_DAY).day == 1)


@given(days, months, st.integers(0, 24))
def test_more_months_never_end_earlier(start, count, more):
    assert end_of(start, None, count) <= end_of(start, None, count + more)


@given(days, periods, periods, periods)
def test_a_pause_neither_adds_days_nor_takes_them(start, period, used, away):
    end = end_of(start, period)
    paused_on = start + timedelta(days=used)
    resumed_on = paused_on + timedelta(days=away)
    moved = moved_end(end, paused_on, resumed_on)
    left = max((end - paused_on).days, 0)
    assert resumed_on <= moved
    assert (moved - resumed_on).days == left <= period
    answer = coverage(start, end, period, resumed_on, paused_on=paused_on)
    assert answer.days_left == (left if paused_on <= end else None)


@given(days, periods, periods)
def test_a_replacement_sent_on_the_day_of_the_return_never_ends_later(start, period, used):
    end = end_of(start, period)
    on = start + timedelta(days=used)
    assert moved_end(end, on, on) == max(end, on)


@given(days, periods, days, days, contracts())
def test_the_statuses_part_the_calendar(start, period, paused_on, today, amc):
    """Each status is said on exactly the days that are its own."""
    end = end_of(start, period)
    paused_on = max(start, paused_on)
    status = coverage(start, end, period, today, paused_on=paused_on, contracts=amc).status
    is_paused = paused_on <= min(today, end)
    under = start <= today <= end and not is_paused
    under_amc = any(each.start <= today <= each.end for each in amc)
    after_amc = any(end < each.end < today for each in amc)
    wanted = [
        (WarrantyStatus.UNDER, under),
        (WarrantyStatus.PAUSED, is_paused),
        (WarrantyStatus.UNDER_AMC, under_amc),
        (WarrantyStatus.OUT_OF_AMC, after_amc),
        (WarrantyStatus.NOT_STARTED, today < start),
        (WarrantyStatus.OUT, today > end),
    ]
    assert status is next(each for each, holds in wanted if holds)
    assert not (under and is_paused)


@given(days, periods, days, contracts())
def test_a_void_warranty_covers_no_day_and_a_contract_still_does(start, period, today, amc):
    answer = coverage(start, end_of(start, period), period, today, void_reason="seal broken", contracts=amc)
    assert (answer.status is WarrantyStatus.UNDER_AMC) == any(each.start <= today <= each.end for each in amc)
    assert answer.status not in (WarrantyStatus.UNDER, WarrantyStatus.PAUSED)
