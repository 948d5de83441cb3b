"""The receiving board: what is being received at a site, and the last scans."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from backend.domain import serials
from backend.domain.receiving import Condition
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
    VoucherUnit,
    table,
)

RATE_WINDOW = timedelta(minutes=2)
CURVE_POINTS = 120
STREAM = 50
STAYS = timedelta(minutes=30)
"""How long a receipt stays on the board after it was submitted."""


def receiving(session: Session, site_id: int, now: datetime) -> dict[str, Any]:
    """The receiving board of a site.

    With a session that reads one moment, every figure is as of the feed number ``head``: a board that has seen
    all events up to ``head`` shows the same.
    """
    head = session.scalar(select(Feed.head).where(Feed.site_id == site_id)) or 0
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
        .where(
            PurchaseReceipt.site_id == site_id,
            (PurchaseReceipt.status == "draft")
            | ((PurchaseReceipt.status == "submitted") & (PurchaseReceipt.submitted_at > now - STAYS)),
        )
        .order_by(PurchaseReceipt.opened_at.desc())
        .limit(50)
    ).all()
    ids = [row.id for row in rows]
    expected = _expected(session, ids)
    rates = _rates(session, ids, now)
    curves = _curves(session, ids)
    stream = last_scans(session, Scan.site_id == site_id)
    last = {row.id: next(iter(last_scans(session, Scan.voucher_id == row.id, limit=1)), None) for row in rows}
    people = _people(session, ids)
    site = session.execute(select(Location.id, Location.code, Location.name).where(Location.id == site_id)).one()
    return {
        "site": dict(site._mapping),
        "head": head,
        "server_time": now,
        "receipts": [
            dict(row._mapping)
            | {
                "expected": expected.get(row.id, 0),
                "scans_per_minute": rates.get(row.id, 0.0),
                "last_scan": last[row.id],
                "people": people.get(row.id, []),
                "curve": curves.get(row.id, []),
            }
            for row in rows
        ],
        "stream": stream,
    }


def last_scans(session: Session, of: ColumnElement[bool], limit: int = STREAM) -> list[dict[str, Any]]:
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
        .order_by(Scan.feed_seq.desc() if limit > 1 else Scan.recorded_at.desc())
        .limit(limit)
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


def _people(session: Session, ids: Collection[str]) -> dict[str, list[str]]:
    rows = session.execute(
        select(Scan.voucher_id, User.username)
        .join(User, User.id == Scan.user_id)
        .where(Scan.voucher_id.in_(ids))
        .distinct()
        .order_by(User.username)
    )
    people: defaultdict[str, list[str]] = defaultdict(list)
    for voucher_id, username in rows:
        people[voucher_id].append(username)
    return people


def _curves(session: Session, ids: Collection[str]) -> dict[str, list[list[float]]]:
    """Accepted units over time, as [seconds since 1970, count so far], thinned to what a chart can show.

    Of the units that count now, so that the curve ends at the figure beside it: rejected ones are not in it,
    and neither are those that were taken back.

    The database counts and thins: a receipt of 10,000 units is read by every board whenever a scan comes.
    """
    of_receipt: dict[str, Any] = {"partition_by": VoucherUnit.voucher_id}
    counted = (
        select(
            VoucherUnit.voucher_id,
            VoucherUnit.recorded_at,
            func.row_number().over(**of_receipt, order_by=(VoucherUnit.recorded_at, VoucherUnit.id)).label("accepted"),
            func.count().over(**of_receipt).label("points"),
        )
        .where(
            VoucherUnit.voucher_id.in_(ids),
            VoucherUnit.condition == Condition.ACCEPTED,
            VoucherUnit.status != "undone",
        )
        .subquery()
        .c
    )
    step = (counted.points + CURVE_POINTS - 1) // CURVE_POINTS
    rows = session.execute(
        select(counted.voucher_id, counted.recorded_at, counted.accepted)
        .where(((counted.accepted - 1) % step == 0) | (counted.accepted == counted.points))
        .order_by(counted.voucher_id, counted.accepted)
    )
    curves: defaultdict[str, list[list[float]]] = defaultdict(list)
    for voucher_id, at, accepted in rows:
        curve, second = curves[voucher_id], round(at.timestamp(), 1)
        if curve and curve[-1][0] == second:
            curve.pop()  # A list of units comes at once, and is one step.
        curve.append([second, accepted])
    return curves
