"""Service contracts, installations and warranties as the API takes and shows them."""

from marshmallow import Schema, fields, validate

from backend.api.claim_schemas import UnitRef
from backend.api.schemas import Moment, Named, Request, SiteQuery, guid, scanned, string, whole
from backend.domain.ranges import MAX_LIST
from backend.domain.warranty import Basis, WarrantyStatus


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
