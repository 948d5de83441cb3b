"""A unit's card: all that support and a technician ask about one unit."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from backend.domain.locations import UnitState
from backend.models import (
    Component,
    FormerSerialNumber,
    MaintenancePlan,
    Party,
    PurchaseOrder,
    RecallUnit,
    RepairOrder,
    Reservation,
    ReturnedUnit,
    SecondarySerial,
    SerialNumber,
    ServiceVisit,
    StockLedgerEntry,
    Voucher,
    WarrantyClaim,
    table,
)
from backend.models.coverages import coverages_of, warranties_of
from backend.queries import recalls, servicing
from backend.queries.availability import holds, reservation_of
from backend.queries.batches import state_of
from backend.queries.claims import open_claim, open_return
from backend.queries.receipts import party
from backend.queries.unit_history import history_of
from backend.queries.units import summaries, units_at

_RARE = {
    "repairs": table(RepairOrder).c.serial_id,
    "returns": table(ReturnedUnit).c.serial_id,
    "claims": table(WarrantyClaim).c.serial_id,
    "visits": table(ServiceVisit).c.serial_id,
    "plans": table(MaintenancePlan).c.serial_id,
    "reservations": table(Reservation).c.serial_id,
    "corrections": table(FormerSerialNumber).c.serial_id,
    "components": table(Component).c.parent_id,
    "parents": table(Component).c.serial_id,
    "recalls": table(RecallUnit).c.serial_id,
    "secondary_serials": table(SecondarySerial).c.serial_id,
}
"""What few units have, and the column that names the unit."""


def unit(session: Session, unit_id: int, today: date, sites: Collection[int]) -> dict[str, Any] | None:
    """Everything about one unit that is or was at some sites, elsewhere, too: a unit has one history."""
    found = session.scalar(units_at(sites).where(SerialNumber.id == unit_id).options(joinedload(SerialNumber.owner)))
    if found is None:
        return None
    has = _rare_things(session, unit_id)
    repair = servicing.open_repair(session, unit_id) if "repairs" in has else None
    warranty = warranties_of(session, [unit_id]).get(unit_id)
    returned = open_return(session, unit_id) if "returns" in has else None
    claim = open_claim(session, unit_id) if "claims" in has else None
    history = history_of(session, unit_id)
    item = found.item
    covered = coverages_of(session, [unit_id], today)[unit_id]
    sale = _last_sale(session, found)
    kept = holds(session, serial_ids=[unit_id], batch_ids=[found.batch_id] if found.batch_id else [])
    line = summaries(session, [found], today)[0]
    return line | {
        "state": UnitState.RETURNED if returned else line["state"],
        "returned": returned,
        "site_id": found.last_site_id,
        "batch": found.batch
        and {
            "id": found.batch.id,
            "batch_no": found.batch.batch_no,
            "manufactured_on": found.batch.manufactured_on,
            "expires_on": found.batch.expires_on,
            "state": state_of([hold for hold in kept if hold["batch_id"]], found.batch.expires_on, today),
        },
        "reserved": reservation_of(session, unit_id) if "reservations" in has else None,
        "holds": kept,
        "supplier": party(found.supplier),
        "received": _receipt(session, found),
        "sold": sale,
        "owner": party(found.owner),
        "warranty": {
            "status": covered.status,
            "start": warranty and warranty.start_on,
            "end": warranty and warranty.end_on,
            "days_left": covered.days_left,
            "code": covered.code,
            "message": covered.message,
            "facts": covered.facts,
        },
        "correction": _correction(session, unit_id) if "corrections" in has else None,
        "components": _components(session, unit_id) if "components" in has else [],
        "part_of": _part_of(session, unit_id) if "parents" in has else None,
        "recall": recalls.open_recall_of(session, [unit_id]).get(unit_id) if "recalls" in has else None,
        "repair": repair,
        "claim": claim,
        "technician": (repair and repair["technician"]) or (claim and claim["technician"]),
        "services": servicing.visits_of_unit(session, unit_id) if "visits" in has else [],
        "plans": servicing.plans_of_unit(session, unit_id) if "plans" in has else [],
        "secondary_kinds": item.secondary_kinds,
        "secondary_serials": _secondary_serials(session, unit_id) if "secondary_serials" in has else [],
        "history": history,
    }


def _rare_things(session: Session, unit_id: int) -> frozenset[str]:
    """Which of the rare things a unit has: one statement in place of eleven, of which most would find nothing."""
    asked = (exists().where(column == unit_id).label(name) for name, column in _RARE.items())
    row = session.execute(select(*asked)).one()
    return frozenset(name for name, has_some in row._mapping.items() if has_some)


def _secondary_serials(session: Session, unit_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        select(SecondarySerial.id, SecondarySerial.kind, SecondarySerial.secondary_no)
        .where(SecondarySerial.serial_id == unit_id)
        .order_by(SecondarySerial.kind, SecondarySerial.id)
    )
    return [dict(row._mapping) for row in rows]


def _correction(session: Session, unit_id: int) -> dict[str, Any] | None:
    former = session.get(FormerSerialNumber, unit_id)
    if former is None:
        return None
    return {
        "serial_no": former.serial_no,
        "reason": former.reason,
        "by": former.corrected_by.username,
        "at": former.corrected_at,
    }


def _components(session: Session, unit_id: int) -> list[dict[str, Any]]:
    """What was ever built into a unit, and what is inside it now."""
    rows = session.scalars(
        select(Component)
        .where(Component.parent_id == unit_id)
        .order_by(Component.put_in_at, Component.id)
        .options(
            joinedload(Component.serial),
            joinedload(Component.item),
            joinedload(Component.batch),
            joinedload(Component.voucher),
        )
    )
    return [
        {
            "unit_id": row.serial_id,
            "serial_no": row.serial and row.serial.serial_no,
            "item_code": row.item.item_code,
            "batch_no": row.batch and row.batch.batch_no,
            "qty": row.qty,
            "number": row.voucher.number,
            "put_in_at": row.put_in_at,
            "removed_at": row.removed_at,
        }
        for row in rows
    ]


def _part_of(session: Session, unit_id: int) -> dict[str, Any] | None:
    """The unit that this one is built into."""
    parent = session.scalars(
        select(SerialNumber)
        .join(Component, Component.parent_id == SerialNumber.id)
        .where(Component.serial_id == unit_id, Component.removed_at.is_(None))
        .options(joinedload(SerialNumber.item))
    ).first()
    if parent is None:
        return None
    return {"unit_id": parent.id, "serial_no": parent.serial_no, "item_code": parent.item.item_code}


def _receipt(session: Session, unit: SerialNumber) -> dict[str, Any] | None:
    receipt = unit.receipt_id and session.get(Voucher, unit.receipt_id)
    if not receipt:
        return None
    order = receipt.source_id and session.get(PurchaseOrder, receipt.source_id)
    return {
        "voucher_id": receipt.id,
        "number": receipt.number,
        "on": receipt.dated_on,
        "purchase_order": order.number if order else None,
    }


def _last_sale(session: Session, unit: SerialNumber) -> dict[str, Any] | None:
    row = session.execute(
        select(Voucher.id, Voucher.number, Voucher.dated_on, Party.code, Party.name, StockLedgerEntry.posted_at)
        .join(StockLedgerEntry, StockLedgerEntry.voucher_id == Voucher.id)
        .join(Party, Party.id == StockLedgerEntry.party_id)
        .where(
            StockLedgerEntry.serial_id == unit.id,
            StockLedgerEntry.qty > 0,
            Voucher.type.in_(("delivery_note", "sales_invoice")),
            Voucher.status != "cancelled",
        )
        .order_by(StockLedgerEntry.posted_at.desc())
    ).first()
    return row and {
        "voucher_id": row.id,
        "number": row.number,
        "on": row.dated_on,
        "customer": {"code": row.code, "name": row.name},
    }
