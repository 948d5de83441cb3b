"""Typed and pasted lists of serial numbers, as scenario S5 writes their ranges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain import serials
from backend.domain.errors import DomainError
from backend.domain.ranges import MAX_LIST, parse_list

prefixes = st.sampled_from(["", "A-", "SN-", "NB25-", "LAP-2026-", "X1/", "Ä"])


def read(text: str, **options: bool) -> list[str]:
    """The serial numbers of a text in which nothing is refused."""
    parsed = parse_list(text, **options)
    assert parsed.refused == []
    return parsed.serial_nos


def refusal_of(text: str, **options: bool):
    parsed = parse_list(text, **options)
    assert parsed.serial_nos == []
    (entry,) = parsed.refused
    assert entry.refusal.next_step
    return entry.refusal


@pytest.mark.parametrize(
    ("text", "serial_nos"),
    [
        ("SN-01::10", [f"SN-{number:02d}" for number in range(1, 11)]),
        ("A-09 to A-11", ["A-09", "A-10", "A-11"]),
        ("a-09 TO a-11", ["a-09", "a-10", "a-11"]),
        ("A-09 to 11", ["A-09", "A-10", "A-11"]),
        ("SN-098::SN-101", ["SN-098", "SN-099", "SN-100", "SN-101"]),
        ("SN-98 :: 101", ["SN-98", "SN-99", "SN-100", "SN-101"]),
        ("SN-001::3", ["SN-001", "SN-002", "SN-003"]),
        ("10 to 12", ["10", "11", "12"]),
        ("7::7", ["7"]),
        ("A1B2::4", ["A1B2", "A1B3", "A1B4"]),
    ],
)
def test_ranges_that_no_label_can_be_mistaken_for(text, serial_nos):
    assert read(text) == serial_nos
    assert read(text, read_ranges=True) == serial_nos


@pytest.mark.parametrize(
    ("text", "serial_nos"),
    [
        ("10-15", ["10", "11", "12", "13", "14", "15"]),
        ("08 - 10", ["08", "09", "10"]),
        ("10+3", ["10", "11", "12"]),
        ("098+4", ["098", "099", "100", "101"]),
    ],
)
def test_hyphen_and_plus_are_ranges_only_on_request(text, serial_nos):
    assert read(text, read_ranges=True) == serial_nos
    parsed = parse_list(text)
    assert (parsed.serial_nos, parsed.possible_ranges) == ([text], [text])


@pytest.mark.parametrize("read_ranges", [False, True])
@pytest.mark.parametrize("text", ["NB25-0001", "SN-10-15", "10-15A", "A10-15", "10-15-20", "2+B", "C++", "-5", "Tom"])
def test_a_serial_with_a_hyphen_is_never_a_range(text, read_ranges):
    parsed = parse_list(text, read_ranges=read_ranges)
    assert (parsed.serial_nos, parsed.refused, parsed.possible_ranges) == ([text], [], [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("10 to 5", "range_backwards"),
        ("A-11::A-09", "range_backwards"),
        ("A-01 to B-05", "range_ends_differ"),
        ("A-1 to B2", "range_ends_differ"),
        ("A-009 to A-11", "range_ends_differ"),
        ("9 to 011", "range_ends_differ"),
        ("SN-01::", "range_incomplete"),
        ("::10", "range_incomplete"),
        ("SN-A::SN-C", "range_incomplete"),
        ("1::10001", "range_too_long"),
        ("1::" + "9" * 60, "range_too_long"),
        ("X" * 65, "serial_too_long"),
        ("1" * 100_000, "serial_too_long"),
        ("SN-1\x00", "serial_has_control_characters"),
        ("SN-\u202e1", "serial_has_control_characters"),
    ],
)
def test_what_is_neither_is_refused_with_a_code(text, code):
    assert refusal_of(text).code == code


@pytest.mark.parametrize("number", ["0", "-1", "2.5", "1000000", "9" * 60])
def test_a_count_out_of_bounds_is_refused_with_the_limit(number):
    refusal = refusal_of(f"10+{number}", read_ranges=True)
    assert refusal.code == "range_count"
    assert "10,000" in refusal.message


def test_a_requested_range_may_not_run_backwards():
    assert refusal_of("2024-0001", read_ranges=True).code == "range_backwards"


def test_a_text_is_split_at_lines_commas_and_tabs():
    assert read("A1\r\nA2\rA3\n A4 ,A5\tA6,,\n\n\t,B 1 \n") == ["A1", "A2", "A3", "A4", "A5", "A6", "B 1"]
    assert read(" \n\t,,\r\n") == []


def test_a_refused_entry_names_its_line_and_leaves_the_others():
    parsed = parse_list("A1\n10 to 5, A2\nGS\x1dGS\na1 ")
    assert parsed.serial_nos == ["A1", "A2"]
    assert [(entry.line, entry.text, entry.refusal.code) for entry in parsed.refused] == [
        (2, "10 to 5", "range_backwards"),
        (3, "GS<U+001D>GS", "serial_has_control_characters"),
        (4, "a1", "duplicate_in_list"),
    ]
    assert "line 1" in parsed.refused[2].refusal.message


@pytest.mark.parametrize(
    "text",
    [
        "1::6000,6001::12000",
        "\n".join(f"SN-{number}" for number in range(MAX_LIST + 1)),
        "1\n" * (MAX_LIST + 1),
    ],
)
def test_a_list_has_a_limit(text):
    with pytest.raises(DomainError) as refused:
        parse_list(text)
    assert refused.value.refusal.code == "list_too_long"
    assert "10,000" in refused.value.refusal.message


def test_ten_thousand_are_one_list():
    assert len(read("1::10000")) == MAX_LIST


@given(prefixes, st.integers(1, 8), st.integers(0, 10**6), st.integers(1, 200))
def test_a_range_has_the_numbers_from_its_first_to_its_last(before, digits, start, count):
    numbers = [f"{before}{number:0{digits}d}" for number in range(start, start + count)]
    for text in (f"{numbers[0]}::{numbers[-1]}", f"{numbers[0]} to {numbers[-1]}"):
        assert read(text) == [serials.clean(number) for number in numbers]


@given(st.text(max_size=80), st.booleans())
def test_any_text_gives_clean_and_distinct_serials_or_refusals(text, read_ranges):
    parsed = parse_list(text, read_ranges=read_ranges)
    keys = [serials.key(serial_no) for serial_no in parsed.serial_nos]
    assert len(set(keys)) == len(keys)
    for serial_no in parsed.serial_nos:
        assert serials.check(serial_no) is None
        assert serial_no == serials.clean(serial_no)
    for entry in parsed.refused:
        assert entry.refusal.code
        assert entry.text == serials.printable(entry.text)


@given(st.lists(st.from_regex(r"[A-Z]{1,4}[0-9]{0,4}-[A-Z0-9]{1,6}", fullmatch=True), max_size=20, unique=True))
def test_plain_serials_come_back_as_they_are(serial_nos):
    for separator in ("\n", "\r\n", ", ", "\t"):
        assert read(separator.join(serial_nos), read_ranges=True) == serial_nos


def further(text: str, **options: bool) -> list[tuple[str, str, str]]:
    return [(each.serial_no, each.kind, each.text) for each in parse_list(text, **options).secondary_serials]


@pytest.mark.parametrize(
    "text",
    [
        "NB-1 IMEI=354178036859789 mac: D0:50:99:84:a2:a0\nNB-2",
        "NB-1\timei=35-417803-685978-9\tMAC=d0509984a2a0\r\nNB-2",
        "nb-1, imei : 354178036859789, mac=d0-50-99-84-a2-a0, NB-2",
    ],
)
def test_further_numbers_stand_behind_the_serial_number_of_their_unit(text):
    assert [serials.key(each) for each in read(text)] == [serials.key(each) for each in ("NB-1", "NB-2")]
    assert [each[1:] for each in further(text)] == [("imei", "354178036859789"), ("mac", "d0:50:99:84:a2:a0")]
    assert {serials.key(each[0]) for each in further(text)} == {serials.key("NB-1")}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NB-1\nimei=354178036859789", "secondary_of_no_unit"),
        ("NB-1::3 imei=354178036859789", "secondary_of_no_unit"),
        ("NB-1 imei=354178036859781", "imei_invalid"),
        ("NB-1 imei=", "serial_empty"),
    ],
)
def test_a_further_number_that_is_none_or_of_no_unit_is_refused_beside_the_rest(text, code):
    parsed = parse_list(text)
    assert [entry.refusal.code for entry in parsed.refused] == [code]
    assert parsed.serial_nos[0] == "NB-1"
    assert parsed.secondary_serials == []


def test_what_only_looks_like_a_name_stays_a_serial_number():
    assert read("MAC-0001, IMEI1, X imei 5") == ["MAC-0001", "IMEI1", "X imei 5"]
