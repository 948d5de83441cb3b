"""Repairs, visits and maintenance for screens: lists of what is open and due, and one of each whole."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from backend.domain.people import Actor
from backend.models import (
    Component,
    CustomerReturn,
    MaintenancePlan,
    RepairOrder,
    SerialNumber,
    ServiceVisit,
    WarrantyClaim,
)
from backend.queries import attachments, claims
from backend.queries.receipts import party

_MOST = 200


def my_work(
    session: Session, site_id: int, technician: Actor, today: date, *, within_days: int
) -> dict[str, list[dict[str, Any]]]:
    """What waits for a technician at a site: their claims and repairs, and visits due to them or to nobody."""
    me = technician.user_id
    return {
        "repairs": repair_orders(session, site_id, "open", me),
        "due": due(session, site_id, today, within_days=within_days, technician_id=me),
        "claims": claims.claims(session, claims.ClaimFilter(site_id, "open", technician.username)),
    }


def repair_orders(
    session: Session, site_id: int, status: str | None = None, technician_id: int | None = None
) -> list[dict[str, Any]]:
    """The repair orders of a site, newest first; ``open`` gives those whose unit is here."""
    query = select(RepairOrder).where(RepairOrder.site_id == site_id)
    if status is not None:
        query = query.where(RepairOrder.status == ("submitted" if status == "open" else status))
    if technician_id is not None:
        query = query.where(RepairOrder.technician_id == technician_id)
    rows = session.scalars(
        query.options(*_OF_REPAIR).order_by(RepairOrder.opened_at.desc(), RepairOrder.id).limit(_MOST)
    )
    return [repair_card(order) for order in rows]


def repair_order(session: Session, order_id: str) -> dict[str, Any] | None:
    """One repair order with its visits and pictures."""
    order = session.scalar(select(RepairOrder).where(RepairOrder.id == order_id).options(*_OF_REPAIR))
    if order is None:
        return None
    source = order.source
    reason = source and {"id": source.id, "number": source.number}
    return repair_card(order) | {
        "claim": reason if isinstance(source, WarrantyClaim) else None,
        "customer_return": reason if isinstance(source, CustomerReturn) else None,
        "accessories": order.accessories,
        "end_remark": order.end_remark,
        "ended_by": order.ended_by and order.ended_by.username,
        "ended_at": order.ended_at,
        "visits": _visits(session, _visit_query().where(ServiceVisit.source_id == order_id)),
        "attachments": attachments.of_voucher(session, order_id),
        "site_id": order.site_id,
    }


_OF_REPAIR = (
    joinedload(RepairOrder.serial).joinedload(SerialNumber.item),
    joinedload(RepairOrder.party),
    joinedload(RepairOrder.technician),
    joinedload(RepairOrder.opened_by),
)


def repair_card(order: RepairOrder) -> dict[str, Any]:
    """A repair order in one line."""
    return {
        "id": order.id,
        "number": order.number,
        "status": order.status,
        "on": order.dated_on,
        "unit": unit_card(order.serial),
        "customer": party(order.party),
        "complaint": order.complaint,
        "technician": order.technician and order.technician.username,
        "outcome": order.outcome,
        "by": order.opened_by.username,
    }


def unit_card(unit: SerialNumber) -> dict[str, Any]:
    """The unit of a job."""
    return {
        "id": unit.id,
        "serial_no": unit.serial_no,
        "item_code": unit.item.item_code,
        "item_name": unit.item.name,
    }


def visits_of_unit(session: Session, unit_id: int) -> list[dict[str, Any]]:
    """The jobs that were done on a unit, newest first; those of cancelled visits were not done."""
    return _visits(session, _visit_query().where(ServiceVisit.serial_id == unit_id, ServiceVisit.status != "cancelled"))


def visit(session: Session, visit_id: str) -> dict[str, Any] | None:
    """One visit with its parts, readings and pictures."""
    found = session.scalar(_visit_query().where(ServiceVisit.id == visit_id))
    if found is None:
        return None
    (card,) = _cards(session, [found])
    source = found.source
    return card | {
        "unit": unit_card(found.serial),
        "customer": party(found.party),
        "repair_order": source and {"id": source.id, "number": source.number},
        "plan": found.plan and {"id": found.plan.id, "name": found.plan.name},
        "readings": [{"name": each.name, "value": each.value, "unit": each.unit} for each in found.readings],
        "signer_name": found.signer_name,
        "unsigned_reason": found.unsigned_reason,
        "done_at": found.done_at,
        "posted_at": found.submitted_at,
        "by": found.opened_by.username,
        "attachments": attachments.of_voucher(session, visit_id),
        "site_id": found.site_id,
    }


def _visit_query() -> Select[ServiceVisit]:
    return (
        select(ServiceVisit)
        .options(
            joinedload(ServiceVisit.technician),
            joinedload(ServiceVisit.serial).joinedload(SerialNumber.item),
        )
        .order_by(ServiceVisit.dated_on.desc(), ServiceVisit.opened_at.desc(), ServiceVisit.id)
    )


def _visits(session: Session, query: Select[ServiceVisit]) -> list[dict[str, Any]]:
    return _cards(session, session.scalars(query.limit(_MOST)).all())


def _cards(session: Session, visits: Sequence[ServiceVisit]) -> list[dict[str, Any]]:
    ids = [each.id for each in visits]
    parts = session.scalars(
        select(Component)
        .where(or_(Component.voucher_id.in_(ids), Component.removed_by_id.in_(ids)))
        .options(joinedload(Component.serial), joinedload(Component.item))
        .order_by(Component.id)
    ).all()
    return [
        {
            "id": each.id,
            "number": each.number,
            "status": each.status,
            "on": each.dated_on,
            "technician": each.technician.username,
            "work_done": each.work_done,
            "result": each.result,
            "next_visit_on": each.next_visit_on,
            "parts_in": [_part(part) for part in parts if part.voucher_id == each.id],
            "parts_out": [_part(part) for part in parts if part.removed_by_id == each.id != part.voucher_id]
            + [
                {"unit_id": None, "serial_no": noted.serial_no, "item_code": None, "qty": 1}
                for noted in each.noted_parts
            ],
        }
        for each in visits
    ]


def _part(part: Component) -> dict[str, Any]:
    return {
        "unit_id": part.serial_id,
        "serial_no": part.serial and part.serial.serial_no,
        "item_code": part.item.item_code,
        "qty": part.qty,
    }


def due(
    session: Session, site_id: int, today: date, *, within_days: int, technician_id: int | None = None
) -> list[dict[str, Any]]:
    """What is to be visited by a day: dates of maintenance plans, and visits that were promised; the oldest first.

    Args:
        session: For reading.
        site_id: The site.
        today: The day that overdue is counted from.
        within_days: How far ahead to look.
        technician_id: Only what is theirs, or nobody's.
    """
    until = today + timedelta(days=within_days)
    plans = (
        select(MaintenancePlan)
        .where(
            MaintenancePlan.site_id == site_id,
            MaintenancePlan.ended_at.is_(None),
            MaintenancePlan.next_due_on <= until,
            # One that came back, or is scrapped, is nobody's to visit.
            MaintenancePlan.serial.has(SerialNumber.owner_id.is_not(None)),
        )
        .options(*_OF_PLAN)
        .order_by(MaintenancePlan.next_due_on, MaintenancePlan.id)
        .limit(_MOST)
    )
    later = aliased(ServiceVisit)
    promised = (
        _visit_query()
        .where(
            ServiceVisit.site_id == site_id,
            ServiceVisit.status != "cancelled",
            ServiceVisit.next_visit_on <= until,
            ServiceVisit.serial.has(SerialNumber.owner_id == ServiceVisit.party_id),
            # Whoever came after that has kept the promise.
            ~exists().where(
                later.serial_id == ServiceVisit.serial_id,
                later.status != "cancelled",
                later.opened_at > ServiceVisit.opened_at,
            ),
        )
        .options(joinedload(ServiceVisit.party))
        .limit(_MOST)
    )
    if technician_id is not None:
        plans = plans.where(
            or_(MaintenancePlan.technician_id == technician_id, MaintenancePlan.technician_id.is_(None))
        )
        promised = promised.where(ServiceVisit.technician_id == technician_id)
    rows: list[dict[str, Any]] = [
        {
            "kind": "plan",
            "id": plan.id,
            "name": plan.name,
            "due_on": plan.next_due_on,
            "unit": unit_card(plan.serial),
            "customer": party(plan.serial.owner),
            "technician": plan.technician and plan.technician.username,
        }
        for plan in session.scalars(plans)
    ]
    rows += [
        {
            "kind": "promise",
            "id": each.id,
            "name": each.number,
            "due_on": each.next_visit_on,
            "unit": unit_card(each.serial),
            "customer": party(each.party),
            "technician": each.technician.username,
        }
        for each in session.scalars(promised)
    ]
    return [
        row | {"overdue_days": max(0, (today - row["due_on"]).days)}
        for row in sorted(rows, key=lambda row: (row["due_on"], row["unit"]["serial_no"]))
    ]


_OF_PLAN = (
    joinedload(MaintenancePlan.serial).joinedload(SerialNumber.item),
    joinedload(MaintenancePlan.serial).joinedload(SerialNumber.owner),
    joinedload(MaintenancePlan.technician),
    joinedload(MaintenancePlan.contract),
)


def plans_of_unit(session: Session, unit_id: int) -> list[dict[str, Any]]:
    """The maintenance plans of a unit that are not over."""
    rows = session.scalars(
        select(MaintenancePlan)
        .where(MaintenancePlan.serial_id == unit_id, MaintenancePlan.ended_at.is_(None))
        .options(*_OF_PLAN)
        .order_by(MaintenancePlan.next_due_on, MaintenancePlan.id)
    )
    return [plan_card(plan) for plan in rows]


def plan(session: Session, plan_id: str) -> MaintenancePlan | None:
    """One maintenance plan."""
    return session.get(MaintenancePlan, plan_id, options=_OF_PLAN)


def plan_card(plan: MaintenancePlan) -> dict[str, Any]:
    """A maintenance plan in one line."""
    return {
        "id": plan.id,
        "site_id": plan.site_id,
        "name": plan.name,
        "contract": plan.contract and {"id": plan.contract.id, "number": plan.contract.number},
        "every": plan.every,
        "period": plan.period,
        "starts_on": plan.starts_on,
        "next_due_on": plan.next_due_on,
        "technician": plan.technician and plan.technician.username,
        "unit": unit_card(plan.serial),
        "ended_at": plan.ended_at,
    }


def open_repair(session: Session, unit_id: int) -> dict[str, Any] | None:
    """The repair order that a unit is here on."""
    query = select(RepairOrder).where(RepairOrder.serial_id == unit_id, RepairOrder.status == "submitted")
    order = session.scalars(query.options(*_OF_REPAIR)).first()
    return repair_card(order) if order is not None else None
