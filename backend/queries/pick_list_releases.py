"""What a count, a hold or a recall took off a pick list, by whom and why, and what is proposed in its place."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from backend.models import (
    Batch,
    CountResult,
    CountRound,
    Hold,
    Item,
    Reservation,
    SerialNumber,
    User,
    Voucher,
    VoucherLine,
)

_instead, _unit, _unit_instead = aliased(Reservation), aliased(SerialNumber), aliased(SerialNumber)


def taken_off(session: Session, pick_list_id: str, most: int) -> list[dict[str, Any]]:
    """Units and goods that are not on a list any more, the last first; at most so many of each kind."""
    by_count = (
        _units(CountResult.kind, Voucher.number, CountRound.submitted_at)
        .join(Voucher, Voucher.id == Reservation.count_id)
        .join(CountRound, (CountRound.voucher_id == Voucher.id) & CountRound.approved_at.is_not(None))
        .join(User, User.id == CountRound.counted_by_id)
        .join(CountResult, (CountResult.voucher_id == Voucher.id) & (CountResult.serial_id == Reservation.serial_id))
    )
    by_hold = (
        _units(Hold.kind, Hold.reason, Hold.placed_at)
        .join(Hold, Hold.id == Reservation.hold_id)
        .join(User, User.id == Hold.placed_by_id)
    )
    units = [
        dict(row._mapping)
        for query in (by_count, by_hold)
        for row in session.execute(
            query.where(Reservation.voucher_id == pick_list_id).order_by(Reservation.id.desc()).limit(most)
        )
    ]
    return units + _goods(session, pick_list_id)


def _units(
    kind: InstrumentedAttribute[Any], reason: InstrumentedAttribute[Any], at: InstrumentedAttribute[Any]
) -> Select[Any]:
    """Units whose reservation something ended; what that was is still to be joined, and who did it."""
    return (
        select(
            _unit.serial_no,
            Item.item_code,
            Batch.batch_no,
            kind.label("kind"),
            reason.label("reason"),
            at.label("at"),
            User.username.label("by"),
            (Reservation.scan_id.is_not(None)).label("was_picked"),
            _unit_instead.serial_no.label("instead"),
        )
        .select_from(Reservation)
        .join(_unit, _unit.id == Reservation.serial_id)
        .join(Item, Item.id == _unit.item_id)
        .outerjoin(Batch, Batch.id == _unit.batch_id)
        .outerjoin(_instead, _instead.id == Reservation.replaced_by_id)
        .outerjoin(_unit_instead, _unit_instead.id == _instead.serial_id)
    )


def _goods(session: Session, pick_list_id: str) -> list[dict[str, Any]]:
    """Batches of counted goods that are held since the list was made and are asked for elsewhere now."""
    rows = session.execute(
        select(
            Item.item_code,
            Batch.batch_no,
            Hold.kind,
            Hold.reason,
            Hold.placed_at.label("at"),
            User.username.label("by"),
            (VoucherLine.picked > 0).label("was_picked"),
        )
        .select_from(VoucherLine)
        .join(Voucher, Voucher.id == VoucherLine.voucher_id)
        .join(Item, Item.id == VoucherLine.item_id)
        .join(Batch, Batch.id == VoucherLine.batch_id)
        .join(Hold, Hold.batch_id == Batch.id)
        .join(User, User.id == Hold.placed_by_id)
        .where(
            Voucher.id == pick_list_id,
            Item.tracking.not_in(("serial", "serial_batch")),
            Hold.lifted_at.is_(None),
            Hold.placed_at >= Voucher.opened_at,
        )
        .order_by(VoucherLine.id)
    )
    return [{"serial_no": None, "instead": None, **row._mapping} for row in rows]
