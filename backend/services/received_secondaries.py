"""Further numbers of units that are being received: checked as they come, given to the units when they are posted."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, insert, or_, select

from backend.domain import serials
from backend.domain.errors import DomainError, Refusal, refuse
from backend.domain.people import Actor
from backend.domain.standards import SecondaryKind, clean
from backend.models import Item, SecondarySerial, SerialNumber, UnitSecondary, VoucherUnit, table
from backend.services.filling import Filled, locked_filling, must_be_draft
from backend.services.secondary_serials import kind_not_used, secondary_taken
from backend.unit_of_work import UnitOfWork

Number = tuple[SecondaryKind, str]
"""A further number as it was read: its kind and its text."""

_CHUNK = 500
_noted = table(UnitSecondary).c
_unit = table(VoucherUnit).c


@dataclass(frozen=True, slots=True)
class _Owner:
    """Who has a number: a unit, by its item and the key of its serial number."""

    item_id: int
    serial_key: str
    serial_no: str


@dataclass(frozen=True, slots=True)
class _Kept:
    kind: SecondaryKind
    secondary_no: str
    secondary_key: str


class SecondaryBook:
    """The further numbers that known and open units have, and those that are noted now.

    Args:
        work: The unit of work; the site is locked in it.
        numbers: All that will be asked about; read at once.
    """

    def __init__(self, work: UnitOfWork, numbers: Iterable[Number]) -> None:
        self._work = work
        keys = {kept.secondary_key for kept in map(_cleaned, numbers) if isinstance(kept, _Kept)}
        self._owners = _owners(work, keys) if keys else {}
        self._items: dict[int, Item] = {}
        self._new: dict[tuple[int, str], list[_Kept]] = {}

    def note(self, item_id: int, serial_no: str, numbers: Sequence[Number]) -> Refusal | None:
        """Note the numbers of a unit, all or none.

        Returns:
            Why not: ``secondary_kind_not_used``, ``secondary_taken``, or what is wrong with a number itself.
        """
        if not numbers:
            return None
        item = self._items.setdefault(item_id, self._work.session.get_one(Item, item_id))
        owner = _Owner(item_id, serials.key(serial_no), serials.clean(serial_no))
        found = []
        for kind, text in numbers:
            if kind not in item.secondary_kinds:
                return kind_not_used(owner.serial_no, item.item_code, kind)
            kept = _cleaned((kind, text))
            if isinstance(kept, Refusal):
                return kept
            has = self._owners.get((kept.kind, kept.secondary_key)) if kind.is_of_one_unit else None
            if has is not None and (has.item_id, has.serial_key) != (owner.item_id, owner.serial_key):
                return secondary_taken(kind, kept.secondary_no, has.serial_no)
            found.append(kept)
        for kept in found:
            self._owners[kept.kind, kept.secondary_key] = owner
        self._new.setdefault((owner.item_id, owner.serial_key), []).extend(found)
        return None

    def write(self, voucher_id: str) -> int:
        """Keep what was noted with the open units of a voucher, which are written; says how many are new."""
        units = _open_units(self._work, voucher_id, self._new)
        has = _of_units(self._work, units.values())
        rows = {
            (unit_id, kept.kind, kept.secondary_key): kept
            for unit, unit_id in units.items()
            for kept in self._new[unit]
            if (unit_id, kept.kind, kept.secondary_key) not in has
        }
        if rows:
            self._work.connection.execute(
                insert(table(UnitSecondary)),
                [
                    {"unit_id": unit_id, "kind": kind, "secondary_no": kept.secondary_no, "secondary_key": key}
                    for (unit_id, kind, key), kept in rows.items()
                ],
            )
        return len(rows)


def note_secondaries(
    work: UnitOfWork, actor: Actor, *, receipt_id: str, unit: str, numbers: Sequence[Number]
) -> Filled:
    """Note further numbers of a unit that is on an open receipt or opening stock. Again: nothing changes.

    Args:
        work: The unit of work.
        actor: Needs the permission of the kind at its site.
        receipt_id: The open voucher.
        unit: The id of the scan that put the unit on it, or its serial number.
        numbers: What is to be noted, all or none.

    Raises:
        DomainError: ``receipt_unknown``, ``voucher_not_open``, ``unit_not_on_receipt``, ``forbidden``, and the
            refusals of :meth:`SecondaryBook.note`.
    """
    receipt, feed = locked_filling(work, actor, receipt_id)
    must_be_draft(receipt)
    rows = work.connection.execute(
        select(_unit.item_id, _unit.serial_no)
        .where(
            _unit.voucher_id == receipt.id,
            _unit.status == "open",
            _unit.serial_no.is_not(None),
            or_(*_named(unit)),
        )
        .limit(2)
    ).all()
    if len(rows) != 1:
        raise refuse(
            "unit_not_on_receipt",
            f"{serials.printable(unit)[:64]} is not the serial number of one unit on {receipt.number}.",
            "Look at the list of the receipt; scan the unit first.",
        )
    (row,) = rows
    book = SecondaryBook(work, numbers)
    refusal = book.note(row.item_id, row.serial_no, numbers)
    if refusal is not None:
        raise DomainError(refusal)
    if book.write(receipt.id):
        feed.tell("secondary_noted", voucher_id=receipt.id)
    feed.close()
    return receipt


def give_to_units(work: UnitOfWork, voucher_id: str, serial_ids: dict[tuple[int, str], int], *, user_id: int) -> None:
    """Give what was noted to the units that a voucher posts; its units are still open.

    Raises:
        DomainError: ``secondary_taken`` where another unit was given a number meanwhile.
    """
    rows = work.connection.execute(
        select(_unit.item_id, _unit.serial_key, _unit.serial_no, _noted.kind, _noted.secondary_no, _noted.secondary_key)
        .join_from(table(UnitSecondary), table(VoucherUnit), _unit.id == _noted.unit_id)
        .where(_unit.voucher_id == voucher_id, _unit.status == "open")
        .order_by(_noted.id)
    ).all()
    if not rows:
        return
    keys = {row.secondary_key for row in rows}
    known = {(row.serial_id, row.kind, row.secondary_key): row for row in _given(work, keys)}
    taken = {(kind, key): row for (_, kind, key), row in known.items()}
    new = []
    for row in rows:
        serial_id, kind = serial_ids[row.item_id, row.serial_key], SecondaryKind(row.kind)
        if (serial_id, row.kind, row.secondary_key) in known:
            continue
        other = taken.get((row.kind, row.secondary_key)) if kind.is_of_one_unit else None
        if other is not None:
            raise DomainError(secondary_taken(kind, row.secondary_no, other.serial_no))
        new.append(
            {
                "serial_id": serial_id,
                "kind": row.kind,
                "secondary_no": row.secondary_no,
                "secondary_key": row.secondary_key,
                "added_by_id": user_id,
                "added_at": work.now,
            }
        )
    if new:
        work.connection.execute(insert(table(SecondarySerial)), new)


def _named(unit: str) -> list[ColumnElement[bool]]:
    """By its serial number, or by its scan where the text is the id of one."""
    by_serial = _unit.serial_key == serials.key(unit)
    try:
        return [by_serial, _unit.scan_id == str(UUID(unit))]
    except ValueError:
        return [by_serial]


def _cleaned(number: Number) -> _Kept | Refusal:
    kind, text = number
    secondary_no = clean(kind, text)
    return secondary_no if isinstance(secondary_no, Refusal) else _Kept(kind, secondary_no, serials.key(secondary_no))


def _owners(work: UnitOfWork, keys: Collection[str]) -> dict[tuple[str, str], _Owner]:
    """Whose these numbers are: of units that are known, and of those on an open receipt of any site."""
    owners = {
        (row.kind, row.secondary_key): _Owner(row.item_id, row.serial_key, row.serial_no) for row in _given(work, keys)
    }
    for some in _chunks(keys):
        rows = work.connection.execute(
            select(_noted.kind, _noted.secondary_key, _unit.item_id, _unit.serial_key, _unit.serial_no)
            .join_from(table(UnitSecondary), table(VoucherUnit), _unit.id == _noted.unit_id)
            .where(_unit.status == "open", _noted.secondary_key.in_(some))
        )
        owners |= {(row.kind, row.secondary_key): _Owner(row.item_id, row.serial_key, row.serial_no) for row in rows}
    return owners


def _given(work: UnitOfWork, keys: Collection[str]) -> list[Any]:
    """The units that have these numbers already."""
    query = select(
        SecondarySerial.serial_id,
        SecondarySerial.kind,
        SecondarySerial.secondary_key,
        SerialNumber.item_id,
        SerialNumber.serial_key,
        SerialNumber.serial_no,
    ).join(SerialNumber, SerialNumber.id == SecondarySerial.serial_id)
    return [
        row
        for some in _chunks(keys)
        for row in work.connection.execute(query.where(SecondarySerial.secondary_key.in_(some)))
    ]


def _open_units(work: UnitOfWork, voucher_id: str, wanted: Collection[tuple[int, str]]) -> dict[tuple[int, str], int]:
    found: dict[tuple[int, str], int] = {}
    for some in _chunks({key for _, key in wanted}):
        rows = work.connection.execute(
            select(_unit.id, _unit.item_id, _unit.serial_key).where(
                _unit.voucher_id == voucher_id, _unit.status == "open", _unit.serial_key.in_(some)
            )
        )
        found |= {(row.item_id, row.serial_key): row.id for row in rows}
    return {unit: unit_id for unit, unit_id in found.items() if unit in wanted}


def _of_units(work: UnitOfWork, unit_ids: Iterable[int]) -> set[tuple[int, str, str]]:
    found: set[tuple[int, str, str]] = set()
    for some in _chunks(set(unit_ids)):
        rows = work.connection.execute(
            select(_noted.unit_id, _noted.kind, _noted.secondary_key).where(_noted.unit_id.in_(some))
        )
        found |= {(row.unit_id, row.kind, row.secondary_key) for row in rows}
    return found


def _chunks(wanted: Collection[Any]) -> Iterable[list[Any]]:
    ordered = sorted(wanted)
    return (ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK))
