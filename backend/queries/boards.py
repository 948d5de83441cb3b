"""The receiving board: what is being received at a site, and the last scans."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from backend.domain import serials
from backend.domain.counters import size
from backend.models import (
    Device,
    Feed,
    Location,
    Party,
    PurchaseReceipt,
    Scan,
    User,
    Voucher,
    VoucherLine,
    table,
)
from backend.queries import board_docks
from backend.queries.alerts import open_count
from backend.queries.board_memory import BoardMemory, curve

RATE_WINDOW = timedelta(minutes=2)
QUIET_AFTER = timedelta(minutes=2)
"""A device with an open receipt that was not heard of for so long is called quiet."""
CURVE_POINTS = 120
STREAM = 50
STAYS = timedelta(minutes=30)
"""How long a receipt stays on the board after it was submitted."""


def receiving(
    session: Session, site_id: int, now: datetime, memory: BoardMemory | None = None, dock_id: int | None = None
) -> dict[str, Any]:
    """The receiving board of a site, or of one of its docks; with a memory of the reading before, only what is new is
    read.

    With a session that reads one moment, every figure is as of the feed number ``head``: a board that has seen
    all events up to ``head`` shows the same.
    """
    head = session.scalar(select(Feed.head).where(Feed.site_id == site_id)) or 0
    shown = and_(
        PurchaseReceipt.site_id == site_id,
        or_(
            PurchaseReceipt.status == "draft",
            and_(PurchaseReceipt.status == "submitted", PurchaseReceipt.submitted_at > now - STAYS),
        ),
    )
    source = table(Voucher).alias("purchase_order")
    rows = session.execute(
        select(
            PurchaseReceipt.id,
            PurchaseReceipt.number,
            PurchaseReceipt.status,
            source.c.number.label("purchase_order_number"),
            Party.name.label("supplier"),
            Location.code.label("location"),
            PurchaseReceipt.accepted,
            PurchaseReceipt.rejected,
            PurchaseReceipt.refused,
            User.username.label("opened_by"),
            PurchaseReceipt.opened_at,
            PurchaseReceipt.submitted_at,
        )
        .join(source, source.c.id == PurchaseReceipt.source_id)
        .join(Party, Party.id == PurchaseReceipt.party_id)
        .join(Location, Location.id == PurchaseReceipt.location_id)
        .join(User, User.id == PurchaseReceipt.opened_by_id)
        .where(shown if dock_id is None else and_(shown, board_docks.at_dock(dock_id)))
        .order_by(PurchaseReceipt.opened_at.desc())
        .limit(50)
    ).all()
    ids = [row.id for row in rows]
    expected = _expected(session, ids)
    rates = _rates(session, ids, now)
    memory = memory or BoardMemory()
    memory.follow(session, site_id, head, {row.id: row.accepted for row in rows})
    streamed = Scan.site_id == site_id if dock_id is None else board_docks.newest_scans(ids, STREAM)
    stream = last_scans(session, streamed)
    last = {scan["receipt_id"]: scan for scan in last_scans(session, Scan.id.in_(_newest_scans(ids)))}
    devices = devices_of(session, set().union(*(kept.devices for kept in memory.receipts.values())), now)
    return {
        **frame(session, site_id, now, head),
        "dock": board_docks.dock(session, dock_id),
        "docks": board_docks.docks(session, shown),
        "receipts": [
            dict(row._mapping)
            | {
                "expected": expected.get(row.id, 0),
                "scans_per_minute": rates.get(row.id, 0.0),
                "last_scan": last.get(row.id),
                "needs_review": memory.receipts[row.id].needs_review,
                "estimated_finish": estimated_finish(row, expected.get(row.id, 0), rates.get(row.id, 0.0), now),
                "people": sorted(memory.receipts[row.id].people),
                "devices": [devices[device_id] for device_id in sorted(memory.receipts[row.id].devices)],
                "curve": curve(memory.receipts[row.id].accepted_at, CURVE_POINTS),
            }
            for row in rows
        ],
        "stream": stream,
    }


def frame(session: Session, site_id: int, now: datetime, head: int | None = None) -> dict[str, Any]:
    """What every board says besides its figures: of which site, as of which event and moment, and what alerts wait."""
    if head is None:
        head = session.scalar(select(Feed.head).where(Feed.site_id == site_id)) or 0
    site = session.execute(select(Location.id, Location.code, Location.name).where(Location.id == site_id)).one()
    return {"site": dict(site._mapping), "head": head, "server_time": now, "open_alerts": open_count(session, site_id)}


def estimated_finish(row: Any, expected: int, rate: float, now: datetime) -> datetime | None:
    """When a receipt is complete if it goes on as in the last two minutes; nothing while it stands still."""
    left = expected - row.accepted - row.rejected
    if row.status != "draft" or left <= 0 or not rate:
        return None
    return now + timedelta(minutes=float(left) / rate)


def devices_of(session: Session, ids: Collection[str], now: datetime) -> dict[str, dict[str, Any]]:
    """How each device fares: quiet when nothing came from it for a while; ``unsent`` is ``None`` when it never said."""
    rows = session.execute(select(Device.id, Device.name, Device.last_seen_at, Device.holds).where(Device.id.in_(ids)))
    return {
        row.id: {
            "name": row.name,
            "last_seen_at": row.last_seen_at,
            "is_quiet": row.last_seen_at < now - QUIET_AFTER,
            "unsent": None if row.holds is None else size([(first, last) for first, last in row.holds]),
        }
        for row in rows
    }


def last_scans(session: Session, of: ColumnElement[bool]) -> list[dict[str, Any]]:
    """The newest scans, each with who, where, and what came of it."""
    rows = session.execute(
        select(
            Scan.id,
            Scan.recorded_at,
            Scan.status,
            Scan.code,
            Scan.raw,
            Scan.answer,
            Scan.voucher_id,
            Voucher.number,
            User.username,
            Device.name,
        )
        .join(Voucher, Voucher.id == Scan.voucher_id)
        .join(User, User.id == Scan.user_id)
        .join(Device, Device.id == Scan.device_id)
        .where(of)
        .order_by(Scan.feed_seq.desc())
        .limit(STREAM)
    ).all()
    return [
        {
            "scan_id": row.id,
            "at": row.recorded_at,
            "receipt_id": row.voucher_id,
            "receipt_number": row.number,
            "by": row.username,
            "device": row.name,
            "serial_no": (row.answer["unit"] or {}).get("serial_no"),
            "item_code": (row.answer["unit"] or {}).get("item_code"),
            "condition": (row.answer["unit"] or {}).get("condition"),
            "text": serials.printable(row.raw.decode("utf-8", "replace"))[:80],
            "status": row.status,
            "code": row.code,
            "message": row.answer["message"],
        }
        for row in rows
    ]


def _expected(session: Session, ids: Collection[str]) -> dict[str, int]:
    rows = session.execute(
        select(VoucherLine.voucher_id, func.sum(VoucherLine.qty))
        .where(VoucherLine.voucher_id.in_(ids))
        .group_by(VoucherLine.voucher_id)
    )
    return {voucher_id: int(qty) for voucher_id, qty in rows}


def _rates(session: Session, ids: Collection[str], now: datetime) -> dict[str, float]:
    """Scans a minute over the last two minutes."""
    rows = session.execute(
        select(Scan.voucher_id, func.count())
        .where(Scan.voucher_id.in_(ids), Scan.recorded_at > now - RATE_WINDOW)
        .group_by(Scan.voucher_id)
    )
    return {voucher_id: round(count / (RATE_WINDOW.total_seconds() / 60), 1) for voucher_id, count in rows}


def _newest_scans(ids: Collection[str]) -> Any:
    """The id of the last scan of each receipt, as a subquery."""
    receipt, scan = table(Voucher).alias("receipt"), table(Scan).alias("newest")
    newest = (
        select(scan.c.id)
        .where(scan.c.voucher_id == receipt.c.id)
        .order_by(scan.c.recorded_at.desc())
        .limit(1)
        .correlate(receipt)
        .scalar_subquery()
    )
    return select(newest).where(receipt.c.id.in_(ids))
