"""Claims, customer returns, contracts and the history of a warranty, for screens."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from backend.domain.locations import LocationKind
from backend.models import (
    ContractEvent,
    ContractUnit,
    CustomerReturn,
    Item,
    Location,
    Party,
    RepairOrder,
    ReturnedUnit,
    SerialNumber,
    ServiceContract,
    User,
    WarrantyClaim,
    WarrantyEvent,
    was_at,
)
from backend.models.coverages import SOLD_KINDS, coverages_of, warranties_of
from backend.queries import attachments
from backend.queries.receipts import party

_OPEN = ("draft", "submitted")


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims of a site are asked for; ``technician`` is a username, ``-`` means nobody."""

    site_id: int
    status: str | None = None
    technician: str | None = None
    q: str = ""


def claims(session: Session, wanted: ClaimFilter, limit: int = 200) -> list[dict[str, Any]]:
    """Claims, those that wait the longest first; ended ones the newest first."""
    query = _claims().where(WarrantyClaim.site_id == wanted.site_id)
    if wanted.status == "open":
        query = query.where(WarrantyClaim.status.in_(_OPEN)).order_by(WarrantyClaim.opened_at)
    elif wanted.status is not None:
        query = query.where(WarrantyClaim.status == wanted.status)
    technician = aliased(User)
    if wanted.technician == "-":
        query = query.where(WarrantyClaim.technician_id.is_(None))
    elif wanted.technician:
        query = query.join(technician, technician.id == WarrantyClaim.technician_id).where(
            technician.username == wanted.technician
        )
    if wanted.q.strip():
        text = wanted.q.strip()
        query = query.where(
            or_(
                WarrantyClaim.number.icontains(text, autoescape=True),
                WarrantyClaim.serial_text.icontains(text, autoescape=True),
            )
        )
    found = session.scalars(query.order_by(WarrantyClaim.opened_at.desc(), WarrantyClaim.id).limit(limit))
    return [claim_card(claim) for claim in found]


def open_claim(session: Session, unit_id: int) -> dict[str, Any] | None:
    """The claim for a unit that is not ended, with who sees to it."""
    row = session.execute(
        select(WarrantyClaim.id, WarrantyClaim.number, User.username)
        .outerjoin(User, User.id == WarrantyClaim.technician_id)
        .where(WarrantyClaim.serial_id == unit_id, WarrantyClaim.status.in_(_OPEN))
    ).first()
    return row and {"id": row.id, "number": row.number, "technician": row.username}


def claim(session: Session, claim_id: str) -> WarrantyClaim | None:
    """One claim."""
    found: WarrantyClaim | None = session.scalar(_claims().where(WarrantyClaim.id == claim_id))
    return found


def claim_card(found: WarrantyClaim) -> dict[str, Any]:
    """A claim as screens show it."""
    return {
        "id": found.id,
        "number": found.number,
        "status": found.status,
        "site": found.site_id,
        "claimed_on": found.dated_on,
        "customer": party(found.party),
        "unit": found.serial and _unit(found.serial),
        "serial_text": found.serial_text,
        "complaint": found.complaint,
        "decision": found.decision,
        "decision_code": found.decision_code,
        "decision_reason": found.decision_reason,
        "goodwill_reason": found.goodwill_reason,
        "technician": found.technician and found.technician.username,
        "outcome": found.outcome,
        "outcome_remark": found.outcome_remark,
        "entered_by": found.opened_by.username,
        "entered_at": found.opened_at,
        "ended_by": found.ended_by and found.ended_by.username,
        "ended_at": found.ended_at,
    }


def claim_details(session: Session, found: WarrantyClaim) -> dict[str, Any]:
    """A claim with its pictures and the repair order that it led to."""
    order = session.execute(
        select(RepairOrder.id, RepairOrder.number, RepairOrder.status)
        .where(RepairOrder.source_id == found.id, RepairOrder.status != "cancelled")
        .order_by(RepairOrder.opened_at.desc())
    ).first()
    return claim_card(found) | {
        "attachments": attachments.of_voucher(session, found.id),
        "repair_order": order and {"id": order.id, "number": order.number, "status": order.status},
    }


def technicians(session: Session, site_id: int) -> list[dict[str, str]]:
    """The technicians of a site."""
    found = session.scalars(
        select(User)
        .where(User.disabled_at.is_(None), User.roles.any(site_id=site_id, role="technician"))
        .order_by(User.username)
    )
    return [{"username": user.username, "name": user.name} for user in found]


def returns(session: Session, site_id: int, status: str | None, limit: int = 200) -> list[dict[str, Any]]:
    """Customer returns, the newest first; ``open`` are those with a unit to inspect."""
    query = select(CustomerReturn).where(CustomerReturn.site_id == site_id)
    if status is not None:
        query = query.where(CustomerReturn.status == ("submitted" if status == "open" else status))
    found = session.scalars(query.order_by(CustomerReturn.opened_at.desc(), CustomerReturn.id).limit(limit)).all()
    return _return_cards(session, found)


def customer_return(session: Session, return_id: str) -> dict[str, Any] | None:
    """One return with its units."""
    found = session.get(CustomerReturn, return_id)
    return _return_cards(session, [found])[0] if found else None


def open_return(session: Session, unit_id: int) -> dict[str, Any] | None:
    """The return that a unit came with, while it waits for its inspection."""
    row = session.execute(
        select(CustomerReturn.id, CustomerReturn.number, CustomerReturn.dated_on, Party.code, Party.name)
        .join(ReturnedUnit, ReturnedUnit.voucher_id == CustomerReturn.id)
        .join(Party, Party.id == CustomerReturn.party_id)
        .where(ReturnedUnit.serial_id == unit_id, ReturnedUnit.outcome.is_(None), CustomerReturn.status == "submitted")
    ).first()
    return row and {
        "id": row.id,
        "number": row.number,
        "on": row.dated_on,
        "customer": {"code": row.code, "name": row.name},
    }


def contracts(session: Session, site_id: int, customer: str | None, today: date) -> list[dict[str, Any]]:
    """Service contracts of a site, those that end first on top, ended ones last."""
    query = select(ServiceContract).where(ServiceContract.site_id == site_id).options(*_WHOLE_CONTRACT)
    if customer:
        query = query.join(Party, Party.id == ServiceContract.party_id).where(Party.code == customer)
    found = session.scalars(query.order_by(ServiceContract.end_on < today, ServiceContract.end_on)).unique()
    return [contract_card(contract) for contract in found]


def contract(session: Session, contract_id: str) -> ServiceContract | None:
    """One service contract."""
    query = select(ServiceContract).where(ServiceContract.id == contract_id).options(*_WHOLE_CONTRACT)
    return session.scalars(query).unique().one_or_none()


def contract_card(found: ServiceContract) -> dict[str, Any]:
    """A service contract as screens show it."""
    return {
        "id": found.id,
        "number": found.number,
        "site": found.site_id,
        "customer": party(found.party),
        "start_on": found.start_on,
        "end_on": found.end_on,
        "remark": found.remark,
        "end_reason": found.end_reason,
        "made_by": found.made_by.username,
        "units": [_unit(each.serial) for each in found.units],
        "events": [
            {
                "kind": event.kind,
                "start_on": event.start_on,
                "end_on": event.end_on,
                "units_added": event.units_added,
                "units_removed": event.units_removed,
                "reason": event.reason,
                "by": event.by.username,
                "at": event.at,
            }
            for event in found.events
        ],
    }


def warranty(session: Session, unit_id: int, today: date, sites: Collection[int]) -> dict[str, Any] | None:
    """All about the coverage of a unit that is or was at some sites: what holds today, and what changed it and why."""
    unit = session.scalar(select(SerialNumber).where(SerialNumber.id == unit_id, was_at(sites)))
    if unit is None:
        return None
    covered = coverages_of(session, [unit_id], today)[unit_id]
    standing = warranties_of(session, [unit_id]).get(unit_id)
    item = session.get_one(Item, unit.item_id)
    other = aliased(SerialNumber)
    events = session.execute(
        select(WarrantyEvent, other.id, other.serial_no, User.username)
        .outerjoin(other, other.id == WarrantyEvent.other_serial_id)
        .outerjoin(User, User.id == WarrantyEvent.by_id)
        .where(WarrantyEvent.serial_id == unit_id)
        .order_by(WarrantyEvent.id)
    )
    of_unit = select(ServiceContract).join(ContractUnit).where(ContractUnit.serial_id == unit_id)
    return {
        "unit_id": unit_id,
        "status": covered.status,
        "days_left": covered.days_left,
        "code": covered.code,
        "message": covered.message,
        "facts": covered.facts,
        "start": standing and standing.start_on,
        "end": standing and standing.end_on,
        "basis": standing.basis if standing else item.warranty_basis,
        "is_standing": standing is not None and standing.voided_at is None,
        "period_days": item.warranty_months if item.warranty_days is None else item.warranty_days,
        "void_reason": standing and standing.void_reason,
        "paused_on": standing and standing.paused_on,
        "is_sold": LocationKind(session.get_one(Location, unit.location_id).kind) in SOLD_KINDS,
        "contracts": [
            {"id": each.id, "number": each.number, "start_on": each.start_on, "end_on": each.end_on}
            for each in session.scalars(of_unit.order_by(ServiceContract.start_on))
        ],
        "events": [
            {
                "kind": event.kind,
                "on": event.on,
                "end_on": event.end_on,
                "reason": event.reason,
                "by": by,
                "at": event.at,
                "other": other_id and {"id": other_id, "serial_no": serial_no},
            }
            for event, other_id, serial_no, by in events
        ],
    }


_WHOLE_CONTRACT = (
    joinedload(ServiceContract.units).joinedload(ContractUnit.serial).joinedload(SerialNumber.item),
    selectinload(ServiceContract.events).joinedload(ContractEvent.by),
)


def _claims() -> Any:
    return select(WarrantyClaim).options(
        joinedload(WarrantyClaim.serial).joinedload(SerialNumber.item),
        joinedload(WarrantyClaim.party),
        joinedload(WarrantyClaim.technician),
        joinedload(WarrantyClaim.opened_by),
        joinedload(WarrantyClaim.ended_by),
    )


def _unit(unit: SerialNumber) -> dict[str, Any]:
    return {
        "id": unit.id,
        "serial_no": unit.serial_no,
        "item_code": unit.item.item_code,
        "item_name": unit.item.name,
    }


def _return_cards(session: Session, found: Sequence[CustomerReturn]) -> list[dict[str, Any]]:
    ids = [each.id for each in found]
    came = session.scalars(
        select(ReturnedUnit)
        .where(ReturnedUnit.voucher_id.in_(ids))
        .options(
            joinedload(ReturnedUnit.serial).joinedload(SerialNumber.item),
            joinedload(ReturnedUnit.replacement).joinedload(SerialNumber.item),
            joinedload(ReturnedUnit.inspected_by),
            joinedload(ReturnedUnit.outcome_voucher),
        )
        .order_by(ReturnedUnit.serial_id)
    ).all()
    return [
        {
            "id": each.id,
            "number": each.number,
            "status": each.status,
            "site": each.site_id,
            "returned_on": each.dated_on,
            "customer": party(each.party),
            "place": each.location and each.location.path,
            "reason": each.remark,
            "taken_by": each.opened_by.username,
            "units": [_returned(row) for row in came if row.voucher_id == each.id],
            "goods": [
                {
                    "item_code": line.item.item_code,
                    "item_name": line.item.name,
                    "batch_no": line.batch and line.batch.batch_no,
                    "qty": line.qty,
                }
                for line in each.lines
                if line.location_id is not None
            ],
        }
        for each in found
    ]


def _returned(row: ReturnedUnit) -> dict[str, Any]:
    return {
        **_unit(row.serial),
        "warranty_left": row.warranty_left,
        "outcome": row.outcome,
        "remark": row.remark,
        "inspected_by": row.inspected_by and row.inspected_by.username,
        "inspected_at": row.inspected_at,
        "replacement": row.replacement and _unit(row.replacement),
        "outcome_voucher": row.outcome_voucher and {"id": row.outcome_voucher.id, "number": row.outcome_voucher.number},
    }
