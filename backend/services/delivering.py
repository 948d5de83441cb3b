"""Deliveries: units leave stock for a customer, and their warranty starts."""

from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import joinedload

from backend.domain import serials
from backend.domain.errors import refuse
from backend.domain.ledger import Move, must_be_at
from backend.domain.locations import STATE_AT, LocationKind, UnitState
from backend.domain.people import Actor, Permission
from backend.domain.warranty import end_of
from backend.models import DeliveryNote, Location, Party, SerialNumber, StockLedgerEntry, VoucherLine, Warranty, table
from backend.services.feed import SiteFeed
from backend.services.stock import move_units, post_moves
from backend.services.vouchers import id_reused, made_before, next_number
from backend.unit_of_work import UnitOfWork


def deliver(
    work: UnitOfWork,
    actor: Actor,
    *,
    note_id: str,
    customer_code: str,
    location_id: int,
    serial_nos: Sequence[str],
) -> DeliveryNote:
    """Deliver units to a customer and start their warranty; the same id again answers with the same note.

    Args:
        work: The unit of work.
        actor: Needs ``deliver`` at the site of the place.
        note_id: UUID made by the caller.
        customer_code: Who gets the units.
        location_id: Where they are taken from.
        serial_nos: The units, each once.

    Raises:
        DomainError: ``location_unknown``, ``customer_unknown``, ``serial_unknown``, ``serial_twice``,
            ``serial_not_at_location``, ``serial_not_available``, ``ambiguous_item``, ``id_reused``,
            ``forbidden``.
    """
    place = work.session.get(Location, location_id)
    if place is None or place.site_id is None:
        raise refuse("location_unknown", "There is no such place.", "Choose a place of the list.")
    actor.must(Permission.DELIVER, place.site_id)
    feed = SiteFeed(work, place.site_id)
    known = made_before(work, DeliveryNote, note_id)
    if known is not None:
        if not _says_the_same(work, known, customer_code, location_id, serial_nos):
            raise id_reused(note_id)
        return known
    customer = work.session.scalar(select(Party).where(Party.code == customer_code, Party.kind == "customer"))
    if customer is None:
        raise refuse("customer_unknown", f"There is no customer {customer_code}.", "Choose a customer of the list.")
    units = [_available(work, place, serial_no) for serial_no in serial_nos]
    note = _note(work, actor, note_id, place, customer, units)
    customer_place = work.session.scalars(
        select(Location.id).where(Location.site_id == place.site_id, Location.kind == LocationKind.CUSTOMER)
    ).one()
    line_of = {line.item_id: line.id for line in note.lines}
    entries = post_moves(
        work,
        feed,
        note,
        [
            Move(
                unit.item_id,
                unit.id,
                unit.batch_id,
                unit.location_id,
                customer_place,
                1,
                line_of[unit.item_id],
            )
            for unit in units
        ],
        actor_id=actor.user_id,
    )
    move_units(work, feed, entries, owner_id=customer.id)
    _start_warranty(work, note, units)
    feed.tell("stock_moved", voucher_id=note.id)
    feed.close()
    return note


def _says_the_same(
    work: UnitOfWork, note: DeliveryNote, customer_code: str, location_id: int, serial_nos: Sequence[str]
) -> bool:
    delivered = work.session.scalars(
        select(SerialNumber.serial_key)
        .join(StockLedgerEntry, StockLedgerEntry.serial_id == SerialNumber.id)
        .where(StockLedgerEntry.voucher_id == note.id, StockLedgerEntry.qty > 0)
    )
    asked = sorted(serials.key(serial_no) for serial_no in serial_nos)
    customer = note.party.code if note.party else None
    return (customer, note.location_id, sorted(delivered)) == (customer_code, location_id, asked)


def _available(work: UnitOfWork, place: Location, text: str) -> SerialNumber:
    units = work.session.scalars(
        select(SerialNumber)
        .where(SerialNumber.serial_key == serials.key(text))
        .options(joinedload(SerialNumber.location), joinedload(SerialNumber.item))
        .with_for_update(of=SerialNumber)
    ).all()
    if not units:
        raise refuse(
            "serial_unknown",
            f"'{serials.printable(text)}' is not a known serial number.",
            "Check the text, or receive the unit first.",
        )
    if len(units) > 1:
        raise refuse(
            "ambiguous_item",
            f"{text} is a serial number of {' and '.join(unit.item.item_code for unit in units)}.",
            "Scan a code that names the item, too.",
        )
    unit = units[0]
    state = STATE_AT[LocationKind(unit.location.kind)]
    if state is not UnitState.IN_STOCK:
        raise refuse(
            "serial_not_available",
            f"{unit.serial_no} is {state.replace('_', ' ')}, in {unit.location.code}.",
            "Take another unit.",
            serial_no=unit.serial_no,
        )
    must_be_at(unit.serial_no, (place.id, place.code), (unit.location_id, unit.location.code))
    return unit


def _note(
    work: UnitOfWork,
    actor: Actor,
    note_id: str,
    place: Location,
    customer: Party,
    units: Sequence[SerialNumber],
) -> DeliveryNote:
    if len({unit.id for unit in units}) != len(units):
        raise refuse("serial_twice", "A serial number is in the list twice.", "Name every unit once.")
    items = sorted({unit.item_id for unit in units})
    note = DeliveryNote(
        id=note_id,
        number=next_number(work, DeliveryNote),
        status="submitted",
        site_id=place.site_id,
        party_id=customer.id,
        location_id=place.id,
        dated_on=work.now.date(),
        opened_by_id=actor.user_id,
        opened_at=work.now,
        submitted_by_id=actor.user_id,
        submitted_at=work.now,
        lines=[
            VoucherLine(idx=idx, item_id=item_id, qty=sum(unit.item_id == item_id for unit in units))
            for idx, item_id in enumerate(items, start=1)
        ],
    )
    work.session.add(note)
    work.session.flush()
    return note


def _start_warranty(work: UnitOfWork, note: DeliveryNote, units: Sequence[SerialNumber]) -> None:
    rows = [
        {
            "serial_id": unit.id,
            "start_on": note.dated_on,
            "end_on": end_of(note.dated_on, unit.item.warranty_days),
            "basis": "delivery",
            "voucher_id": note.id,
        }
        for unit in units
        if unit.item.warranty_days is not None
    ]
    if rows:
        work.session.execute(insert(table(Warranty)), rows)
