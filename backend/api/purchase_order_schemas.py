"""Purchase orders that are drafted, edited and imported, and what suppliers announced, as the API shows them."""

from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from backend.api.receiving_schemas import VoucherRef
from backend.api.schemas import ItemName, Named, Quantity, Request, guid, scanned, string, whole
from backend.domain.locations import UnitState
from backend.domain.ranges import MAX_LIST
from backend.services.importing import Policy
from backend.services.order_files import OrderOutcome

MOST_LINES = 500


class WantedLine(Request):
    """So much of an item."""

    item_id = whole(required=True)
    qty = Quantity(required=True)


class OrderContent(Request):
    """What is to be ordered, and of whom."""

    supplier = string(64, required=True, metadata={"description": "The supplier's code."})
    lines = fields.List(fields.Nested(WantedLine), required=True, validate=validate.Length(min=1, max=MOST_LINES))
    ordered_on = fields.Date(load_default=None, allow_none=True)
    remark = string(500, load_default=None, allow_none=True)


class NewOrder(OrderContent):
    """A purchase order to draft. The id is made by the caller, so that asking twice drafts one."""

    id = guid(required=True)
    site = whole(required=True)
    number = string(64, load_default=None, allow_none=True)


class CancelOrder(Request):
    """Why an order is taken back."""

    reason = string(500, required=True)


class AnnouncedSerials(Request):
    """The supplier's list of an item's serial numbers; it takes the place of the one that was there."""

    item_id = whole(required=True)
    serial_nos = fields.List(scanned(), required=True, validate=validate.Length(max=MAX_LIST))


class AnnouncedForm(Request):
    """Of which item the file is."""

    item_id = fields.Integer(required=True, validate=validate.Range(min=1, max=2**31 - 1))


class TableFile(Request):
    """The file, CSV or .xlsx."""

    file = Upload(metadata={"description": "At most 8 MiB and 10,000 rows; the first row is the header."})


class OrdersForm(Request):
    """What comes beside a file of orders."""

    site = fields.Integer(required=True, validate=validate.Range(min=1, max=2**31 - 1))
    mode = fields.String(required=True, validate=validate.OneOf(["dry_run", "commit"]))
    policy = fields.Enum(Policy, by_value=True, load_default=Policy.ALL_OR_NOTHING)


class OrderRowAnswer(Schema):
    """What became of a row of a file of orders, or would. ``row`` counts as a spreadsheet does."""

    row = fields.Integer()
    order_no = fields.String()
    outcome = fields.String(validate=validate.OneOf(list(OrderOutcome)))
    code = fields.String()
    message = fields.String()
    next_step = fields.String()


class OrdersAnswer(Schema):
    """Every row of a file; ``committed`` says whether its new orders are there now."""

    committed = fields.Boolean()
    counts = fields.Dict(keys=fields.String(validate=validate.OneOf(list(OrderOutcome))), values=fields.Integer())
    ignored_columns = fields.List(fields.String())
    rows = fields.List(fields.Nested(OrderRowAnswer))


class ExpectedOfItem(Schema):
    """An item's announced serial numbers against what is on receipts; the lists name the first 200."""

    item_id = fields.Integer()
    item_code = fields.String()
    expected = fields.Integer()
    found = fields.Integer()
    missing = fields.Integer()
    unexpected = fields.Integer()
    missing_serial_nos = fields.List(fields.String())
    unexpected_serial_nos = fields.List(fields.String())


class Expected(Schema):
    """The items of an order whose supplier announced serial numbers."""

    items = fields.List(fields.Nested(ExpectedOfItem))


class AnnouncedUnit(Schema):
    """A unit that is on a supplier's list and not here yet."""

    item = fields.Nested(ItemName)
    serial_no = fields.String()
    state = fields.String(validate=validate.OneOf([UnitState.EXPECTED]))
    supplier = fields.Nested(Named)
    purchase_order = fields.Nested(VoucherRef)
    ordered_on = fields.Date()
