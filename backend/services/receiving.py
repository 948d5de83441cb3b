"""Receipts: opened for an order, filled by scans or lists, posted to the ledger in one go."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from backend.domain.errors import refuse
from backend.domain.ledger import Move
from backend.domain.locations import RECEIVABLE, LocationKind
from backend.domain.people import Actor, Permission
from backend.models import (
    Batch,
    Location,
    PurchaseOrder,
    PurchaseReceipt,
    SerialNumber,
    VoucherLine,
    VoucherUnit,
    table,
)
from backend.services.dating import business_date, must_follow
from backend.services.feed import SiteFeed
from backend.services.filling import Filled, locked_filling, must_be_draft
from backend.services.received_secondaries import give_to_units
from backend.services.stock import post_moves
from backend.services.vouchers import id_reused, made_before, next_number
from backend.unit_of_work import UnitOfWork


def open_receipt(
    work: UnitOfWork, actor: Actor, *, receipt_id: str, order_id: str, location_id: int
) -> PurchaseReceipt:
    """Open a receipt for an order at a place; the same id again answers with the same receipt.

    Args:
        work: The unit of work.
        actor: Needs ``receive`` at the order's site.
        receipt_id: UUID made on the device.
        order_id: The purchase order.
        location_id: Where accepted units go.

    Raises:
        DomainError: ``order_unknown``, ``order_closed``, ``location_unknown``, ``id_reused``, ``forbidden``.
    """
    order = work.session.get(PurchaseOrder, order_id)
    if order is None:
        raise refuse("order_unknown", "There is no such purchase order.", "Choose an order of the list.")
    actor.must(Permission.RECEIVE, order.site_id)
    feed = SiteFeed(work, order.site_id)
    work.session.refresh(order)
    known = made_before(work, PurchaseReceipt, receipt_id)
    if known is not None:
        if known.source_id != order_id or known.location_id != location_id:
            raise id_reused(receipt_id)
        return known
    if order.status != "submitted":
        raise refuse(
            "order_closed",
            f"{order.number} is {order.status}; nothing more is expected on it.",
            "Choose another order, or ask purchasing.",
        )
    place = receivable(work, order.site_id, location_id)
    receipt = PurchaseReceipt(
        id=receipt_id,
        number=next_number(work, PurchaseReceipt, order.site_id),
        status="draft",
        site_id=order.site_id,
        party_id=order.party_id,
        source_id=order.id,
        location_id=place.id,
        reject_location_id=reject_location(work, order.site_id).id,
        dated_on=work.today,
        opened_by_id=actor.user_id,
        opened_at=work.now,
        lines=[
            VoucherLine(idx=line.idx, item_id=line.item_id, qty=line.qty, source_line_id=line.id)
            for line in order.lines
        ],
    )
    work.session.add(receipt)
    work.session.flush()
    feed.tell("receipt_opened", voucher_id=receipt.id)
    feed.close()
    return receipt


def submit_receipt(work: UnitOfWork, actor: Actor, *, receipt_id: str, dated_on: date | None = None) -> Filled:
    """Post an open receipt or opening stock: its units get their identity and enter stock; again: the same answer.

    Args:
        work: The unit of work.
        actor: Needs the permission of the kind at its site.
        receipt_id: The open voucher.
        dated_on: The day on which the goods came; today when none is given.

    Raises:
        DomainError: ``receipt_unknown``, ``receipt_empty``, ``voucher_not_open``, ``date_in_future``,
            ``date_too_far_back``, ``has_later_moves``, ``forbidden``.
    """
    receipt, feed = locked_filling(work, actor, receipt_id)
    if receipt.status == "submitted":
        return receipt
    must_be_draft(receipt)
    units = _open_units(work, receipt)
    if not units:
        raise refuse(
            "receipt_empty",
            f"{receipt.number} has no units.",
            "Scan at least one unit, or discard the receipt.",
        )
    receipt.dated_on = business_date(work, dated_on)
    _post_units(work, feed, receipt, units, actor)
    _close_lines(work, receipt, posted=True)
    receipt.status, receipt.submitted_by_id, receipt.submitted_at = "submitted", actor.user_id, work.now
    work.session.flush()
    if receipt.source_id is not None:
        _close_order_if_complete(work, feed, receipt)
    feed.tell("receipt_submitted", voucher_id=receipt.id)
    feed.tell("stock_moved", voucher_id=receipt.id)
    feed.close()
    return receipt


def discard_receipt(work: UnitOfWork, actor: Actor, *, receipt_id: str, reason: str) -> Filled:
    """Give an open receipt or opening stock up without posting it; its scans are kept, its units are free again.

    Raises:
        DomainError: ``receipt_unknown``, ``voucher_not_open``, ``forbidden``.
    """
    receipt, feed = locked_filling(work, actor, receipt_id)
    if receipt.status == "cancelled":
        return receipt
    must_be_draft(receipt)
    work.session.execute(
        update(VoucherUnit)
        .where(VoucherUnit.voucher_id == receipt.id, VoucherUnit.status == "open")
        .values(status="undone")
    )
    _close_lines(work, receipt, posted=False)
    receipt.status, receipt.cancelled_at, receipt.cancel_reason = "cancelled", work.now, reason
    work.session.flush()
    feed.tell("receipt_discarded", voucher_id=receipt.id)
    feed.close()
    return receipt


def receivable(work: UnitOfWork, site_id: int, location_id: int) -> Location:
    """A place of a site that receives goods.

    Raises:
        DomainError: ``location_unknown``.
    """
    place = work.session.get(Location, location_id)
    if place is None or place.site_id != site_id or LocationKind(place.kind) not in RECEIVABLE or place.retired_at:
        raise refuse(
            "location_unknown",
            f"{place.code if place else location_id} is no place of this site that receives goods.",
            "Choose a warehouse or bin of the list.",
        )
    return place


def reject_location(work: UnitOfWork, site_id: int) -> Location:
    """Where the rejected units of a site go.

    Raises:
        DomainError: ``reject_location_missing``.
    """
    place = work.session.scalar(
        select(Location)
        .where(Location.site_id == site_id, Location.kind == LocationKind.REJECT, Location.retired_at.is_(None))
        .order_by(Location.walk_order, Location.id)
    )
    if place is None:
        raise refuse(
            "reject_location_missing",
            "This site has no place for rejected goods.",
            "Ask an administrator to create one.",
        )
    return place


def _open_units(work: UnitOfWork, receipt: Filled) -> Sequence[Any]:
    return work.session.execute(
        select(table(VoucherUnit))
        .where(VoucherUnit.voucher_id == receipt.id, VoucherUnit.status == "open")
        .order_by(VoucherUnit.id)
    ).all()


def _post_units(work: UnitOfWork, feed: SiteFeed, receipt: Filled, units: Sequence[Any], actor: Actor) -> None:
    """Create the serial numbers, already at the place where their second entry will put them."""
    session = work.session
    supplier_place = session.scalars(
        select(Location.id).where(Location.site_id == receipt.site_id, Location.kind == LocationKind.SUPPLIER)
    ).one()
    places = {"accepted": receipt.location_id, "rejected": receipt.reject_location_id}
    tracked = [
        {
            "item_id": unit.item_id,
            "serial_no": unit.serial_no,
            "serial_key": unit.serial_key,
            "batch_id": unit.batch_id,
            "supplier_id": receipt.party_id,
            "receipt_id": receipt.id,
            "created_at": work.now,
            "location_id": places[unit.condition],
            "last_site_id": receipt.site_id,
            "last_seq": feed.ledger_seq + 2 * index,
        }
        for index, unit in enumerate(units, start=1)
        if unit.serial_no is not None
    ]
    known = _at_the_supplier(work, tracked)
    must_follow(work, known.values(), receipt.dated_on)
    new = [row for row in tracked if (row["item_id"], row["serial_key"]) not in known]
    if new:
        work.connection.execute(insert(table(SerialNumber)), new)
    if known:
        work.connection.execute(
            update(table(SerialNumber)).where(table(SerialNumber).c.id == bindparam("unit")),
            [
                {"unit": known[row["item_id"], row["serial_key"]]}
                | {name: value for name, value in row.items() if name not in _OF_THE_UNIT}
                for row in tracked
                if (row["item_id"], row["serial_key"]) in known
            ],
        )
    # Read back, since SQLite gives the ids of many rows only when they are inserted one by one.
    received = work.connection.execute(
        select(SerialNumber.id, SerialNumber.item_id, SerialNumber.serial_key).where(
            SerialNumber.receipt_id == receipt.id
        )
    )
    serial_ids = {(row.item_id, row.serial_key): row.id for row in received}
    give_to_units(work, receipt.id, serial_ids, user_id=actor.user_id)
    moves = [
        Move(
            item_id=unit.item_id,
            serial_id=serial_ids.get((unit.item_id, unit.serial_key)),
            batch_id=unit.batch_id,
            from_location_id=supplier_place,
            to_location_id=places[unit.condition],  # type: ignore[arg-type]
            qty=unit.qty,
            voucher_line_id=unit.line_id,
            scan_id=unit.scan_id,
            scanned_at=unit.scanned_at,
        )
        for unit in units
    ]
    post_moves(work, feed, receipt, moves, actor_id=actor.user_id)
    session.execute(
        update(VoucherUnit)
        .where(VoucherUnit.voucher_id == receipt.id, VoucherUnit.status == "open")
        .values(status="posted")
    )
    session.execute(
        update(Batch)
        .where(Batch.id.in_({unit.batch_id for unit in units if unit.batch_id}), Batch.supplier_id.is_(None))
        .values(supplier_id=receipt.party_id)
    )


_OF_THE_UNIT = frozenset({"item_id", "serial_no", "serial_key", "created_at"})
"""What stays of a unit that is received again."""


def _at_the_supplier(work: UnitOfWork, tracked: Sequence[dict[str, Any]]) -> dict[tuple[int, str], int]:
    """The units that are known because they were received before and are at the supplier since."""
    keys = sorted({row["serial_key"] for row in tracked})
    known: dict[tuple[int, str], int] = {}
    for start in range(0, len(keys), 500):
        rows = work.connection.execute(
            select(SerialNumber.id, SerialNumber.item_id, SerialNumber.serial_key).where(
                SerialNumber.serial_key.in_(keys[start : start + 500])
            )
        )
        known |= {(row.item_id, row.serial_key): row.id for row in rows}
    wanted = {(row["item_id"], row["serial_key"]) for row in tracked}
    return {unit: serial_id for unit, serial_id in known.items() if unit in wanted}


def _close_lines(work: UnitOfWork, receipt: Filled, *, posted: bool) -> None:
    """Take the receipt's units off the order's open count; count them as received if they were posted."""
    changes = [
        {
            "line": line.source_line_id,
            "units": line.accepted + line.rejected,
            "kept": line.accepted + line.rejected if posted else 0,
        }
        for line in receipt.lines
        if line.source_line_id is not None
    ]
    if changes:
        lines = table(VoucherLine)
        work.session.execute(
            update(lines)
            .where(lines.c.id == bindparam("line"))
            .values(scanned=lines.c.scanned - bindparam("units"), received=lines.c.received + bindparam("kept")),
            changes,
        )


def _close_order_if_complete(work: UnitOfWork, feed: SiteFeed, receipt: Filled) -> None:
    missing = work.session.scalar(
        select(func.count())
        .select_from(VoucherLine)
        .where(VoucherLine.voucher_id == receipt.source_id, VoucherLine.received < VoucherLine.qty)
    )
    if not missing:
        work.session.execute(
            update(PurchaseOrder)
            .where(PurchaseOrder.id == receipt.source_id, PurchaseOrder.status == "submitted")
            .values(status="closed")
        )
    feed.tell("order_changed", voucher_id=receipt.source_id)
