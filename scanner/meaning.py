"""From the elements of a code to the words of the trade."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from biip.gs1_element_strings import GS1ElementString

from scanner.check_digit import has_right_check_digit, is_digits, wrong_check_digit
from scanner.element_strings import Element, compose
from scanner.lost_separator import splits
from scanner.pair_rules import broken_pairs
from scanner.scanned_code import Kind, Problem, ScannedCode, Severity
from scanner.separators import GS
from scanner.serial_text import serial_problems

_DATE_FIELDS = {"11": "manufactured_on", "15": "best_before", "17": "expires_on", "7003": "expires_on"}
_OTHER_DATES = frozenset({"12", "13", "16"})
_GS1_SERIAL_LENGTH = 20

# What a unit is known by. Two of one kind and nobody can tell which one is meant.
_PLURALS = {
    "00": "pallet numbers (SSCC)",
    "01": "product codes (GTIN)",
    "10": "batches",
    "11": "dates of manufacture",
    "15": "best-before dates",
    "17": "expiry dates",
    "21": "serial numbers",
    "30": "counts",
    "37": "counts",
    "7003": "expiry dates",
}


@dataclass
class _Reading:
    values: dict[str, str] = field(default_factory=dict)
    dates: dict[str, date] = field(default_factory=dict)
    locations: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def interpret(elements: list[Element], *, text: str, symbology: str, kind: Kind = Kind.GS1) -> ScannedCode:
    """Return what the elements mean; whatever has no word of its own is kept in ``extra``."""
    reading = _Reading()
    for element in elements:
        _take(element, reading)
    reading.problems += _repeated(elements)
    reading.problems += broken_pairs(element.ai for element in elements)
    count = reading.values.get("30") or reading.values.get("37")
    code = ScannedCode(
        text=text,
        symbology=symbology,
        kind=Kind.SSCC if "00" in reading.values and "01" not in reading.values else kind,
        gtin=reading.values.get("01"),
        batch_no=reading.values.get("10"),
        serial_no=reading.values.get("21"),
        sscc=reading.values.get("00"),
        count=None if count is None else int(count),
        locations=reading.locations,
        extra=reading.extra,
        problems=tuple(reading.problems),
        manufactured_on=reading.dates.get("manufactured_on"),
        best_before=reading.dates.get("best_before"),
        expires_on=reading.dates.get("expires_on"),
    )
    separators_may_be_lost = kind is Kind.GS1 and GS not in text and not text.startswith("(")
    return _with_proposal(code, elements) if separators_may_be_lost else code


def is_sound(elements: Iterable[Element]) -> bool:
    """Tell whether every identifier is in the dictionary and every field is what it asks for."""
    return all(element.known and element.parsed() is not None for element in elements)


def _take(element: Element, reading: _Reading) -> None:
    ai, value = element.ai, element.value
    parsed = element.parsed()
    if not element.known:
        reading.extra.setdefault(ai, value)
        reading.problems.append(_unknown(ai))
    elif ai in ("00", "01"):
        _take_key(element, reading)
    elif ai == "21":
        _take_serial(element, reading)
    elif ai in _DATE_FIELDS or ai in _OTHER_DATES:
        _take_date(element, parsed, reading)
    elif parsed is None and ai != "10":
        reading.extra.setdefault(ai, value)
        reading.problems.append(_misshapen(element, "note"))
    elif ai in ("10", "30", "37") and value:
        reading.values.setdefault(ai, value)
        if parsed is None:
            reading.problems.append(_misshapen(element, "note"))
    elif ai.startswith("41"):
        _take_location(element, reading)
    else:
        reading.extra.setdefault(ai, value)


def _take_key(element: Element, reading: _Reading) -> None:
    """GTIN and SSCC: without the right digits nothing else on the label can be trusted."""
    if element.parsed() is None or not is_digits(element.value):
        reading.problems.append(_misshapen(element, "refuse"))
    elif not has_right_check_digit(element.value):
        code, what = ("gtin_check_digit", "GTIN") if element.ai == "01" else ("sscc_check_digit", "SSCC")
        reading.problems.append(wrong_check_digit(code, what, element.value))
    else:
        reading.values.setdefault(element.ai, element.value)


def _take_serial(element: Element, reading: _Reading) -> None:
    problems = serial_problems(element.value, _GS1_SERIAL_LENGTH)
    if not problems and element.parsed() is None:
        problems = (_misshapen(element, "note"),)
    reading.problems += problems
    reading.values.setdefault("21", element.value)


def _take_date(element: Element, parsed: GS1ElementString | None, reading: _Reading) -> None:
    if parsed is None or parsed.date is None:
        reading.extra.setdefault(element.ai, element.value)
        reading.problems.append(
            Problem(
                code="bad_date",
                message=f"Application identifier {element.ai} holds {element.value}, which is not a date.",
                severity="refuse",
                facts={"ai": element.ai, "value": element.value},
            )
        )
    elif element.ai in _DATE_FIELDS:
        reading.dates.setdefault(_DATE_FIELDS[element.ai], parsed.date)
    else:
        reading.extra.setdefault(element.ai, element.value)


def _take_location(element: Element, reading: _Reading) -> None:
    reading.locations.setdefault(element.ai, element.value)
    if not has_right_check_digit(element.value):
        problem = wrong_check_digit("gln_check_digit", "Location number", element.value)
        reading.problems.append(replace(problem, severity="note"))


def _unknown(ai: str) -> Problem:
    return Problem(
        code="unknown_ai",
        message=f"Application identifier {ai} is not in the GS1 dictionary; its field is kept as it came.",
        severity="note",
        facts={"ai": ai},
    )


def _misshapen(element: Element, severity: Severity) -> Problem:
    return Problem(
        code="bad_field",
        message=f"Application identifier {element.ai} does not allow the field {element.value!r}.",
        severity=severity,
        facts={"ai": element.ai, "value": element.value},
    )


def _repeated(elements: list[Element]) -> list[Problem]:
    seen: dict[str, str] = {}
    problems = []
    for element in elements:
        first = seen.setdefault(element.ai, element.value)
        if first != element.value:
            what = _PLURALS.get(element.ai)
            said = f"two {what}" if what else f"application identifier {element.ai} twice"
            problems.append(
                Problem(
                    code="repeated_ai",
                    message=f"The code holds {said}: {first} and {element.value}.",
                    severity="review" if what else "note",
                    facts={"ai": element.ai, "values": [first, element.value]},
                )
            )
    return problems


def _with_proposal(code: ScannedCode, elements: list[Element]) -> ScannedCode:
    ways = splits(elements)
    if not ways:
        return code
    readings = [interpret(way, text=compose(way), symbology=code.symbology) for way in ways]
    candidates = [{"batch_no": reading.batch_no, "serial_no": reading.serial_no} for reading in readings]
    host = elements[-1]
    what = {"10": "Batch", "21": "Serial number"}.get(host.ai, f"Field {host.ai},")
    hidden = "another field" if host.ai == "21" else "a serial number"
    problem = Problem(
        code="separator_missing",
        message=f"{what} {host.value} may hold {hidden}: the separator between the two is missing.",
        severity="review",
        facts={**candidates[0], "candidates": candidates},
    )
    # A serial number that is too long only because it holds another field is not refused for its length.
    kept = tuple(each for each in code.problems if host.ai != "21" or each.code != "serial_too_long")
    return replace(code, problems=(*kept, problem), proposal=readings[0])
