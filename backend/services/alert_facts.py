"""What the rules of alerts are asked about, read in one or two statements a kind."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from backend.domain import alerts
from backend.domain.alerts import AlertKind, Cause
from backend.domain.locations import SHELVES
from backend.models import (
    Balance,
    Batch,
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
from backend.services import device_alert_facts
from backend.services.alert_looks import Look


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


_OF_KIND: dict[AlertKind, Callable[[Session, Look], list[Cause]]] = {
    AlertKind.OVER_RECEIPT: _over,
    AlertKind.UNDER_RECEIPT: _under,
    AlertKind.SERIAL_UNLISTED: _unlisted,
    AlertKind.DEVICE_SILENT: device_alert_facts.silent,
    AlertKind.ENTRIES_LOST: device_alert_facts.lost,
    AlertKind.BATCH_EXPIRES: _expiring,
    AlertKind.WARRANTY_ENDS: _warranties,
    AlertKind.CLAIM_UNASSIGNED: _unassigned,
    AlertKind.SCAN_QUALITY: device_alert_facts.quality,
}
