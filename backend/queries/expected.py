"""The serial numbers that suppliers announced, against what is here."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, joinedload

from backend.domain.locations import UnitState
from backend.models import (
    ExpectedSerial,
    Item,
    ItemBarcode,
    PurchaseOrder,
    PurchaseReceipt,
    SerialNumber,
    Voucher,
    VoucherUnit,
)
from backend.queries.receipts import party

MOST_NAMED = 200
"""Serial numbers that an answer names of a kind; the counts are of all."""


def expected_of_order(session: Session, order_id: str) -> list[dict[str, Any]]:
    """Of each item with a list: how many are expected, found, missing and unexpected, and which."""
    counts = session.execute(
        select(ExpectedSerial.item_id, Item.item_code, func.count().label("expected"))
        .join(Item, Item.id == ExpectedSerial.item_id)
        .where(ExpectedSerial.voucher_id == order_id)
        .group_by(ExpectedSerial.item_id, Item.item_code)
        .order_by(Item.item_code)
    ).all()
    return [_of_item(session, order_id, row) for row in counts]


def serial_nos(session: Session, order_id: str, item_id: int) -> list[str]:
    """All announced serial numbers of an item, as they were entered."""
    return list(
        session.scalars(
            select(ExpectedSerial.serial_no)
            .where(ExpectedSerial.voucher_id == order_id, ExpectedSerial.item_id == item_id)
            .order_by(ExpectedSerial.id)
        )
    )


def announced_units(session: Session, key: str, gtin: str | None, sites: Collection[int]) -> list[dict[str, Any]]:
    """Units with a serial number that are on a supplier's list of an open order at some sites, and not here yet."""
    if not key:
        return []
    is_known = exists().where(
        SerialNumber.serial_key == ExpectedSerial.serial_key, SerialNumber.item_id == ExpectedSerial.item_id
    )
    query = (
        select(ExpectedSerial.serial_no, Item.item_code, Item.name, PurchaseOrder)
        .join(Item, Item.id == ExpectedSerial.item_id)
        .join(PurchaseOrder, PurchaseOrder.id == ExpectedSerial.voucher_id)
        .options(joinedload(PurchaseOrder.party))
        .where(
            ExpectedSerial.serial_key == key,
            PurchaseOrder.status == "submitted",
            PurchaseOrder.site_id.in_(sorted(sites)),
            ~is_known,
        )
        .order_by(Item.item_code)
        .limit(20)
    )
    if gtin:
        query = query.join(ItemBarcode, ItemBarcode.item_id == ExpectedSerial.item_id).where(ItemBarcode.code == gtin)
    return [
        {
            "item": {"item_code": item_code, "name": name},
            "serial_no": serial_no,
            "state": UnitState.EXPECTED,
            "supplier": party(order.party),
            "purchase_order": {"id": order.id, "number": order.number},
            "ordered_on": order.dated_on,
        }
        for serial_no, item_code, name, order in session.execute(query)
    ]


def _of_item(session: Session, order_id: str, row: Any) -> dict[str, Any]:
    receipts = select(PurchaseReceipt.id).where(
        PurchaseReceipt.source_id == order_id, PurchaseReceipt.status != "cancelled"
    )
    here = and_(
        VoucherUnit.voucher_id.in_(receipts), VoucherUnit.item_id == row.item_id, VoucherUnit.status != "undone"
    )
    is_here = exists().where(here, VoucherUnit.serial_key == ExpectedSerial.serial_key)
    missing = select(ExpectedSerial).where(
        ExpectedSerial.voucher_id == order_id, ExpectedSerial.item_id == row.item_id, ~is_here
    )
    unexpected = select(VoucherUnit).where(here, VoucherUnit.is_unexpected)
    missing_count = session.scalar(select(func.count()).select_from(missing.subquery())) or 0
    return {
        "item_id": row.item_id,
        "item_code": row.item_code,
        "expected": row.expected,
        "found": row.expected - missing_count,
        "missing": missing_count,
        "unexpected": session.scalar(select(func.count()).select_from(unexpected.subquery())) or 0,
        "missing_serial_nos": list(
            session.scalars(
                missing.with_only_columns(ExpectedSerial.serial_no).order_by(ExpectedSerial.id).limit(MOST_NAMED)
            )
        ),
        "unexpected_serial_nos": list(
            session.scalars(
                unexpected.with_only_columns(VoucherUnit.serial_no).order_by(VoucherUnit.id).limit(MOST_NAMED)
            )
        ),
    }


def source_of(session: Session, receipt_id: str) -> str | None:
    """The order of a receipt."""
    return session.scalar(select(Voucher.source_id).where(Voucher.id == receipt_id))
