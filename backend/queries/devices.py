"""What is known of devices: how far their counters came, and what never arrived."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.domain.counters import Span, size, without
from backend.models import ClearedDevice, Device, DeviceGap, User, UserRole


@dataclass(frozen=True, slots=True)
class Cleared:
    """A device whose browser threw its storage away, by whom it was used last, and what it had told until then."""

    device_id: str
    device: str
    by: str
    last_seen_at: datetime
    unsent: int
    """How many entries it said that it kept; there may be more that it never told of."""

    noticed_at: datetime


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


def cleared_before(session: Session, device_id: str) -> Cleared | None:
    """The device that this one was until its browser cleared its storage, unless a person has settled that."""
    row = session.execute(_CLEARED.where(ClearedDevice.goes_on_as_id == device_id)).first()
    return _cleared(row) if row else None


def open_cleared(session: Session, site_id: int) -> list[Cleared]:
    """Devices of people of a site that were cleared, until a person has settled it."""
    of_site = select(UserRole.user_id).where(UserRole.site_id == site_id)
    rows = session.execute(_CLEARED.where(ClearedDevice.user_id.in_(of_site)).order_by(ClearedDevice.noticed_at))
    return [_cleared(row) for row in rows]


# One that was heard of afterwards has lost nothing: its cookie had been copied, or its person had two.
_CLEARED = (
    select(Device.id, Device.name, User.username, Device.last_seen_at, Device.holds, ClearedDevice.noticed_at)
    .select_from(ClearedDevice)
    .join(Device, Device.id == ClearedDevice.device_id)
    .join(User, User.id == ClearedDevice.user_id)
    .where(ClearedDevice.settled_at.is_(None), Device.last_seen_at <= ClearedDevice.noticed_at)
)


def _cleared(row: Any) -> Cleared:
    unsent = size((first, last) for first, last in row.holds or ())
    return Cleared(row.id, row.name, row.username, row.last_seen_at, unsent, row.noticed_at)
