"""Items, their barcodes, pictures and trade profiles, as the people see and send them who look after them."""

from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from backend.api.master_schemas import Edited, ListQuery, Version, line
from backend.api.schemas import Moment, Request, scanned, string, whole
from backend.domain.profiles import ProfileName
from backend.domain.receiving import Tracking
from backend.domain.standards import SecondaryKind
from backend.domain.warranty import Basis
from backend.services.items import MOST_BARCODES

PICK_RULES = ("fifo", "lifo", "fefo")
MOST_DAYS = 36_500


class ItemQuery(ListQuery):
    """Which items."""

    tracking = fields.String(load_default=None, validate=validate.OneOf(list(Tracking)))
    profile = fields.String(load_default=None, validate=validate.OneOf(list(ProfileName)))


class ItemFields(Request):
    """What a person edits of an item; a field that is not sent stays, or is as the profile has it."""

    name = line(200)
    tracking = fields.Enum(Tracking, by_value=True)
    profile = fields.Enum(ProfileName, by_value=True, allow_none=True)
    serial_no_series = line(64, allow_none=True)
    batch_no_series = line(64, allow_none=True)
    serial_length = whole(64, allow_none=True)
    serial_pattern = line(64, allow_none=True)
    serial_standard = fields.String(allow_none=True, validate=validate.OneOf(["imei", "mac", "vin"]))
    secondary_kinds = fields.List(
        fields.Enum(SecondaryKind, by_value=True), validate=validate.Length(max=len(SecondaryKind))
    )
    shelf_life_days = whole(MOST_DAYS, allow_none=True)
    expiry_required = fields.Boolean()
    warranty_days = whole(MOST_DAYS, least=0, allow_none=True)
    warranty_months = whole(1200, least=0, allow_none=True)
    warranty_basis = fields.Enum(Basis, by_value=True)
    pick_rule = fields.String(validate=validate.OneOf(PICK_RULES))
    over_receipt_percent = whole(100, least=0)
    reorder_level = whole(1_000_000, least=0, allow_none=True)
    verify_returns = fields.Boolean()


class NewItem(ItemFields):
    """An item to make; without a code the series of the site gives one."""

    site = whole(required=True)
    item_code = line(64, load_default=None, allow_none=True)
    name = line(200, required=True)
    barcodes = fields.List(scanned(least=1), load_default=list, validate=validate.Length(max=MOST_BARCODES))


class ItemChange(ItemFields, Version):
    """Fields of an item to change."""

    item_code = line(64)


class BarcodeText(Request):
    """A code as it was scanned or typed."""

    text = scanned(least=1, required=True)
    symbology = string(8, least=0, load_default="")


class PictureFile(Request):
    """A picture: JPEG, PNG or WebP."""

    picture = Upload(metadata={"description": "JPEG, PNG or WebP of at most 8 MiB and 25 megapixels."})


class ItemLine(Schema):
    """An item in one line."""

    id = fields.Integer()
    item_code = fields.String()
    name = fields.String()
    tracking = fields.String(validate=validate.OneOf(list(Tracking)))
    profile = fields.String(allow_none=True)
    gtins = fields.List(fields.String())
    has_picture = fields.Boolean()
    retired_at = Moment(allow_none=True)


class ItemPage(Schema):
    """A page of items; go on with ``next`` as ``after``."""

    items = fields.List(fields.Nested(ItemLine))
    next = fields.String(allow_none=True)


class Barcode(Schema):
    """A code that stands for an item."""

    id = fields.Integer()
    code = fields.String()
    is_gtin = fields.Boolean()
    linked_at = Moment(allow_none=True)


class Gap(Schema):
    """Something that the item's profile asks for and the item does not have."""

    field = fields.String()
    message = fields.String()


class ItemDetails(ItemLine, Edited):
    """An item with all that can be edited of it."""

    serial_no_series = fields.String(allow_none=True)
    batch_no_series = fields.String(allow_none=True)
    serial_length = fields.Integer(allow_none=True)
    serial_pattern = fields.String(allow_none=True)
    serial_standard = fields.String(allow_none=True)
    secondary_kinds = fields.List(fields.String())
    shelf_life_days = fields.Integer(allow_none=True)
    expiry_required = fields.Boolean()
    warranty_days = fields.Integer(allow_none=True)
    warranty_months = fields.Integer(allow_none=True)
    warranty_basis = fields.String()
    pick_rule = fields.String()
    over_receipt_percent = fields.Integer()
    reorder_level = fields.Integer(allow_none=True)
    verify_returns = fields.Boolean()
    picture_at = Moment(allow_none=True)
    barcodes = fields.List(fields.Nested(Barcode))
    has_units = fields.Boolean(metadata={"description": "Then its tracking stays as it is."})
    gaps = fields.List(fields.Nested(Gap))


class Profile(Schema):
    """A trade profile: the fields it sets, and the rule it comes from."""

    name = fields.String()
    rule = fields.String()
    defaults = fields.Dict()
    wants_gtin = fields.Boolean()


class Profiles(Schema):
    """All trade profiles."""

    profiles = fields.List(fields.Nested(Profile))


# --- parties -------------------------------------------------------------------------------------
