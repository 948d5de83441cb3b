"""The service board: claims that are open, visits that are overdue, and who is on them."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from backend.models import Item, MaintenancePlan, Party, SerialNumber, User, WarrantyClaim

MOST = 200


def service(session: Session, site_id: int, today: date) -> dict[str, Any]:
    """Open claims of a site, those without a technician first, and overdue visits, the longest overdue first."""
    return {"claims": open_claims(session, site_id), "overdue": overdue_visits(session, site_id, today)}


def open_claims(session: Session, site_id: int) -> list[dict[str, Any]]:
    """Open claims; ``technician`` is ``None`` where nobody is on it."""
    technician = aliased(User)
    rows = session.execute(
        select(
            WarrantyClaim.id,
            WarrantyClaim.number,
            WarrantyClaim.serial_text.label("serial_no"),
            WarrantyClaim.complaint,
            WarrantyClaim.decision,
            WarrantyClaim.opened_at,
            Item.item_code,
            Party.name.label("customer"),
            technician.username.label("technician"),
        )
        .outerjoin(SerialNumber, SerialNumber.id == WarrantyClaim.serial_id)
        .outerjoin(Item, Item.id == SerialNumber.item_id)
        .outerjoin(Party, Party.id == WarrantyClaim.party_id)
        .outerjoin(technician, technician.id == WarrantyClaim.technician_id)
        .where(WarrantyClaim.site_id == site_id, WarrantyClaim.status.in_(("draft", "submitted")))
        .order_by(WarrantyClaim.technician_id.is_not(None), WarrantyClaim.opened_at, WarrantyClaim.id)
        .limit(MOST)
    )
    return [dict(row._mapping) for row in rows]


def overdue_visits(session: Session, site_id: int, today: date) -> list[dict[str, Any]]:
    """Maintenance plans whose next visit was due before today, of units that a customer has."""
    rows = session.execute(
        select(
            MaintenancePlan.id,
            MaintenancePlan.name,
            MaintenancePlan.next_due_on.label("due_on"),
            SerialNumber.id.label("unit_id"),
            SerialNumber.serial_no,
            Item.item_code,
            User.username.label("technician"),
        )
        .join(SerialNumber, SerialNumber.id == MaintenancePlan.serial_id)
        .join(Item, Item.id == SerialNumber.item_id)
        .outerjoin(User, User.id == MaintenancePlan.technician_id)
        .where(
            MaintenancePlan.site_id == site_id,
            MaintenancePlan.ended_at.is_(None),
            MaintenancePlan.next_due_on < today,
            SerialNumber.owner_id.is_not(None),
        )
        .order_by(MaintenancePlan.next_due_on, MaintenancePlan.id)
        .limit(MOST)
    )
    return [dict(row._mapping) | {"days_late": (today - row.due_on).days} for row in rows]
