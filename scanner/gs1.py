"""What a scanned text means: GS1 element strings, GTINs, Digital Links, logistic units, plain serial numbers.

References:
    GS1 General Specifications, sections 3 (application identifiers), 7.8 (FNC1 and separator), 7.9 (check
    digits), 7.12 (century of a date). ISO/IEC 15424 (symbology identifiers).
"""

from __future__ import annotations

from scanner.check_digit import GTIN_LENGTHS, has_right_check_digit, is_digits, wrong_check_digit
from scanner.digital_link import cut_digital_link, is_web_address
from scanner.element_strings import Element, NotElementStrings, cut, cut_bracketed
from scanner.joined import join
from scanner.meaning import interpret, is_sound
from scanner.scanned_code import Kind, Problem, ScannedCode
from scanner.separators import (
    GS,
    GS1_IDENTIFIERS,
    RETAIL_IDENTIFIERS,
    restore_separators,
    split_identifier,
    strip_outer_space,
)
from scanner.serial_text import serial_problems

__all__ = ["Kind", "Problem", "ScannedCode", "join", "parse"]


def parse(text: str, symbology: str = "") -> ScannedCode:
    """Say what a scanned or typed text means; never raises for what the text holds.

    Args:
        text: As the decoder, the keyboard scanner or the person gave it.
        symbology: Symbology identifier such as "]d2"; empty where unknown. One in the text wins.

    >>> parse("]d2010950600013435210ABC123\\x1d21SN0001").serial_no
    'SN0001'
    >>> parse("010950600013435321SN1").refusal.message
    'GTIN 09506000134353 has the check digit 3, it should be 2.'
    >>> parse("NB25-0017").kind
    <Kind.PLAIN: 'plain'>
    """
    symbology, body = split_identifier(strip_outer_space(text), strip_outer_space(symbology))
    body = strip_outer_space(restore_separators(body))
    marked = symbology in GS1_IDENTIFIERS
    body = body.rstrip(GS)
    # Where the whole symbol was GS1, some scanners send FNC1 in front as the separator, too.
    led_by_separator = body.startswith(GS)
    body = strip_outer_space(body.lstrip(GS))

    if not body:
        return ScannedCode(text="", symbology=symbology, kind=Kind.EMPTY, problems=serial_problems(""))
    return (
        _as_digital_link(body, symbology)
        or _as_gtin(body, symbology)
        or _as_element_strings(body, symbology, marked=marked, led_by_separator=led_by_separator)
        or _as_plain(body, symbology)
    )


def _as_digital_link(body: str, symbology: str) -> ScannedCode | None:
    if not is_web_address(body):
        return None
    try:
        elements = cut_digital_link(body)
    except NotElementStrings:
        return None
    return interpret(elements, text=body, symbology=symbology, kind=Kind.DIGITAL_LINK)


def _as_gtin(body: str, symbology: str) -> ScannedCode | None:
    """EAN, UPC, ITF-14 or typed digits; without a retail symbology only a right check digit makes a GTIN."""
    number = body.split()[0] if symbology == "]E3" else body
    if symbology in GS1_IDENTIFIERS or not is_digits(number) or len(number) not in GTIN_LENGTHS:
        return None
    if has_right_check_digit(number):
        return ScannedCode(text=body, symbology=symbology, kind=Kind.GTIN, gtin=number.zfill(14))
    if symbology not in RETAIL_IDENTIFIERS:
        return None
    problem = wrong_check_digit("gtin_check_digit", "GTIN", number)
    return ScannedCode(text=body, symbology=symbology, kind=Kind.GTIN, problems=(problem,))


def _as_element_strings(body: str, symbology: str, *, marked: bool, led_by_separator: bool) -> ScannedCode | None:
    try:
        elements = cut_bracketed(body) if body.startswith("(") else cut(body)
    except NotElementStrings:
        return None
    if body.startswith("("):
        believed = elements[0].known
    elif marked:
        believed = True
    elif led_by_separator or GS in body:
        believed = is_sound(elements) or _begins_with_key(elements)
    else:
        believed = _begins_with_key(elements) or _has_key_and_more(elements)
    return interpret(elements, text=body, symbology=symbology) if believed else None


def _begins_with_key(elements: list[Element]) -> bool:
    """A right check digit behind 00, 01 or 02 at the start: chance alone does this once in a thousand."""
    first = elements[0]
    return first.ai in ("00", "01", "02") and first.parsed() is not None and has_right_check_digit(first.value)


def _has_key_and_more(elements: list[Element]) -> bool:
    """A key with a wrong check digit is still one where sound fields follow it."""
    return elements[0].ai == "01" and len(elements) > 1 and is_sound(elements)


def _as_plain(body: str, symbology: str) -> ScannedCode:
    return ScannedCode(text=body, symbology=symbology, kind=Kind.PLAIN, serial_no=body, problems=serial_problems(body))
