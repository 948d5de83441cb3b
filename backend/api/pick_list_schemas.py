"""Pick lists as the API takes and shows them."""

from marshmallow import Schema, fields, validate

from backend.api.receiving_schemas import ItemCard, VoucherRef
from backend.api.scan_schemas import Counts
from backend.api.schemas import Moment, Named, Place, Quantity, Request, guid, scanned, string, whole

MOST_LINES = 500
MOST_UNITS = 1000


class MakePickList(Request):
    """A pick list to make. The id is made on the device, so that asking twice makes one."""

    id = guid(required=True)
    sales_order_ids = fields.List(guid(), required=True, validate=validate.Length(min=1, max=100))
    location_id = whole(required=True)
    manual = fields.Boolean(load_default=False, metadata={"description": "Propose nothing: the person chooses."})
    number = string(64, load_default=None, allow_none=True)


class OverrideWanted(Request):
    """A unit that a supervisor takes although another voucher has it."""

    serial_no = scanned(64, least=1, required=True)
    item_id = whole(load_default=None, allow_none=True)
    reason = string(500, required=True)


class PickListLine(Schema):
    """What is asked for of an item; of counted goods also which batch from where, when somebody was promised it."""

    id = fields.Integer()
    item = fields.Nested(ItemCard)
    qty = Quantity()
    picked = Quantity()
    delivered = Quantity()
    sales_order = fields.String(allow_none=True)
    batch_no = fields.String(allow_none=True)
    expires_on = fields.Date(allow_none=True)
    location = fields.Nested(Place, allow_none=True)


class PickUnit(Schema):
    """A unit to fetch (``proposed``), fetched (``chosen``) or delivered (``posted``)."""

    unit_id = fields.Integer()
    line_id = fields.Integer()
    item_id = fields.Integer()
    item_code = fields.String()
    serial_no = fields.String()
    batch_no = fields.String(allow_none=True)
    expires_on = fields.Date(allow_none=True)
    location = fields.Nested(Place)
    status = fields.String(validate=validate.OneOf(["proposed", "chosen", "posted"]))
    scan_id = fields.String(allow_none=True)
    by = fields.String()
    device = fields.String(allow_none=True)
    at = Moment()
    scanned_at = Moment(allow_none=True)
    reason = fields.String(allow_none=True)


class Replaced(Schema):
    """A unit that was proposed, and the one that a person took in its place."""

    serial_no = fields.String()
    taken = fields.String()
    by = fields.String()
    at = Moment()


class Released(Schema):
    """What a hold, a recall or a count took off the list; ``serial_no`` is null for goods that are only counted."""

    serial_no = fields.String(allow_none=True)
    item_code = fields.String()
    batch_no = fields.String(allow_none=True)
    kind = fields.String(metadata={"enum": ["hold", "recall", "missing", "misplaced"]})
    reason = fields.String(metadata={"description": "Why it is held; the number of the count that missed it."})
    by = fields.String()
    at = Moment()
    was_picked = fields.Boolean(metadata={"description": "It was fetched already: the picker puts it aside."})
    instead = fields.String(allow_none=True, metadata={"description": "What was proposed in its place."})


class OrderRef(VoucherRef):
    """An order that a pick list fetches for."""

    customer = fields.Nested(Named)


class PickListSummary(Schema):
    """A pick list without its units."""

    id = fields.String()
    number = fields.String()
    status = fields.String()
    site_id = fields.Integer()
    location = fields.Nested(Place)
    opened_by = fields.String()
    opened_at = Moment()
    submitted_by = fields.String(allow_none=True)
    submitted_at = Moment(allow_none=True)
    cancel_reason = fields.String(allow_none=True)
    sales_orders = fields.List(fields.Nested(OrderRef))
    counts = fields.Nested(Counts)
    lines = fields.List(fields.Nested(PickListLine))


class PickList(PickListSummary):
    """A pick list with its units in walking order, what was replaced, and what a hold or a count took off it."""

    units = fields.List(fields.Nested(PickUnit))
    replaced = fields.List(fields.Nested(Replaced))
    released = fields.List(fields.Nested(Released))


class PickLists(Schema):
    """The pick lists of a site."""

    pick_lists = fields.List(fields.Nested(PickListSummary))


class Proposal(Schema):
    """What is still to be fetched, in walking order."""

    units = fields.List(fields.Nested(PickUnit))
    lines = fields.List(fields.Nested(PickListLine))
