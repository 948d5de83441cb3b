"""Two codes of one label, such as the GTIN in one and the serial number in the other, read as one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from scanner.element_strings import Element, compose
from scanner.meaning import interpret
from scanner.scanned_code import Kind, ScannedCode


def join(first: ScannedCode, second: ScannedCode) -> ScannedCode | None:
    """Return both codes as one, or None where they contradict each other or one adds nothing to the other.

    GS1 judges pairs over all symbols of a label, so notes on missing partners are judged anew. The text is
    written as one element string, keys first. A code with anything to refuse or to review is not joined.
    """
    if not (_is_usable(first) and _is_usable(second)):
        return None
    one, other = _fields(first), _fields(second)
    both = one.keys() & other.keys()
    if any(one[ai] != other[ai] for ai in both) or len(both) in (len(one), len(other)):
        return None
    merged = one | other
    elements = [Element(ai, merged[ai]) for ai in sorted(merged, key=_place)]
    symbology = first.symbology if first.symbology == second.symbology else ""
    joined = interpret(elements, text=compose(elements), symbology=symbology)
    # What each half passed on its own stays passed: a plain serial number may be longer than field 21 allows.
    notes = tuple(problem for problem in joined.problems if problem.severity == "note")
    return replace(joined, problems=notes, proposal=None)


def _is_usable(code: ScannedCode) -> bool:
    return code.kind is not Kind.EMPTY and all(problem.severity == "note" for problem in code.problems)


def _fields(code: ScannedCode) -> dict[str, str]:
    named: dict[str, str | None] = {
        "00": code.sscc,
        "01": code.gtin,
        "11": _yymmdd(code.manufactured_on),
        "15": _yymmdd(code.best_before),
        "17": _yymmdd(code.expires_on),
        "30" if code.sscc is None else "37": None if code.count is None else str(code.count),
        "10": code.batch_no,
        "21": code.serial_no,
    }
    present = {ai: value for ai, value in named.items() if value is not None}
    return present | code.locations | code.extra


def _yymmdd(day: date | None) -> str | None:
    return None if day is None else day.strftime("%y%m%d")


def _place(ai: str) -> tuple[int, str]:
    """Keys and fields of predefined length first, as the General Specifications advise."""
    order = ("00", "01", "02", "11", "15", "17", "10", "21")
    return (order.index(ai), ai) if ai in order else (len(order), ai)
