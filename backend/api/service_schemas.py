"""Repairs, visits and maintenance as the API takes and shows them."""

from marshmallow import Schema, fields, validate

from backend.api.attachments import AttachmentCard
from backend.api.claim_schemas import Claim, Technician
from backend.api.moves import GoodsRequest
from backend.api.receiving_schemas import VoucherRef
from backend.api.schemas import Moment, Named, Quantity, Request, SiteQuery, guid, scanned, string, whole
from backend.domain.servicing import Period, RepairOutcome, VisitResult

MOST_PARTS = 100
MOST_DAYS = 36_500


class OfUnit(Request):
    """A unit as it was scanned or typed; ``item_id`` where one serial number can be of several items."""

    id = guid(required=True)
    site = whole(required=True)
    serial_no = scanned(required=True)
    item_id = whole(load_default=None, allow_none=True)
    technician = string(64, load_default=None, allow_none=True)


class IntakeRequest(OfUnit):
    """A customer's unit that is taken in for repair."""

    done_at = Moment(required=True)
    customer = string(64, required=True)
    complaint = string(1000, required=True)
    accessories = string(500, load_default=None, allow_none=True)
    attachment_ids = fields.List(guid(), load_default=list, validate=validate.Length(max=100))
    dated_on = fields.Date(load_default=None, allow_none=True)
    claim_id = guid(load_default=None, allow_none=True)


class TechnicianRequest(Request):
    """Who is to do it."""

    technician = string(64, required=True)


class GiveBackRequest(Request):
    """What somebody should know about a unit that goes back."""

    remark = string(500, load_default=None, allow_none=True)


class ScrapRequest(Request):
    """Why a customer's unit is scrapped."""

    remark = string(500, required=True)


class PartsRequest(Request):
    """What came out of the unit and what went in; ``noted`` are parts that the maker had built in."""

    from_location_id = whole(load_default=None, allow_none=True)
    put_in = fields.List(scanned(), load_default=list, validate=validate.Length(max=MOST_PARTS))
    goods = fields.List(fields.Nested(GoodsRequest), load_default=list, validate=validate.Length(max=MOST_PARTS))
    to_location_id = whole(load_default=None, allow_none=True)
    taken_out = fields.List(scanned(), load_default=list, validate=validate.Length(max=MOST_PARTS))
    noted = fields.List(string(64), load_default=list, validate=validate.Length(max=MOST_PARTS))


class ReadingRequest(Request):
    """A value as it was read off."""

    name = string(100, required=True)
    value = string(100, required=True)
    unit = string(32, load_default=None, allow_none=True)


class VisitRequest(OfUnit):
    """A visit as the technician closes it; its pictures were sent before."""

    done_at = Moment(required=True)
    work_done = string(4000, required=True)
    result = fields.Enum(VisitResult, by_value=True, required=True)
    parts = fields.Nested(PartsRequest, load_default=None, allow_none=True)
    readings = fields.List(fields.Nested(ReadingRequest), load_default=list, validate=validate.Length(max=100))
    attachment_ids = fields.List(guid(), load_default=list, validate=validate.Length(max=100))
    signer_name = string(200, load_default=None, allow_none=True)
    unsigned_reason = string(500, load_default=None, allow_none=True)
    next_visit_on = fields.Date(load_default=None, allow_none=True)
    plan_id = guid(load_default=None, allow_none=True)
    dated_on = fields.Date(load_default=None, allow_none=True)


class PlanRequest(OfUnit):
    """A unit that is to be looked after every so many days or months."""

    name = string(200, required=True)
    every = whole(3650, required=True)
    period = fields.Enum(Period, by_value=True, required=True)
    starts_on = fields.Date(required=True)
    contract_id = guid(load_default=None, allow_none=True)


class EndPlan(Request):
    """Why a unit is looked after no more."""

    reason = string(500, required=True)


class DueQuery(SiteQuery):
    """How far ahead to look."""

    within = fields.Integer(load_default=30, validate=validate.Range(min=0, max=MOST_DAYS))


class JobUnit(Schema):
    """The unit of a job."""

    id = fields.Integer()
    serial_no = fields.String()
    item_code = fields.String()
    item_name = fields.String()


class RepairCard(Schema):
    """A repair order in one line."""

    id = fields.String()
    number = fields.String()
    status = fields.String()
    on = fields.Date()
    unit = fields.Nested(JobUnit)
    customer = fields.Nested(Named, allow_none=True)
    complaint = fields.String()
    technician = fields.String(allow_none=True)
    outcome = fields.String(allow_none=True, validate=validate.OneOf(list(RepairOutcome)))
    by = fields.String()


class RepairCards(Schema):
    """Repair orders, newest first."""

    repair_orders = fields.List(fields.Nested(RepairCard))


class Part(Schema):
    """A part that went in or came out; without ``item_code`` it was the maker's and only noted."""

    unit_id = fields.Integer(allow_none=True)
    serial_no = fields.String(allow_none=True)
    item_code = fields.String(allow_none=True)
    qty = Quantity()


class JobCard(Schema):
    """A visit in one line."""

    id = fields.String()
    number = fields.String()
    status = fields.String()
    on = fields.Date()
    technician = fields.String()
    work_done = fields.String()
    result = fields.String(validate=validate.OneOf(list(VisitResult)))
    next_visit_on = fields.Date(allow_none=True)
    parts_in = fields.List(fields.Nested(Part))
    parts_out = fields.List(fields.Nested(Part))


class RepairDetails(RepairCard):
    """A repair order with its visits and pictures, and what it came from."""

    claim = fields.Nested(VoucherRef, allow_none=True)
    customer_return = fields.Nested(VoucherRef, allow_none=True)
    accessories = fields.String(allow_none=True)
    end_remark = fields.String(allow_none=True)
    ended_by = fields.String(allow_none=True)
    ended_at = Moment(allow_none=True)
    visits = fields.List(fields.Nested(JobCard))
    attachments = fields.List(fields.Nested(AttachmentCard))


class PlanRef(Schema):
    """A maintenance plan by its name."""

    id = fields.String()
    name = fields.String()


class ReadingCard(Schema):
    """A value that was read off."""

    name = fields.String()
    value = fields.String()
    unit = fields.String(allow_none=True)


class Visit(JobCard):
    """A visit whole."""

    unit = fields.Nested(JobUnit)
    customer = fields.Nested(Named, allow_none=True)
    repair_order = fields.Nested(VoucherRef, allow_none=True)
    plan = fields.Nested(PlanRef, allow_none=True)
    readings = fields.List(fields.Nested(ReadingCard))
    signer_name = fields.String(allow_none=True)
    unsigned_reason = fields.String(allow_none=True)
    done_at = Moment()
    posted_at = Moment()
    by = fields.String()
    attachments = fields.List(fields.Nested(AttachmentCard))


class PlanCard(Schema):
    """A maintenance plan."""

    id = fields.String()
    name = fields.String()
    contract = fields.Nested(VoucherRef, allow_none=True)
    every = fields.Integer()
    period = fields.String(validate=validate.OneOf(list(Period)))
    starts_on = fields.Date()
    next_due_on = fields.Date()
    technician = fields.String(allow_none=True)
    unit = fields.Nested(JobUnit)
    ended_at = Moment(allow_none=True)


class DueVisit(Schema):
    """A visit that is due: a date of a plan, or a promise of an earlier visit."""

    kind = fields.String(validate=validate.OneOf(["plan", "promise"]))
    id = fields.String()
    name = fields.String()
    due_on = fields.Date()
    overdue_days = fields.Integer()
    unit = fields.Nested(JobUnit)
    customer = fields.Nested(Named, allow_none=True)
    technician = fields.String(allow_none=True)


class DueVisits(Schema):
    """What is due, the oldest first."""

    due = fields.List(fields.Nested(DueVisit))


class MyWork(Schema):
    """A technician's day."""

    repairs = fields.List(fields.Nested(RepairCard))
    due = fields.List(fields.Nested(DueVisit))
    claims = fields.List(fields.Nested(Claim))


class Technicians(Schema):
    """The technicians of a site."""

    technicians = fields.List(fields.Nested(Technician))
