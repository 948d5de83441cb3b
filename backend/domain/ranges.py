"""Serial numbers as a person types or pastes them: one, many, or a range.

Entries are separated by line ends, commas or tabs; space around them does not count, space inside does. Ranges:

=================  =======================  ================================================================
``SN-01::10``      SN-01, SN-02 … SN-10     the end is a number, or a whole serial number
``A-09 to A-11``   A-09, A-10, A-11         the same in words
``10-15``          10, 11 … 15              only on request, and only where both sides are plain numbers
``10+3``           10, 11, 12               only on request: so many numbers from the first
=================  =======================  ================================================================

No label has ``::`` or a spaced `` to ``, so these two are always ranges. A hyphen and a plus are in many real
serial numbers, ``2024-0001`` among them, so without the request they are never anything else.

Further numbers of a unit stand behind its serial number, each with its name: ``NB25-0001 imei=354178036859789
mac=d0:50:99:84:a2:a0``. They may be entries of their own, as the cells of a spreadsheet's row are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from backend.domain import serials
from backend.domain.errors import DomainError, Refusal, refuse
from backend.domain.standards import SecondaryKind
from backend.domain.standards import clean as clean_secondary

MAX_LIST = 10_000
"""Most serial numbers in one list."""

# Not str.splitlines: it also splits at the GS separator, which would make two serial numbers of a pasted scan.
_ENTRY = re.compile(r"[^,\t]+")
_LINE_END = re.compile(r"\r\n|\r|\n")
_ENDS = re.compile(r"(?P<first>.*?)(?:\s*::\s*|\s+to\s+)(?P<last>.*)", re.IGNORECASE)
# Longer entries are refused as too long for a serial number: the patterns would be slow on a megabyte of digits.
_LONGEST_RANGE = 3 * serials.MAX_LENGTH
_FURTHER = re.compile(rf"(?:^|\s)({'|'.join(SecondaryKind)})\s*[=:]", re.IGNORECASE)
_LONGEST_ENTRY = 2_000
"""Longer ones are refused as serial numbers; nobody has to look for further numbers in them."""
_DIGITS = re.compile(r"(?P<before>.*?)(?P<digits>[0-9]+)")
_ON_REQUEST = re.compile(r"(?P<first>[0-9]+)\s*(?P<sign>[-+])\s*(?P<number>-?[0-9]+(?:\.[0-9]+)?)")


@dataclass(frozen=True, slots=True)
class RefusedEntry:
    """An entry of a list that is no serial number and no range.

    Args:
        line: Line of the text, counted from 1.
        text: The entry, safe for any screen.
        refusal: Why.
    """

    line: int
    text: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class NumberOfUnit:
    """A further number that stands behind a serial number of the list."""

    serial_no: str
    kind: SecondaryKind
    text: str


@dataclass(slots=True)
class ParsedList:
    """What a text says: serial numbers in its order with their further numbers, and the entries that are none.

    ``possible_ranges`` are entries such as ``10-15`` that were taken as serial numbers and would be ranges on request.
    """

    serial_nos: list[str] = field(default_factory=list)
    secondary_serials: list[NumberOfUnit] = field(default_factory=list)
    refused: list[RefusedEntry] = field(default_factory=list)
    possible_ranges: list[str] = field(default_factory=list)


def parse_list(text: str, *, read_ranges: bool = False) -> ParsedList:
    """Read a typed or pasted list; every entry ends up as serial numbers or as refused.

    Args:
        text: The list.
        read_ranges: Whether the person asked for ``10-15`` and ``10+3`` to be ranges.

    >>> parse_list("NB25-0001, A-09 to A-11").serial_nos
    ['NB25-0001', 'A-09', 'A-10', 'A-11']
    >>> parse_list("10-12").serial_nos, parse_list("10-12", read_ranges=True).serial_nos
    (['10-12'], ['10', '11', '12'])

    >>> [(each.serial_no, each.text) for each in parse_list("A-1 mac=D0509984A2A0").secondary_serials]
    [('A-1', 'd0:50:99:84:a2:a0')]

    Raises:
        DomainError: ``list_too_long``.
    """
    parsed = ParsedList()
    first_line: dict[str, int] = {}
    owner_line, owner = 0, ""
    for line, content in _entries(text):
        entry, numbers = _with_numbers(content)
        try:
            serial_nos = expand(entry, read_ranges=read_ranges) if entry else []
        except DomainError as error:
            _refuse_entry(parsed, line, content, error.refusal)
            continue
        for serial_no in serial_nos:
            serial_key = serials.key(serial_no)
            refusal = serials.check(serial_no) or _repeated(serial_no, first_line.get(serial_key))
            if refusal:
                _refuse_entry(parsed, line, serial_no, refusal)
                continue
            first_line[serial_key] = line
            parsed.serial_nos.append(serial_no)
        if serial_nos:
            owner_line, owner = line, serial_nos[0] if len(serial_nos) == 1 else ""
        if numbers:
            _add_numbers(parsed, line, content, owner if owner_line == line else "", numbers)
        if len(parsed.serial_nos) + len(parsed.refused) > MAX_LIST:
            raise refuse(
                "list_too_long",
                f"The list has more than {MAX_LIST:,} serial numbers, the limit of one list.",
                "Split it and send the parts one after the other.",
                limit=MAX_LIST,
            )
        if not read_ranges and _ON_REQUEST.fullmatch(entry):
            parsed.possible_ranges.append(entry)
    return parsed


def expand(entry: str, *, read_ranges: bool = False) -> list[str]:
    """The serial numbers of one entry: itself, or those of its range.

    >>> expand("SN-98::101")
    ['SN-98', 'SN-99', 'SN-100', 'SN-101']

    Raises:
        DomainError: ``range_incomplete``, ``range_ends_differ``, ``range_backwards``, ``range_count``,
            ``range_too_long``.
    """
    if len(entry) > _LONGEST_RANGE:
        return [entry]
    ends = _ENDS.fullmatch(entry)
    if ends:
        return _between(entry, ends["first"], ends["last"])
    on_request = _ON_REQUEST.fullmatch(entry) if read_ranges else None
    if on_request is None:
        return [serials.clean(entry)]
    if on_request["sign"] == "-":
        return _between(entry, on_request["first"], on_request["number"])
    return _numbers("", on_request["first"], _count(entry, on_request["number"]))


def _entries(text: str) -> Iterator[tuple[int, str]]:
    for line, content in enumerate(_LINE_END.split(text), start=1):
        for match in _ENTRY.finditer(content):
            entry = match.group().strip()
            if entry:
                yield line, entry


def _with_numbers(entry: str) -> tuple[str, list[tuple[SecondaryKind, str]]]:
    """What an entry says before its further numbers, and these."""
    if len(entry) > _LONGEST_ENTRY:
        return entry, []
    before, *named = _FURTHER.split(entry)
    numbers = zip(named[::2], named[1::2], strict=True)
    return before.strip(), [(SecondaryKind(kind.lower()), text.strip()) for kind, text in numbers]


def _add_numbers(
    parsed: ParsedList, line: int, entry: str, serial_no: str, numbers: list[tuple[SecondaryKind, str]]
) -> None:
    if not serial_no:
        refusal = Refusal(
            "secondary_of_no_unit",
            f"'{_shown(entry)}' does not stand behind the serial number of one unit.",
            "Write the serial number, then its further numbers on the same line: NB25-0001 imei=354178036859789.",
        )
        _refuse_entry(parsed, line, entry, refusal)
        return
    for kind, text in numbers:
        number = clean_secondary(kind, text)
        if isinstance(number, Refusal):
            _refuse_entry(parsed, line, text or entry, number)
        else:
            parsed.secondary_serials.append(NumberOfUnit(serial_no, kind, number))


def _between(entry: str, first: str, last: str) -> list[str]:
    start, end = _DIGITS.fullmatch(first), _DIGITS.fullmatch(last)
    if start is None or end is None:
        raise refuse(
            "range_incomplete",
            f"'{_shown(entry)}' is a range whose ends do not both end in a number.",
            "Write it as SN-01::10 or A-09 to A-11.",
        )
    before, digits = start["before"], start["digits"]
    # The end may leave out what both have in common. Written in full, it must agree in all but the number.
    is_short = not end["before"] and len(end["digits"]) <= len(digits)
    if not is_short and end["before"] not in (before, ""):
        raise refuse(
            "range_ends_differ",
            f"'{_shown(entry)}' begins with '{_shown(before)}' and ends with '{_shown(end['before'])}'.",
            "Both ends of a range have the same text before the number.",
        )
    count = int(end["digits"]) - int(digits) + 1
    if count < 1:
        raise refuse(
            "range_backwards",
            f"'{_shown(entry)}' ends before it begins.",
            "Write the lower number first.",
        )
    if count > MAX_LIST:
        raise _too_long(entry)
    numbers = _numbers(before, digits, count)
    if not is_short and numbers[-1] != serials.clean(before + end["digits"]):
        raise refuse(
            "range_ends_differ",
            f"'{_shown(entry)}' would end at '{numbers[-1]}': its ends do not have the same zeros before the number.",
            "Write both ends with as many digits as the labels have.",
        )
    return numbers


def _count(entry: str, number: str) -> int:
    count = int(number) if number.isdigit() and len(number) <= len(str(MAX_LIST)) else 0
    if not 1 <= count <= MAX_LIST:
        raise refuse(
            "range_count",
            f"'{_shown(entry)}' asks for {number[:20]} serial numbers; a range has 1 to {MAX_LIST:,}.",
            "Write a whole number within the limit after the +.",
            limit=MAX_LIST,
        )
    return count


def _numbers(before: str, digits: str, count: int) -> list[str]:
    """So many numbers from the first; its zeros are kept, and 99 goes on to 100."""
    start = int(digits)
    return [serials.clean(f"{before}{number:0{len(digits)}d}") for number in range(start, start + count)]


def _too_long(entry: str) -> DomainError:
    return refuse(
        "range_too_long",
        f"'{_shown(entry)}' has more than {MAX_LIST:,} serial numbers, the limit of one list.",
        "Check both ends; a larger range is entered in parts.",
        limit=MAX_LIST,
    )


def _repeated(serial_no: str, line: int | None) -> Refusal | None:
    if line is None:
        return None
    return Refusal(
        "duplicate_in_list",
        f"{serial_no} is in the list already, on line {line}.",
        "Remove one of the two, or correct the one that is mistyped.",
        facts={"line": line},
    )


def _refuse_entry(parsed: ParsedList, line: int, text: str, refusal: Refusal) -> None:
    parsed.refused.append(RefusedEntry(line, _shown(text), refusal))


def _shown(text: str) -> str:
    return serials.printable(text[:100])
