"""Sales orders as screens show them: what was ordered, reserved, fetched and delivered."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from backend.domain.ledger import Quantity
from backend.models import (
    Batch,
    Item,
    Location,
    Reservation,
    SalesOrder,
    SerialNumber,
    User,
    Voucher,
    VoucherLine,
    table,
)
from backend.queries.masters import item_card
from backend.queries.receipts import party

MOST = 200
"""Orders in one answer."""
_PARTS = (
    joinedload(SalesOrder.party),
    joinedload(SalesOrder.opened_by),
    selectinload(SalesOrder.lines).joinedload(VoucherLine.item).selectinload(Item.barcodes),
)


def orders(session: Session, site_id: int, status: str | None) -> list[dict[str, Any]]:
    """The sales orders of a site, newest first; ``open`` means that something is still to be delivered."""
    query = select(SalesOrder).where(SalesOrder.site_id == site_id)
    if status is not None:
        query = query.where(SalesOrder.status == ("submitted" if status == "open" else status))
    found = session.scalars(
        query.order_by(SalesOrder.opened_at.desc(), SalesOrder.number).limit(MOST).options(*_PARTS)
    ).all()
    made = _made_from(session, [order.id for order in found])
    return [_order(order, made) for order in found]


def order(session: Session, order_id: str) -> dict[str, Any] | None:
    """One sales order with the units that it has reserved."""
    found = session.get(SalesOrder, order_id, options=_PARTS)
    if found is None:
        return None
    return _order(found, _made_from(session, [order_id])) | {"reserved": _reserved(session, order_id)}


def site_of(session: Session, kind: type[Voucher], voucher_id: str) -> int | None:
    """The site of a voucher, for the question who may see it."""
    return session.scalar(select(kind.site_id).where(kind.id == voucher_id))


def _order(order: SalesOrder, made: "_Made") -> dict[str, Any]:
    return {
        "id": order.id,
        "number": order.number,
        "status": order.status,
        "site_id": order.site_id,
        "customer": party(order.party),
        "ordered_on": order.dated_on,
        "opened_by": order.opened_by.username,
        "remark": order.remark,
        "cancel_reason": order.cancel_reason,
        "lines": [
            {
                "id": line.id,
                "idx": line.idx,
                "item": item_card(line.item),
                "qty": line.qty,
                "delivered": line.delivered,
                "on_pick_lists": made.promised[line.id],
                "picked": made.picked[line.id],
                "to_fetch": max(line.qty - line.delivered - made.promised[line.id], 0),
            }
            for line in order.lines
        ],
        "pick_lists": made.vouchers[order.id, "pick_list"],
        "delivery_notes": made.vouchers[order.id, "delivery_note"] + made.vouchers[order.id, "sales_invoice"],
    }


class _Made:
    """What was made from some orders: by line how much is on pick lists, by order which vouchers."""

    def __init__(self) -> None:
        self.promised: defaultdict[int, Quantity] = defaultdict(int)
        self.picked: defaultdict[int, Quantity] = defaultdict(int)
        self.vouchers: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)

    def note(self, order_id: str, kind: str, voucher: dict[str, Any]) -> None:
        """Keep a voucher once."""
        known = self.vouchers[order_id, kind]
        if all(each["id"] != voucher["id"] for each in known):
            known.append(voucher)


def _made_from(session: Session, order_ids: Collection[str]) -> _Made:
    """Read pick lists and deliveries of orders: made from their lines, or from the lines of their pick lists."""
    made = _Made()
    order_line, line, next_line = table(VoucherLine).c, table(VoucherLine).alias("line"), table(VoucherLine).alias()
    voucher, later = table(Voucher).alias("made"), table(Voucher).alias("later")
    rows = session.execute(
        select(
            order_line.voucher_id,
            order_line.id,
            voucher.c.id.label("made_id"),
            voucher.c.type,
            voucher.c.number,
            voucher.c.status,
            line.c.id.label("line_id"),
            line.c.qty,
            line.c.picked,
            line.c.delivered,
            later.c.id.label("later_id"),
            later.c.type.label("later_type"),
            later.c.number.label("later_number"),
            later.c.status.label("later_status"),
        )
        .select_from(table(VoucherLine))
        .join(line, line.c.source_line_id == order_line.id)
        .join(voucher, voucher.c.id == line.c.voucher_id)
        .outerjoin(next_line, (next_line.c.source_line_id == line.c.id) & (voucher.c.type == "pick_list"))
        .outerjoin(later, later.c.id == next_line.c.voucher_id)
        .where(order_line.voucher_id.in_(list(order_ids)))
        .order_by(voucher.c.opened_at, voucher.c.number, later.c.opened_at)
    )
    seen: set[int] = set()
    for row in rows:
        made.note(row.voucher_id, row.type, {"id": row.made_id, "number": row.number, "status": row.status})
        if row.later_id is not None:
            ref = {"id": row.later_id, "number": row.later_number, "status": row.later_status}
            made.note(row.voucher_id, row.later_type, ref)
        if row.type != "pick_list" or row.line_id in seen or row.status not in ("draft", "submitted"):
            continue
        seen.add(row.line_id)
        made.promised[row.id] += row.qty if row.status == "draft" else row.picked - row.delivered
        made.picked[row.id] += row.picked - row.delivered
    return made


def _reserved(session: Session, order_id: str) -> list[dict[str, Any]]:
    """Particular units that people chose for the order, and those that were taken from it again."""
    rows = session.execute(
        select(
            Reservation.line_id,
            SerialNumber.serial_no,
            Batch.batch_no,
            Location.code.label("place"),
            Reservation.status,
            Reservation.reason,
            User.username.label("by"),
            Reservation.at,
        )
        .join(SerialNumber, SerialNumber.id == Reservation.serial_id)
        .join(Location, Location.id == SerialNumber.location_id)
        .outerjoin(Batch, Batch.id == SerialNumber.batch_id)
        .join(User, User.id == Reservation.user_id)
        .where(Reservation.voucher_id == order_id)
        .order_by(Reservation.id.desc())
        .limit(500)
    )
    return [dict(row._mapping) for row in rows]
