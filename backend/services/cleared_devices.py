"""Devices whose browsers threw their storage away: each goes on as a new one, which is told at its first word."""

from datetime import timedelta

from sqlalchemy import insert, select, update

from backend.domain.people import Actor, Permission
from backend.models import Action, ClearedDevice, Device, Scan, UserRole, table
from backend.services.devices import record_devices
from backend.services.scan_batches import ScanBatch
from backend.unit_of_work import UnitOfWork

_device, _cleared = table(Device).c, table(ClearedDevice).c
_FORGOTTEN = timedelta(days=30)
"""A device that was not heard of for so long is no longer in use."""


def meet(work: UnitOfWork, batch: ScanBatch, *, was: str | None) -> None:
    """Note a device that was never heard of, and which one its browser was until it cleared its storage.

    Args:
        work: The unit of work.
        batch: What came of it; its numbers do not matter.
        was: The device that the browser says it was, by a cookie that outlived its storage. Where that is gone, too,
            it is taken to be the one that its person used last, if that is of the same make, has told that it kept
            entries, and has been silent since.
    """
    record_devices(work, [batch])
    before = was if was and _is_known(work, was) else _fell_silent(work, batch)
    if before is None or before == batch.device_id or _is_noted(work, before):
        return
    work.connection.execute(
        insert(table(ClearedDevice)).values(
            device_id=before,
            goes_on_as_id=batch.device_id,
            user_id=_last_user(work, before) or batch.actor.user_id,
            noticed_at=work.now,
        )
    )


def settle_cleared(work: UnitOfWork, actor: Actor, *, site_id: int, device_id: str, reason: str) -> None:
    """Say what became of what a cleared device had not sent, for somebody of the site; it is told no more.

    Raises:
        DomainError: ``forbidden``.
    """
    actor.must(Permission.OVERRIDE, site_id)
    of_site = select(UserRole.user_id).where(UserRole.site_id == site_id)
    work.connection.execute(
        update(table(ClearedDevice))
        .where(_cleared.device_id == device_id, _cleared.user_id.in_(of_site), _cleared.settled_at.is_(None))
        .values(settled_at=work.now, settled_by_id=actor.user_id, reason=reason)
    )


def _is_known(work: UnitOfWork, device_id: str) -> bool:
    return work.connection.scalar(select(_device.id).where(_device.id == device_id)) is not None


def _is_noted(work: UnitOfWork, device_id: str) -> bool:
    return work.connection.scalar(select(_cleared.device_id).where(_cleared.device_id == device_id)) is not None


def _fell_silent(work: UnitOfWork, batch: ScanBatch) -> str | None:
    rows = work.connection.execute(
        select(_device.id, _device.name, _device.holds)
        .where(
            _device.id != batch.device_id,
            _device.name.startswith(_make(batch.device_name), autoescape=True),
            _device.last_seen_at > work.now - _FORGOTTEN,
            _device.holds.is_not(None),
        )
        .order_by(_device.last_seen_at.desc())
    ).all()
    keeping = [row.id for row in rows if row.holds and _make(row.name) == _make(batch.device_name)]
    return next((each for each in keeping if _last_user(work, each) == batch.actor.user_id), None)


def _make(name: str) -> str:
    """What a device calls itself before the four letters that tell it from others of its kind."""
    return name.rpartition(" ")[0]


def _last_user(work: UnitOfWork, device_id: str) -> int | None:
    """Whose entry came from a device last."""
    newest = [
        work.connection.execute(
            select(kind.user_id, kind.counter).where(kind.device_id == device_id).order_by(kind.counter.desc()).limit(1)
        ).one_or_none()
        for kind in (table(Scan).c, table(Action).c)
    ]
    found = sorted((row for row in newest if row), key=lambda row: row.counter)
    return found[-1].user_id if found else None
