"""What a recall is started from, and the units that this means."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select, union
from sqlalchemy.orm import Session

from backend.domain import serials
from backend.domain.errors import refuse
from backend.domain.recalling import Origin
from backend.models import (
    Batch,
    Component,
    Item,
    Party,
    PurchaseReceipt,
    SecondarySerial,
    SerialNumber,
    Voucher,
    was_at,
)
from backend.models.composition import holders

Found = tuple[str, Select[Any], list[str]]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a person asks to recall; which fields count depends on the origin.

    Args:
        origin: What it starts from.
        batch_id: A batch.
        serial_nos: Serial numbers; with ``item_id`` those of that item only.
        receipt_id: A purchase receipt or opening stock.
        item_id: An item, for serial numbers and dates.
        supplier: Code of a supplier, for dates.
        from_on: First day of the receipts.
        to_on: Last day of them; that day counts.
        component: Serial number of a part.
    """

    origin: Origin
    batch_id: int | None = None
    serial_nos: tuple[str, ...] = ()
    receipt_id: str | None = None
    item_id: int | None = None
    supplier: str | None = None
    from_on: date | None = None
    to_on: date | None = None
    component: str | None = None


@dataclass(frozen=True, slots=True)
class Meant:
    """The units that a scope means.

    Args:
        said: The scope in words.
        units: Ids of the units, each with the part inside of it for which it is meant, if that is why.
        unknown: Serial numbers that no unit has.
        elsewhere: How many units more there are, at sites only where the person may not recall.
    """

    said: str
    units: dict[int, int | None]
    unknown: list[str] = field(default_factory=list)
    elsewhere: int = 0


def meant(session: Session, scope: Scope, sites: Collection[int]) -> Meant:
    """Find the units of a scope that are or were at some sites, and those that these are built into.

    Raises:
        DomainError: ``batch_unknown``, ``receipt_unknown``, ``item_unknown``, ``supplier_unknown``,
            ``recall_scope_incomplete``.
    """
    said, query, unknown = named(session, scope)
    units: dict[int, int | None] = dict.fromkeys(session.scalars(_at(query, sites)))
    up = holders(query)
    for unit_id, via_id in session.execute(select(up.c.unit_id, up.c.via_id).order_by(up.c.unit_id)):
        units.setdefault(unit_id, via_id)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return Meant(said, units, unknown, elsewhere=total - sum(via is None for via in units.values()))


def named(session: Session, scope: Scope) -> Found:
    """A scope in words, the statement for the units that it names, and serial numbers that no unit has.

    Raises:
        DomainError: What :func:`meant` raises.
    """
    return _FIND[scope.origin](session, scope)


def _at(query: Select[Any], sites: Collection[int]) -> Select[Any]:
    return select(SerialNumber.id).where(SerialNumber.id.in_(query), was_at(sites)).order_by(SerialNumber.id)


def _of_batch(session: Session, scope: Scope) -> Found:
    batch = scope.batch_id and session.get(Batch, scope.batch_id)
    if not batch:
        raise refuse("batch_unknown", "There is no such batch.", "Choose a batch of the list.")
    item = session.get_one(Item, batch.item_id)
    # Goods that are only counted have no units of their own, but what they were built into has.
    built_in = select(Component.parent_id).where(
        Component.batch_id == batch.id, Component.serial_id.is_(None), Component.removed_at.is_(None)
    )
    query = select(SerialNumber.id).where(or_(SerialNumber.batch_id == batch.id, SerialNumber.id.in_(built_in)))
    return f"batch {batch.batch_no} of {item.item_code}", query, []


def _of_serials(session: Session, scope: Scope) -> Found:
    named = {serials.key(text): text for text in scope.serial_nos if text.strip()}
    query = select(SerialNumber.id).where(SerialNumber.serial_key.in_(list(named)))
    if scope.item_id is not None:
        query = query.where(SerialNumber.item_id == scope.item_id)
    known = set(session.scalars(select(SerialNumber.serial_key).where(SerialNumber.id.in_(query))))
    unknown = [serials.printable(text)[:64] for key, text in named.items() if key not in known]
    count = len(named)
    return ("1 serial number" if count == 1 else f"{count} serial numbers"), query, unknown


def _of_receipt(session: Session, scope: Scope) -> Found:
    receipt = scope.receipt_id and session.get(Voucher, scope.receipt_id)
    if not receipt or receipt.type not in ("purchase_receipt", "opening_stock"):
        raise refuse("receipt_unknown", "There is no such receipt.", "Choose a receipt of the list.")
    return f"receipt {receipt.number}", select(SerialNumber.id).where(SerialNumber.receipt_id == receipt.id), []


def _of_dates(session: Session, scope: Scope) -> Found:
    if scope.from_on is None or scope.to_on is None or (scope.item_id is None and scope.supplier is None):
        raise _incomplete("both days, and an item or a supplier")
    query = (
        select(SerialNumber.id)
        .join(PurchaseReceipt, PurchaseReceipt.id == SerialNumber.receipt_id)
        .where(PurchaseReceipt.dated_on.between(scope.from_on, scope.to_on))
    )
    words = []
    if scope.item_id is not None:
        item = session.get(Item, scope.item_id)
        if item is None:
            raise refuse("item_unknown", f"There is no item {scope.item_id}.", "Choose an item of the list.")
        query = query.where(SerialNumber.item_id == item.id)
        words.append(item.item_code)
    if scope.supplier is not None:
        supplier = session.scalar(select(Party).where(Party.code == scope.supplier, Party.kind == "supplier"))
        if supplier is None:
            raise refuse(
                "supplier_unknown", f"There is no supplier {scope.supplier}.", "Choose a supplier of the list."
            )
        query = query.where(SerialNumber.supplier_id == supplier.id)
        words.append(f"from {supplier.code}")
    return f"{' '.join(words)} received from {scope.from_on} to {scope.to_on}", query, []


def _of_component(session: Session, scope: Scope) -> Found:
    """A part may be a unit of ours, or no more than a number that somebody noted at the unit that has it."""
    text = (scope.component or "").strip()
    if not text:
        raise _incomplete("the serial number of the component")
    noted = select(SecondarySerial.serial_id).where(
        SecondarySerial.kind == "component", SecondarySerial.secondary_key == serials.key(text)
    )
    itself = select(SerialNumber.id).where(SerialNumber.serial_key == serials.key(text))
    if scope.item_id is not None:
        itself = itself.where(SerialNumber.item_id == scope.item_id)
    either = union(itself, noted).subquery()
    return f"component {serials.printable(text)}", select(either.c[0]), []


_FIND = {
    Origin.BATCH: _of_batch,
    Origin.SERIALS: _of_serials,
    Origin.RECEIPT: _of_receipt,
    Origin.DATES: _of_dates,
    Origin.COMPONENT: _of_component,
}


def _incomplete(what: str) -> Exception:
    return refuse("recall_scope_incomplete", f"The recall does not say {what}.", "Fill it in.")
