"""Deliveries: units leave stock for a customer, and their warranty starts."""

from collections.abc import Sequence

from sqlalchemy import insert, select

from backend.domain import serials
from backend.domain.availability import Purpose, UnitFacts, refusal_of
from backend.domain.errors import refuse
from backend.domain.ledger import Move
from backend.domain.locations import LocationKind
from backend.domain.people import Actor, Permission
from backend.domain.warranty import Basis, end_of
from backend.models import (
    DeliveryNote,
    Item,
    Location,
    Party,
    SerialNumber,
    StockLedgerEntry,
    VoucherLine,
    Warranty,
    table,
)
from backend.services.choosing import chosen
from backend.services.feed import SiteFeed
from backend.services.places import inside, only_place
from backend.services.stock import move_units, post_moves
from backend.services.vouchers import id_reused, made_before, next_number
from backend.unit_of_work import UnitOfWork

_item = table(Item).c


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
            ``ambiguous_item``, ``list_refused``, ``id_reused``, ``forbidden``, and what
            :func:`backend.domain.availability.refusal_of` answers.
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
    places = inside(work, place)
    units = chosen(
        work.connection,
        serial_nos,
        lambda unit: refusal_of(unit, Purpose.SELL, today=work.now.date(), places=places, place=place.path),
    )
    note = _note(work, actor, note_id, place, customer, units)
    customer_place = only_place(work, place.site_id, LocationKind.CUSTOMER)
    line_of = {line.item_id: line.id for line in note.lines}
    entries = post_moves(
        work,
        feed,
        note,
        [
            Move(
                unit.item_id,
                unit.serial_id,
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


def _note(
    work: UnitOfWork,
    actor: Actor,
    note_id: str,
    place: Location,
    customer: Party,
    units: Sequence[UnitFacts],
) -> DeliveryNote:
    items = sorted({unit.item_id for unit in units})
    note = DeliveryNote(
        id=note_id,
        number=next_number(work, DeliveryNote, place.site_id),
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


def _start_warranty(work: UnitOfWork, note: DeliveryNote, units: Sequence[UnitFacts]) -> None:
    items = work.connection.execute(
        select(_item.id, _item.warranty_days, _item.warranty_months).where(
            _item.id.in_({unit.item_id for unit in units}), _item.warranty_basis == Basis.DELIVERY
        )
    )
    ends = {
        item_id: end_of(note.dated_on, days, months)
        for item_id, days, months in items
        if days is not None or months is not None
    }
    rows = [
        {
            "serial_id": unit.serial_id,
            "start_on": note.dated_on,
            "end_on": ends[unit.item_id],
            "basis": Basis.DELIVERY,
            "voucher_id": note.id,
        }
        for unit in units
        if unit.item_id in ends
    ]
    if rows:
        work.session.execute(insert(table(Warranty)), rows)
