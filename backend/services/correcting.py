"""Correcting a serial number that was mistyped: once, with a reason, and the old text still finds the unit."""

from sqlalchemy import select

from backend.domain import serials
from backend.domain.errors import DomainError, refuse
from backend.domain.people import Actor, Permission
from backend.models import FormerSerialNumber, Item, ItemBarcode, Location, SerialNumber, Voucher, VoucherUnit
from backend.services.feed import SiteFeed
from backend.services.releasing import tell_lists_with
from backend.unit_of_work import UnitOfWork
from scanner.gs1 import parse


def correct_serial_no(work: UnitOfWork, actor: Actor, *, unit_id: int, serial_no: str, reason: str) -> SerialNumber:
    """Give a unit the serial number that it really has; the same correction again changes nothing.

    Args:
        work: The unit of work.
        actor: Needs ``cancel`` at the site where the unit is.
        unit_id: The unit.
        serial_no: The right text.
        reason: Kept with the old text.

    Raises:
        DomainError: ``not_found``, ``corrected_before``, ``serial_taken``, ``serial_in_other_receipt``,
            ``same_serial``, ``forbidden``, and what :mod:`backend.domain.serials` refuses of a text.
    """
    unit = work.session.get(SerialNumber, unit_id)
    if unit is None or unit.location.site_id is None:
        raise refuse("not_found", f"There is no unit {unit_id}.", "Look it up by its serial number.")
    actor.must(Permission.CANCEL, unit.location.site_id)
    feed = SiteFeed(work, unit.location.site_id)
    work.session.refresh(unit)
    new = serials.clean(serial_no)
    former = work.session.get(FormerSerialNumber, unit.id)
    if former is not None:
        if unit.serial_no == new and former.reason == reason:
            return unit
        raise refuse(
            "corrected_before",
            f"{unit.serial_no} was corrected before: it was {former.serial_no}.",
            "A serial number is corrected once. If this one is wrong too, scrap the unit and receive it anew.",
            serial_no=unit.serial_no,
            former=former.serial_no,
        )
    _must_be_free(work, unit, serial_no, new)
    work.session.add(
        FormerSerialNumber(
            serial_id=unit.id,
            serial_no=unit.serial_no,
            serial_key=unit.serial_key,
            reason=reason,
            corrected_by_id=actor.user_id,
            corrected_at=work.now,
        )
    )
    unit.serial_no, unit.serial_key = new, serials.key(new)
    work.session.flush()
    feed.tell("serial_corrected", unit_id=unit.id)
    tell_lists_with(work, [feed], SerialNumber.id == unit.id)
    feed.close()
    return unit


def _must_be_free(work: UnitOfWork, unit: SerialNumber, text: str, new: str) -> None:
    item = work.session.get_one(Item, unit.item_id)
    refusal = serials.check(text) or serials.check_shape(new, item.item_code, item.serial_length, item.serial_pattern)
    if refusal is not None:
        raise DomainError(refusal)
    if new == unit.serial_no:
        raise refuse("same_serial", f"{new} is what it is called already.", "Enter the text that is on the unit.")
    if work.session.scalar(select(ItemBarcode.id).where(ItemBarcode.code.in_({new, parse(new).gtin or new}))):
        raise refuse(
            "item_code_not_serial", f"{new} is the product code of an item.", "Enter the unit's serial number."
        )
    key = serials.key(new)
    other = work.session.execute(
        select(SerialNumber.serial_no, Location.code)
        .join(Location, Location.id == SerialNumber.location_id)
        .where(SerialNumber.serial_key == key, SerialNumber.item_id == unit.item_id, SerialNumber.id != unit.id)
    ).first()
    if other is not None:
        raise refuse(
            "serial_taken",
            f"There is another {other.serial_no} of {item.item_code}, in {other.code}.",
            "Compare the labels of both units.",
            serial_no=other.serial_no,
            location=other.code,
        )
    scanned = work.session.scalar(
        select(Voucher.number)
        .join(VoucherUnit, VoucherUnit.voucher_id == Voucher.id)
        .where(VoucherUnit.status == "open", VoucherUnit.serial_key == key, VoucherUnit.item_id == unit.item_id)
    )
    if scanned is not None:
        raise refuse(
            "serial_in_other_receipt",
            f"{new} is scanned in the open receipt {scanned}.",
            f"Compare the labels; undo it in {scanned} if it is the same unit.",
            receipt=scanned,
        )
