"""The look-up by serial number, and a unit's page."""

from typing import Any

from marshmallow import Schema, fields, validate

from backend.api.access import actor_or_refuse, requires
from backend.api.blueprints import Blueprint
from backend.api.purchase_order_schemas import AnnouncedUnit
from backend.api.schemas import Moment, Named, Place, Quantity, Request, SiteQuery, scanned, string
from backend.api.secondary_serials import SecondarySerial
from backend.api.service_schemas import JobCard, PlanCard, RepairCard
from backend.api.site_days import today_at, today_of_unit
from backend.api.stock_schemas import DatedBatch, Hold, ItemRef
from backend.domain.availability import Availability, BatchState
from backend.domain.errors import refuse
from backend.domain.locations import UnitState
from backend.domain.people import Permission
from backend.domain.warranty import WarrantyStatus
from backend.extensions import reading
from backend.queries import unit_card, units
from backend.services.correcting import correct_serial_no
from backend.unit_of_work import transact

bp: Any = Blueprint("units", __name__, url_prefix="/api", description="Units and their history")


class FindQuery(SiteQuery):
    """What to look for: a serial number as typed, or a code as scanned."""

    q = scanned(least=1, required=True)
    symbology = string(8, least=0, load_default="")


class UnitSummary(Schema):
    """A unit in one line."""

    id = fields.Integer()
    item = fields.Nested(ItemRef)
    serial_no = fields.String()
    state = fields.String(validate=validate.OneOf(list(UnitState)))
    availability = fields.String(validate=validate.OneOf(list(Availability)))
    location = fields.Nested(Place)
    batch_no = fields.String(allow_none=True)
    formerly = fields.String(
        allow_none=True, metadata={"description": "The corrected text by which the unit was found."}
    )


class Found(Schema):
    """Units that match, or near ones and words when none does."""

    matches = fields.List(fields.Nested(UnitSummary))
    expected = fields.List(fields.Nested(AnnouncedUnit))
    suggestions = fields.List(fields.Nested(UnitSummary))
    code = fields.String(allow_none=True)
    message = fields.String(allow_none=True)


class BatchCard(DatedBatch):
    """A batch with its dates and its state."""

    manufactured_on = fields.Date(allow_none=True)
    state = fields.String(validate=validate.OneOf(list(BatchState)))


class CameBack(Schema):
    """A customer return in one line."""

    id = fields.String()
    number = fields.String()
    on = fields.Date()
    customer = fields.Nested(Named)


class OpenClaim(Schema):
    """A claim that is not ended."""

    id = fields.String()
    number = fields.String()
    technician = fields.String(allow_none=True)


class Received(Schema):
    """How the unit came in."""

    voucher_id = fields.String()
    number = fields.String()
    on = fields.Date()
    purchase_order = fields.String(allow_none=True)


class Sold(Schema):
    """The last sale."""

    voucher_id = fields.String()
    number = fields.String()
    on = fields.Date()
    customer = fields.Nested(Named)


class Reserved(Schema):
    """The voucher that has taken the unit, and the order that it is for."""

    voucher_id = fields.String()
    number = fields.String()
    order_number = fields.String(allow_none=True)
    by = fields.String()
    at = Moment()
    status = fields.String(validate=validate.OneOf(["proposed", "chosen"]))


class WarrantyCard(Schema):
    """The warranty on the day of the question."""

    status = fields.String(validate=validate.OneOf(list(WarrantyStatus)))
    start = fields.Date(allow_none=True)
    end = fields.Date(allow_none=True)
    days_left = fields.Integer(allow_none=True)
    code = fields.String(metadata={"description": "The message without its facts, for another language."})
    message = fields.String()
    facts = fields.Dict(keys=fields.String())


class MovementVoucher(Schema):
    """What caused a movement."""

    id = fields.String()
    type = fields.String()
    number = fields.String()


class Movement(Schema):
    """One movement: both times, who, where, which voucher."""

    seq = fields.Integer()
    what = fields.String()
    qty = fields.Integer()
    from_ = fields.Nested(Place, data_key="from", attribute="from")
    to = fields.Nested(Place)
    party = fields.String(allow_none=True)
    voucher = fields.Nested(MovementVoucher)
    actor = fields.String()
    device = fields.String(allow_none=True)
    scanned_at = Moment(allow_none=True)
    posted_at = Moment()


class Correction(Schema):
    """The text that a unit had before somebody corrected it."""

    serial_no = fields.String()
    reason = fields.String()
    by = fields.String()
    at = Moment()


class ComponentCard(Schema):
    """A unit or goods inside a unit; ``removed_at`` when they were taken out."""

    unit_id = fields.Integer(allow_none=True)
    serial_no = fields.String(allow_none=True)
    item_code = fields.String()
    batch_no = fields.String(allow_none=True)
    qty = Quantity()
    number = fields.String()
    put_in_at = Moment()
    removed_at = Moment(allow_none=True)


class OpenRecall(Schema):
    """A recall that runs, and what became of the unit in it so far."""

    id = fields.String()
    number = fields.String()
    reason = fields.String(allow_none=True)
    started_on = fields.Date()
    outcome = fields.String(allow_none=True)


class PartOf(Schema):
    """The unit that another one is built into."""

    unit_id = fields.Integer()
    serial_no = fields.String()
    item_code = fields.String()


class CorrectSerialNo(Request):
    """The serial number that a unit really has, and how the wrong one came about."""

    serial_no = scanned(required=True)
    reason = string(500, required=True)


class Unit(UnitSummary):
    """Everything about one unit; the history from the ledger, oldest first."""

    site_id = fields.Integer(metadata={"description": "The site where it is, or was before it left."})
    batch = fields.Nested(BatchCard, allow_none=True)
    supplier = fields.Nested(Named, allow_none=True)
    received = fields.Nested(Received, allow_none=True)
    sold = fields.Nested(Sold, allow_none=True)
    owner = fields.Nested(Named, allow_none=True)
    warranty = fields.Nested(WarrantyCard)
    reserved = fields.Nested(Reserved, allow_none=True)
    holds = fields.List(fields.Nested(Hold), metadata={"description": "On the unit and on its batch, newest first."})
    correction = fields.Nested(Correction, allow_none=True)
    components = fields.List(fields.Nested(ComponentCard))
    part_of = fields.Nested(PartOf, allow_none=True)
    recall = fields.Nested(OpenRecall, allow_none=True, metadata={"description": "The recall that runs on it."})
    claim = fields.Nested(OpenClaim, allow_none=True, metadata={"description": "The claim for it that is open."})
    returned = fields.Nested(
        CameBack, allow_none=True, metadata={"description": "The customer return that it waits to be inspected on."}
    )
    repair = fields.Nested(RepairCard, allow_none=True, metadata={"description": "The order that it is here on."})
    technician = fields.String(allow_none=True)
    services = fields.List(fields.Nested(JobCard), metadata={"description": "Past jobs, newest first."})
    plans = fields.List(fields.Nested(PlanCard))
    secondary_kinds = fields.List(fields.String(), metadata={"description": "Kinds of further numbers of its item."})
    secondary_serials = fields.List(fields.Nested(SecondarySerial))
    history = fields.List(fields.Nested(Movement))


@bp.get("/units")
@requires(Permission.UNITS_READ)
@bp.arguments(FindQuery, location="query")
@bp.response(200, Found)
def find_units(query: dict[str, Any]) -> dict[str, Any]:
    """Find a unit by what was scanned or typed; case and outer space are ignored.

    Units are found that are or were at a site whose units the person may read, not only at the one asked from.
    """
    actor = actor_or_refuse()
    actor.must(Permission.UNITS_READ, query["site"])
    return units.find(
        reading(), query["q"], query["symbology"], today_at(query["site"]), actor.sites_with(Permission.UNITS_READ)
    )


@bp.get("/units/<int(max=2147483647):unit_id>")
@requires(Permission.UNITS_READ)
@bp.response(200, Unit)
def show_unit(unit_id: int) -> dict[str, Any]:
    """One unit with its whole history."""
    return unit_or_refuse(unit_id)


@bp.post("/units/<int(max=2147483647):unit_id>/serial-no")
@requires(Permission.CANCEL)
@bp.arguments(CorrectSerialNo)
@bp.response(200, Unit)
def correct(wanted: dict[str, str], unit_id: int) -> dict[str, Any]:
    """Correct a serial number that was mistyped: once per unit; the old text still finds it."""
    actor = actor_or_refuse()
    transact(lambda work: correct_serial_no(work, actor, unit_id=unit_id, **wanted).id)
    return unit_or_refuse(unit_id)


def unit_or_refuse(unit_id: int) -> dict[str, Any]:
    """A unit as the person of this request may see it.

    Raises:
        DomainError: ``not_found``.
    """
    sites = actor_or_refuse().sites_with(Permission.UNITS_READ)
    found = unit_card.unit(reading(), unit_id, today_of_unit(unit_id), sites)
    if found is None:
        raise refuse("not_found", f"There is no unit {unit_id}.", "Look it up by its serial number.")
    return found
