"""Claims as the API takes and shows them."""

from marshmallow import Schema, fields, validate

from backend.api.attachments import AttachmentCard
from backend.api.schemas import Moment, Named, Request, SiteQuery, guid, scanned, string, whole
from backend.domain.claims import ClaimOutcome, Decision


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
