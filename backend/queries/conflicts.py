"""Conflicts of picks and lost entries of devices, for whoever has to decide."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from backend.domain.counters import size, spell, without
from backend.models import Conflict, Device, DeviceGap, Item, Scan, SerialNumber, User, Voucher

MOST = 200


def conflicts(session: Session, site_id: int, *, is_open: bool) -> list[dict[str, Any]]:
    """Those that wait for a decision, oldest first; or those that were decided, newest first."""
    picker, decider = aliased(User), aliased(User)
    order = Conflict.opened_at if is_open else Conflict.decided_at.desc()
    rows = session.execute(
        select(
            Conflict,
            Scan.answer,
            Scan.scanned_at,
            SerialNumber.serial_no,
            Item.item_code,
            Voucher.number,
            Device.name.label("device"),
            picker.username.label("by"),
            decider.username.label("decided_by"),
        )
        .join(Scan, Scan.id == Conflict.scan_id)
        .join(Voucher, Voucher.id == Conflict.voucher_id)
        .join(SerialNumber, SerialNumber.id == Conflict.serial_id)
        .join(Item, Item.id == SerialNumber.item_id)
        .join(Device, Device.id == Scan.device_id)
        .join(picker, picker.id == Scan.user_id)
        .outerjoin(decider, decider.id == Conflict.decided_by_id)
        .where(
            Conflict.site_id == site_id, Conflict.decided_at.is_(None) if is_open else Conflict.decided_at.is_not(None)
        )
        .order_by(order, Conflict.scan_id)
        .limit(MOST)
    )
    return [
        {
            "id": row.Conflict.scan_id,
            "serial_no": row.serial_no,
            "item_code": row.item_code,
            "pick_list": {"id": row.Conflict.voucher_id, "number": row.number},
            "by": row.by,
            "device": row.device,
            "scanned_at": row.scanned_at,
            "received_at": row.Conflict.opened_at,
            "code": row.answer["code"],
            "message": row.answer["message"],
            "taken": row.answer["facts"].get("taken"),
            "decision": row.Conflict.decision,
            "reason": row.Conflict.reason,
            "decided_by": row.decided_by,
            "decided_at": row.Conflict.decided_at,
        }
        for row in rows
    ]


def open_gaps(session: Session, site_id: int) -> list[dict[str, Any]]:
    """Entries that never arrived from devices which worked at a site, a device a line."""
    rows = session.execute(
        select(Device.id, Device.name, Device.holds, Device.last_seen_at, DeviceGap.first, DeviceGap.last)
        .join(DeviceGap, DeviceGap.device_id == Device.id)
        .where(DeviceGap.site_id == site_id, DeviceGap.settled_at.is_(None), Device.holds.is_not(None))
        .order_by(Device.name, Device.id, DeviceGap.first)
    ).all()
    found = []
    for device_id in dict.fromkeys(row.id for row in rows):
        of_device = [row for row in rows if row.id == device_id]
        held = [(first, last) for first, last in of_device[0].holds]
        missing = without([(row.first, row.last) for row in of_device], held)
        if missing:
            row = of_device[0]
            found.append(
                {
                    "device_id": device_id,
                    "device": row.name,
                    "last_seen_at": row.last_seen_at,
                    "count": size(missing),
                    "numbers": spell(missing),
                }
            )
    return found
