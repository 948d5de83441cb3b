"""What the rules of alerts are asked about, read in one or two statements a kind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from backend.domain import alerts
from backend.domain.alerts import AlertKind, Cause
from backend.domain.counters import size
from backend.domain.locations import SHELVES
from backend.models import (
    Balance,
    Batch,
    Device,
    Event,
    Item,
    Location,
    PurchaseReceipt,
    Scan,
    SerialNumber,
    Voucher,
    VoucherLine,
    VoucherUnit,
    Warranty,
    WarrantyClaim,
    table,
)

_SCANS_BACK = 5_000
"""Events of the feed among which the scans of the last hour are looked for."""

_FORGOTTEN = timedelta(days=30)
"""A device that was not heard of for so long is no longer in use."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a rule: for which site and number, when (``today`` at the site), and at which events of the feed."""

    site_id: int
    threshold: int
    now: datetime
    today: date
    first: int
    last: int


def causes(session: Session, kind: AlertKind, look: Look) -> list[Cause]:
    """All causes that a rule of a kind has now, those that were told before among them."""
    return _OF_KIND[kind](session, look)


def _over(session: Session, look: Look) -> list[Cause]:
    return alerts.received_over(_posted(session, look), look.threshold)


def _under(session: Session, look: Look) -> list[Cause]:
    return alerts.received_under(_posted(session, look), look.threshold)


def _posted(session: Session, look: Look) -> list[alerts.Posted]:
    """Receipts that were posted in the look's part of the feed and still stand."""
    order, line = aliased(Voucher), table(VoucherLine).alias("line")
    rows = session.execute(
        select(
            PurchaseReceipt.id,
            PurchaseReceipt.number,
            order.number.label("order_number"),
            Item.item_code,
            line.c.qty,
            line.c.received,
        )
        .join(Event, Event.voucher_id == PurchaseReceipt.id)
        .join(order, order.id == PurchaseReceipt.source_id)
        .join(line, line.c.voucher_id == order.id)
        .join(Item, Item.id == line.c.item_id)
        .where(
            Event.site_id == look.site_id,
            Event.seq.between(look.first, look.last),
            Event.kind == "receipt_submitted",
            PurchaseReceipt.status == "submitted",
        )
        .order_by(Event.seq, line.c.idx)
    ).all()
    receipts = dict.fromkeys((row.id, row.number, row.order_number) for row in rows)
    return [
        alerts.Posted(
            *receipt,
            tuple(alerts.OrderedLine(row.item_code, row.qty, row.received) for row in rows if row.id == receipt[0]),
        )
        for receipt in receipts
    ]


def _unlisted(session: Session, look: Look) -> list[Cause]:
    """What a scan asked about, and what was taken from a list: both are here, whatever becomes of them."""
    asked = session.execute(
        select(Scan.voucher_id, Voucher.number, Scan.answer)
        .join(Voucher, Voucher.id == Scan.voucher_id)
        .where(
            Scan.site_id == look.site_id,
            Scan.feed_seq.between(look.first, look.last),
            Scan.code == "serial_not_expected",
        )
        .order_by(Scan.feed_seq)
    )
    found = [
        alerts.Unlisted(row.voucher_id, row.number, action["serial_no"])
        for row in asked
        for action in row.answer["actions"]
        if action["kind"] == "take_unexpected"
    ]
    touched = select(Event.voucher_id).where(
        Event.site_id == look.site_id, Event.seq.between(look.first, look.last), Event.kind == "list_added"
    )
    scanned = select(Scan.id).where(Scan.site_id == look.site_id, Scan.feed_seq.between(look.first, look.last))
    taken = session.execute(
        select(VoucherUnit.voucher_id, Voucher.number, VoucherUnit.serial_no)
        .join(Voucher, Voucher.id == VoucherUnit.voucher_id)
        .where(
            VoucherUnit.voucher_id.in_(touched) | VoucherUnit.scan_id.in_(scanned),
            VoucherUnit.is_unexpected,
            VoucherUnit.status != "undone",
        )
        .order_by(VoucherUnit.id)
    )
    return alerts.unlisted(found + [alerts.Unlisted(row.voucher_id, row.number, row.serial_no) for row in taken])


def _silent(session: Session, look: Look) -> list[Cause]:
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
        alerts.HeardDevice(each.id, each.name, each.last_seen_at, size((first, last) for first, last in each.holds))
        for each in keeping.values()
        if each.id in here
    ]
    return alerts.silent(heard, look.now, look.threshold)


def _expiring(session: Session, look: Look) -> list[Cause]:
    today = look.today
    rows = session.execute(
        select(Batch.id, Batch.batch_no, Item.item_code, Batch.expires_on, func.sum(Balance.qty).label("qty"))
        .join(Item, Item.id == Batch.item_id)
        .join(Balance, Balance.batch_id == Batch.id)
        .join(Location, Location.id == Balance.location_id)
        .where(
            Batch.expires_on <= today + timedelta(days=look.threshold),
            Location.site_id == look.site_id,
            Location.kind.in_(SHELVES),
        )
        .group_by(Batch.id, Item.item_code)
        .having(func.sum(Balance.qty) > 0)
        .order_by(Batch.expires_on, Batch.id)
    )
    found = [
        alerts.expires(row.id, row.batch_no, row.item_code, row.expires_on, row.qty, today, look.threshold)
        for row in rows
    ]
    return [cause for cause in found if cause]


def _warranties(session: Session, look: Look) -> list[Cause]:
    """Of units that the site sold; one that a return stopped has no end while it is back."""
    today = look.today
    rows = session.execute(
        select(Item.id, Item.item_code, Warranty.end_on, func.count().label("units"))
        .select_from(Warranty)
        .join(Voucher, Voucher.id == Warranty.voucher_id)
        .join(SerialNumber, SerialNumber.id == Warranty.serial_id)
        .join(Item, Item.id == SerialNumber.item_id)
        .where(
            Voucher.site_id == look.site_id,
            Warranty.voided_at.is_(None),
            Warranty.paused_on.is_(None),
            Warranty.end_on.between(today, today + timedelta(days=look.threshold)),
        )
        .group_by(Item.id, Item.item_code, Warranty.end_on)
        .order_by(Warranty.end_on, Item.id)
    )
    found = [alerts.warranty_ends(row.id, row.item_code, row.end_on, row.units, today, look.threshold) for row in rows]
    return [cause for cause in found if cause]


def _unassigned(session: Session, look: Look) -> list[Cause]:
    rows = session.execute(
        select(WarrantyClaim.id, WarrantyClaim.number, WarrantyClaim.serial_text, WarrantyClaim.opened_at)
        .where(
            WarrantyClaim.site_id == look.site_id,
            WarrantyClaim.status.in_(("draft", "submitted")),
            WarrantyClaim.technician_id.is_(None),
            WarrantyClaim.opened_at <= look.now - timedelta(hours=look.threshold),
        )
        .order_by(WarrantyClaim.opened_at)
    )
    found = [
        alerts.unassigned(row.id, row.number, row.serial_text, row.opened_at, look.now, look.threshold) for row in rows
    ]
    return [cause for cause in found if cause]


def _quality(session: Session, look: Look) -> list[Cause]:
    failed = func.count().filter(Scan.status.in_(("refused", "needs_review")))
    rows = session.execute(
        select(Device.id, Device.name, func.count().label("scans"), failed.label("failed"))
        .select_from(Scan)
        .join(Device, Device.id == Scan.device_id)
        .where(
            Scan.site_id == look.site_id,
            Scan.feed_seq > look.last - _SCANS_BACK,
            Scan.recorded_at > look.now - alerts.QUALITY_WINDOW,
        )
        .group_by(Device.id, Device.name)
        .order_by(Device.name, Device.id)
    )
    scans = [alerts.ScansOfDevice(row.id, row.name, row.scans, row.failed) for row in rows]
    return alerts.quality_falls(scans, look.today, look.threshold)


_OF_KIND: dict[AlertKind, Callable[[Session, Look], list[Cause]]] = {
    AlertKind.OVER_RECEIPT: _over,
    AlertKind.UNDER_RECEIPT: _under,
    AlertKind.SERIAL_UNLISTED: _unlisted,
    AlertKind.DEVICE_SILENT: _silent,
    AlertKind.BATCH_EXPIRES: _expiring,
    AlertKind.WARRANTY_ENDS: _warranties,
    AlertKind.CLAIM_UNASSIGNED: _unassigned,
    AlertKind.SCAN_QUALITY: _quality,
}
