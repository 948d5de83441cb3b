"""Numbering series as scenario S5 writes them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.errors import DomainError
from backend.domain.series import resolve

DAY = date(2026, 1, 5)
literals = st.text("ABCXYZ019-/_ ", max_size=8)


def refusal_of(pattern: str, **fields: str):
    with pytest.raises(DomainError) as refused:
        resolve(pattern, DAY, fields)
    return refused.value.refusal


@pytest.mark.parametrize(
    ("pattern", "counter", "number"),
    [
        ("LAP-.YYYY.-.#####", 1, "LAP-2026-00001"),
        ("LAP-.YYYY.-.#####", 5, "LAP-2026-00005"),
        ("LAP-.YYYY.-.#####", 123456, "LAP-2026-123456"),
        ("LAP-.YY.MM.DD.-.##", 7, "LAP-260105-07"),
        ("W.WW.-.###", 1, "W02-001"),
        ("F.FY.-.#", 9, "F2026-9"),
        ("PR-", 12, "PR-00012"),
        ("", 3, "00003"),
        ("#####", 3, "00003"),
        ("###.-.YYYY", 3, "003-2026"),
        ("A.##.B.##", 3, "A03B##"),
        ("YYYYX.-.###", 1, "YYYYX-001"),
    ],
)
def test_numbers_of_a_series(pattern, counter, number):
    assert resolve(pattern, DAY).number(counter) == number


def test_a_series_with_the_year_starts_again_with_the_year():
    """The counter is kept by prefix: another year is another counter."""
    old, new = (resolve("LAP-.YYYY.-.#####", date(year, month, day)) for year, month, day in
                ((2026, 12, 31), (2027, 1, 1)))  # fmt: skip
    assert old.prefix != new.prefix
    assert new.number(1) == "LAP-2027-00001"


def test_a_series_without_a_date_goes_on_for_ever():
    assert resolve("PR-.###", date(2026, 12, 31)).prefix == resolve("PR-.###", date(2027, 1, 1)).prefix


@pytest.mark.parametrize(
    ("pattern", "advice"),
    [
        ("LAP#####", "'LAP.#####'"),
        ("LAP-.YYYY.-#####", "'LAP-.YYYY.-.#####'"),
        ("#####-X", "'#####.-X'"),
        ("A##B##C", "'A.##.B.##.C'"),
    ],
)
def test_a_missing_dot_is_named_with_what_to_write(pattern, advice):
    refusal = refusal_of(pattern)
    assert refusal.code == "series_dot_missing"
    assert "dot is missing before the #" in refusal.message
    assert pattern in refusal.message
    assert advice in refusal.next_step


@given(st.text("AB#.-", max_size=10))
def test_the_advice_for_a_missing_dot_is_a_series(pattern):
    try:
        resolve(pattern, DAY)
    except DomainError as error:
        advised = error.refusal.next_step.split("'")[1]
        assert advised.replace(".", "") == pattern.replace(".", "")
        resolve(advised, DAY)


def test_fields_are_filled_in_and_unknown_ones_named():
    assert resolve("{item}-.###", DAY, {"item": "LAP-15"}).number(1) == "LAP-15-001"
    refusal = refusal_of("{colour}-.###", item="LAP-15")
    assert refusal.code == "series_unknown_field"
    assert "colour" in refusal.message
    assert "item" in refusal.next_step


@pytest.mark.parametrize(
    ("hostile", "written"),
    [
        ("{item.__class__}", "{item__class__}"),
        ("{item!r}", "{item!r}"),
        ("{{item}}", "{X}"),
        ("${item}", "$X"),
        ("{item", "{item"),
        ("%s%n", "%s%n"),
    ],
)
def test_a_series_is_no_template_language(hostile, written):
    """Only a bare name in braces means anything; see CVE-2026-27629 and CVE-2026-35477 of a neighbour."""
    assert resolve(f"{hostile}-", DAY, {"item": "X"}).number(1) == f"{written}-00001"


@given(literals, st.integers(1, 6), literals, st.lists(st.integers(1, 10**7), min_size=2, unique=True))
def test_no_two_counters_give_one_number(before, digits, after, counters):
    series = resolve(f"{before}.{'#' * digits}.{after}", DAY)
    numbers = [series.number(counter) for counter in counters]
    assert len(set(numbers)) == len(numbers)
    for number, counter in zip(numbers, counters, strict=True):
        assert number.startswith(series.prefix)
        assert number.endswith(series.suffix)
        assert int(number[len(series.prefix) : len(number) - len(series.suffix)]) == counter


@given(literals, st.integers(1, 6), st.integers(1, 10**5))
def test_numbers_of_one_width_sort_as_they_were_drawn(before, digits, counter):
    series = resolve(f"{before}.{'#' * digits}", DAY)
    one, next_one = series.number(counter), series.number(counter + 1)
    assert len(one) != len(next_one) or one < next_one
