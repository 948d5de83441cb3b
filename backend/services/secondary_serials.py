"""Further numbers of a unit, such as its IMEI: given with a check, of one unit only, and taken away on purpose."""

from sqlalchemy import select

from backend.domain import serials
from backend.domain.errors import DomainError, Refusal, refuse
from backend.domain.people import Actor, Permission
from backend.domain.standards import SecondaryKind, clean
from backend.models import Item, SecondarySerial, SerialNumber
from backend.services.feed import SiteFeed
from backend.unit_of_work import UnitOfWork


def add_secondary(work: UnitOfWork, actor: Actor, *, unit_id: int, kind: SecondaryKind, text: str) -> SecondarySerial:
    """Give a unit a further number. Again: nothing changes.

    Raises:
        DomainError: ``not_found``, ``forbidden``, ``secondary_kind_not_used``, ``imei_invalid``, ``mac_invalid``,
            ``vin_invalid``, ``secondary_taken``, and what ``serials.check`` refuses.
    """
    unit = _locked(work, actor, unit_id, Permission.RECEIVE)
    item = work.session.get_one(Item, unit.item_id)
    if kind not in item.secondary_kinds:
        raise DomainError(kind_not_used(unit.serial_no, item.item_code, kind))
    secondary_no = clean(kind, text)
    if isinstance(secondary_no, Refusal):
        raise DomainError(secondary_no)
    secondary_key = serials.key(secondary_no)
    same = select(SecondarySerial).where(SecondarySerial.kind == kind, SecondarySerial.secondary_key == secondary_key)
    if not kind.is_of_one_unit:
        same = same.where(SecondarySerial.serial_id == unit_id)
    known = work.session.scalar(same)
    if known is not None and known.serial_id == unit_id:
        return known
    if known is not None:
        other = work.session.get_one(SerialNumber, known.serial_id)
        raise DomainError(secondary_taken(kind, secondary_no, other.serial_no))
    secondary = SecondarySerial(
        serial_id=unit_id,
        kind=kind,
        secondary_no=secondary_no,
        secondary_key=secondary_key,
        added_by_id=actor.user_id,
        added_at=work.now,
    )
    work.session.add(secondary)
    work.session.flush()
    return secondary


def remove_secondary(work: UnitOfWork, actor: Actor, *, unit_id: int, secondary_id: int) -> None:
    """Take a further number away from a unit that never had it.

    Raises:
        DomainError: ``not_found``, ``forbidden``.
    """
    _locked(work, actor, unit_id, Permission.CANCEL)
    secondary = work.session.get(SecondarySerial, secondary_id)
    if secondary is None or secondary.serial_id != unit_id:
        raise refuse("not_found", "The unit has no such number.", "Open the unit again.")
    work.session.delete(secondary)


def kind_not_used(serial_no: str, item_code: str, kind: SecondaryKind) -> Refusal:
    """The refusal of a number of a kind that the item's units do not have."""
    return Refusal(
        "secondary_kind_not_used",
        f"{serial_no}: the units of {item_code} have no number of the kind {kind}.",
        "Add the kind to the item first, or choose another one.",
    )


def secondary_taken(kind: SecondaryKind, secondary_no: str, serial_no: str) -> Refusal:
    """The refusal of a number that another unit has."""
    return Refusal(
        "secondary_taken",
        f"{secondary_no} is the {kind.upper()} of {serial_no} already.",
        "Compare both labels; take it away there first if it is wrong there.",
        facts={"serial_no": serial_no},
    )


def _locked(work: UnitOfWork, actor: Actor, unit_id: int, permission: Permission) -> SerialNumber:
    unit = work.session.get(SerialNumber, unit_id)
    if unit is None or not actor.may(permission, unit.last_site_id):
        # Whoever may not do it at the unit's site need not learn that there is one.
        raise refuse("not_found", f"There is no unit {unit_id} here.", "Look it up by its serial number.")
    SiteFeed(work, unit.last_site_id)
    return unit
