"""What a device keeps to work without the server, and by what it is noticed that some of it has changed."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Executable, Select, func, or_, select
from sqlalchemy.orm import Session

from backend.models import (
    Batch,
    Component,
    ContractUnit,
    CustomerReturn,
    ExpectedSerial,
    FormerSerialNumber,
    Hold,
    Item,
    ItemBarcode,
    Location,
    MaintenancePlan,
    Party,
    PickList,
    PurchaseOrder,
    Recall,
    RecallUnit,
    RepairOrder,
    Reservation,
    ReturnedUnit,
    SecondarySerial,
    SerialNumber,
    ServiceContract,
    ServiceVisit,
    VoucherLine,
    Warranty,
    WarrantyClaim,
    WarrantyEvent,
    table,
    was_at,
)
from backend.queries import availability

MOST_KNOWN = 5_000
"""Serial numbers of what is open, of each kind."""
LOOK_AHEAD_DAYS = 30


def units_of_work(
    session: Session, work: dict[str, list[dict[str, Any]]], *, sites: Collection[int], limit: int
) -> tuple[list[int], int]:
    """The units that a technician may be asked about, and how many more there are.

    Those of their work first, then all others of the same customers; as far as they are or were at some sites, as
    only these may be read.
    """
    was_there = was_at(sites)
    named = dict.fromkeys(job["unit"]["id"] for jobs in work.values() for job in jobs if job["unit"])
    readable = set(session.scalars(select(SerialNumber.id).where(SerialNumber.id.in_(named), was_there)))
    own = [unit_id for unit_id in named if unit_id in readable]
    owners = select(SerialNumber.owner_id).where(SerialNumber.id.in_(own), SerialNumber.owner_id.is_not(None))
    others = session.scalars(
        select(SerialNumber.id)
        .where(SerialNumber.owner_id.in_(owners), SerialNumber.id.not_in(own), was_there)
        .order_by(SerialNumber.id.desc())
    ).all()
    every = [*own, *others]
    return every[:limit], max(len(every) - limit, 0)


def units_of_customers(
    session: Session, codes: Collection[str], *, sites: Collection[int], beside: Collection[int], limit: int
) -> tuple[list[int], dict[str, int]]:
    """The units that some customers own, newest first, and how many of each customer are more than is kept.

    Of each customer as many as an equal share of ``limit`` allows, so that a large one crowds out no small one; what
    is kept ``beside`` takes no room.
    """
    ids: list[int] = []
    left_out: dict[str, int] = {}
    most = limit // max(len(codes), 1)
    for code in codes:
        owned = _owned(sites).where(Party.code == code, SerialNumber.id.not_in(beside))
        ids += session.scalars(owned.order_by(SerialNumber.id.desc()).limit(most))
        count = session.scalars(select(func.count()).select_from(owned.subquery())).one()
        left_out[code] = max(count - most, 0)
    return ids, left_out


def customers_with_units(session: Session, text: str, *, sites: Collection[int], limit: int) -> list[dict[str, Any]]:
    """Customers that own units which may be read, by code; ``text`` is looked for in code and name."""
    query = (
        _owned(sites)
        .with_only_columns(Party.code, Party.name, func.count().label("units"))
        .where(or_(*(column.icontains(text, autoescape=True) for column in (Party.code, Party.name))))
        .group_by(Party.code, Party.name)
        .order_by(Party.code)
        .limit(limit)
    )
    return [dict(row._mapping) for row in session.execute(query)]


def _owned(sites: Collection[int]) -> Select[int]:
    """Units that customers have, as far as they are or were at some sites."""
    return select(SerialNumber.id).join(Party, Party.id == SerialNumber.owner_id).where(was_at(sites))


def stamps_of_units(session: Session, unit_ids: Collection[int], today: date) -> dict[int, str]:
    """A word for each unit that is another one whenever its card, its jobs or its warranty are."""
    rows: defaultdict[int, list[str]] = defaultdict(list)
    for kind, query in enumerate(_facts_of_units(unit_ids)):
        for unit_id, *facts in session.execute(query):
            rows[unit_id].append(f"{kind} {facts}")
    return {unit_id: stamp([str(today), *sorted(rows[unit_id])]) for unit_id in unit_ids}


def stamps_of_pick_lists(session: Session, pick_list_ids: Collection[str]) -> dict[str, str]:
    """A word for each pick list that is another one whenever its units, what they lie in, or its holds are."""
    rows: defaultdict[str, list[str]] = defaultdict(list)
    taken = (
        select(
            Reservation.voucher_id,
            Reservation.id,
            Reservation.status,
            Reservation.at,
            Reservation.replaced_by_id,
            SerialNumber.serial_no,
            SerialNumber.location_id,
            SerialNumber.batch_id,
        )
        .join(SerialNumber, SerialNumber.id == Reservation.serial_id)
        .where(Reservation.voucher_id.in_(pick_list_ids))
    )
    held = (
        select(VoucherLine.voucher_id, Hold.id, Hold.lifted_at)
        .join(Hold, Hold.batch_id == VoucherLine.batch_id)
        .where(VoucherLine.voucher_id.in_(pick_list_ids))
    )
    for query in (taken, held):
        for voucher_id, *facts in session.execute(query):
            rows[voucher_id].append(f"{facts}")
    return {voucher_id: stamp(sorted(rows[voucher_id])) for voucher_id in pick_list_ids}


def stamp_of_masters(session: Session, master: type[Item] | type[Location], *where: Any) -> str:
    """A word that is another one whenever a master of a kind, or a code that stands for one, is."""
    row = session.execute(
        select(func.count(), func.max(master.id), func.sum(master.version), func.count(master.retired_at)).where(*where)
    ).one()
    codes = session.execute(select(func.count(), func.max(ItemBarcode.id))).one() if master is Item else ()
    return stamp([str(value) for value in (*row, *codes)])


def orders_with_lists(session: Session, order_ids: Collection[str]) -> set[str]:
    """The orders of which the supplier announced serial numbers."""
    query = select(ExpectedSerial.voucher_id).where(ExpectedSerial.voucher_id.in_(order_ids)).distinct()
    return set(session.scalars(query))


def known_serials(session: Session, site_id: int, today: date) -> dict[str, Any]:
    """The serial numbers of the items that are ordered or being picked: what is in the house, and what is announced.

    ``units`` have the availability of each today, ``is_whole`` says whether all are there.
    """
    is_open = or_(
        VoucherLine.voucher_id.in_(
            select(PurchaseOrder.id).where(PurchaseOrder.site_id == site_id, PurchaseOrder.status == "submitted")
        ),
        VoucherLine.voucher_id.in_(select(PickList.id).where(PickList.site_id == site_id, PickList.status == "draft")),
    )
    items = select(VoucherLine.item_id).where(is_open).distinct()
    unit, place, batch = table(SerialNumber), table(Location), table(Batch)
    rows = session.execute(
        select(
            unit.c.serial_no,
            unit.c.item_id,
            batch.c.batch_no,
            batch.c.expires_on,
            availability.availability(today).label("availability"),
        )
        .select_from(unit)
        .join(place, place.c.id == unit.c.location_id)
        .outerjoin(batch, batch.c.id == unit.c.batch_id)
        .where(place.c.site_id == site_id, place.c.kind.in_(availability.HOUSE_KINDS), unit.c.item_id.in_(items))
        .order_by(unit.c.id.desc())
        .limit(MOST_KNOWN + 1)
    ).all()
    announced = session.execute(
        select(ExpectedSerial.serial_no, ExpectedSerial.item_id, ExpectedSerial.voucher_id.label("purchase_order_id"))
        .join(PurchaseOrder, PurchaseOrder.id == ExpectedSerial.voucher_id)
        .where(PurchaseOrder.site_id == site_id, PurchaseOrder.status == "submitted")
        .order_by(ExpectedSerial.id)
        .limit(MOST_KNOWN + 1)
    ).all()
    return {
        "units": [dict(row._mapping) for row in rows[:MOST_KNOWN]],
        "announced": [dict(row._mapping) for row in announced[:MOST_KNOWN]],
        "is_whole": max(len(rows), len(announced)) <= MOST_KNOWN,
    }


def stamp(parts: Iterable[str]) -> str:
    """A short word for some texts."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _facts_of_units(ids: Collection[int]) -> tuple[Executable, ...]:
    """Whatever a card shows, by unit. What the ledger says is in its last entry."""
    unit, part = SerialNumber, Component
    parts = (part.id, part.removed_at, part.qty, unit.serial_no)
    return (
        select(
            unit.id,
            unit.serial_no,
            unit.location_id,
            unit.owner_id,
            unit.last_site_id,
            unit.last_seq,
            Item.version,
            Location.version,
            Party.version,
            Batch.id,
            Batch.batch_no,
            Batch.manufactured_on,
            Batch.expires_on,
        )
        .join(Item, Item.id == unit.item_id)
        .join(Location, Location.id == unit.location_id)
        .outerjoin(Party, Party.id == unit.owner_id)
        .outerjoin(Batch, Batch.id == unit.batch_id)
        .where(unit.id.in_(ids)),
        select(Hold.serial_id, Hold.id, Hold.lifted_at).where(Hold.serial_id.in_(ids)),
        select(unit.id, Hold.id, Hold.lifted_at).join(Hold, Hold.batch_id == unit.batch_id).where(unit.id.in_(ids)),
        select(Reservation.serial_id, Reservation.id, Reservation.status).where(Reservation.serial_id.in_(ids)),
        select(
            Warranty.serial_id,
            Warranty.voucher_id,
            Warranty.start_on,
            Warranty.end_on,
            Warranty.paused_on,
            Warranty.voided_at,
            Warranty.void_reason,
        ).where(Warranty.serial_id.in_(ids)),
        select(WarrantyEvent.serial_id, WarrantyEvent.id).where(WarrantyEvent.serial_id.in_(ids)),
        select(ContractUnit.serial_id, ServiceContract.id, ServiceContract.end_on)
        .join(ServiceContract, ServiceContract.id == ContractUnit.contract_id)
        .where(ContractUnit.serial_id.in_(ids)),
        select(WarrantyClaim.serial_id, WarrantyClaim.id, WarrantyClaim.status, WarrantyClaim.technician_id).where(
            WarrantyClaim.serial_id.in_(ids)
        ),
        select(ReturnedUnit.serial_id, ReturnedUnit.voucher_id, ReturnedUnit.outcome, CustomerReturn.status)
        .join(CustomerReturn, CustomerReturn.id == ReturnedUnit.voucher_id)
        .where(ReturnedUnit.serial_id.in_(ids)),
        select(RepairOrder.serial_id, RepairOrder.id, RepairOrder.status, RepairOrder.technician_id).where(
            RepairOrder.serial_id.in_(ids)
        ),
        select(ServiceVisit.serial_id, ServiceVisit.id, ServiceVisit.status).where(ServiceVisit.serial_id.in_(ids)),
        select(RecallUnit.serial_id, RecallUnit.id, RecallUnit.outcome, Recall.status)
        .join(Recall, Recall.id == RecallUnit.recall_id)
        .where(RecallUnit.serial_id.in_(ids)),
        select(part.parent_id, *parts).outerjoin(unit, unit.id == part.serial_id).where(part.parent_id.in_(ids)),
        select(part.serial_id, *parts).join(unit, unit.id == part.parent_id).where(part.serial_id.in_(ids)),
        select(
            MaintenancePlan.serial_id,
            MaintenancePlan.id,
            MaintenancePlan.name,
            MaintenancePlan.next_due_on,
            MaintenancePlan.technician_id,
            MaintenancePlan.ended_at,
        ).where(MaintenancePlan.serial_id.in_(ids)),
        select(SecondarySerial.serial_id, SecondarySerial.id).where(SecondarySerial.serial_id.in_(ids)),
        select(FormerSerialNumber.serial_id, FormerSerialNumber.serial_no).where(FormerSerialNumber.serial_id.in_(ids)),
    )
