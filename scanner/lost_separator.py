"""The guard for a lost GS separator: batch ``ABC12321SN0001`` may be batch ABC123 and serial SN0001."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.element_strings import Element

# What stands between batch and serial number where both came without separator: fields of predefined length.
_DATES = ("11", "13", "15", "16", "17")
_DATE_FIELD = 8

# Scanners that send Alt+029 to a page that swallows the Alt key leave the three digits behind.
_ALT_REMAINS = "029"


def splits(elements: list[Element]) -> list[list[Element]]:
    """Return the ways to read a serial number out of the batch field, likeliest first.

    Empty where the text has a serial number of its own or no batch. Only the batch is looked at: in a serial
    number "10" is so common that a warning would be noise.

    >>> [[e.value for e in way] for way in splits([Element("10", "ABC12321SN0001")])]
    [['ABC123', 'SN0001']]
    """
    if any(element.ai == "21" for element in elements):
        return []
    at = next((at for at, element in enumerate(elements) if element.ai == "10"), None)
    if at is None:
        return []
    return [elements[:at] + way + elements[at + 1 :] for way in _ways(elements[at].value)]


def _ways(value: str) -> Iterator[list[Element]]:
    for cut in range(1, len(value) - 2):
        if value[cut : cut + 2] != "21":
            continue
        serial = Element("21", value[cut + 2 :])
        if serial.parsed() is None:
            continue
        batch = value[:cut]
        if batch.endswith(_ALT_REMAINS) and len(batch) > len(_ALT_REMAINS):
            batch = batch.removesuffix(_ALT_REMAINS)
        date = Element(batch[-_DATE_FIELD:][:2], batch[-_DATE_FIELD + 2 :])
        if len(batch) > _DATE_FIELD and date.ai in _DATES and date.parsed() is not None:
            batch_field = Element("10", batch[:-_DATE_FIELD].removesuffix(_ALT_REMAINS) or batch)
            fields = [batch_field, date, serial]
        else:
            fields = [Element("10", batch), serial]
        if fields[0].parsed() is not None:
            yield fields
