"""The tables and their constraints."""

from backend.models.actions import Action
from backend.models.alerts import Alert, AlertRule
from backend.models.attachments import Attachment
from backend.models.audit import AuditEvent
from backend.models.base import Base, table
from backend.models.batches import BatchChange
from backend.models.catalog import Batch, Item, ItemBarcode, ItemPicture, Party
from backend.models.claims import ReturnedUnit, WarrantyClaim
from backend.models.components import Component
from backend.models.conflicts import Conflict
from backend.models.counting import CountResult, CountRound, CountScan
from backend.models.documents import (
    CustomerReturn,
    DeliveryNote,
    Installation,
    OpeningStock,
    PickList,
    PurchaseOrder,
    PurchaseReceipt,
    SalesInvoice,
    SalesOrder,
    SeriesCounter,
    SiteDays,
    SiteSeries,
    StockCount,
    StockEntry,
    StockTransfer,
    SupplierReturn,
    UnitSecondary,
    Voucher,
    VoucherLine,
    VoucherUnit,
)
from backend.models.frames import KeptFrame
from backend.models.intakes import ExpectedSerial, Intake, OverReceipt
from backend.models.integrations import ApiToken, Webhook, WebhookMessage
from backend.models.labels import LabelPrint, PrintedLabel
from backend.models.ledger import Balance, Event, Feed, StockLedgerEntry
from backend.models.locations import Location
from backend.models.people import ClearedDevice, Device, DeviceGap, User, UserRole, UserSession
from backend.models.readable import was_at
from backend.models.recalls import Recall, RecallStep, RecallStepUnit, RecallUnit
from backend.models.reservations import Hold, Reservation
from backend.models.scans import Scan
from backend.models.serials import FormerSerialNumber, SecondarySerial, SerialNumber
from backend.models.servicing import MaintenancePlan, NotedPart, Reading, RepairOrder, ServiceVisit
from backend.models.voucher_drafts import VoucherDraft
from backend.models.warranty import ContractEvent, ContractUnit, ServiceContract, Warranty, WarrantyEvent

__all__ = [
    "Action",
    "Alert",
    "AlertRule",
    "ApiToken",
    "Attachment",
    "AuditEvent",
    "Balance",
    "Base",
    "Batch",
    "BatchChange",
    "ClearedDevice",
    "Component",
    "Conflict",
    "ContractEvent",
    "ContractUnit",
    "CountResult",
    "CountRound",
    "CountScan",
    "CustomerReturn",
    "DeliveryNote",
    "Device",
    "DeviceGap",
    "Event",
    "ExpectedSerial",
    "Feed",
    "FormerSerialNumber",
    "Hold",
    "Installation",
    "Intake",
    "Item",
    "ItemBarcode",
    "ItemPicture",
    "KeptFrame",
    "LabelPrint",
    "Location",
    "MaintenancePlan",
    "NotedPart",
    "OpeningStock",
    "OverReceipt",
    "Party",
    "PickList",
    "PrintedLabel",
    "PurchaseOrder",
    "PurchaseReceipt",
    "Reading",
    "Recall",
    "RecallStep",
    "RecallStepUnit",
    "RecallUnit",
    "RepairOrder",
    "Reservation",
    "ReturnedUnit",
    "SalesInvoice",
    "SalesOrder",
    "Scan",
    "SecondarySerial",
    "SerialNumber",
    "SeriesCounter",
    "ServiceContract",
    "ServiceVisit",
    "SiteDays",
    "SiteSeries",
    "StockCount",
    "StockEntry",
    "StockLedgerEntry",
    "StockTransfer",
    "SupplierReturn",
    "UnitSecondary",
    "User",
    "UserRole",
    "UserSession",
    "Voucher",
    "VoucherDraft",
    "VoucherLine",
    "VoucherUnit",
    "Warranty",
    "WarrantyClaim",
    "WarrantyEvent",
    "Webhook",
    "WebhookMessage",
    "table",
    "was_at",
]
