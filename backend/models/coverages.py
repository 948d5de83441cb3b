"""What the tables say of the coverage of units on a day, read in three statements for any number of units."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.locations import LocationKind
from backend.domain.warranty import Basis, Contract, Coverage, coverage
from backend.models.catalog import Item
from backend.models.locations import Location
from backend.models.serials import SerialNumber
from backend.models.warranty import ContractUnit, ServiceContract, Warranty

SOLD_KINDS = (LocationKind.CUSTOMER, LocationKind.REPAIR)
"""Kinds of places of units that somebody outside has."""


def warranties_of(session: Session, unit_ids: Collection[int]) -> dict[int, Warranty]:
    """The warranty of each unit that stands, or the last one that was voided."""
    found = session.scalars(
        select(Warranty)
        .where(Warranty.serial_id.in_(unit_ids))
        .order_by(Warranty.voided_at.is_(None), Warranty.voided_at)
    )
    return {warranty.serial_id: warranty for warranty in found}


def contracts_of(session: Session, unit_ids: Collection[int]) -> dict[int, list[Contract]]:
    """The service contracts of each unit, the first to begin first; one that was ended early ends on that day."""
    found: defaultdict[int, list[Contract]] = defaultdict(list)
    rows = session.execute(
        select(ContractUnit.serial_id, ServiceContract.number, ServiceContract.start_on, ServiceContract.end_on)
        .join(ServiceContract, ServiceContract.id == ContractUnit.contract_id)
        .where(ContractUnit.serial_id.in_(unit_ids))
        .order_by(ServiceContract.start_on, ServiceContract.number)
    )
    for row in rows:
        found[row.serial_id].append(Contract(row.number, row.start_on, row.end_on))
    return found


def coverages_of(session: Session, unit_ids: Collection[int], on: date) -> dict[int, Coverage]:
    """What to say about each unit on a day."""
    standing, contracts = warranties_of(session, unit_ids), contracts_of(session, unit_ids)
    terms = session.execute(
        select(SerialNumber.id, Item.warranty_days, Item.warranty_months, Item.warranty_basis, Location.kind)
        .join(Item, Item.id == SerialNumber.item_id)
        .join(Location, Location.id == SerialNumber.location_id)
        .where(SerialNumber.id.in_(unit_ids))
    )
    answers = {}
    for unit_id, days, months, basis, kind in terms:
        warranty = standing.get(unit_id)
        answers[unit_id] = coverage(
            warranty.start_on if warranty else None,
            warranty.end_on if warranty else None,
            months if days is None else days,
            on,
            void_reason=warranty.void_reason if warranty else None,
            paused_on=warranty.paused_on if warranty else None,
            basis=Basis(basis),
            is_sold=kind in SOLD_KINDS,
            contracts=contracts.get(unit_id, ()),
        )
    return answers
