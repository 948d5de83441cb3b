"""Customer returns and their inspection as the API takes and shows them."""

from marshmallow import Schema, fields, validate

from backend.api.claim_schemas import OutcomeVoucher, UnitRef
from backend.api.moves import GoodsRequest
from backend.api.schemas import Moment, Named, Quantity, Request, SiteQuery, guid, scanned, string, whole
from backend.domain.claims import InspectionOutcome
from backend.domain.ranges import MAX_LIST


class ReturnRequest(Request):
    """What a customer brings back."""

    id = guid(required=True)
    location_id = whole(required=True, metadata={"description": "A place for rejected goods."})
    customer = string(64, required=True)
    serial_nos = fields.List(scanned(), load_default=list, validate=validate.Length(max=MAX_LIST))
    goods = fields.List(fields.Nested(GoodsRequest), load_default=list, validate=validate.Length(max=100))
    reason = string(500, required=True)
    dated_on = fields.Date(load_default=None, allow_none=True)
    done_at = Moment(load_default=None, allow_none=True)


class InspectionRequest(Request):
    """What becomes of a returned unit."""

    unit_id = whole(required=True)
    outcome = fields.Enum(InspectionOutcome, by_value=True, required=True)
    remark = string(500, load_default=None, allow_none=True)
    location_id = whole(
        load_default=None,
        allow_none=True,
        metadata={"description": "Where a restocked unit goes; where a replacement is taken from."},
    )
    code = scanned(
        load_default=None,
        allow_none=True,
        metadata={"description": "The code on the package, where the item verifies what comes back."},
    )
    replacement = scanned(load_default=None, allow_none=True)
    voucher_id = guid(
        load_default=None, allow_none=True, metadata={"description": "For the delivery note of a replacement."}
    )


class ReturnsQuery(SiteQuery):
    """Which returns are asked for."""

    status = fields.String(load_default=None, validate=validate.OneOf(["open", "closed", "cancelled"]))


class ReturnedUnit(UnitRef):
    """A returned unit and what became of it."""

    warranty_left = fields.Integer(allow_none=True, metadata={"description": "Days that were left when it came."})
    outcome = fields.String(allow_none=True, metadata={"enum": list(map(str, InspectionOutcome))})
    remark = fields.String(allow_none=True)
    inspected_by = fields.String(allow_none=True)
    inspected_at = Moment(allow_none=True)
    replacement = fields.Nested(UnitRef, allow_none=True)
    outcome_voucher = fields.Nested(OutcomeVoucher, allow_none=True)


class ReturnedGoods(Schema):
    """Goods without serial numbers that came back."""

    item_code = fields.String()
    item_name = fields.String()
    batch_no = fields.String(allow_none=True)
    qty = Quantity()


class Return(Schema):
    """A customer return."""

    id = fields.String()
    number = fields.String()
    status = fields.String()
    site = fields.Integer()
    returned_on = fields.Date()
    customer = fields.Nested(Named)
    place = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    taken_by = fields.String()
    units = fields.List(fields.Nested(ReturnedUnit))
    goods = fields.List(fields.Nested(ReturnedGoods))


class Returns(Schema):
    """Customer returns."""

    customer_returns = fields.List(fields.Nested(Return))
