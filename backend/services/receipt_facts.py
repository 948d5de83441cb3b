"""What judging the scans of a receipt needs to know: one query a kind of fact, for a whole group of scans."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, select

from backend.domain.ledger import Quantity
from backend.domain.locations import STATE_AT, LocationKind
from backend.domain.receiving import (
    BatchFacts,
    Condition,
    ItemRules,
    KnownUnit,
    OpenLine,
    OpenUnit,
    Tracking,
    most_allowed,
)
from backend.models import (
    Batch,
    ExpectedSerial,
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
    table,
)


@dataclass(slots=True)
class ReceiptLine:
    """A line of a receipt; ``order`` is shared by all receipts of the order's line."""

    id: int
    order: OpenLine
    accepted: Quantity
    rejected: Quantity
    is_changed: bool = False

    def count(self, condition: str, by: Quantity) -> None:
        """Count units in, or out again with ``by`` below zero."""
        self.order.taken += by
        self.is_changed = True
        if condition == Condition.ACCEPTED:
            self.accepted += by
        else:
            self.rejected += by


@dataclass(slots=True)
class ReceiptState:
    """A receipt, or opening stock, with its lines and how often a scan was refused.

    ``order_id`` is the purchase order; opening stock has none and takes any item.
    """

    id: str
    number: str
    status: str
    refused: int
    order_id: str | None = None
    lines: list[ReceiptLine] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int | float]:
        """What the screens show beside every answer; kept as JSON with it."""
        sums = {
            "expected": sum(line.order.expected for line in self.lines),
            "accepted": sum(line.accepted for line in self.lines),
            "rejected": sum(line.rejected for line in self.lines),
        }
        return {name: qty if isinstance(qty, int) else float(qty) for name, qty in sums.items()}

    def lines_of(self, item_id: int) -> list[OpenLine]:
        """The lines of an item, in their order."""
        return [line.order for line in self.lines if line.order.item.id == item_id]

    def line_of(self, order: OpenLine) -> ReceiptLine:
        """The line of the receipt that belongs to a line of its order."""
        return next(line for line in self.lines if line.order is order)

    def line(self, line_id: int) -> ReceiptLine:
        """The line of the receipt that has an id."""
        return next(line for line in self.lines if line.id == line_id)

    def may_have_serials(self, item_id: int | None) -> bool:
        """Whether a unit of an item has a serial number; of any item of the receipt where none is named."""
        items = [line.order.item for line in self.lines]
        return any(item.tracking.has_serial for item in items if item_id in (None, item.id))


# The statements are made once: building one costs more than running it. Plain columns, no ORM entities.
_voucher, _line = table(Voucher).c, table(VoucherLine).c
_item, _barcode, _batch = table(Item).c, table(ItemBarcode).c, table(Batch).c
_serial, _place, _party = table(SerialNumber).c, table(Location).c, table(Party).c
_unit, _user, _entry = table(VoucherUnit).c, table(User).c, table(StockLedgerEntry).c
_order_table = table(VoucherLine).alias("order_line")
_order = _order_table.c
_SALES = frozenset({"delivery_note", "sales_invoice"})


_ITEM_RULES = (
    _item.id.label("item_id"),
    _item.item_code,
    _item.name,
    _item.tracking,
    _item.serial_length,
    _item.serial_pattern,
    _item.expiry_required,
    _item.serial_standard,
    _item.shelf_life_days,
)
_expected = table(ExpectedSerial).c


def _among(name: str) -> Any:
    """A list that is given when the statement runs."""
    return bindparam(name, expanding=True)


_RECEIPTS = (
    select(
        _voucher.id,
        _voucher.number,
        _voucher.status,
        _voucher.refused,
        _voucher.source_id,
        _line.id.label("line_id"),
        _line.accepted,
        _line.rejected,
        _order.id.label("order_line_id"),
        _order.qty,
        _order.received,
        _order.scanned,
        _order.admitted,
        *_ITEM_RULES,
        _item.over_receipt_percent,
    )
    .select_from(table(Voucher))
    .outerjoin(table(VoucherLine), _line.voucher_id == _voucher.id)
    .outerjoin(_order_table, _order.id == _line.source_line_id)
    .outerjoin(table(Item), _item.id == _line.item_id)
    .where(_voucher.id.in_(_among("ids")), _voucher.type.in_(("purchase_receipt", "opening_stock")))
    .order_by(_line.voucher_id, _line.idx)
)
_ITEMS = select(*_ITEM_RULES).where(_item.id == bindparam("item"))
_ANNOUNCED = (
    select(_expected.voucher_id, _expected.item_id).where(_expected.voucher_id.in_(_among("orders"))).distinct()
)
_EXPECTED = select(_expected.voucher_id, _expected.item_id, _expected.serial_key).where(
    _expected.voucher_id.in_(_among("orders")), _expected.serial_key.in_(_among("keys"))
)
_CODES = select(_barcode.code, _barcode.item_id).where(_barcode.code.in_(_among("codes")))
_KNOWN = (
    select(
        _serial.item_id,
        _serial.serial_key,
        _place.kind,
        _place.code,
        _party.code.label("owner"),
        _voucher.type,
        _voucher.number,
        _voucher.dated_on,
    )
    .select_from(table(SerialNumber))
    .join(table(Location), _place.id == _serial.location_id)
    .join(table(StockLedgerEntry), (_entry.site_id == _serial.last_site_id) & (_entry.seq == _serial.last_seq))
    .join(table(Voucher), _voucher.id == _entry.voucher_id)
    .outerjoin(table(Party), _party.id == _serial.owner_id)
    .where(_serial.serial_key.in_(_among("keys")))
)
_OPEN = (
    select(_unit.item_id, _unit.serial_key, _unit.voucher_id, _unit.recorded_at, _voucher.number, _user.username)
    .select_from(table(VoucherUnit))
    .join(table(Voucher), _voucher.id == _unit.voucher_id)
    .join(table(User), _user.id == _unit.user_id)
    .where(_unit.status == "open", _unit.serial_key.in_(_among("keys")))
)
_BATCHES = select(
    _batch.id, _batch.item_id, _batch.batch_no, _batch.batch_key, _batch.manufactured_on, _batch.expires_on
).where(_batch.batch_key.in_(_among("keys")))
_SCANNED = select(table(VoucherUnit)).where(_unit.scan_id.in_(_among("ids")))


def read_receipts(connection: Connection, ids: Collection[str]) -> dict[str, ReceiptState]:
    """The receipts with their lines; receipts of one order share the order's lines."""
    receipts: dict[str, ReceiptState] = {}
    orders: dict[int, OpenLine] = {}
    for row in connection.execute(_RECEIPTS, {"ids": list(ids)}):
        receipt = receipts.setdefault(
            row.id, ReceiptState(row.id, row.number, row.status, row.refused, order_id=row.source_id)
        )
        if row.line_id is None:
            continue  # Opening stock gets its lines as its items come.
        if row.order_line_id is None:
            order = open_line(row.line_id, _rules(row), taken=row.accepted + row.rejected)
        else:
            order = orders.setdefault(
                row.order_line_id,
                OpenLine(
                    row.order_line_id,
                    _rules(row),
                    expected=row.qty,
                    allowed=most_allowed(row.qty, row.over_receipt_percent, row.admitted),
                    taken=row.received + row.scanned,
                ),
            )
        receipt.lines.append(ReceiptLine(row.line_id, order, row.accepted, row.rejected))
    return receipts


def open_line(line_id: int, item: ItemRules, *, taken: Quantity = 0) -> OpenLine:
    """A line for which nothing was ordered, so that nothing is too much."""
    return OpenLine(line_id, item, expected=0, allowed=None, taken=taken)


def read_item(connection: Connection, item_id: int) -> ItemRules | None:
    """What an item asks of its units."""
    row = connection.execute(_ITEMS, {"item": item_id}).one_or_none()
    return _rules(row) if row else None


def _rules(row: Any) -> ItemRules:
    return ItemRules(
        row.item_id,
        row.item_code,
        row.name,
        Tracking(row.tracking),
        row.serial_length,
        row.serial_pattern,
        row.expiry_required,
        row.serial_standard,
        row.shelf_life_days,
    )


def read_announced(connection: Connection, order_ids: Collection[str]) -> set[tuple[str, int]]:
    """Of which items the suppliers of these orders announced serial numbers, by order and item."""
    if not order_ids:
        return set()
    return {(row.voucher_id, row.item_id) for row in connection.execute(_ANNOUNCED, {"orders": list(order_ids)})}


def read_expected(
    connection: Connection, order_ids: Collection[str], keys: Collection[str]
) -> set[tuple[str, int, str]]:
    """Which of these serial numbers were announced, by order, item and key."""
    if not order_ids:
        return set()
    rows = connection.execute(_EXPECTED, {"orders": list(order_ids), "keys": list(keys)})
    return {(row.voucher_id, row.item_id, row.serial_key) for row in rows}


def read_codes(connection: Connection, codes: Collection[str]) -> dict[str, int]:
    """The items that have these texts as barcodes."""
    if not codes:
        return {}
    rows = connection.execute(_CODES, {"codes": list(codes)})
    return {row.code: row.item_id for row in rows}


def read_known(connection: Connection, keys: Collection[str]) -> dict[tuple[int, str], KnownUnit]:
    """What the ledger knows of these serial numbers, by item and key."""
    return {
        (row.item_id, row.serial_key): KnownUnit(
            state=STATE_AT[LocationKind(row.kind)],
            location=row.code,
            owner=row.owner,
            voucher=row.number if row.type in _SALES else None,
            on=row.dated_on if row.type in _SALES else None,
        )
        for row in connection.execute(_KNOWN, {"keys": list(keys)})
    }


def read_open(connection: Connection, keys: Collection[str]) -> dict[tuple[int, str], OpenUnit]:
    """Which of these serial numbers are on an open receipt, by item and key."""
    return {
        (row.item_id, row.serial_key): OpenUnit(row.voucher_id, row.number, row.username, row.recorded_at)
        for row in connection.execute(_OPEN, {"keys": list(keys)})
    }


def read_batches(connection: Connection, keys: Collection[str]) -> dict[int, dict[str, BatchFacts]]:
    """The batches with these keys, by item and key."""
    found: dict[int, dict[str, BatchFacts]] = {}
    if not keys:
        return found
    for row in connection.execute(_BATCHES, {"keys": list(keys)}):
        found.setdefault(row.item_id, {})[row.batch_key] = BatchFacts(
            row.batch_no, row.manufactured_on, row.expires_on, row.id
        )
    return found


def read_scanned(connection: Connection, scan_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """The units that these scans put on a receipt, by scan."""
    if not scan_ids:
        return {}
    rows = connection.execute(_SCANNED, {"ids": list(scan_ids)})
    return {row.scan_id: dict(row._mapping) for row in rows}
