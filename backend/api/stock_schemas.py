"""Stock, batches and holds as the API shows them."""

from marshmallow import Schema, ValidationError, fields, validate

from backend.api.cursors import Cursor
from backend.api.schemas import Moment, Named, Place, Quantity, Request, SiteQuery, scanned, string
from backend.domain.availability import Availability, BatchState, HoldKind
from backend.domain.locations import LocationKind, UnitState
from backend.domain.receiving import Tracking

MOST_ROWS = 200


class StockQuery(SiteQuery):
    """Which stock is asked for; the filters narrow it together."""

    item = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**31 - 1))
    batch = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**31 - 1))
    place = fields.Integer(
        load_default=None,
        validate=validate.Range(min=1, max=2**31 - 1),
        metadata={"description": "The place with all that lies inside."},
    )
    state = fields.Enum(
        Availability,
        by_value=True,
        load_default=None,
        metadata={"description": "Without it, all that is in the house or on its way."},
    )
    q = scanned(100, load_default="")
    expires_within = fields.Integer(load_default=None, validate=validate.Range(min=0, max=36_500))


class LinesQuery(StockQuery):
    """A page of lines."""

    cursor = Cursor(str, int, int)
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=MOST_ROWS))


class UnitsQuery(StockQuery):
    """A page of units."""

    older_than = fields.Integer(load_default=None, validate=validate.Range(min=0, max=36_500))
    cursor = Cursor(int)
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=MOST_ROWS))


class UnitsExport(StockQuery):
    """The units of a file."""

    older_than = fields.Integer(load_default=None, validate=validate.Range(min=0, max=36_500))


class ItemRef(Schema):
    """An item in one line."""

    id = fields.Integer()
    item_code = fields.String()
    name = fields.String()


class TrackedItem(ItemRef):
    """An item and how its units are told apart."""

    tracking = fields.String(validate=validate.OneOf(list(Tracking)))


class BatchRef(Schema):
    """A batch in one line."""

    id = fields.Integer()
    batch_no = fields.String()


class DatedBatch(BatchRef):
    """A batch and its last day."""

    expires_on = fields.Date(allow_none=True)


class KindOfPlace(Place):
    """A place and what it is."""

    kind = fields.String(validate=validate.OneOf(list(LocationKind)))


class States(fields.Dict):
    """Quantities by availability; those that are 0 are left out."""

    def __init__(self) -> None:
        super().__init__(keys=fields.String(validate=validate.OneOf(list(Availability))), values=Quantity())


class StockLine(Schema):
    """How much of an item, in a batch, is in a place."""

    item = fields.Nested(TrackedItem)
    batch = fields.Nested(DatedBatch, allow_none=True)
    place = fields.Nested(KindOfPlace)
    qty = Quantity()
    states = States()


class StockLines(Schema):
    """Stock, by item code; ``totals`` of all lines that fit are in the first page."""

    lines = fields.List(fields.Nested(StockLine))
    totals = States()
    next_cursor = fields.String(allow_none=True)


class StockUnit(Schema):
    """A unit of the stock."""

    id = fields.Integer()
    serial_no = fields.String()
    item = fields.Nested(ItemRef)
    state = fields.String(validate=validate.OneOf(list(UnitState)))
    availability = fields.String(validate=validate.OneOf(list(Availability)))
    location = fields.Nested(Place)
    batch_id = fields.Integer(allow_none=True)
    batch_no = fields.String(allow_none=True)
    expires_on = fields.Date(allow_none=True)
    received_at = Moment()
    reserved_for = fields.String(allow_none=True)
    hold_reason = fields.String(allow_none=True)


class StockUnits(Schema):
    """Units in the order in which they came."""

    units = fields.List(fields.Nested(StockUnit))
    next_cursor = fields.String(allow_none=True)


class ItemBatch(DatedBatch):
    """A batch of an item, with how much of it is in the house."""

    qty = Quantity()
    state = fields.String(validate=validate.OneOf(list(BatchState)))


class ItemStock(Schema):
    """An item at a site."""

    item = fields.Nested(TrackedItem)
    totals = States()
    batches = fields.List(fields.Nested(ItemBatch))


class InnerPlace(Schema):
    """A place inside another one, with how much lies in it and in all inside."""

    id = fields.Integer()
    code = fields.String()
    name = fields.String()
    qty = Quantity()


class PlaceStock(Schema):
    """A place with what lies in it."""

    place = fields.Nested(KindOfPlace)
    site_id = fields.Integer()
    name = fields.String()
    parent = fields.Nested(Place, allow_none=True)
    inside = fields.List(fields.Nested(InnerPlace))
    totals = States()


class Hold(Schema):
    """A hold, from its beginning to its end."""

    id = fields.Integer()
    kind = fields.String(validate=validate.OneOf(list(HoldKind)))
    reason = fields.String()
    batch_id = fields.Integer(allow_none=True)
    serial_id = fields.Integer(allow_none=True)
    placed_by = fields.String()
    placed_at = Moment()
    lifted_by = fields.String(allow_none=True)
    lifted_at = Moment(allow_none=True)
    lift_reason = fields.String(allow_none=True)


class BatchChange(Schema):
    """Dates that somebody changed."""

    manufactured_before = fields.Date(allow_none=True)
    expires_before = fields.Date(allow_none=True)
    manufactured_on = fields.Date(allow_none=True)
    expires_on = fields.Date(allow_none=True)
    reason = fields.String()
    changed_by = fields.String()
    changed_at = Moment()


class BatchPlace(Place):
    """How much of a batch is in a place, in the house or outside."""

    site_id = fields.Integer()
    state = fields.String(validate=validate.OneOf(list(UnitState)))
    qty = Quantity()


class Batch(Schema):
    """A batch with its dates, its state, where it is, and who held and changed it."""

    id = fields.Integer()
    batch_no = fields.String()
    item = fields.Nested(TrackedItem)
    manufactured_on = fields.Date(allow_none=True)
    expires_on = fields.Date(allow_none=True)
    supplier = fields.Nested(Named, allow_none=True)
    created_at = Moment()
    state = fields.String(validate=validate.OneOf(list(BatchState)))
    places = fields.List(fields.Nested(BatchPlace))
    holds = fields.List(fields.Nested(Hold))
    changes = fields.List(fields.Nested(BatchChange))


def reason() -> fields.String:
    """Why somebody did something, in words."""
    field: fields.String = string(500, required=True)
    field.validators.append(_has_words)
    return field


def _has_words(text: str) -> None:
    if not text.strip():
        raise ValidationError("Say why.")


class HoldRequest(Request):
    """What kind of hold, and why."""

    kind = fields.Enum(HoldKind, by_value=True, load_default=HoldKind.HOLD)
    reason = reason()


class DatesRequest(Request):
    """The dates that the batch shall have, and why."""

    manufactured_on = fields.Date(required=True, allow_none=True)
    expires_on = fields.Date(required=True, allow_none=True)
    reason = reason()
