"""One look-up by serial number, and a unit's page with its history from the ledger."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, joinedload

from backend.domain import serials, standards
from backend.domain.locations import STATE_AT, LocationKind
from backend.domain.warranty import coverage
from backend.models import (
    Component,
    Device,
    FormerSerialNumber,
    ItemBarcode,
    Location,
    Party,
    PurchaseOrder,
    Scan,
    SecondarySerial,
    SerialNumber,
    StockLedgerEntry,
    User,
    Voucher,
    Warranty,
)
from backend.queries.availability import availabilities, holds, reservation_of
from backend.queries.batches import state_of
from backend.queries.expected import announced_units
from backend.queries.receipts import party, place
from backend.queries.stock import places_by_id
from scanner.gs1 import Kind, parse

_LOOKALIKES = (("O", "0"), ("I", "1"), ("L", "1"), ("S", "5"), ("B", "8"))
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
    query = _units(sites)
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
        near = _near(serial_no)
        suggestions = session.scalars(_units(sites).where(SerialNumber.serial_key.in_(near)).limit(5)).all()
        answer |= {
            "suggestions": summaries(session, suggestions, today),
            "code": "serial_unknown",
            "message": f"Unknown serial number '{shown}'. Check the text, or scan the label again.",
        }
    return answer


def unit(session: Session, unit_id: int, today: date, sites: Collection[int]) -> dict[str, Any] | None:
    """Everything about one unit that is or was at some sites, elsewhere, too: a unit has one history."""
    found = session.scalar(_units(sites).where(SerialNumber.id == unit_id).options(joinedload(SerialNumber.owner)))
    if found is None:
        return None
    warranty = _warranty(session, unit_id)
    history = history_of(session, unit_id)
    item = found.item
    covered = coverage(
        warranty.start_on if warranty else None,
        warranty.end_on if warranty else None,
        item.warranty_months if item.warranty_days is None else item.warranty_days,
        today,
        void_reason=warranty.void_reason if warranty else None,
    )
    sale = _last_sale(session, found)
    kept = holds(session, serial_ids=[unit_id], batch_ids=[found.batch_id] if found.batch_id else [])
    return summaries(session, [found], today)[0] | {
        "batch": found.batch
        and {
            "id": found.batch.id,
            "batch_no": found.batch.batch_no,
            "manufactured_on": found.batch.manufactured_on,
            "expires_on": found.batch.expires_on,
            "state": state_of([hold for hold in kept if hold["batch_id"]], found.batch.expires_on, today),
        },
        "reserved": reservation_of(session, unit_id),
        "holds": kept,
        "supplier": party(found.supplier),
        "received": _receipt(session, found),
        "sold": sale,
        "owner": party(found.owner),
        "warranty": {
            "status": covered.status,
            "start": warranty and warranty.start_on,
            "end": warranty and warranty.end_on,
            "days_left": covered.days_left,
            "message": covered.message,
        },
        "correction": _correction(session, unit_id),
        "components": _components(session, unit_id),
        "part_of": _part_of(session, unit_id),
        "technician": None,
        "services": [],
        "secondary_kinds": item.secondary_kinds,
        "secondary_serials": [
            dict(row._mapping)
            for row in session.execute(
                select(SecondarySerial.id, SecondarySerial.kind, SecondarySerial.secondary_no)
                .where(SecondarySerial.serial_id == unit_id)
                .order_by(SecondarySerial.kind, SecondarySerial.id)
            )
        ],
        "history": history,
    }


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


def _formerly(session: Session, query: Select[Any], key: str) -> dict[SerialNumber, str]:
    """Units that had a serial number before it was corrected, with that text."""
    rows = session.execute(
        query.add_columns(FormerSerialNumber.serial_no)
        .join(FormerSerialNumber, FormerSerialNumber.serial_id == SerialNumber.id)
        .where(FormerSerialNumber.serial_key == key)
        .limit(MOST_MATCHES)
    )
    return {row[0]: row[1] for row in rows}


def _correction(session: Session, unit_id: int) -> dict[str, Any] | None:
    former = session.get(FormerSerialNumber, unit_id)
    if former is None:
        return None
    return {
        "serial_no": former.serial_no,
        "reason": former.reason,
        "by": former.corrected_by.username,
        "at": former.corrected_at,
    }


def _components(session: Session, unit_id: int) -> list[dict[str, Any]]:
    """What was ever built into a unit, and what is inside it now."""
    rows = session.scalars(
        select(Component)
        .where(Component.parent_id == unit_id)
        .order_by(Component.put_in_at, Component.id)
        .options(
            joinedload(Component.serial),
            joinedload(Component.item),
            joinedload(Component.batch),
            joinedload(Component.voucher),
        )
    )
    return [
        {
            "unit_id": row.serial_id,
            "serial_no": row.serial and row.serial.serial_no,
            "item_code": row.item.item_code,
            "batch_no": row.batch and row.batch.batch_no,
            "qty": row.qty,
            "number": row.voucher.number,
            "put_in_at": row.put_in_at,
            "removed_at": row.removed_at,
        }
        for row in rows
    ]


def _part_of(session: Session, unit_id: int) -> dict[str, Any] | None:
    """The unit that this one is built into."""
    parent = session.scalars(
        select(SerialNumber)
        .join(Component, Component.parent_id == SerialNumber.id)
        .where(Component.serial_id == unit_id, Component.removed_at.is_(None))
        .options(joinedload(SerialNumber.item))
    ).first()
    if parent is None:
        return None
    return {"unit_id": parent.id, "serial_no": parent.serial_no, "item_code": parent.item.item_code}


def history_of(session: Session, unit_id: int) -> list[dict[str, Any]]:
    """The unit's movements, oldest first: the two entries of each shown as one line."""
    rows = session.execute(
        select(
            StockLedgerEntry.site_id,
            StockLedgerEntry.seq,
            StockLedgerEntry.qty,
            StockLedgerEntry.location_id,
            StockLedgerEntry.scanned_at,
            StockLedgerEntry.posted_at,
            User.username,
            Device.name.label("device"),
            Voucher.id.label("voucher_id"),
            Voucher.type,
            Voucher.number,
            Voucher.cancelled_at,
            Party.code.label("party"),
        )
        .join(User, User.id == StockLedgerEntry.actor_id)
        .join(Voucher, Voucher.id == StockLedgerEntry.voucher_id)
        .outerjoin(Party, Party.id == StockLedgerEntry.party_id)
        .outerjoin(Scan, Scan.id == StockLedgerEntry.scan_id)
        .outerjoin(Device, Device.id == Scan.device_id)
        .where(StockLedgerEntry.serial_id == unit_id)
        .order_by(StockLedgerEntry.posted_at, StockLedgerEntry.site_id, StockLedgerEntry.seq)
    ).all()
    places = places_by_id(session, {row.location_id for row in rows})
    return [
        {
            "seq": arrived.seq,
            "what": "cancelled"
            if _is_opposite(arrived)
            else _what(places[left.location_id], places[arrived.location_id]),
            "qty": arrived.qty,
            "from": place(places[left.location_id]),
            "to": place(places[arrived.location_id]),
            "party": arrived.party,
            "voucher": {"id": arrived.voucher_id, "type": arrived.type, "number": arrived.number},
            "actor": arrived.username,
            "device": arrived.device,
            "scanned_at": arrived.scanned_at,
            "posted_at": arrived.posted_at,
        }
        for left, arrived in zip(rows[::2], rows[1::2], strict=True)
    ]


_WHAT_TO = {
    LocationKind.CUSTOMER: "sold",
    LocationKind.SUPPLIER: "returned_to_supplier",
    LocationKind.CONSUMED: "consumed",
    LocationKind.SCRAP: "scrapped",
    LocationKind.LOST: "lost",
    LocationKind.REPAIR: "taken_for_repair",
}
_WHAT_FROM = {
    LocationKind.SUPPLIER: "received",
    LocationKind.CUSTOMER: "returned",
    LocationKind.LOST: "found",
    LocationKind.CONSUMED: "taken_out",
}


def _is_opposite(entry: Any) -> bool:
    """Whether an entry undoes one of its voucher: all of those are posted when the voucher is cancelled."""
    return entry.cancelled_at is not None and entry.posted_at >= entry.cancelled_at


def _what(left: Location, arrived: Location) -> str:
    if left.kind == LocationKind.SUPPLIER and arrived.kind == LocationKind.REJECT:
        return "rejected"
    return _WHAT_FROM.get(LocationKind(left.kind)) or _WHAT_TO.get(LocationKind(arrived.kind), "moved")


def _units(sites: Collection[int]) -> Select[Any]:
    was_there = exists().where(
        StockLedgerEntry.serial_id == SerialNumber.id, StockLedgerEntry.site_id.in_(sorted(sites))
    )
    return (
        select(SerialNumber)
        .where(was_there)
        .options(
            joinedload(SerialNumber.item),
            joinedload(SerialNumber.batch),
            joinedload(SerialNumber.supplier),
            joinedload(SerialNumber.location).joinedload(Location.parent),
        )
    )


def _receipt(session: Session, unit: SerialNumber) -> dict[str, Any] | None:
    receipt = unit.receipt_id and session.get(Voucher, unit.receipt_id)
    if not receipt:
        return None
    order = receipt.source_id and session.get(PurchaseOrder, receipt.source_id)
    return {
        "voucher_id": receipt.id,
        "number": receipt.number,
        "on": receipt.dated_on,
        "purchase_order": order.number if order else None,
    }


def _last_sale(session: Session, unit: SerialNumber) -> dict[str, Any] | None:
    row = session.execute(
        select(Voucher.id, Voucher.number, Voucher.dated_on, Party.code, Party.name, StockLedgerEntry.posted_at)
        .join(StockLedgerEntry, StockLedgerEntry.voucher_id == Voucher.id)
        .join(Party, Party.id == StockLedgerEntry.party_id)
        .where(
            StockLedgerEntry.serial_id == unit.id,
            StockLedgerEntry.qty > 0,
            Voucher.type.in_(("delivery_note", "sales_invoice")),
            Voucher.status != "cancelled",
        )
        .order_by(StockLedgerEntry.posted_at.desc())
    ).first()
    return row and {
        "voucher_id": row.id,
        "number": row.number,
        "on": row.dated_on,
        "customer": {"code": row.code, "name": row.name},
    }


def _warranty(session: Session, unit_id: int) -> Warranty | None:
    """The warranty that stands, or the last one that was voided."""
    return session.scalars(
        select(Warranty)
        .where(Warranty.serial_id == unit_id)
        .order_by(Warranty.voided_at.is_not(None), Warranty.voided_at.desc())
    ).first()


def _is_item_code(session: Session, gtin: str | None) -> bool:
    return bool(gtin and session.scalar(select(ItemBarcode.id).where(ItemBarcode.code == gtin)))


def _near(text: str) -> list[str]:
    """Serial keys that a person or a worn label confuses with a text: one letter for one digit, everywhere."""
    upper = text.upper()
    near = {upper}
    for letter, digit in _LOOKALIKES:
        near |= {other.replace(letter, digit) for other in near}
        near |= {other.replace(digit, letter) for other in near}
    return [serials.key(other) for other in near - {upper}]
