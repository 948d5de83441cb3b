"""GS1 element strings: cut into fields here, each field judged by biip.

biip is not given the whole text: where a separator is missing it cuts a variable field at its greatest
length and reads the rest as the next application identifier, and one bad field fails the whole text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from biip import ParseError
from biip.gs1_application_identifiers import GS1ApplicationIdentifier
from biip.gs1_element_strings import GS1ElementString

from scanner.check_digit import is_digits
from scanner.separators import GS

_BRACKETED = re.compile(r"\(([0-9]{2,4})\)")

# Length of an identifier that the dictionary does not know, by its first two digits
# (GS1 General Specifications, figure 7.8.4-2); 2 where that has no row.
_THREE_DIGITS = frozenset({"23", "24", "25", "40", "41", "42", "71"})
_FOUR_DIGITS = frozenset({"31", "32", "33", "34", "35", "36", "39", "43", "70", "72", "80", "81", "82"})


class NotElementStrings(ValueError):
    """The text does not consist of application identifiers and their fields."""


@dataclass(frozen=True, slots=True)
class Element:
    """One application identifier with its field, as cut out of the text."""

    ai: str
    value: str

    @property
    def known(self) -> bool:
        """Whether the GS1 dictionary has this identifier."""
        identifier = identifier_at(self.ai)
        return identifier is not None and identifier.ai == self.ai

    def parsed(self) -> GS1ElementString | None:
        """Return biip's reading of the field, or None where the field is not what the identifier asks for."""
        if GS in self.value or not self.value.isascii():
            return None
        try:
            return GS1ElementString.parse(self.ai + self.value)
        except (ParseError, ValueError):
            return None


def cut(text: str) -> list[Element]:
    """Cut a text into elements; fields of predefined length need no separator, all others end at one.

    Raises:
        NotElementStrings: Where an application identifier should begin there are no two digits.

    >>> [(e.ai, e.value) for e in cut("010950600013435210ABC123" + GS + "21SN0001")]
    [('01', '09506000134352'), ('10', 'ABC123'), ('21', 'SN0001')]
    """
    elements: list[Element] = []
    for segment in filter(None, text.split(GS)):
        rest = segment
        while rest:
            if not is_digits(rest[:2]) or len(rest) < 2:
                raise NotElementStrings(text)
            identifier = identifier_at(rest[:4])
            if identifier is None:
                length = _unknown_length(rest)
                elements.append(Element(rest[:length], rest[length:]))
                break
            start = len(identifier.ai)
            end = len(rest) if identifier.separator_required else start + _field_length(identifier)
            elements.append(Element(identifier.ai, rest[start:end]))
            rest = rest[end:]
    if not elements:
        raise NotElementStrings(text)
    return elements


def cut_bracketed(text: str) -> list[Element]:
    """Cut the human-readable form ``(01)…(10)…``; a bracket inside a field stays part of it.

    Raises:
        NotElementStrings: The text does not begin with an identifier in brackets.
    """
    marks = list(_BRACKETED.finditer(text))
    if not marks or marks[0].start() != 0:
        raise NotElementStrings(text)
    elements: list[Element] = []
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        value = text[mark.end() : following.start() if following else len(text)].strip(" " + GS)
        element = Element(mark.group(1), value)
        if elements and not (element.known and element.value):
            elements[-1] = Element(elements[-1].ai, elements[-1].value + mark.group() + value)
        else:
            elements.append(element)
    return elements


def compose(elements: Iterable[Element]) -> str:
    """Write elements as one text, a separator behind each field that needs one and is not the last.

    >>> compose([Element("10", "ABC123"), Element("21", "SN0001")])
    '10ABC123\\x1d21SN0001'
    """
    parts: list[str] = []
    for element in elements:
        identifier = identifier_at(element.ai)
        open_ended = identifier is None or identifier.separator_required
        parts.append(element.ai + element.value + (GS if open_ended else ""))
    return "".join(parts).removesuffix(GS)


@lru_cache(maxsize=4096)
def identifier_at(text: str) -> GS1ApplicationIdentifier | None:
    """Return the dictionary's identifier at the start of a text of up to four characters."""
    try:
        return GS1ApplicationIdentifier.extract(text)
    except ParseError:
        return None


def _unknown_length(text: str) -> int:
    wanted = 4 if text[:2] in _FOUR_DIGITS else 3 if text[:2] in _THREE_DIGITS else 2
    return wanted if is_digits(text[:wanted]) else 2


def _field_length(identifier: GS1ApplicationIdentifier) -> int:
    # biip writes predefined lengths as "N2+N14": identifier, then field.
    return sum(int(part) for part in re.findall(r"\d+", identifier.format)[1:])
