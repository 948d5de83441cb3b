"""One look-up by serial number: what a person scanned or typed, and the units that it can mean."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, joinedload

from backend.domain import serials, standards
from backend.domain.locations import STATE_AT, LocationKind
from backend.models import (
    FormerSerialNumber,
    ItemBarcode,
    Location,
    SecondarySerial,
    SerialNumber,
    was_at,
)
from backend.queries.availability import availabilities
from backend.queries.expected import announced_units
from backend.queries.receipts import place
from scanner.gs1 import Kind, parse

MOST_MATCHES = 20


def find(session: Session, text: str, symbology: str, today: date, sites: Collection[int]) -> dict[str, Any]:
    """Find units that are or were at some sites, by what was scanned or typed: case and outer space are ignored.

    Returns:
        ``matches``: the units; ``suggestions``: near ones when there is no match; ``code`` and ``message``
        when the answer needs words: ``serial_unknown``, ``ambiguous_item``, ``item_code_not_serial``,
        ``sscc_unknown``.
    """
    code = parse(text, symbology)
    serial_no = code.serial_no or (code.text if code.kind in (Kind.PLAIN, Kind.GTIN) else "")
    shown = serials.printable(serial_no or text.strip())[:80]
    if serials.check(serial_no):
        serial_no = ""  # No unit has it, and no database need be asked.
    query = units_at(sites)
    if code.gtin and code.kind is not Kind.GTIN:
        query = query.join(ItemBarcode, ItemBarcode.item_id == SerialNumber.item_id).where(
            ItemBarcode.code == code.gtin
        )
    key = serials.key(serial_no)
    matches = (
        session.scalars(query.where(SerialNumber.serial_key == key).limit(MOST_MATCHES)).all() if serial_no else []
    )
    matches = matches or _by_secondary(session, query, serial_no)
    former = {} if matches or not serial_no else _formerly(session, query, key)
    matches = matches or list(former)
    answer: dict[str, Any] = {
        "matches": [
            found | {"formerly": former.get(unit)}
            for unit, found in zip(matches, summaries(session, matches, today), strict=True)
        ],
        "expected": [],
        "suggestions": [],
        "code": None,
        "message": None,
    }
    if len(matches) > 1:
        codes = ", ".join(unit.item.item_code for unit in matches)
        answer |= {"code": "ambiguous_item", "message": f"{shown} is a serial number of {codes}. Which one?"}
    elif not matches and code.kind is Kind.GTIN and _is_item_code(session, code.gtin):
        answer |= {
            "code": "item_code_not_serial",
            "message": f"{shown} is the product code of an item. Scan the unit's serial number.",
        }
    elif not matches and code.kind is Kind.SSCC:
        answer |= {
            "code": "sscc_unknown",
            "message": f"Unknown pallet {code.sscc}: no contents are known. Scan the units inside.",
        }
    elif not matches and (announced := announced_units(session, serials.key(serial_no), code.gtin, sites)):
        of = announced[0]
        answer |= {
            "expected": announced,
            "code": "serial_expected",
            "message": f"{shown} is not here yet: it is expected from {of['supplier']['name']} "
            f"on {of['purchase_order']['number']}.",
        }
    elif not matches:
        near = [serials.key(other) for other in serials.lookalikes(serial_no)]
        suggestions = session.scalars(units_at(sites).where(SerialNumber.serial_key.in_(near)).limit(5)).all()
        answer |= {
            "suggestions": summaries(session, suggestions, today),
            "code": "serial_unknown",
            "message": f"Unknown serial number '{shown}'. Check the text, or scan the label again.",
        }
    return answer


def _by_secondary(session: Session, query: Select[Any], text: str) -> Sequence[SerialNumber]:
    """The units that have a text as a further number, such as their IMEI, however it is written."""
    wanted = standards.keys(text)
    if not wanted:
        return []
    has_it = exists().where(
        SecondarySerial.serial_id == SerialNumber.id, SecondarySerial.secondary_key.in_(sorted(wanted))
    )
    return session.scalars(query.where(has_it).limit(MOST_MATCHES)).all()


def summaries(session: Session, found: Sequence[SerialNumber], today: date) -> list[dict[str, Any]]:
    """Units in one line each."""
    of_each = availabilities(session, [unit.id for unit in found], today)
    return [
        {
            "id": unit.id,
            "item": {"id": unit.item.id, "item_code": unit.item.item_code, "name": unit.item.name},
            "serial_no": unit.serial_no,
            "state": STATE_AT[LocationKind(unit.location.kind)],
            "availability": of_each[unit.id],
            "location": place(unit.location),
            "batch_no": unit.batch and unit.batch.batch_no,
            "formerly": None,
        }
        for unit in found
    ]


def units_at(sites: Collection[int]) -> Select[Any]:
    """The units that are or were at some sites, with what a line about them shows."""
    return (
        select(SerialNumber)
        .where(was_at(sites))
        .options(
            joinedload(SerialNumber.item),
            joinedload(SerialNumber.batch),
            joinedload(SerialNumber.supplier),
            joinedload(SerialNumber.location).joinedload(Location.parent),
        )
    )


def _formerly(session: Session, query: Select[Any], key: str) -> dict[SerialNumber, str]:
    """Units that had a serial number before it was corrected, with that text."""
    rows = session.execute(
        query.add_columns(FormerSerialNumber.serial_no)
        .join(FormerSerialNumber, FormerSerialNumber.serial_id == SerialNumber.id)
        .where(FormerSerialNumber.serial_key == key)
        .limit(MOST_MATCHES)
    )
    return {row[0]: row[1] for row in rows}


def _is_item_code(session: Session, gtin: str | None) -> bool:
    return bool(gtin and session.scalar(select(ItemBarcode.id).where(ItemBarcode.code == gtin)))
