"""What the rules of alerts about devices are asked about."""

from collections import defaultdict
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.domain import device_alerts
from backend.domain.alerts import Cause
from backend.domain.counters import Span, size, without
from backend.models import ClearedDevice, Device, DeviceGap, Scan, User, UserRole
from backend.services.alert_looks import Look

_SCANS_BACK = 5_000
"""Events of the feed among which the scans of the last hour are looked for."""

_FORGOTTEN = timedelta(days=30)
"""A device that was not heard of for so long is no longer in use."""


def silent(session: Session, look: Look) -> list[Cause]:
    """A device belongs to the site of the last scan that came from it."""
    devices = session.execute(
        select(Device.id, Device.name, Device.last_seen_at, Device.holds).where(
            Device.last_seen_at <= look.now - timedelta(minutes=look.threshold),
            Device.last_seen_at > look.now - _FORGOTTEN,
            Device.holds.is_not(None),
        )
    ).all()
    keeping = {device.id: device for device in devices if device.holds}
    here = {
        device_id
        for device_id in keeping
        if session.scalar(
            select(Scan.site_id).where(Scan.device_id == device_id).order_by(Scan.counter.desc()).limit(1)
        )
        == look.site_id
    }
    heard = [
        device_alerts.HeardDevice(
            each.id, each.name, each.last_seen_at, size((first, last) for first, last in each.holds)
        )
        for each in keeping.values()
        if each.id in here
    ]
    return device_alerts.silent(heard, look.now, look.threshold)


def lost(session: Session, look: Look) -> list[Cause]:
    """Of devices that worked at the site, or whose people do, until a person has settled it."""
    return device_alerts.never_came(_gaps(session, look), look.threshold) + device_alerts.was_cleared(
        _cleared(session, look), look.threshold
    )


def _gaps(session: Session, look: Look) -> list[device_alerts.GapsOfDevice]:
    rows = session.execute(
        select(Device.id, Device.name, Device.holds, DeviceGap.first, DeviceGap.last)
        .join(DeviceGap, DeviceGap.device_id == Device.id)
        .where(DeviceGap.site_id == look.site_id, DeviceGap.settled_at.is_(None), Device.holds.is_not(None))
        .order_by(Device.name, Device.id, DeviceGap.first)
    )
    devices: dict[str, tuple[str, list[Span]]] = {}
    gaps: defaultdict[str, list[Span]] = defaultdict(list)
    for row in rows:
        devices[row.id] = row.name, [(first, last) for first, last in row.holds]
        gaps[row.id].append((row.first, row.last))
    return [
        device_alerts.GapsOfDevice(device_id, name, without(gaps[device_id], held))
        for device_id, (name, held) in devices.items()
    ]


def _cleared(session: Session, look: Look) -> list[device_alerts.ClearedDevice]:
    """One that was heard of afterwards has lost nothing."""
    of_site = select(UserRole.user_id).where(UserRole.site_id == look.site_id)
    rows = session.execute(
        select(Device.id, Device.name, User.username, Device.last_seen_at, Device.holds)
        .join(ClearedDevice, ClearedDevice.device_id == Device.id)
        .join(User, User.id == ClearedDevice.user_id)
        .where(
            ClearedDevice.user_id.in_(of_site),
            ClearedDevice.settled_at.is_(None),
            Device.last_seen_at <= ClearedDevice.noticed_at,
        )
        .order_by(ClearedDevice.noticed_at, Device.id)
    )
    return [
        device_alerts.ClearedDevice(
            row.id, row.name, row.username, row.last_seen_at, size((first, last) for first, last in row.holds or ())
        )
        for row in rows
    ]


def quality(session: Session, look: Look) -> list[Cause]:
    """Of the scans that devices made at the site in the window."""
    failed = func.count().filter(Scan.status.in_(("refused", "needs_review")))
    rows = session.execute(
        select(Device.id, Device.name, func.count().label("scans"), failed.label("failed"))
        .select_from(Scan)
        .join(Device, Device.id == Scan.device_id)
        .where(
            Scan.site_id == look.site_id,
            Scan.feed_seq > look.last - _SCANS_BACK,
            Scan.recorded_at > look.now - device_alerts.QUALITY_WINDOW,
        )
        .group_by(Device.id, Device.name)
        .order_by(Device.name, Device.id)
    )
    scans = [device_alerts.ScansOfDevice(row.id, row.name, row.scans, row.failed) for row in rows]
    return device_alerts.quality_falls(scans, look.today, look.threshold)
