"""Recalls and traces as the API shows them."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from backend.api.cursors import Cursor
from backend.api.schemas import Moment, Named, Place, Request, guid, scanned, string, whole
from backend.api.stock_schemas import MOST_ROWS, DatedBatch, ItemRef
from backend.domain.locations import UnitState
from backend.domain.ranges import MAX_LIST
from backend.domain.recalling import Origin, Outcome
from backend.queries.recalls import SHOWN
from backend.queries.trace import Direction


class RecallScope(Request):
    """What a recall is started from; which fields count depends on the origin."""

    origin = fields.Enum(Origin, by_value=True, required=True)
    batch_id = whole(load_default=None, allow_none=True)
    serial_nos = fields.List(scanned(), load_default=list, validate=validate.Length(max=MAX_LIST))
    receipt_id = guid(load_default=None, allow_none=True)
    item_id = whole(load_default=None, allow_none=True)
    supplier = string(64, load_default=None, allow_none=True)
    from_on = fields.Date(load_default=None, allow_none=True)
    to_on = fields.Date(load_default=None, allow_none=True)
    component = scanned(200, load_default=None, allow_none=True)


class RecallPreviewRequest(Request):
    """What would be recalled."""

    site = whole(required=True)
    scope = fields.Nested(RecallScope, required=True)


class RecallRequest(RecallPreviewRequest):
    """A recall; the id is made by the caller and means this recall for ever."""

    id = guid(required=True)
    done_at = Moment(load_default=None, allow_none=True)
    reason = string(400, required=True)


class RecallStepRequest(Request):
    """What somebody found out or did about units of a recall; the id is made on the device."""

    id = guid(required=True)
    done_at = Moment(required=True)
    recall_id = guid(required=True)
    recall_unit_ids = fields.List(whole(), required=True, validate=validate.Length(min=1, max=1000))
    outcome = fields.Enum(Outcome, by_value=True, required=True)
    note = string(500, load_default=None, allow_none=True)


class CloseRequest(Request):
    """Why a recall is closed of which units are open."""

    reason = string(500, load_default=None, allow_none=True)


class RecallUnitsQuery(Request):
    """Which units of a recall, and where the page goes on."""

    show = fields.String(load_default="all", validate=validate.OneOf(SHOWN))
    cursor = Cursor(int)
    limit = fields.Integer(load_default=100, validate=validate.Range(min=1, max=MOST_ROWS))


class TraceQuery(Request):
    """What is traced: one of a unit, a batch, a receipt, a recall, a component's serial number; and which way."""

    unit = fields.Integer(validate=validate.Range(min=1, max=2**31 - 1))
    batch = fields.Integer(validate=validate.Range(min=1, max=2**31 - 1))
    receipt = guid()
    recall = guid()
    component = scanned(200)
    direction = fields.Enum(Direction, by_value=True, load_default=Direction.FORWARD)

    @validates_schema
    def names_one(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """One thing is traced."""
        if len(data.keys() & {"unit", "batch", "receipt", "recall", "component"}) != 1:
            raise ValidationError("Name one of unit, batch, receipt, recall and component.")


class TraceShownQuery(TraceQuery):
    """What is traced, and how many of its units are wanted: a screen shows the first, a file has all."""

    limit = fields.Integer(validate=validate.Range(min=1, max=MOST_ROWS))


class Customer(Named):
    """A customer and how they are reached."""

    contact = fields.String(allow_none=True)


class OriginReceipt(Schema):
    """The receipt that brought a unit, and its order."""

    id = fields.String()
    number = fields.String()
    dated_on = fields.Date()
    purchase_order = fields.String(allow_none=True)


class LastVoucher(Schema):
    """The voucher that moved a unit last."""

    id = fields.String()
    type = fields.String()
    number = fields.String()


class Inside(Schema):
    """The outermost unit that another is built into."""

    unit_id = fields.Integer()
    serial_no = fields.String()
    item_code = fields.String()


class LocatedUnit(Schema):
    """Where a unit came from and where it is now."""

    id = fields.Integer()
    serial_no = fields.String()
    item = fields.Nested(ItemRef)
    batch = fields.Nested(DatedBatch, allow_none=True)
    supplier = fields.Nested(Named, allow_none=True)
    receipt = fields.Nested(OriginReceipt, allow_none=True)
    inside = fields.Nested(Inside, allow_none=True)
    state = fields.String(validate=validate.OneOf(list(UnitState)))
    is_accounted_for = fields.Boolean()
    place = fields.Nested(Place)
    customer = fields.Nested(Customer, allow_none=True)
    voucher = fields.Nested(LastVoucher)
    since = fields.Date()


class BuiltIn(Schema):
    """A unit that another one was built into, or the other way; ``removed_at`` when it was taken out."""

    unit_id = fields.Integer()
    serial_no = fields.String()
    put_in_at = Moment()
    removed_at = Moment(allow_none=True)
    voucher = fields.String()


class Stay(Schema):
    """A place that a unit came to, and by which voucher."""

    place = fields.String()
    voucher = fields.String()
    dated_on = fields.Date()


class TracedUnit(LocatedUnit):
    """A unit of a trace; ``is_asked_for`` when the trace started from it."""

    is_asked_for = fields.Boolean()
    built_into = fields.List(fields.Nested(BuiltIn))
    parts = fields.List(fields.Nested(BuiltIn))
    moves = fields.List(fields.Nested(Stay))


class Trace(Schema):
    """A trace, its units by id and as many as were asked for; sent piece by piece."""

    direction = fields.String()
    total = fields.Integer(metadata={"description": "How many units the trace comes to."})
    units = fields.List(fields.Nested(TracedUnit))


class RecallPreview(Schema):
    """What would be recalled: how many units, the first of them, and what keeps the recall from being whole."""

    scope = fields.String()
    total = fields.Integer()
    by_state = fields.Dict(keys=fields.String(), values=fields.Integer())
    units = fields.List(fields.Nested(LocatedUnit))
    unknown_serial_nos = fields.List(fields.String())
    elsewhere = fields.Integer(metadata={"description": "Units at sites only where this person may not recall."})


class StepCard(Schema):
    """A step: what, who, when, by device and server."""

    outcome = fields.String(validate=validate.OneOf(list(Outcome)))
    note = fields.String(allow_none=True)
    by = fields.String()
    done_at = Moment()
    recorded_at = Moment()


class RecalledUnit(Schema):
    """A unit of a recall; ``unit`` is null for a serial number of its list that nobody here knows."""

    recall_unit_id = fields.Integer()
    serial_no = fields.String()
    outcome = fields.String(validate=validate.OneOf(list(Outcome)))
    via = fields.String(
        allow_none=True, metadata={"description": "The recalled unit inside of it for which it is on the list."}
    )
    unit = fields.Nested(LocatedUnit, allow_none=True)
    is_accounted_for = fields.Boolean()
    steps = fields.List(fields.Nested(StepCard))


class RecalledUnits(Schema):
    """Units of a recall."""

    units = fields.List(fields.Nested(RecalledUnit))
    next_cursor = fields.String(allow_none=True)


class RecallCard(Schema):
    """A recall in one line."""

    id = fields.String()
    number = fields.String()
    status = fields.String(validate=validate.OneOf(["submitted", "closed", "cancelled"]))
    site_id = fields.Integer()
    origin = fields.String(validate=validate.OneOf(list(Origin)))
    scope = fields.String()
    reason = fields.String()
    opened_by = fields.String()
    opened_at = Moment()
    closed_by = fields.String(allow_none=True)
    closed_at = Moment(allow_none=True)
    close_reason = fields.String(allow_none=True)
    cancel_reason = fields.String(allow_none=True)
    total = fields.Integer()
    resolved = fields.Integer()
    percent = fields.Integer()
    progress = fields.String(metadata={"example": "7 of 10 resolved"})


class Recall(RecallCard):
    """A recall and how many of its units are what."""

    counts = fields.Dict(keys=fields.String(validate=validate.OneOf(SHOWN)), values=fields.Integer())


class Recalls(Schema):
    """Recalls of a site, those that run first."""

    recalls = fields.List(fields.Nested(RecallCard))
