"""Devices: when they were heard of, how far off their clocks are, and which of their entries never arrived."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, insert, select, update

from backend.domain.counters import Span
from backend.domain.people import Actor, Permission
from backend.models import Device, DeviceGap, table
from backend.services.scan_batches import ScanBatch
from backend.unit_of_work import UnitOfWork

_device, _gap = table(Device).c, table(DeviceGap).c
_ids: BindParameter[Any] = bindparam("ids", expanding=True)
# In the order of their ids, so that no two groups of batches wait for each other.
_KNOWN = select(_device.id, _device.last_counter).where(_device.id.in_(_ids)).order_by(_device.id).with_for_update()
_HEARD: dict[str, BindParameter[Any]] = {
    "name": bindparam("called"),
    "last_seen_at": bindparam("now"),
    "clock_skew_ms": bindparam("skew"),
    "last_counter": bindparam("last"),
    "holds": bindparam("held"),
}
_HEAR = update(table(Device)).where(_device.id == bindparam("device")).values(_HEARD)
_MEET = insert(table(Device)).values(_HEARD | {"id": bindparam("device"), "first_seen_at": bindparam("first")})


def record_devices(work: UnitOfWork, batches: Sequence[ScanBatch], site_id: int | None = None) -> None:
    """Note that the devices of some batches were heard of, and which numbers of their counters are missing.

    Args:
        work: The unit of work.
        batches: What came, with the numbers of all its entries.
        site_id: Where they were made, for whoever looks after that site.
    """
    latest = {batch.device_id: batch for batch in batches}
    known = {row.id: row.last_counter for row in work.connection.execute(_KNOWN, {"ids": list(latest)})}
    heard: list[dict[str, Any]] = []
    new: list[dict[str, Any]] = []
    gaps: list[tuple[str, list[int], int]] = []
    for device_id, batch in sorted(latest.items()):
        numbers = sorted({n for each in batches if each.device_id == device_id for n in each.numbers})
        last = known.get(device_id, 0)
        if last is None:  # Known since before its numbers were looked at: it starts with those that come now.
            last = numbers[0] - 1 if numbers else 0
        row = {
            "device": device_id,
            "called": batch.device_name,
            "now": work.now,
            "skew": clock_skew_ms(work, batch),
            "last": max([last, *numbers]),
            "held": batch.holds,
        }
        if device_id in known:
            heard.append(row)
        else:
            new.append(row | {"first": work.now})
        if numbers and numbers != list(range(last + 1, last + 1 + len(numbers))):
            gaps.append((device_id, numbers, last))
    if heard:
        work.connection.execute(_HEAR, heard)
    if new:
        work.connection.execute(_MEET, new)
    for device_id, numbers, last in gaps:
        _note_gaps(work, device_id, site_id, numbers, last)


def _note_gaps(work: UnitOfWork, device_id: str, site_id: int | None, numbers: Sequence[int], last: int) -> None:
    late = [n for n in numbers if n <= last]
    if late:
        _fill(work, device_id, late)
    ahead = [last, *(n for n in numbers if n > last)]
    missing = [(before + 1, n - 1) for before, n in pairwise(ahead) if n > before + 1]
    _keep(work, device_id, site_id, missing)


def _fill(work: UnitOfWork, device_id: str, late: Sequence[int]) -> None:
    """What was missing has come after all: with another user of the device, or after a long sleep."""
    gaps = work.connection.execute(
        select(_gap.id, _gap.first, _gap.last, _gap.site_id).where(
            _gap.device_id == device_id, _gap.first <= late[-1], _gap.last >= late[0]
        )
    ).all()
    for gap in gaps:
        came = [n for n in late if gap.first <= n <= gap.last]
        if not came:
            continue
        work.connection.execute(delete(table(DeviceGap)).where(_gap.id == gap.id))
        edges = [gap.first - 1, *came, gap.last + 1]
        _keep(work, device_id, gap.site_id, [(a + 1, b - 1) for a, b in pairwise(edges) if b > a + 1])


def _keep(work: UnitOfWork, device_id: str, site_id: int | None, missing: Iterable[Span]) -> None:
    rows = [
        {"device_id": device_id, "site_id": site_id, "first": first, "last": last, "noticed_at": work.now}
        for first, last in missing
    ]
    if rows:
        work.connection.execute(insert(table(DeviceGap)), rows)


def clock_skew_ms(work: UnitOfWork, batch: ScanBatch) -> int:
    """How far a device's clock is ahead of ours, in milliseconds; bounded to what a column holds."""
    skew = (batch.sent_at - work.now).total_seconds() * 1000
    return int(max(-(2**31 - 1), min(2**31 - 1, skew)))


def settle_gaps(work: UnitOfWork, actor: Actor, *, site_id: int, device_id: str, reason: str) -> None:
    """Say what became of the entries of a device that never arrived; who, when and why are kept.

    Raises:
        DomainError: ``forbidden``.
    """
    actor.must(Permission.OVERRIDE, site_id)
    work.connection.execute(
        update(table(DeviceGap))
        .where(_gap.device_id == device_id, _gap.site_id == site_id, _gap.settled_at.is_(None))
        .values(settled_at=work.now, settled_by_id=actor.user_id, reason=reason)
    )
