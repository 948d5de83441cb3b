"""Sales orders, deliveries and invoices as the API takes and shows them."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from backend.api.finishing_drafts import of_draft
from backend.api.receiving_schemas import ItemCard, VoucherRef
from backend.api.schemas import Moment, Named, Place, Quantity, Request, guid, scanned, string, whole

MOST_LINES = 500
MOST_UNITS = 1000


class OrderedLine(Request):
    """How much of an item is ordered."""

    item_code = string(64, required=True)
    qty = Quantity(required=True)


class EditSalesOrder(Request):
    """A draft written anew."""

    customer = string(64, required=True)
    lines = fields.List(fields.Nested(OrderedLine), required=True, validate=validate.Length(max=MOST_LINES))
    remark = string(500, load_default=None, allow_none=True)


class CreateSalesOrder(EditSalesOrder):
    """An order to write. The id is made by the caller, so that asking twice writes one."""

    id = guid(required=True)
    site = whole(required=True)
    number = string(64, load_default=None, allow_none=True, metadata={"description": "Such as SO-9; else drawn."})
    submit = fields.Boolean(load_default=False, metadata={"description": "Let it be picked at once."})


class ReasonGiven(Request):
    """Why something is given up."""

    reason = string(500, required=True)


class UnitsWanted(Request):
    """Particular units, by their serial numbers."""

    serial_nos = fields.List(scanned(64, least=1), required=True, validate=validate.Length(min=1, max=MOST_UNITS))


class UnitsGivenFree(UnitsWanted):
    """Units that are not wanted any more, and why."""

    reason = string(500, load_default="not wanted any more")


class MadeVoucher(VoucherRef):
    """A voucher that was made from another one."""

    status = fields.String()


class SalesOrderLine(Schema):
    """What is ordered of an item, and how far it is."""

    id = fields.Integer()
    idx = fields.Integer()
    item = fields.Nested(ItemCard)
    qty = Quantity()
    delivered = Quantity()
    on_pick_lists = Quantity(metadata={"description": "On open pick lists, fetched or still to be fetched."})
    picked = Quantity(metadata={"description": "Fetched and not delivered yet."})
    to_fetch = Quantity(metadata={"description": "Neither delivered nor on an open pick list."})


class ReservedUnit(Schema):
    """A unit that somebody chose for an order, also one that was taken from it again: ``reason`` says why."""

    line_id = fields.Integer()
    serial_no = fields.String()
    batch_no = fields.String(allow_none=True)
    place = fields.String()
    status = fields.String(validate=validate.OneOf(["proposed", "chosen", "posted", "released"]))
    reason = fields.String(allow_none=True)
    by = fields.String()
    at = Moment()


class SalesOrderSummary(Schema):
    """What a customer ordered."""

    id = fields.String()
    number = fields.String()
    status = fields.String()
    site_id = fields.Integer()
    customer = fields.Nested(Named)
    ordered_on = fields.Date()
    opened_by = fields.String()
    remark = fields.String(allow_none=True)
    cancel_reason = fields.String(allow_none=True)
    lines = fields.List(fields.Nested(SalesOrderLine))
    pick_lists = fields.List(fields.Nested(MadeVoucher))
    delivery_notes = fields.List(fields.Nested(MadeVoucher))


class SalesOrder(SalesOrderSummary):
    """A sales order with the units that it has reserved."""

    reserved = fields.List(fields.Nested(ReservedUnit))


class SalesOrders(Schema):
    """The sales orders of a site."""

    sales_orders = fields.List(fields.Nested(SalesOrderSummary))


class GoodsLine(Request):
    """How much of an item goes to a customer: as many serial numbers as units, or a quantity of other goods."""

    item_code = string(64, required=True)
    qty = Quantity(required=True)
    serial_nos = fields.List(string(64), load_default=(), validate=validate.Length(max=MOST_UNITS))
    batch_no = string(64, load_default=None, allow_none=True)
    location_id = whole(load_default=None, allow_none=True)


class GoodsWanted(Request):
    """What goes to whom: units by serial number, item by item as lines, or both together."""

    id = guid(required=True, metadata={"description": "Made by the caller, so that asking twice delivers once."})
    number = string(64, load_default=None, allow_none=True)
    customer = string(64, load_default=None, allow_none=True)
    location_id = whole(load_default=None, allow_none=True)
    serial_nos = fields.List(string(64), load_default=(), validate=validate.Length(max=MOST_UNITS))
    lines = fields.List(fields.Nested(GoodsLine), load_default=(), validate=validate.Length(max=MOST_LINES))
    sales_order_id = guid(load_default=None, allow_none=True)
    remark = string(500, load_default=None, allow_none=True)
    dated_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "The business date of what is moved; today if none."},
    )
    draft = of_draft()


class DeliveryWanted(GoodsWanted):
    """A delivery: of goods that are named, or of what a finished pick list has fetched."""

    pick_list_id = guid(load_default=None, allow_none=True)

    @validates_schema
    def one_way(self, data: dict[str, object], **_: object) -> None:
        """Either a pick list, or goods from a place."""
        if data["pick_list_id"] is None:
            _must_name_goods(data)
        elif data["location_id"] or data["serial_nos"] or data["lines"]:
            raise ValidationError("A pick list says which goods go.", "pick_list_id")


class InvoiceWanted(GoodsWanted):
    """An invoice: of a delivery, or of goods that it moves itself."""

    delivery_note_id = guid(load_default=None, allow_none=True)

    @validates_schema
    def one_way(self, data: dict[str, object], **_: object) -> None:
        """Either a delivery, or goods from a place."""
        if data["delivery_note_id"] is None:
            _must_name_goods(data)
        elif data["location_id"] or data["serial_nos"] or data["lines"]:
            raise ValidationError("A delivery says which goods are billed.", "delivery_note_id")


def _must_name_goods(data: dict[str, object]) -> None:
    if data["location_id"] is None:
        raise ValidationError("Missing data for required field.", "location_id")
    if data["customer"] is None and data["sales_order_id"] is None:
        raise ValidationError("Missing data for required field.", "customer")
    if not data["serial_nos"] and not data["lines"]:
        raise ValidationError("Serial numbers or lines, at least one.", "serial_nos")


class SourceRef(VoucherRef):
    """The voucher that another one was made from."""

    type = fields.String()


class SoldUnit(Schema):
    """A unit that went to a customer."""

    id = fields.Integer()
    serial_no = fields.String()
    batch_no = fields.String(allow_none=True)
    expires_on = fields.Date(allow_none=True)
    warranty_until = fields.Date(allow_none=True)


class SoldGoodsLine(Schema):
    """What went of an item, with the serial numbers."""

    id = fields.Integer()
    item = fields.Nested(ItemCard)
    qty = Quantity()
    batch_no = fields.String(allow_none=True)
    location = fields.Nested(Place, allow_none=True)
    units = fields.List(fields.Nested(SoldUnit))


class SoldGoodsSummary(Schema):
    """A delivery or an invoice without its lines."""

    id = fields.String()
    number = fields.String()
    status = fields.String()
    site_id = fields.Integer()
    customer = fields.Nested(Named)
    location = fields.Nested(Place, allow_none=True)
    dated_on = fields.Date()
    submitted_by = fields.String(allow_none=True)
    submitted_at = Moment(allow_none=True)
    source = fields.Nested(SourceRef, allow_none=True)
    qty = Quantity()


class SoldGoods(SoldGoodsSummary):
    """A delivery or an invoice; its lines name the serial numbers."""

    remark = fields.String(allow_none=True)
    cancel_reason = fields.String(allow_none=True)
    lines = fields.List(fields.Nested(SoldGoodsLine))
    sales_orders = fields.List(fields.Nested(VoucherRef))
    sales_invoices = fields.List(fields.Nested(MadeVoucher))


class DeliveryNotes(Schema):
    """The deliveries of a site."""

    delivery_notes = fields.List(fields.Nested(SoldGoodsSummary))


class SalesInvoices(Schema):
    """The invoices of a site."""

    sales_invoices = fields.List(fields.Nested(SoldGoodsSummary))
