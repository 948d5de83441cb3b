import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.check_digit import has_right_check_digit
from scanner.element_strings import Element, compose
from scanner.gs1 import ScannedCode, join, parse

CASES = json.loads((Path(__file__).parents[1] / "data" / "gs1_cases.json").read_text(encoding="utf-8"))
FIELDS = (
    "kind",
    "gtin",
    "batch_no",
    "serial_no",
    "sscc",
    "manufactured_on",
    "best_before",
    "expires_on",
    "count",
)


def assert_means(code: ScannedCode, expected: dict[str, Any]) -> None:
    found = code.as_dict()
    assert {name: found[name] for name in FIELDS} == {name: expected.get(name) for name in FIELDS}
    assert found["symbology"] == expected.get("symbology", "")
    assert found["locations"] == expected.get("locations", {})
    assert found["extra"] == expected.get("extra", {})
    problems = sorted(f"{problem['code']}:{problem['severity']}" for problem in found["problems"])
    assert problems == sorted(expected.get("problems", []))
    if "facts" in expected:
        assert expected["facts"].items() <= found["problems"][0]["facts"].items()
    if "proposal" in expected:
        assert expected["proposal"].items() <= found["proposal"].items()
    else:
        assert found["proposal"] is None


@pytest.mark.parametrize("case", CASES["parse"], ids=lambda case: case["name"])
def test_a_text_means(case: dict[str, Any]) -> None:
    assert_means(parse(case["text"], case.get("symbology", "")), case["expect"])


@pytest.mark.parametrize("case", CASES["join"], ids=lambda case: case["name"])
def test_two_codes_of_a_label_mean(case: dict[str, Any]) -> None:
    joined = join(parse(case["first"]), parse(case["second"]))

    if case["expect"] is None:
        assert joined is None
    else:
        assert joined is not None
        assert_means(joined, case["expect"])


def test_the_answer_is_json() -> None:
    code = parse("]d2010950600013435210ABC12321SN0001")

    assert json.loads(json.dumps(code.as_dict())) == code.as_dict()


def test_all_candidates_for_a_lost_separator_are_named() -> None:
    problem = parse("]d2010950600013435210A21B21C").problems[0]

    assert problem.facts["candidates"] == [
        {"batch_no": "A", "serial_no": "B21C"},
        {"batch_no": "A21B", "serial_no": "C"},
    ]


FIELD_CHARACTERS = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"


def field_texts(longest: int) -> st.SearchStrategy[str]:
    return st.text(FIELD_CHARACTERS, min_size=1, max_size=longest).filter(
        # Written separators are turned into real ones on purpose, so they cannot be part of a field.
        lambda text: not any(mark in text.upper() for mark in ("<GS>", "<FNC1>", "ALT+"))
    )


def gtins() -> st.SearchStrategy[str]:
    return st.integers(0, 10**13 - 1).map(
        lambda number: next(gtin for digit in "0123456789" if has_right_check_digit(gtin := f"{number:013}{digit}"))
    )


DATES = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@given(gtins(), field_texts(20), field_texts(20), DATES, st.integers(1, 99_999_999), st.permutations(range(5)))
def test_element_strings_say_what_was_written(
    gtin: str, batch_no: str, serial_no: str, expires_on: date, count: int, order: list[int]
) -> None:
    elements = [
        Element("01", gtin),
        Element("10", batch_no),
        Element("21", serial_no),
        Element("17", expires_on.strftime("%y%m%d")),
        Element("30", str(count)),
    ]

    code = parse(compose([elements[place] for place in order]), "]d2")

    assert (code.gtin, code.batch_no, code.serial_no) == (gtin, batch_no, serial_no)
    assert (code.expires_on, code.count, code.problems) == (expires_on, count, ())


@given(gtins(), field_texts(20), field_texts(20))
def test_a_digital_link_says_what_the_element_string_says(gtin: str, batch_no: str, serial_no: str) -> None:
    from urllib.parse import quote

    link = f"https://id.example/01/{gtin}/10/{quote(batch_no, safe='')}/21/{quote(serial_no, safe='')}"

    code = parse(link)

    assert (code.gtin, code.batch_no, code.serial_no) == (gtin, batch_no, serial_no)


@given(gtins(), st.integers(0, 12), st.integers(1, 9))
def test_one_changed_digit_is_always_found(gtin: str, place: int, step: int) -> None:
    digit = str((int(gtin[place]) + step) % 10)
    changed = gtin[:place] + digit + gtin[place + 1 :]

    code = parse("01" + changed, "]d2")

    assert code.gtin is None
    assert code.refusal is not None
    assert code.refusal.code == "gtin_check_digit"


@given(st.text(max_size=200), st.sampled_from(["", "]d2", "]C1", "]E0", "]E3", "]Q1", "nonsense"]))
def test_no_text_is_fatal(text: str, symbology: str) -> None:
    code = parse(text, symbology)

    json.dumps(code.as_dict())
    assert code.serial_no is not None or code.kind != "plain"


@given(
    st.lists(st.sampled_from(["01", "10", "21", "\x1d", "09506000134352", "A", "https://x/", "(21)", "17", "271231"]))
)
def test_no_mixture_of_parts_is_fatal(parts: list[str]) -> None:
    for symbology in ("", "]d2", "]E3"):
        assert parse("".join(parts), symbology).as_dict()


@given(gtins(), field_texts(20))
def test_joining_does_not_depend_on_the_order(gtin: str, serial_no: str) -> None:
    one, other = parse("01" + gtin, "]C1"), parse("21" + serial_no, "]C1")

    assert join(one, other) == join(other, one)
