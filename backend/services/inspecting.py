"""The inspection of returned units: what becomes of each, and of its warranty."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from backend.domain import serials
from backend.domain.availability import Purpose, UnitFacts, refusal_of
from backend.domain.claims import InspectionOutcome
from backend.domain.errors import DomainError, Refusal, refuse
from backend.domain.ledger import Move
from backend.domain.locations import RECEIVABLE, LocationKind
from backend.domain.people import Actor, Permission
from backend.domain.profiles import PackageIdentifier, verify_return
from backend.models import CustomerReturn, DeliveryNote, Item, Location, Party, ReturnedUnit, SerialNumber
from backend.services import warranties
from backend.services.choosing import facts_of, named, the_one
from backend.services.customer_returns import line_of, tell
from backend.services.feed import SiteFeed
from backend.services.places import inside, only_place, place_of_site
from backend.services.repairs import open_for_return
from backend.services.selling import Sale, SoldLine, post_sale
from backend.services.stock import move_units, post_moves
from backend.services.vouchers import locked
from backend.unit_of_work import UnitOfWork
from scanner.gs1 import parse


@dataclass(frozen=True, slots=True)
class Inspection:
    """What becomes of a returned unit.

    Args:
        return_id: The return that it came with.
        unit_id: The unit.
        outcome: Restock, repair, replace or scrap.
        remark: What was found.
        location_id: Where a unit that is restocked goes; where a replacement is taken from.
        code: The code on the package, as it was scanned; asked for where the item verifies what comes back.
        replacement: Serial number of the unit that the customer gets instead.
        voucher_id: UUID for the delivery note of the replacement, made by the caller.
    """

    return_id: str
    unit_id: int
    outcome: InspectionOutcome
    remark: str | None = None
    location_id: int | None = None
    code: str | None = None
    replacement: str | None = None
    voucher_id: str | None = None


def inspect(work: UnitOfWork, actor: Actor, wanted: Inspection) -> CustomerReturn:
    """Say what becomes of a returned unit; said again, it changes nothing.

    A restocked unit is sellable again and its old warranty is over; one that is replaced stays where it is, and
    its replacement goes out with what was left of the warranty. One that is repaired is on a repair order from here.

    Raises:
        DomainError: ``voucher_unknown``, ``serial_unknown``, ``already_inspected``, ``replacement_missing``,
            ``return_not_verified``, ``location_unknown``, ``has_later_moves``, ``forbidden``, and what a sale
            of the replacement is refused with.
    """
    voucher, feed = locked(work, actor, CustomerReturn, wanted.return_id, Permission.OVERRIDE)
    row = work.session.get(ReturnedUnit, (voucher.id, wanted.unit_id))
    if row is None or voucher.status == "cancelled":
        raise refuse("serial_unknown", f"No such unit came with {voucher.number}.", "Choose a unit of the return.")
    unit = facts_of(work.connection, [row.serial_id])[row.serial_id]
    if row.outcome == wanted.outcome:
        return voucher
    if row.outcome is not None:
        raise refuse(
            "already_inspected",
            f"{unit.serial_no} was inspected already: {row.outcome}.",
            "Cancel what followed from it first, if that was wrong.",
            serial_no=unit.serial_no,
            outcome=row.outcome,
        )
    if unit.location_id not in inside(work, work.session.get_one(Location, voucher.location_id)):
        raise refuse(
            "has_later_moves",
            f"{unit.serial_no} was moved since it came back; it is in {unit.location}.",
            "Look the unit up: its page says what became of it.",
            serial_no=unit.serial_no,
            location=unit.location,
        )
    _OUTCOMES[wanted.outcome](_Case(work, actor, feed, voucher, row, unit, wanted))
    row.outcome, row.remark = str(wanted.outcome), wanted.remark
    row.inspected_by_id, row.inspected_at = actor.user_id, work.now
    work.session.flush()
    waiting = select(ReturnedUnit.serial_id).filter_by(voucher_id=voucher.id, outcome=None).limit(1)
    if work.session.scalar(waiting) is None:
        voucher.status = "closed"
    tell(feed, voucher)
    return voucher


@dataclass(frozen=True, slots=True)
class _Case:
    """A returned unit on the table, and what the person wants of it."""

    work: UnitOfWork
    actor: Actor
    feed: SiteFeed
    voucher: CustomerReturn
    row: ReturnedUnit
    unit: UnitFacts
    wanted: Inspection

    def move(self, to: int) -> None:
        """Move the unit, as part of its return."""
        unit, line_id = self.unit, line_of(self.voucher, self.unit)
        move = Move(unit.item_id, unit.serial_id, unit.batch_id, unit.location_id, to, 1, line_id)
        entries = post_moves(self.work, self.feed, self.voucher, [move], actor_id=self.actor.user_id)
        move_units(self.work, self.feed, entries, owner_id=None)


def _restock(case: _Case) -> None:
    shelf = place_of_site(case.work, case.voucher.site_id, case.wanted.location_id or 0)
    if LocationKind(shelf.kind) not in RECEIVABLE:
        raise refuse(
            "location_unknown", f"{shelf.code} is no place for good units.", "Choose a warehouse or bin of the list."
        )
    _must_be_verified(case)
    case.move(shelf.id)
    reason = f"Restocked after {case.voucher.number}."
    warranties.end_for(case.work, case.voucher, case.unit.serial_id, reason)


def _must_be_verified(case: _Case) -> None:
    """Refuse to sell a package again whose code does not say what was recorded of it, where its item asks for that."""
    unit, item = case.unit, case.work.session.get_one(Item, case.unit.item_id)
    if not item.verify_returns:
        return
    code = parse(case.wanted.code or "")
    gtins = [barcode.code for barcode in item.barcodes if barcode.is_gtin]
    gtin = code.gtin if code.gtin in gtins else next(iter(gtins), None)
    refusal = verify_return(
        recorded=PackageIdentifier(gtin, unit.serial_no, unit.batch_no, unit.expires_on),
        read=PackageIdentifier(code.gtin, code.serial_no or "", code.batch_no, code.expires_on),
    )
    if refusal is not None:
        raise DomainError(refusal)


def _scrap(case: _Case) -> None:
    case.move(only_place(case.work, case.voucher.site_id, LocationKind.SCRAP))
    reason = f"Scrapped after {case.voucher.number}."
    warranties.end_for(case.work, case.voucher, case.unit.serial_id, reason)


def _send_to_repair(case: _Case) -> None:
    """The unit is the customer's again, in our custody; its warranty goes on when it is given back."""
    order = open_for_return(case.work, case.actor, case.feed, case.voucher, case.unit)
    case.row.outcome_voucher_id = order.id


def _replace(case: _Case) -> None:
    work, voucher, unit, wanted = case.work, case.voucher, case.unit, case.wanted
    if not wanted.replacement or not wanted.voucher_id or wanted.location_id is None:
        raise refuse(
            "replacement_missing",
            f"No unit is named to go out for {unit.serial_no}.",
            "Scan the unit that the customer gets, and say where it is taken from.",
            serial_no=unit.serial_no,
        )
    place = place_of_site(work, voucher.site_id, wanted.location_id)
    matches = named(work.connection, [wanted.replacement]).get(serials.key(wanted.replacement), ())
    found = the_one(wanted.replacement, matches, item_id=unit.item_id)
    if isinstance(found, Refusal):
        raise DomainError(found)
    today, item = work.today, (unit.item_id, unit.item_code)
    refusal = refusal_of(found, Purpose.SELL, today=today, item=item, places=inside(work, place), place=place.path)
    if refusal is not None:
        raise DomainError(refusal)
    sale = Sale(
        wanted.voucher_id,
        place,
        work.session.get_one(Party, voucher.party_id),
        [SoldLine(found.item_id, 1, (found,))],
        source_id=voucher.id,
        remark=f"In place of {unit.serial_no}",
    )
    note = post_sale(work, case.feed, case.actor, DeliveryNote, sale)
    returned, replacement = (work.session.get_one(SerialNumber, each.serial_id) for each in (unit, found))
    warranties.carry_over(work, note, returned, replacement)
    case.row.replacement_id, case.row.outcome_voucher_id = found.serial_id, note.id


_OUTCOMES: Mapping[InspectionOutcome, Callable[[_Case], None]] = {
    InspectionOutcome.RESTOCK: _restock,
    InspectionOutcome.REPAIR: _send_to_repair,
    InspectionOutcome.REPLACE: _replace,
    InspectionOutcome.SCRAP: _scrap,
}
