"""Claims, returns, contracts and warranties as the API takes and shows them."""

from marshmallow import Schema, fields, validate

from backend.api.attachments import AttachmentCard
from backend.api.moves import GoodsRequest
from backend.api.schemas import Moment, Named, Quantity, Request, SiteQuery, guid, scanned, string, whole
from backend.domain.claims import ClaimOutcome, Decision, InspectionOutcome
from backend.domain.ranges import MAX_LIST
from backend.domain.warranty import Basis, WarrantyStatus


class ClaimRequest(Request):
    """What a customer asks for; the id is made by the caller and means this claim for ever."""

    id = guid(required=True)
    site = whole(required=True)
    customer = string(64, required=True)
    serial_no = scanned(required=True, metadata={"description": "The unit, as it was scanned or typed."})
    complaint = string(1000, required=True)
    item_id = whole(load_default=None, allow_none=True)
    claimed_on = fields.Date(load_default=None, allow_none=True)
    goodwill_reason = string(500, load_default=None, allow_none=True)
    hold = fields.Boolean(
        load_default=False, metadata={"description": "Keep a claim for a unit that nobody knows until it is reviewed."}
    )
    technician = string(64, load_default=None, allow_none=True)
    attachment_ids = fields.List(guid(), load_default=list, validate=validate.Length(max=20))
    done_at = Moment(load_default=None, allow_none=True)


class HeldClaimRequest(Request):
    """Which unit a claim that is held for review is about."""

    serial_no = scanned(required=True)
    item_id = whole(load_default=None, allow_none=True)
    goodwill_reason = string(500, load_default=None, allow_none=True)


class AssignRequest(Request):
    """Who is to see to it."""

    technician = string(64, required=True)


class EndClaimRequest(Request):
    """How a claim ended."""

    outcome = fields.Enum(ClaimOutcome, by_value=True, required=True)
    remark = string(500, load_default=None, allow_none=True)
    repair_order_id = guid(
        load_default=None,
        allow_none=True,
        metadata={"description": "For the repair order of a unit that is here; without it none is opened."},
    )


class ClaimsQuery(SiteQuery):
    """Which claims are asked for."""

    status = fields.String(load_default=None, validate=validate.OneOf(["open", "draft", "submitted", "closed"]))
    technician = string(64, load_default=None, metadata={"description": "A username; '-' for claims of nobody."})
    q = scanned(100, load_default="")


class UnitRef(Schema):
    """A unit in one line."""

    id = fields.Integer()
    serial_no = fields.String()
    item_code = fields.String()
    item_name = fields.String()


class Claim(Schema):
    """A claim with its decision and its end."""

    id = fields.String()
    number = fields.String()
    status = fields.String()
    site = fields.Integer()
    claimed_on = fields.Date()
    customer = fields.Nested(Named)
    unit = fields.Nested(UnitRef, allow_none=True)
    serial_text = fields.String()
    complaint = fields.String()
    decision = fields.String(metadata={"enum": list(map(str, Decision))})
    decision_code = fields.String()
    decision_reason = fields.String()
    goodwill_reason = fields.String(allow_none=True)
    technician = fields.String(allow_none=True)
    outcome = fields.String(allow_none=True, metadata={"enum": list(map(str, ClaimOutcome))})
    outcome_remark = fields.String(allow_none=True)
    entered_by = fields.String()
    entered_at = Moment()
    ended_by = fields.String(allow_none=True)
    ended_at = Moment(allow_none=True)


class OutcomeVoucher(Schema):
    """The voucher that followed: a replacement that went out, or a repair."""

    id = fields.String()
    number = fields.String()


class RepairOrderRef(OutcomeVoucher):
    """The repair order of a claim."""

    status = fields.String()


class ClaimDetails(Claim):
    """A claim with its pictures and its repair."""

    attachments = fields.List(fields.Nested(AttachmentCard))
    repair_order = fields.Nested(RepairOrderRef, allow_none=True)


class Technician(Schema):
    """Somebody who can be given a claim."""

    username = fields.String()
    name = fields.String()


class Claims(Schema):
    """Claims, and who can be given one."""

    claims = fields.List(fields.Nested(Claim))
    technicians = fields.List(fields.Nested(Technician))


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


class ContractRequest(Request):
    """A service contract (AMC) with a customer for some units."""

    id = guid(required=True)
    site = whole(required=True)
    customer = string(64, required=True)
    serial_nos = fields.List(scanned(), required=True, validate=validate.Length(min=1, max=MAX_LIST))
    start_on = fields.Date(required=True)
    end_on = fields.Date(required=True)
    number = string(64, load_default=None, allow_none=True)
    remark = string(500, load_default=None, allow_none=True)


class ContractChangeRequest(Request):
    """What a contract is from now on, whole, and why."""

    serial_nos = fields.List(scanned(), required=True, validate=validate.Length(min=1, max=MAX_LIST))
    start_on = fields.Date(required=True)
    end_on = fields.Date(required=True)
    remark = string(500, load_default=None, allow_none=True)
    reason = string(500, required=True)


class EndContractRequest(Request):
    """The last day of a contract that ends early, and why."""

    last_day = fields.Date(required=True)
    reason = string(500, required=True)


class ContractsQuery(SiteQuery):
    """Which contracts are asked for."""

    customer = string(64, load_default=None)


class ContractEvent(Schema):
    """Something that changed a contract; the days are its own from then on."""

    kind = fields.String(metadata={"enum": ["made", "changed", "ended"]})
    start_on = fields.Date()
    end_on = fields.Date()
    units_added = fields.List(fields.String())
    units_removed = fields.List(fields.String())
    reason = fields.String(allow_none=True)
    by = fields.String()
    at = Moment()


class Contract(Schema):
    """A service contract."""

    id = fields.String()
    number = fields.String()
    site = fields.Integer()
    customer = fields.Nested(Named)
    start_on = fields.Date()
    end_on = fields.Date()
    remark = fields.String(allow_none=True)
    end_reason = fields.String(allow_none=True)
    made_by = fields.String()
    units = fields.List(fields.Nested(UnitRef))
    events = fields.List(fields.Nested(ContractEvent))


class Contracts(Schema):
    """Service contracts."""

    service_contracts = fields.List(fields.Nested(Contract))


class InstallationRequest(Request):
    """A unit was set up at its customer's."""

    id = guid(required=True)
    site = whole(required=True)
    customer = string(64, required=True)
    serial_no = scanned(required=True)
    item_id = whole(load_default=None, allow_none=True)
    remark = string(500, load_default=None, allow_none=True)
    dated_on = fields.Date(load_default=None, allow_none=True)
    done_at = Moment(load_default=None, allow_none=True)


class InstallationCard(Schema):
    """An installation in one line."""

    id = fields.String()
    number = fields.String()
    status = fields.String()
    dated_on = fields.Date()


class ExtendRequest(Request):
    """The new last day of a warranty, and why."""

    end_on = fields.Date(required=True)
    reason = string(500, required=True)


class VoidRequest(Request):
    """Why a warranty does not hold any more."""

    reason = string(500, required=True)


class OtherUnit(Schema):
    """The unit that a warranty came from or went to."""

    id = fields.Integer()
    serial_no = fields.String()


class WarrantyEvent(Schema):
    """Something that changed a warranty."""

    kind = fields.String()
    on = fields.Date()
    end_on = fields.Date()
    reason = fields.String(allow_none=True)
    by = fields.String(allow_none=True)
    at = Moment()
    other = fields.Nested(OtherUnit, allow_none=True)


class ContractRef(Schema):
    """A service contract in one line."""

    id = fields.String()
    number = fields.String()
    start_on = fields.Date()
    end_on = fields.Date()


class UnitWarranty(Schema):
    """All about the coverage of a unit."""

    unit_id = fields.Integer()
    status = fields.String(metadata={"enum": list(map(str, WarrantyStatus))})
    days_left = fields.Integer(allow_none=True)
    code = fields.String(metadata={"description": "The message without its facts, for another language."})
    message = fields.String()
    facts = fields.Dict(keys=fields.String())
    start = fields.Date(allow_none=True)
    end = fields.Date(allow_none=True)
    basis = fields.String(metadata={"enum": list(map(str, Basis))})
    is_standing = fields.Boolean()
    period_days = fields.Integer(
        allow_none=True, metadata={"description": "The item's period, in whatever unit; null without a warranty."}
    )
    void_reason = fields.String(allow_none=True)
    paused_on = fields.Date(allow_none=True)
    is_sold = fields.Boolean(metadata={"description": "Whether somebody outside has the unit."})
    contracts = fields.List(fields.Nested(ContractRef))
    events = fields.List(fields.Nested(WarrantyEvent))
