"""From serial numbers that a person named to units, with all that decides whether they may be taken."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from backend.domain import serials
from backend.domain.availability import HoldFacts, HoldKind, ReservedFor, UnitFacts
from backend.domain.errors import DomainError, Refusal
from backend.domain.locations import STATE_AT, LocationKind
from backend.models import (
    Batch,
    Hold,
    Item,
    Location,
    Party,
    Reservation,
    SerialNumber,
    StockLedgerEntry,
    User,
    Voucher,
    table,
)

_CHUNK = 500
"""How many units one statement asks for; SQLite takes a bounded number of parameters."""

_unit, _item, _batch, _place = table(SerialNumber).c, table(Item).c, table(Batch).c, table(Location).c
_party, _entry, _hold = table(Party).c, table(StockLedgerEntry).c, table(Hold).c
_parent = aliased(table(Location))
_last = aliased(table(Voucher))
_taker = aliased(table(Voucher))
_order = aliased(table(Voucher))
_reservation, _user = table(Reservation).c, table(User).c


def _facts() -> Select[Any]:
    return (
        select(
            _unit.id,
            _unit.serial_no,
            _unit.serial_key,
            _unit.item_id,
            _item.item_code,
            _place.kind,
            _unit.location_id,
            _place.code.label("place"),
            _parent.c.code.label("parent"),
            _parent.c.kind.label("parent_kind"),
            _unit.batch_id,
            _batch.batch_no,
            _batch.expires_on,
            _party.code.label("owner"),
            _last.c.number.label("last_voucher"),
            _taker.c.id.label("taker_id"),
            _taker.c.number.label("taker"),
            _order.c.number.label("taker_order"),
            _reservation.status.label("reservation"),
            _user.username.label("taken_by"),
        )
        .select_from(table(SerialNumber))
        .join(table(Item), _item.id == _unit.item_id)
        .join(table(Location), _place.id == _unit.location_id)
        .outerjoin(_parent, _parent.c.id == _place.parent_id)
        .outerjoin(table(Batch), _batch.id == _unit.batch_id)
        .outerjoin(table(Party), _party.id == _unit.owner_id)
        .join(table(StockLedgerEntry), and_(_entry.site_id == _unit.last_site_id, _entry.seq == _unit.last_seq))
        .join(_last, _last.c.id == _entry.voucher_id)
        .outerjoin(
            table(Reservation),
            and_(_reservation.serial_id == _unit.id, _reservation.status.in_(("proposed", "chosen"))),
        )
        .outerjoin(_taker, _taker.c.id == _reservation.voucher_id)
        .outerjoin(_order, _order.c.id == _taker.c.source_id)
        .outerjoin(table(User), _user.id == _reservation.user_id)
    )


_BY_KEY = _facts().where(_unit.serial_key.in_(bindparam("keys", expanding=True)))
_BY_ID = _facts().where(_unit.id.in_(bindparam("keys", expanding=True)))
_HOLDS = select(_hold.kind, _hold.reason, _hold.batch_id, _hold.serial_id).where(
    _hold.lifted_at.is_(None),
    or_(
        _hold.serial_id.in_(bindparam("units", expanding=True)),
        _hold.batch_id.in_(bindparam("batches", expanding=True)),
    ),
)


def facts_of(connection: Connection, serial_ids: Collection[int]) -> dict[int, UnitFacts]:
    """What is known of some units, by their ids."""
    return {unit.serial_id: unit for unit in _read(connection, _BY_ID, list(serial_ids))}


def named(connection: Connection, serial_nos: Collection[str]) -> dict[str, list[UnitFacts]]:
    """The units that serial numbers name, by ``serials.key``; two items can have the same serial number."""
    keys = {serials.key(serial_no) for serial_no in serial_nos}
    found: dict[str, list[UnitFacts]] = defaultdict(list)
    for unit in _read(connection, _BY_KEY, sorted(keys)):
        found[serials.key(unit.serial_no)].append(unit)
    return found


def chosen(
    connection: Connection,
    serial_nos: Sequence[str],
    judge: Callable[[UnitFacts], Refusal | None],
    *,
    item_id: int | None = None,
) -> list[UnitFacts]:
    """The units of a list, all judged, in the order of the list.

    Args:
        connection: Of a unit of work that holds the lock of the site.
        serial_nos: As a person named them; case and outer space are ignored.
        judge: The refusal of a unit, or ``None``.
        item_id: The item they are of, where one serial number can be of several.

    Raises:
        DomainError: The refusal itself when one serial number is refused; ``list_refused`` with the refusal of
            every one when there are more.
    """
    found = named(connection, serial_nos)
    units: list[UnitFacts] = []
    refused: list[tuple[int, str, Refusal]] = []
    seen: set[int] = set()
    for index, serial_no in enumerate(serial_nos):
        unit = the_one(serial_no, found.get(serials.key(serial_no), ()), item_id=item_id)
        if isinstance(unit, UnitFacts):
            verdict = _twice(unit) if unit.serial_id in seen else judge(unit)
            seen.add(unit.serial_id)
            if verdict is None:
                units.append(unit)
                continue
        else:
            verdict = unit
        refused.append((index, serial_no, verdict))
    if refused:
        raise _all_refused(refused, len(serial_nos))
    return units


def the_one(text: str, matches: Sequence[UnitFacts], *, item_id: int | None = None) -> UnitFacts | Refusal:
    """The only unit that a serial number can mean, or why there is none.

    When an item is given and other items have the serial number too, theirs are left out.
    """
    shown = serials.printable(text)
    of_item = [unit for unit in matches if unit.item_id == item_id] if item_id is not None else []
    matches = of_item or matches
    if not matches:
        return Refusal(
            "serial_unknown",
            f"'{shown}' is not a known serial number.",
            "Check the text, or receive the unit first.",
            facts={"serial_no": shown},
        )
    if len(matches) > 1:
        return Refusal(
            "ambiguous_item",
            f"{shown} is a serial number of {' and '.join(sorted(unit.item_code for unit in matches))}.",
            "Scan a code that names the item, too.",
            facts={"serial_no": shown},
        )
    return matches[0]


def _twice(unit: UnitFacts) -> Refusal:
    return Refusal(
        "serial_twice",
        f"{unit.serial_no} is in the list twice.",
        "Name every unit once.",
        facts={"serial_no": unit.serial_no},
    )


def _all_refused(refused: Sequence[tuple[int, str, Refusal]], asked: int) -> DomainError:
    first = refused[0][2]
    if len(refused) == 1:
        return DomainError(first)
    return DomainError(
        Refusal(
            "list_refused",
            f"{len(refused)} of {asked} serial numbers are refused, the first is: {first.message}",
            "Correct or remove them and send the list again; nothing of it was taken.",
            facts={
                "refused": [
                    {"index": index, "serial_no": serial_no, "code": refusal.code, "message": refusal.message}
                    for index, serial_no, refusal in refused[:1000]
                ]
            },
        )
    )


def _read(connection: Connection, query: Select[Any], keys: Sequence[int] | Sequence[str]) -> list[UnitFacts]:
    units: list[UnitFacts] = []
    for start in range(0, len(keys), _CHUNK):
        rows = connection.execute(query, {"keys": keys[start : start + _CHUNK]}).all()
        held = _held(connection, rows)
        units += [_unit_facts(row, _heavier(held.get((None, row.id)), held.get((row.batch_id, None)))) for row in rows]
    return units


def _heavier(of_unit: HoldFacts | None, of_batch: HoldFacts | None) -> HoldFacts | None:
    if of_unit is None or (of_batch is not None and of_batch.kind is HoldKind.RECALL):
        return of_batch
    return of_unit


def _held(connection: Connection, rows: Sequence[Any]) -> dict[tuple[int | None, int | None], HoldFacts]:
    """The holds on these units and their batches, by batch and unit; a recall outweighs a hold."""
    batches = {row.batch_id for row in rows if row.batch_id is not None}
    holds = connection.execute(_HOLDS, {"units": [row.id for row in rows], "batches": list(batches)}).all()
    return {
        (hold.batch_id, hold.serial_id): HoldFacts(HoldKind(hold.kind), hold.reason, hold.batch_id is not None)
        for hold in sorted(holds, key=lambda hold: hold.kind == HoldKind.RECALL)
    }


def _unit_facts(row: Any, hold: HoldFacts | None) -> UnitFacts:
    is_under_site = row.parent_kind in (None, LocationKind.SITE)
    return UnitFacts(
        serial_id=row.id,
        serial_no=row.serial_no,
        item_id=row.item_id,
        item_code=row.item_code,
        state=STATE_AT[LocationKind(row.kind)],
        location_id=row.location_id,
        location=row.place if is_under_site else f"{row.parent} / {row.place}",
        batch_id=row.batch_id,
        batch_no=row.batch_no,
        expires_on=row.expires_on,
        owner=row.owner,
        last_voucher=row.last_voucher,
        hold=hold,
        reserved=row.taker_id
        and ReservedFor(
            row.taker_id,
            # A picker knows the order that a unit is for, not the number of somebody's pick list.
            row.taker_order or row.taker,
            row.taken_by,
            row.reservation == "proposed",
        ),
    )


def sites_of(connection: Connection, serial_nos: Collection[str]) -> list[int]:
    """The sites where units of some serial numbers are: one that is sold stays in its site's place for customers."""
    found = connection.scalars(
        select(Location.site_id)
        .join(SerialNumber, SerialNumber.location_id == Location.id)
        .where(SerialNumber.serial_key.in_({serials.key(each) for each in serial_nos}))
        .distinct()
    )
    return [site_id for site_id in found if site_id is not None]
