"""What judging the scans of a receipt needs to know: one query a kind of fact, for a whole group of scans."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from backend.domain.locations import STATE_AT, LocationKind
from backend.domain.receiving import (
    BatchFacts,
    Condition,
    ItemRules,
    KnownUnit,
    OpenLine,
    OpenUnit,
    Tracking,
)
from backend.models import (
    Batch,
    Item,
    ItemBarcode,
    Location,
    Party,
    SerialNumber,
    StockLedgerEntry,
    User,
    Voucher,
    VoucherLine,
    VoucherUnit,
)


@dataclass(slots=True)
class ReceiptLine:
    """A line of a receipt; ``order`` is shared by all receipts of the order's line."""

    id: int
    order: OpenLine
    accepted: int
    rejected: int
    is_changed: bool = False

    def count(self, condition: str, by: int) -> None:
        """Count a unit in, or out again with ``by=-1``."""
        self.order.taken += by
        self.is_changed = True
        if condition == Condition.ACCEPTED:
            self.accepted += by
        else:
            self.rejected += by


@dataclass(slots=True)
class ReceiptState:
    """A receipt with its lines and how often a scan was refused."""

    id: str
    number: str
    status: str
    refused: int
    lines: list[ReceiptLine] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """What the screens show beside every answer."""
        return {
            "expected": sum(line.order.expected for line in self.lines),
            "accepted": sum(line.accepted for line in self.lines),
            "rejected": sum(line.rejected for line in self.lines),
        }

    def line_of(self, item_id: int) -> ReceiptLine:
        """The line of an item that the receipt is known to have."""
        return next(line for line in self.lines if line.order.item.id == item_id)


def read_receipts(session: Session, ids: Collection[str]) -> dict[str, ReceiptState]:
    """The receipts with their lines; receipts of one order share the order's lines."""
    order_line = aliased(VoucherLine)
    rows = session.execute(
        select(
            Voucher.id,
            Voucher.number,
            Voucher.status,
            Voucher.refused,
            VoucherLine.id.label("line_id"),
            VoucherLine.accepted,
            VoucherLine.rejected,
            order_line.id.label("order_line_id"),
            order_line.qty,
            order_line.received,
            order_line.scanned,
            Item.id.label("item_id"),
            Item.item_code,
            Item.name,
            Item.tracking,
            Item.serial_length,
            Item.serial_pattern,
            Item.expiry_required,
            Item.over_receipt_percent,
        )
        .join(VoucherLine, VoucherLine.voucher_id == Voucher.id)
        .join(order_line, order_line.id == VoucherLine.source_line_id)
        .join(Item, Item.id == VoucherLine.item_id)
        .where(Voucher.id.in_(ids), Voucher.type == "purchase_receipt")
        .order_by(VoucherLine.voucher_id, VoucherLine.idx)
    ).all()
    receipts: dict[str, ReceiptState] = {}
    orders: dict[int, OpenLine] = {}
    for row in rows:
        receipt = receipts.setdefault(row.id, ReceiptState(row.id, row.number, row.status, row.refused))
        order = orders.setdefault(
            row.order_line_id,
            OpenLine(
                row.order_line_id,
                ItemRules(
                    row.item_id,
                    row.item_code,
                    row.name,
                    Tracking(row.tracking),
                    row.serial_length,
                    row.serial_pattern,
                    row.expiry_required,
                ),
                expected=int(row.qty),
                allowed=int(row.qty) * (100 + row.over_receipt_percent) // 100,
                taken=row.received + row.scanned,
            ),
        )
        receipt.lines.append(ReceiptLine(row.line_id, order, row.accepted, row.rejected))
    return receipts


def read_codes(session: Session, codes: Collection[str]) -> dict[str, int]:
    """The items that have these texts as barcodes."""
    if not codes:
        return {}
    rows = session.execute(select(ItemBarcode.code, ItemBarcode.item_id).where(ItemBarcode.code.in_(codes)))
    return {row.code: row.item_id for row in rows}


def read_known(session: Session, keys: Collection[str]) -> dict[tuple[int, str], KnownUnit]:
    """What the ledger knows of these serial numbers, by item and key."""
    sale = aliased(Voucher)
    rows = session.execute(
        select(
            SerialNumber.item_id,
            SerialNumber.serial_key,
            Location.kind,
            Location.code,
            Party.code.label("owner"),
            sale.type,
            sale.number,
            sale.dated_on,
        )
        .join(Location, Location.id == SerialNumber.location_id)
        .join(
            StockLedgerEntry,
            (StockLedgerEntry.site_id == SerialNumber.last_site_id) & (StockLedgerEntry.seq == SerialNumber.last_seq),
        )
        .join(sale, sale.id == StockLedgerEntry.voucher_id)
        .outerjoin(Party, Party.id == SerialNumber.owner_id)
        .where(SerialNumber.serial_key.in_(keys))
    )
    return {
        (row.item_id, row.serial_key): KnownUnit(
            state=STATE_AT[LocationKind(row.kind)],
            location=row.code,
            owner=row.owner,
            voucher=row.number if row.type == "delivery_note" else None,
            on=row.dated_on if row.type == "delivery_note" else None,
        )
        for row in rows
    }


def read_open(session: Session, keys: Collection[str]) -> dict[tuple[int, str], OpenUnit]:
    """Which of these serial numbers are on an open receipt, by item and key."""
    rows = session.execute(
        select(
            VoucherUnit.item_id,
            VoucherUnit.serial_key,
            VoucherUnit.voucher_id,
            VoucherUnit.recorded_at,
            Voucher.number,
            User.username,
        )
        .join(Voucher, Voucher.id == VoucherUnit.voucher_id)
        .join(User, User.id == VoucherUnit.user_id)
        .where(VoucherUnit.status == "open", VoucherUnit.serial_key.in_(keys))
    )
    return {
        (row.item_id, row.serial_key): OpenUnit(row.voucher_id, row.number, row.username, row.recorded_at)
        for row in rows
    }


def read_batches(session: Session, keys: Collection[str]) -> dict[int, dict[str, BatchFacts]]:
    """The batches with these keys, by item and key."""
    found: dict[int, dict[str, BatchFacts]] = {}
    if not keys:
        return found
    rows = session.execute(
        select(Batch.id, Batch.item_id, Batch.batch_no, Batch.batch_key, Batch.manufactured_on, Batch.expires_on).where(
            Batch.batch_key.in_(keys)
        )
    )
    for row in rows:
        found.setdefault(row.item_id, {})[row.batch_key] = BatchFacts(
            row.batch_no, row.manufactured_on, row.expires_on, row.id
        )
    return found


def read_scanned(session: Session, scan_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """The units that these scans put on a receipt, by scan."""
    if not scan_ids:
        return {}
    rows = session.execute(select(VoucherUnit.__table__).where(VoucherUnit.scan_id.in_(scan_ids)))
    return {row.scan_id: dict(row._mapping) for row in rows}
