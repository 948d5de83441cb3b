"""Purchase orders and receipts as the API shows them."""

from marshmallow import Schema, fields, validate

from backend.api.scan_schemas import Counts
from backend.api.schemas import Moment, Named, Place, Quantity, Request, guid, scanned, string, whole
from backend.domain.locations import LocationKind
from backend.domain.ranges import MAX_LIST
from backend.domain.receiving import Condition, Tracking
from backend.domain.standards import SecondaryKind

MOST_SECONDARIES = 16
"""Further numbers of one unit in one request."""


class ItemCard(Schema):
    """What a screen needs of an item."""

    id = fields.Integer()
    item_code = fields.String()
    name = fields.String()
    tracking = fields.String(validate=validate.OneOf(list(Tracking)))
    gtins = fields.List(fields.String())
    expiry_required = fields.Boolean()
    serial_length = fields.Integer(allow_none=True)
    serial_pattern = fields.String(allow_none=True)
    secondary_kinds = fields.List(fields.String(), metadata={"description": "Further numbers that its units have."})


class LocationCard(Schema):
    """A place in the tree of a site."""

    id = fields.Integer()
    code = fields.String()
    name = fields.String()
    kind = fields.String(validate=validate.OneOf(list(LocationKind)))
    parent_id = fields.Integer(allow_none=True)
    path = fields.String()
    walk_order = fields.Integer()
    receivable = fields.Boolean()


class Locations(Schema):
    """The places of a site."""

    locations = fields.List(fields.Nested(LocationCard))


class Items(Schema):
    """All items."""

    items = fields.List(fields.Nested(ItemCard))


class OrderLine(Schema):
    """What is ordered of an item, and how much of it is here."""

    id = fields.Integer()
    idx = fields.Integer()
    item = fields.Nested(ItemCard)
    qty = Quantity()
    received = Quantity()
    scanned = Quantity(metadata={"description": "On open receipts, not posted yet."})
    admitted = Quantity(metadata={"description": "What supervisors let in beyond the order."})
    allowed = Quantity(metadata={"description": "The most that may come in, the item's allowance included."})


class ReceiptRef(Schema):
    """An open receipt of an order."""

    id = fields.String()
    number = fields.String()
    opened_by = fields.String()


class VoucherRef(Schema):
    """A voucher that another one points at."""

    id = fields.String()
    number = fields.String()


class PurchaseOrder(Schema):
    """What was ordered from a supplier."""

    id = fields.String()
    number = fields.String()
    status = fields.String()
    site_id = fields.Integer()
    supplier = fields.Nested(Named)
    ordered_on = fields.Date()
    lines = fields.List(fields.Nested(OrderLine))
    remark = fields.String(allow_none=True)
    cancel_reason = fields.String(allow_none=True)
    open_receipts = fields.List(fields.Nested(ReceiptRef))


class PurchaseOrders(Schema):
    """The purchase orders of a site."""

    purchase_orders = fields.List(fields.Nested(PurchaseOrder))


class ReceiptLine(Schema):
    """An item of a receipt."""

    id = fields.Integer()
    item = fields.Nested(ItemCard)
    expected = Quantity()
    received_before = Quantity()
    accepted = Quantity()
    rejected = Quantity()
    admitted = Quantity(metadata={"description": "What supervisors let in beyond the order."})
    allowed = Quantity(
        allow_none=True,
        metadata={"description": "The most that may come in for the order's line; null where nothing was ordered."},
    )
    scanned_elsewhere = Quantity(metadata={"description": "On other open receipts of the order, not posted yet."})


class UnitSecondary(Schema):
    """A further number of a unit, such as its IMEI."""

    kind = fields.String()
    secondary_no = fields.String()


class NumberRead(Request):
    """A further number, as scanned or typed."""

    kind = fields.Enum(SecondaryKind, by_value=True, required=True)
    text = scanned(64, least=1, required=True)


class NumberOfUnit(NumberRead):
    """A further number of one unit of a list."""

    serial_no = scanned(64, least=1, required=True)


class SecondariesOfUnit(Request):
    """Further numbers of a unit that is on an open receipt; noted once, however often they are sent."""

    unit = scanned(64, least=1, required=True, metadata={"description": "Its serial number, or the id of its scan."})
    secondary_serials = fields.List(
        fields.Nested(NumberRead), required=True, validate=validate.Length(min=1, max=MOST_SECONDARIES)
    )


class ReceiptUnit(Schema):
    """A unit that counts on a receipt."""

    id = fields.Integer()
    scan_id = fields.String(allow_none=True)
    item_code = fields.String()
    serial_no = fields.String(allow_none=True)
    batch_no = fields.String(allow_none=True)
    expires_on = fields.Date(allow_none=True)
    condition = fields.String(validate=validate.OneOf(list(Condition)))
    reason = fields.String(allow_none=True)
    qty = Quantity()
    is_unexpected = fields.Boolean(metadata={"description": "Not on the supplier's list, taken all the same."})
    secondary_serials = fields.List(fields.Nested(UnitSecondary))
    by = fields.String()
    device = fields.String(allow_none=True)
    scanned_at = Moment(allow_none=True)
    recorded_at = Moment()


class ReceiptSummary(Schema):
    """A receipt without its units."""

    id = fields.String()
    number = fields.String()
    status = fields.String()
    site_id = fields.Integer()
    kind = fields.String(validate=validate.OneOf(["purchase_receipt", "opening_stock"]))
    purchase_order = fields.Nested(VoucherRef, allow_none=True)
    supplier = fields.Nested(Named, allow_none=True)
    location = fields.Nested(Place)
    reject_location = fields.Nested(Place)
    opened_by = fields.String()
    opened_at = Moment()
    submitted_by = fields.String(allow_none=True)
    submitted_at = Moment(allow_none=True)
    counts = fields.Nested(Counts)
    lines = fields.List(fields.Nested(ReceiptLine))


class PurchaseReceipt(ReceiptSummary):
    """A receipt with its newest units; older ones by ``/units?before=``."""

    units = fields.List(fields.Nested(ReceiptUnit))


class PurchaseReceipts(Schema):
    """The receipts of a site."""

    purchase_receipts = fields.List(fields.Nested(ReceiptSummary))


class OpeningStocks(Schema):
    """The opening stock of a site."""

    opening_stocks = fields.List(fields.Nested(ReceiptSummary))


class ReceiptUnits(Schema):
    """A page of units, newest first."""

    units = fields.List(fields.Nested(ReceiptUnit))


class OpenReceipt(Request):
    """A receipt to open. The id is made on the device, so that asking twice opens one."""

    id = guid(required=True)
    purchase_order_id = guid(required=True)
    location_id = whole(required=True)
    device_id = guid(load_default=None)


class SubmitReceipt(Request):
    """The wish to post a receipt."""

    device_id = guid(load_default=None)
    dated_on = fields.Date(
        load_default=None, allow_none=True, metadata={"description": "The day on which the goods came; today if none."}
    )


class DiscardReceipt(Request):
    """Why a receipt is given up."""

    reason = string(500, required=True)


class UnitsPage(Request):
    """Which units of a receipt."""

    before = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**31 - 1))
    limit = fields.Integer(load_default=200, validate=validate.Range(min=1, max=1000))


_ASKED_ONCE = {"description": "Made on the device; sent again it gets the first answer and adds nothing."}
_UNEXPECTED = {"description": "Take what is not on the supplier's list, too; it is marked."}


class SerialListSchema(Request):
    """Serial numbers of one item that arrived in one condition: all are taken or none."""

    id = guid(required=True, metadata=_ASKED_ONCE)
    item_id = whole(required=True)
    serial_nos = fields.List(scanned(), required=True, validate=validate.Length(min=1, max=MAX_LIST))
    batch_no = scanned(64, least=1, load_default=None, allow_none=True)
    manufactured_on = fields.Date(load_default=None, allow_none=True)
    expires_on = fields.Date(load_default=None, allow_none=True)
    condition = fields.Enum(Condition, by_value=True, load_default=Condition.ACCEPTED)
    reason = string(200, load_default=None, allow_none=True)
    takes_unexpected = fields.Boolean(load_default=False, metadata=_UNEXPECTED)
    secondary_serials = fields.List(
        fields.Nested(NumberOfUnit), load_default=list, validate=validate.Length(max=MAX_LIST * MOST_SECONDARIES)
    )


class AddedReceipt(PurchaseReceipt):
    """A receipt, and how many units the request put on it when it came first."""

    added = Quantity()


class CountedGoods(Request):
    """So much of an item without serial numbers."""

    id = guid(required=True, metadata=_ASKED_ONCE)
    item_id = whole(required=True)
    qty = Quantity(required=True)
    batch_no = scanned(64, least=1, load_default=None, allow_none=True)
    manufactured_on = fields.Date(load_default=None, allow_none=True)
    expires_on = fields.Date(load_default=None, allow_none=True)
    condition = fields.Enum(Condition, by_value=True, load_default=Condition.ACCEPTED)
    reason = string(200, load_default=None, allow_none=True)


class OverReceipt(Request):
    """A supervisor's word that more of an item may be received than was ordered."""

    id = guid(required=True)
    item_id = whole(required=True)
    qty = Quantity(required=True)
    reason = string(500, required=True)


class AdmittedMore(Schema):
    """What a supervisor let in beyond an order."""

    id = fields.String()
    item_code = fields.String()
    qty = Quantity()
    reason = fields.String()
    by = fields.String()
    at = Moment()


class OverReceipts(Schema):
    """What supervisors let in, oldest first."""

    over_receipts = fields.List(fields.Nested(AdmittedMore))


class OpenOpeningStock(Request):
    """Opening stock to record at a place. The id is made on the device, so that asking twice opens one."""

    id = guid(required=True)
    site = whole(required=True)
    location_id = whole(required=True)
