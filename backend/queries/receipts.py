"""Purchase orders and receipts as screens show them."""

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backend.domain.ledger import Quantity
from backend.domain.receiving import most_allowed
from backend.models import (
    Batch,
    Device,
    Item,
    Location,
    OpeningStock,
    OverReceipt,
    Party,
    PurchaseOrder,
    PurchaseReceipt,
    Scan,
    UnitSecondary,
    User,
    Voucher,
    VoucherLine,
    VoucherUnit,
)
from backend.queries.masters import item_card

Filled = PurchaseReceipt | OpeningStock
FILLED: tuple[type[Voucher], ...] = (PurchaseReceipt, OpeningStock)
"""The vouchers that units are put on until they are posted."""

NEWEST_UNITS = 200
"""How many units a receipt shows; older ones are read by page."""


def orders(session: Session, site_id: int, status: str | None) -> list[dict[str, Any]]:
    """The purchase orders of a site, oldest first; ``open`` means that something is still to come."""
    conditions: list[ColumnElement[bool]] = [PurchaseOrder.site_id == site_id]
    if status is not None:
        conditions.append(PurchaseOrder.status == ("submitted" if status == "open" else status))
    found = session.scalars(
        select(PurchaseOrder)
        .where(*conditions)
        .order_by(PurchaseOrder.dated_on, PurchaseOrder.number)
        .limit(500)
        .options(*_ORDER_PARTS)
    ).all()
    open_receipts = _open_receipts(session, [order.id for order in found])
    return [_order(order, open_receipts) for order in found]


def order(session: Session, order_id: str) -> dict[str, Any] | None:
    """One purchase order."""
    found = session.get(PurchaseOrder, order_id, options=_ORDER_PARTS)
    return _order(found, _open_receipts(session, [order_id])) if found else None


def receipts(
    session: Session, site_id: int, status: str | None, kind: type[Filled] = PurchaseReceipt
) -> list[dict[str, Any]]:
    """The receipts, or the opening stock, of a site, newest first, without their units."""
    query = select(kind).where(kind.site_id == site_id)
    if status is not None:
        query = query.where(kind.status == status)
    found = session.scalars(query.order_by(kind.opened_at.desc()).limit(200).options(*_RECEIPT_PARTS))
    return [_receipt(receipt) for receipt in found]


def receipt(session: Session, receipt_id: str) -> dict[str, Any] | None:
    """One receipt, or opening stock, with its newest units."""
    found = session.get(Voucher, receipt_id, options=_RECEIPT_PARTS)
    return _receipt(found) | {"units": units(session, receipt_id)} if isinstance(found, FILLED) else None


def kind_and_site(
    session: Session, voucher_id: str, kinds: tuple[type[Voucher], ...] = FILLED
) -> tuple[Any, int] | None:
    """What a voucher of one of some kinds is and where, for the question who may see it."""
    found = session.execute(select(Voucher.type, Voucher.site_id).where(Voucher.id == voucher_id)).one_or_none()
    kind = next((each for each in kinds if found and each.__mapper__.polymorphic_identity == found.type), None)
    return (kind, found.site_id) if kind and found else None


def units(
    session: Session, receipt_id: str, before: int | None = None, limit: int = NEWEST_UNITS
) -> list[dict[str, Any]]:
    """Units of a receipt that count, newest first; ``before`` is the ``id`` to go on from."""
    query = (
        select(
            VoucherUnit.id,
            VoucherUnit.scan_id,
            Item.item_code,
            VoucherUnit.serial_no,
            Batch.batch_no,
            Batch.expires_on,
            VoucherUnit.condition,
            VoucherUnit.reason,
            VoucherUnit.qty,
            VoucherUnit.is_unexpected,
            User.username.label("by"),
            Device.name.label("device"),
            VoucherUnit.scanned_at,
            VoucherUnit.recorded_at,
        )
        .join(Item, Item.id == VoucherUnit.item_id)
        .join(User, User.id == VoucherUnit.user_id)
        .outerjoin(Batch, Batch.id == VoucherUnit.batch_id)
        .outerjoin(Scan, Scan.id == VoucherUnit.scan_id)
        .outerjoin(Device, Device.id == Scan.device_id)
        .where(VoucherUnit.voucher_id == receipt_id, VoucherUnit.status != "undone")
        .order_by(VoucherUnit.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(VoucherUnit.id < before)
    found = [dict(row._mapping) for row in session.execute(query)]
    noted = _secondaries(session, [unit["id"] for unit in found])
    return [unit | {"secondary_serials": noted.get(unit["id"], [])} for unit in found]


def _secondaries(session: Session, unit_ids: list[int]) -> dict[int, list[dict[str, str]]]:
    noted: dict[int, list[dict[str, str]]] = {}
    if unit_ids:
        query = select(UnitSecondary.unit_id, UnitSecondary.kind, UnitSecondary.secondary_no)
        for row in session.execute(query.where(UnitSecondary.unit_id.in_(unit_ids)).order_by(UnitSecondary.id)):
            noted.setdefault(row.unit_id, []).append({"kind": row.kind, "secondary_no": row.secondary_no})
    return noted


def over_receipts(session: Session, receipt_id: str) -> list[dict[str, Any]]:
    """What supervisors let in beyond the order, oldest first."""
    rows = session.execute(
        select(
            OverReceipt.id,
            Item.item_code,
            OverReceipt.qty,
            OverReceipt.reason,
            User.username.label("by"),
            OverReceipt.at,
        )
        .join(VoucherLine, VoucherLine.id == OverReceipt.line_id)
        .join(Item, Item.id == VoucherLine.item_id)
        .join(User, User.id == OverReceipt.user_id)
        .where(OverReceipt.voucher_id == receipt_id)
        .order_by(OverReceipt.at)
    )
    return [dict(row._mapping) for row in rows]


_ORDER_PARTS = (
    joinedload(PurchaseOrder.party),
    selectinload(PurchaseOrder.lines).joinedload(VoucherLine.item).selectinload(Item.barcodes),
)
_RECEIPT_PARTS = (
    joinedload(Voucher.party),
    joinedload(Voucher.source),
    joinedload(Voucher.location).joinedload(Location.parent),
    joinedload(Voucher.reject_location).joinedload(Location.parent),
    joinedload(Voucher.opened_by),
    joinedload(Voucher.submitted_by),
    selectinload(Voucher.lines).joinedload(VoucherLine.source_line),
    selectinload(Voucher.lines).joinedload(VoucherLine.item).selectinload(Item.barcodes),
)


def _open_receipts(session: Session, order_ids: list[str]) -> dict[str | None, list[dict[str, Any]]]:
    rows = session.execute(
        select(PurchaseReceipt.source_id, PurchaseReceipt.id, PurchaseReceipt.number, User.username)
        .join(User, User.id == PurchaseReceipt.opened_by_id)
        .where(PurchaseReceipt.source_id.in_(order_ids), PurchaseReceipt.status == "draft")
        .order_by(PurchaseReceipt.opened_at)
    )
    found: dict[str | None, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.source_id, []).append({"id": row.id, "number": row.number, "opened_by": row.username})
    return found


def _order(order: PurchaseOrder, open_receipts: dict[str | None, list[dict[str, Any]]]) -> dict[str, Any]:
    return {
        "id": order.id,
        "number": order.number,
        "status": order.status,
        "site_id": order.site_id,
        "supplier": party(order.party),
        "ordered_on": order.dated_on,
        "lines": [
            {
                "id": line.id,
                "idx": line.idx,
                "item": item_card(line.item),
                "qty": line.qty,
                "received": line.received,
                "scanned": line.scanned,
                "admitted": line.admitted,
                "allowed": _most_of(line),
            }
            for line in order.lines
        ],
        "remark": order.remark,
        "cancel_reason": order.cancel_reason,
        "open_receipts": open_receipts.get(order.id, []),
    }


def _receipt(receipt: Voucher) -> dict[str, Any]:
    return {
        "id": receipt.id,
        "kind": receipt.type,
        "number": receipt.number,
        "status": receipt.status,
        "site_id": receipt.site_id,
        "purchase_order": receipt.source and {"id": receipt.source.id, "number": receipt.source.number},
        "supplier": party(receipt.party),
        "location": place(receipt.location),
        "reject_location": place(receipt.reject_location),
        "opened_by": receipt.opened_by.username,
        "opened_at": receipt.opened_at,
        "submitted_by": receipt.submitted_by and receipt.submitted_by.username,
        "submitted_at": receipt.submitted_at,
        "counts": {
            "expected": sum(line.qty for line in receipt.lines),
            "accepted": receipt.accepted,
            "rejected": receipt.rejected,
        },
        "lines": [
            {
                "id": line.id,
                "item": item_card(line.item),
                "expected": line.qty,
                "received_before": _received_before(receipt, line),
                "accepted": line.accepted,
                "rejected": line.rejected,
                "admitted": line.source_line.admitted if line.source_line else 0,
                "allowed": _most_of(line.source_line) if line.source_line else None,
                "scanned_elsewhere": _scanned_elsewhere(receipt, line),
            }
            for line in receipt.lines
        ],
    }


def _most_of(order_line: VoucherLine) -> Quantity:
    return most_allowed(order_line.qty, order_line.item.over_receipt_percent, order_line.admitted)


def _scanned_elsewhere(receipt: Voucher, line: VoucherLine) -> Quantity:
    """What lies on other open receipts of the order."""
    if line.source_line is None:
        return 0
    scanned: Quantity = line.source_line.scanned
    return scanned - (line.accepted + line.rejected if receipt.status == "draft" else 0)


def _received_before(receipt: Voucher, line: VoucherLine) -> Quantity:
    """What other receipts of the order have posted."""
    if line.source_line is None:
        return 0
    received: Quantity = line.source_line.received
    return received - (line.accepted + line.rejected if receipt.status == "submitted" else 0)


def party(party: Party | None) -> dict[str, Any] | None:
    """A party as screens name it."""
    return {"code": party.code, "name": party.name} if party else None


def place(location: Location | None) -> dict[str, Any] | None:
    """A place as screens name it."""
    return {"id": location.id, "code": location.code, "path": location.path} if location else None
