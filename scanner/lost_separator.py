"""The guard for a lost GS separator: batch ``ABC12321SN0001`` may be batch ABC123 and serial SN0001."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.element_strings import Element, NotElementStrings, cut, identifier_at

# What stands between batch and serial number where both came without separator: fields of predefined length.
_DATES = ("11", "13", "15", "16", "17")
_DATE_FIELD = 8

# Scanners that send Alt+029 to a page that swallows the Alt key leave the three digits behind.
_ALT_REMAINS = "029"

_GS1_SERIAL_LENGTH = 20


def splits(elements: list[Element]) -> list[list[Element]]:
    """Return the ways to read another field out of the last one, likeliest first.

    Without separators the first field of variable length takes all that follows it, so only the last field can
    hold another. A batch, or any other variable field, is asked for the serial number that the text lacks. A
    serial number is asked only where it is longer than GS1 allows: in one of lawful length "10" or "17" is so
    common that a warning would be noise.

    >>> [[e.value for e in way] for way in splits([Element("10", "ABC12321SN0001")])]
    [['ABC123', 'SN0001']]
    >>> [[e.value for e in way] for way in splits([Element("21", "SN000110ABC12345678901234")])]
    [['SN0001', 'ABC12345678901234']]
    """
    *before, last = elements
    if last.ai == "21":
        ways = _behind_serial(last.value) if len(last.value) > _GS1_SERIAL_LENGTH else iter(())
    elif any(element.ai == "21" for element in before) or not _is_open_ended(last):
        return []
    else:
        ways = _before_serial(last)
    return [before + way for way in ways]


def _is_open_ended(element: Element) -> bool:
    identifier = identifier_at(element.ai)
    return identifier is not None and identifier.ai == element.ai and identifier.separator_required


def _before_serial(host: Element) -> Iterator[list[Element]]:
    value = host.value
    for at in range(1, len(value) - 2):
        if value[at : at + 2] != "21":
            continue
        serial = Element("21", value[at + 2 :])
        if serial.parsed() is None:
            continue
        rest = _without_alt_remains(value[:at])
        date = Element(rest[-_DATE_FIELD:][:2], rest[-_DATE_FIELD + 2 :])
        if len(rest) > _DATE_FIELD and date.ai in _DATES and date.parsed() is not None:
            fields = [Element(host.ai, _without_alt_remains(rest[:-_DATE_FIELD])), date, serial]
        else:
            fields = [Element(host.ai, rest), serial]
        if fields[0].parsed() is not None:
            yield fields


def _behind_serial(value: str) -> Iterator[list[Element]]:
    for at in range(1, len(value) - 2):
        if value[at : at + 2] not in ("10", *_DATES):
            continue
        try:
            behind = cut(value[at:])
        except NotElementStrings:
            continue
        serial = Element("21", _without_alt_remains(value[:at]))
        fields = [serial, *behind]
        if all(field.ai in ("10", "21", *_DATES) and field.parsed() is not None for field in fields):
            yield fields


def _without_alt_remains(value: str) -> str:
    return value.removesuffix(_ALT_REMAINS) or value
