"""The board of decisions: what waits for a supervisor, and which rules were passed today."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from backend.models import (
    Conflict,
    Item,
    OverReceipt,
    Reservation,
    Scan,
    SerialNumber,
    StockCount,
    User,
    Voucher,
    VoucherLine,
    WarrantyClaim,
)

MOST = 200


def decisions(session: Session, site_id: int, now: datetime) -> dict[str, Any]:
    """What waits, the longest first, and what was decided against a rule since midnight, newest first.

    Midnight is that of the clock of ``now``.
    """
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    waiting = [row for query in _waiting(site_id) for row in _read(session, query.limit(MOST))]
    passed = [row for query in _passed(site_id, today) for row in _read(session, query.limit(MOST))]
    return {
        "waiting": sorted(waiting, key=lambda row: row["at"]),
        "passed": sorted(passed, key=lambda row: row["at"], reverse=True),
    }


def _read(session: Session, query: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in session.execute(query)]


def _waiting(site_id: int) -> list[Select[*tuple[Any, ...]]]:
    conflict = (
        select(
            literal("conflict").label("kind"),
            Voucher.id.label("voucher_id"),
            Voucher.number,
            SerialNumber.serial_no.label("subject"),
            User.username.label("by"),
            Conflict.opened_at.label("at"),
            Scan.code.label("reason"),
        )
        .select_from(Conflict)
        .join(Scan, Scan.id == Conflict.scan_id)
        .join(User, User.id == Scan.user_id)
        .join(Voucher, Voucher.id == Conflict.voucher_id)
        .join(SerialNumber, SerialNumber.id == Conflict.serial_id)
        .where(Conflict.site_id == site_id, Conflict.decided_at.is_(None))
        .order_by(Conflict.opened_at)
    )
    count = (
        select(
            literal("count").label("kind"),
            StockCount.id.label("voucher_id"),
            StockCount.number,
            StockCount.remark.label("subject"),
            User.username.label("by"),
            StockCount.submitted_at.label("at"),
            literal(None).label("reason"),
        )
        .join(User, User.id == StockCount.submitted_by_id)
        .where(StockCount.site_id == site_id, StockCount.status == "submitted")
        .order_by(StockCount.submitted_at)
    )
    claim = (
        select(
            literal("claim").label("kind"),
            WarrantyClaim.id.label("voucher_id"),
            WarrantyClaim.number,
            WarrantyClaim.serial_text.label("subject"),
            User.username.label("by"),
            WarrantyClaim.opened_at.label("at"),
            WarrantyClaim.decision_reason.label("reason"),
        )
        .join(User, User.id == WarrantyClaim.opened_by_id)
        .where(
            WarrantyClaim.site_id == site_id,
            WarrantyClaim.status.in_(("draft", "submitted")),
            WarrantyClaim.decision == "held",
        )
        .order_by(WarrantyClaim.opened_at)
    )
    return [conflict, count, claim]


def _passed(site_id: int, since: datetime) -> list[Select[*tuple[Any, ...]]]:
    override = (
        select(
            literal("override").label("kind"),
            Voucher.id.label("voucher_id"),
            Voucher.number,
            SerialNumber.serial_no.label("subject"),
            User.username.label("by"),
            Reservation.at,
            Reservation.reason,
        )
        .select_from(Reservation)
        .join(Voucher, Voucher.id == Reservation.voucher_id)
        .join(SerialNumber, SerialNumber.id == Reservation.serial_id)
        .join(User, User.id == Reservation.user_id)
        .where(Voucher.site_id == site_id, Reservation.at >= since, Reservation.reason.is_not(None))
        .order_by(Reservation.at.desc())
    )
    over_receipt = (
        select(
            literal("over_receipt").label("kind"),
            Voucher.id.label("voucher_id"),
            Voucher.number,
            Item.item_code.label("subject"),
            User.username.label("by"),
            OverReceipt.at,
            OverReceipt.reason,
        )
        .select_from(OverReceipt)
        .join(Voucher, Voucher.id == OverReceipt.voucher_id)
        .join(VoucherLine, VoucherLine.id == OverReceipt.line_id)
        .join(Item, Item.id == VoucherLine.item_id)
        .join(User, User.id == OverReceipt.user_id)
        .where(Voucher.site_id == site_id, OverReceipt.at >= since)
        .order_by(OverReceipt.at.desc())
    )
    return [override, over_receipt]
