"""What a supplier's EPCIS document announces: the units of its object events.

References:
    EPCIS 2.0 (ISO/IEC 19987), sections 7.4.2 (ObjectEvent) and 7.4.1.4 (an event that is declared wrong did not
    happen); EPC Tag Data Standard 2.0, section 6.3.1 (SGTIN).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

_SGTIN = re.compile(r"urn:epc:id:sgtin:([0-9]{6,12})\.([0-9]{1,7})\.(\S+)")
_OWN = re.compile(r"https?://[^/]+/id/item/([^/]+)/21/([^/]+)")
_GTIN_BODY = 13


@dataclass(frozen=True, slots=True)
class AnnouncedEpc:
    """A unit's name in an event; ``event`` counts from 1."""

    event: int
    epc: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """The units of a document, each once, and how many events say nothing of units to come."""

    epcs: tuple[AnnouncedEpc, ...]
    events: int
    ignored: int


def read_announcement(events: Sequence[Mapping[str, Any]]) -> Announcement:
    """The units that a supplier has made, packed or shipped.

    Other events than object events, and those that end a unit's life, are passed over; one that is declared wrong
    takes away what the event of the same id brought.

    >>> shipped = {"type": "ObjectEvent", "action": "OBSERVE", "eventID": "ni:1", "epcList": ["a", "b"]}
    >>> [each.epc for each in read_announcement([shipped]).epcs]
    ['a', 'b']
    >>> read_announcement([shipped, shipped | {"errorDeclaration": {}}]).epcs
    ()
    """
    withdrawn = {event.get("eventID") for event in events if "errorDeclaration" in event} - {None}
    found: dict[str, int] = {}
    ignored = 0
    for number, event in enumerate(events, start=1):
        epcs = event.get("epcList")
        counts = (
            event.get("type") == "ObjectEvent"
            and event.get("action") in ("ADD", "OBSERVE")
            and "errorDeclaration" not in event
            and event.get("eventID") not in withdrawn
            and isinstance(epcs, list)
        )
        if not counts:
            ignored += 1
            continue
        for epc in epcs or ():
            found.setdefault(str(epc), number)
    return Announcement(tuple(AnnouncedEpc(number, epc) for epc, number in found.items()), len(events), ignored)


def gtin_of_sgtin(epc: str, check_digit: Any) -> tuple[str, str] | None:
    """GTIN and serial number of an EPC URN; ``check_digit`` tells the one of thirteen digits.

    >>> gtin_of_sgtin("urn:epc:id:sgtin:9506000.013435.NB%2F1", lambda digits: 2)
    ('09506000134352', 'NB/1')
    """
    match = _SGTIN.fullmatch(epc)
    if match is None or len(match[1]) + len(match[2]) != _GTIN_BODY:
        return None
    body = match[2][0] + match[1] + match[2][1:]
    return f"{body}{check_digit(body)}", unquote(match[3])


def own_name(epc: str) -> tuple[str, str] | None:
    """Item code and serial number of a name that an installation like ours gives to units without a GS1 key.

    >>> own_name("https://stock.example/id/item/CAB%202/21/7")
    ('CAB 2', '7')
    """
    match = _OWN.fullmatch(epc)
    return match and (unquote(match[1]), unquote(match[2]))
