"""Pick lists as screens show them: what to fetch, place by place, what was fetched and what was taken instead."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from backend.domain.picking import Stop, way_to
from backend.models import (
    Batch,
    Device,
    Item,
    Location,
    PickList,
    Reservation,
    Scan,
    SerialNumber,
    User,
    Voucher,
    VoucherLine,
)
from backend.queries.masters import item_card
from backend.queries.pick_list_releases import taken_off
from backend.queries.receipts import party, place

MOST = 200
"""Pick lists in one answer."""
MOST_UNITS = 5_000
"""Units of a pick list in one answer: more than one person fetches in a day."""
_PARTS = (
    joinedload(PickList.location).joinedload(Location.parent),
    joinedload(PickList.opened_by),
    joinedload(PickList.submitted_by),
    selectinload(PickList.lines).joinedload(VoucherLine.item).selectinload(Item.barcodes),
    selectinload(PickList.lines).joinedload(VoucherLine.batch),
    selectinload(PickList.lines).joinedload(VoucherLine.location).joinedload(Location.parent),
    selectinload(PickList.lines)
    .joinedload(VoucherLine.source_line)
    .joinedload(VoucherLine.voucher)
    .joinedload(Voucher.party),
)


def pick_lists(session: Session, site_id: int, status: str | None) -> list[dict[str, Any]]:
    """The pick lists of a site, newest first; ``open`` means being picked or waiting for the delivery."""
    query = select(PickList).where(PickList.site_id == site_id)
    if status is not None:
        query = query.where(PickList.status.in_(("draft", "submitted") if status == "open" else (status,)))
    found = session.scalars(query.order_by(PickList.opened_at.desc(), PickList.number).limit(MOST).options(*_PARTS))
    return [_pick_list(each) for each in found]


def pick_list(session: Session, pick_list_id: str) -> dict[str, Any] | None:
    """One pick list with its units in walking order, and with what was replaced."""
    found = session.get(PickList, pick_list_id, options=_PARTS)
    if found is None:
        return None
    return _pick_list(found) | {
        "units": units(session, pick_list_id),
        "replaced": _replaced(session, pick_list_id),
        "released": taken_off(session, pick_list_id, MOST_UNITS),
    }


def units(session: Session, pick_list_id: str, statuses: Sequence[str] = ("proposed", "chosen", "posted")) -> list[Any]:
    """The units of a pick list in the order in which a person walks past them."""
    parent = aliased(Location)
    rows = session.execute(
        select(
            Reservation.line_id,
            Reservation.status,
            Reservation.scan_id,
            Reservation.at,
            Reservation.scanned_at,
            Reservation.reason,
            User.username.label("by"),
            Device.name.label("device"),
            SerialNumber.id.label("unit_id"),
            SerialNumber.serial_no,
            Item.id.label("item_id"),
            Item.item_code,
            Batch.batch_no,
            Batch.expires_on,
            Location.id.label("place_id"),
            Location.code,
            Location.walk_order,
            parent.code.label("parent"),
            parent.kind.label("parent_kind"),
        )
        .join(SerialNumber, SerialNumber.id == Reservation.serial_id)
        .join(Item, Item.id == SerialNumber.item_id)
        .join(Location, Location.id == SerialNumber.location_id)
        .outerjoin(parent, parent.id == Location.parent_id)
        .outerjoin(Batch, Batch.id == SerialNumber.batch_id)
        .join(User, User.id == Reservation.user_id)
        .outerjoin(Scan, Scan.id == Reservation.scan_id)
        .outerjoin(Device, Device.id == Scan.device_id)
        .where(Reservation.voucher_id == pick_list_id, Reservation.status.in_(statuses))
        .limit(MOST_UNITS)
    )
    found = []
    for row in rows:
        path = row.code if row.parent_kind in (None, "site") else f"{row.parent} / {row.code}"
        unit = {name: value for name, value in row._mapping.items() if name not in _OF_PLACE}
        unit["location"] = {"id": row.place_id, "code": row.code, "path": path}
        found.append((way_to(Stop(row.walk_order, path)), row.item_code, row.serial_no, unit))
    return [unit for *_, unit in sorted(found, key=lambda each: each[:3])]


_OF_PLACE = ("place_id", "code", "walk_order", "parent", "parent_kind")


def _pick_list(found: PickList) -> dict[str, Any]:
    orders = {
        line.source_line.voucher.id: line.source_line.voucher for line in found.lines if line.source_line is not None
    }
    return {
        "id": found.id,
        "number": found.number,
        "status": found.status,
        "site_id": found.site_id,
        "location": place(found.location),
        "opened_by": found.opened_by.username,
        "opened_at": found.opened_at,
        "submitted_by": found.submitted_by and found.submitted_by.username,
        "submitted_at": found.submitted_at,
        "cancel_reason": found.cancel_reason,
        "sales_orders": [
            {"id": order.id, "number": order.number, "customer": party(order.party)}
            for order in sorted(orders.values(), key=lambda order: order.number)
        ],
        "counts": {
            "expected": int(sum(line.qty for line in found.lines)),
            "accepted": int(sum(line.picked for line in found.lines)),
            "rejected": 0,
        },
        "lines": [_line(line) for line in found.lines if line.qty],
    }


def _line(line: VoucherLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "item": item_card(line.item),
        "qty": line.qty,
        "picked": line.picked,
        "delivered": line.delivered,
        "sales_order": line.source_line and line.source_line.voucher.number,
        "batch_no": line.batch and line.batch.batch_no,
        "expires_on": line.batch and line.batch.expires_on,
        "location": place(line.location),
    }


def _replaced(session: Session, pick_list_id: str) -> list[dict[str, Any]]:
    """What was proposed, and what a person took in its place."""
    taken, taken_unit, unit = aliased(Reservation), aliased(SerialNumber), aliased(SerialNumber)
    rows = session.execute(
        select(
            unit.serial_no,
            taken_unit.serial_no.label("taken"),
            taken.at,
            User.username.label("by"),
        )
        .select_from(Reservation)
        .join(taken, taken.id == Reservation.replaced_by_id)
        .join(unit, unit.id == Reservation.serial_id)
        .join(taken_unit, taken_unit.id == taken.serial_id)
        .join(User, User.id == taken.user_id)
        .where(Reservation.voucher_id == pick_list_id, Reservation.hold_id.is_(None), Reservation.count_id.is_(None))
        .order_by(Reservation.id)
    )
    return [dict(row._mapping) for row in rows]
