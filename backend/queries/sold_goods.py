"""Delivery notes and sales invoices as screens show them: every line with its serial numbers."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backend.models import (
    Batch,
    DeliveryNote,
    Item,
    Location,
    SalesInvoice,
    SerialNumber,
    StockLedgerEntry,
    Voucher,
    VoucherLine,
    Warranty,
    table,
)
from backend.queries.masters import item_card
from backend.queries.receipts import party, place

MOST = 200
"""Vouchers in one answer."""

_KINDS: dict[str, type[Voucher]] = {"delivery_note": DeliveryNote, "sales_invoice": SalesInvoice}


def vouchers(session: Session, kind: str, site_id: int, status: str | None) -> list[dict[str, Any]]:
    """The deliveries or invoices of a site, newest first, without their lines."""
    of_kind = _KINDS[kind]
    conditions: list[ColumnElement[bool]] = [of_kind.site_id == site_id]
    if status is not None:
        conditions.append(of_kind.status == ("submitted" if status == "open" else status))
    query = select(of_kind).where(*conditions).order_by(of_kind.opened_at.desc(), of_kind.number).limit(MOST)
    return [
        _head(each)
        for each in session.scalars(
            query.options(
                joinedload(of_kind.party),
                joinedload(of_kind.location).joinedload(Location.parent),
                joinedload(of_kind.source),
                joinedload(of_kind.submitted_by),
                selectinload(of_kind.lines),
            )
        )
    ]


def voucher(session: Session, kind: str, voucher_id: str) -> dict[str, Any] | None:
    """One delivery or invoice, its lines with the serial numbers that went."""
    found = session.get(_KINDS[kind], voucher_id)
    if found is None:
        return None
    lines = session.scalars(
        select(VoucherLine)
        .where(VoucherLine.voucher_id == voucher_id)
        .order_by(VoucherLine.idx)
        .options(
            joinedload(VoucherLine.item).selectinload(Item.barcodes),
            joinedload(VoucherLine.batch),
            joinedload(VoucherLine.location).joinedload(Location.parent),
            joinedload(VoucherLine.source_line),
        )
    ).all()
    # An invoice that was made from a delivery moved nothing: the lines of the delivery did.
    moved = {line.id: line.id for line in lines}
    if found.type == "sales_invoice" and found.source is not None and found.source.type == "delivery_note":
        moved = {line.id: line.source_line_id or line.id for line in lines}
    units = _units(session, moved.values())
    return _head(found) | {
        "remark": found.remark,
        "cancel_reason": found.cancel_reason,
        "lines": [
            {
                "id": line.id,
                "item": item_card(line.item),
                "qty": line.qty,
                "batch_no": line.batch and line.batch.batch_no,
                "location": place(line.location),
                "units": units[moved[line.id]],
            }
            for line in lines
        ],
        "sales_orders": _orders_of(session, voucher_id),
        "sales_invoices": _invoices_of(session, voucher_id),
    }


def _head(found: Voucher) -> dict[str, Any]:
    return {
        "id": found.id,
        "number": found.number,
        "status": found.status,
        "site_id": found.site_id,
        "customer": party(found.party),
        "location": place(found.location),
        "dated_on": found.dated_on,
        "submitted_by": found.submitted_by and found.submitted_by.username,
        "submitted_at": found.submitted_at,
        "source": found.source and {"id": found.source.id, "number": found.source.number, "type": found.source.type},
        "qty": sum(line.qty for line in found.lines),
    }


def _units(session: Session, line_ids: Collection[int]) -> defaultdict[int, list[dict[str, Any]]]:
    """The units that lines moved, each once: a cancelled line moved them back again."""
    entry = table(StockLedgerEntry).c
    moved = (
        select(entry.voucher_line_id, entry.serial_id, entry.voucher_id)
        .where(entry.voucher_line_id.in_(list(line_ids)), entry.serial_id.is_not(None))
        .distinct()
        .subquery()
        .c
    )
    rows = session.execute(
        select(
            moved.voucher_line_id,
            SerialNumber.id,
            SerialNumber.serial_no,
            Batch.batch_no,
            Batch.expires_on,
            Warranty.end_on.label("warranty_until"),
        )
        .join(SerialNumber, SerialNumber.id == moved.serial_id)
        .outerjoin(Batch, Batch.id == SerialNumber.batch_id)
        .outerjoin(Warranty, (Warranty.serial_id == SerialNumber.id) & (Warranty.voucher_id == moved.voucher_id))
        .order_by(SerialNumber.serial_no)
    )
    units: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        units[row.voucher_line_id].append({name: row._mapping[name] for name in _UNIT})
    return units


_UNIT = ("id", "serial_no", "batch_no", "expires_on", "warranty_until")


def _orders_of(session: Session, voucher_id: str) -> list[dict[str, Any]]:
    """The sales orders behind a voucher, over its delivery and pick list if there are such."""
    ids: set[int] = set(
        session.scalars(
            select(VoucherLine.source_line_id).where(
                VoucherLine.voucher_id == voucher_id, VoucherLine.source_line_id.is_not(None)
            )
        )
    )
    orders: dict[str, str] = {}
    while ids:
        rows = session.execute(
            select(VoucherLine.source_line_id, Voucher.id, Voucher.number, Voucher.type)
            .join(Voucher, Voucher.id == VoucherLine.voucher_id)
            .where(VoucherLine.id.in_(ids))
        ).all()
        orders |= {row.id: row.number for row in rows if row.type == "sales_order"}
        ids = {row.source_line_id for row in rows if row.source_line_id is not None}
    return [{"id": order_id, "number": number} for order_id, number in sorted(orders.items(), key=lambda each: each[1])]


def _invoices_of(session: Session, voucher_id: str) -> list[dict[str, Any]]:
    rows = session.execute(
        select(SalesInvoice.id, SalesInvoice.number, SalesInvoice.status)
        .where(SalesInvoice.source_id == voucher_id)
        .order_by(SalesInvoice.opened_at)
    )
    return [dict(row._mapping) for row in rows]
