"""The tables and their constraints."""

from backend.models.base import Base, table
from backend.models.catalog import Batch, Item, ItemBarcode, Party
from backend.models.documents import (
    DeliveryNote,
    PurchaseOrder,
    PurchaseReceipt,
    SeriesCounter,
    Voucher,
    VoucherLine,
    VoucherUnit,
)
from backend.models.frames import KeptFrame
from backend.models.ledger import Balance, Event, Feed, StockLedgerEntry
from backend.models.locations import Location
from backend.models.people import Device, User, UserRole, UserSession
from backend.models.scans import Scan
from backend.models.serials import SerialNumber, Warranty

__all__ = [
    "Balance",
    "Base",
    "Batch",
    "DeliveryNote",
    "Device",
    "Event",
    "Feed",
    "Item",
    "ItemBarcode",
    "KeptFrame",
    "Location",
    "Party",
    "PurchaseOrder",
    "PurchaseReceipt",
    "Scan",
    "SerialNumber",
    "SeriesCounter",
    "StockLedgerEntry",
    "User",
    "UserRole",
    "UserSession",
    "Voucher",
    "VoucherLine",
    "VoucherUnit",
    "Warranty",
    "table",
]
