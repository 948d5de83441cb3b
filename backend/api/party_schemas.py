"""Parties as the people see and send them who look after them."""

from marshmallow import Schema, fields, validate

from backend.api.master_schemas import Edited, ListQuery, Version, line
from backend.api.schemas import Request, whole

PARTY_KINDS = ("supplier", "customer")


class PartyQuery(ListQuery):
    """Which parties."""

    kind = fields.String(load_default=None, validate=validate.OneOf(PARTY_KINDS))


class PartyFields(Request):
    """What a person edits of a party."""

    kind = fields.String(validate=validate.OneOf(PARTY_KINDS))
    name = line(200)
    contact = line(200, allow_none=True)


class NewParty(PartyFields):
    """A party to make; without a code the series of the site gives one."""

    site = whole(required=True)
    code = line(64, load_default=None, allow_none=True)
    kind = fields.String(required=True, validate=validate.OneOf(PARTY_KINDS))
    name = line(200, required=True)


class PartyChange(PartyFields, Version):
    """Fields of a party to change."""

    code = line(64)


class PartyLine(Edited):
    """A supplier or customer."""

    id = fields.Integer()
    code = fields.String()
    kind = fields.String(validate=validate.OneOf(PARTY_KINDS))
    name = fields.String()
    contact = fields.String(allow_none=True)


class PartyPage(Schema):
    """A page of parties; go on with ``next`` as ``after``."""

    parties = fields.List(fields.Nested(PartyLine))
    next = fields.String(allow_none=True)


class PartyDetails(PartyLine):
    """A party, and whether vouchers name it."""

    has_vouchers = fields.Boolean()


# --- places --------------------------------------------------------------------------------------
