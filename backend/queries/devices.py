"""What is known of devices: how far their counters came, and what never arrived."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.counters import Span, without
from backend.models import Device, DeviceGap


def counter_of(session: Session, device_id: str) -> tuple[int | None, list[Span]]:
    """The highest number that came from a device, and those below it that neither came nor are held by it.

    A build that does not say what it holds is taken to hold all that is missing.
    """
    device = session.execute(select(Device.last_counter, Device.holds).where(Device.id == device_id)).one_or_none()
    if device is None:
        return None, []
    if device.holds is None:
        return device.last_counter, []
    gaps = session.execute(
        select(DeviceGap.first, DeviceGap.last)
        .where(DeviceGap.device_id == device_id, DeviceGap.settled_at.is_(None))
        .order_by(DeviceGap.first)
    )
    held = [(first, last) for first, last in device.holds]
    return device.last_counter, without([(gap.first, gap.last) for gap in gaps], held)
