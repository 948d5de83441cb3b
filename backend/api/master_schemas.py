"""Items, parties, places and series as the people see and send them who look after them."""

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import Schema, ValidationError, fields, validate

from backend.api.schemas import Moment, Request, SiteQuery, keepable, scanned, string, whole
from backend.domain import serials
from backend.domain.locations import MADE_BY_PEOPLE, LocationKind
from backend.domain.profiles import ProfileName
from backend.domain.receiving import Tracking
from backend.domain.standards import SecondaryKind
from backend.domain.warranty import Basis
from backend.services.items import MOST_BARCODES
from backend.services.site_series import USUAL

PICK_RULES = ("fifo", "lifo", "fefo")
PARTY_KINDS = ("supplier", "customer")
MOST_DAYS = 36_500
MOST_WALK = 1_000_000


def plain(text: str) -> None:
    """Refuse a text with characters that a person cannot see, or with space around it."""
    if serials.has_hidden_characters(text) or text != text.strip():
        raise ValidationError("Has space around it, or characters that nobody sees.")


def line(most: int, **kwargs: Any) -> fields.String:
    """A short text that people read: one line, nothing hidden."""
    return fields.String(validate=[validate.Length(min=1, max=most), keepable, plain], **kwargs)


class ShowQuery(Request):
    """Which masters."""

    q = fields.String(load_default="", validate=[validate.Length(max=200), keepable])
    show = fields.String(load_default="offered", validate=validate.OneOf(["offered", "retired", "all"]))
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class ListQuery(ShowQuery):
    """Which masters, and from which code on."""

    after = fields.String(load_default=None, validate=[validate.Length(max=64), keepable])


class Version(Request):
    """Which state of a master the person saw."""

    version = whole(required=True)


class Edited(Schema):
    """Who changed a master last; ``version`` goes with the next change."""

    version = fields.Integer()
    retired_at = Moment(allow_none=True)
    edited_at = Moment(allow_none=True)
    edited_by = fields.String(allow_none=True)


# --- items ---------------------------------------------------------------------------------------


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


class PlaceQuery(ShowQuery, SiteQuery):
    """Which places of a site."""

    after = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**31 - 1))
    parent_id = fields.Integer(load_default=None, validate=validate.Range(min=1, max=2**31 - 1))


class PlaceFields(Request):
    """What a person edits of a place."""

    name = line(200)
    kind = fields.Enum(LocationKind, by_value=True, validate=validate.OneOf(sorted(MADE_BY_PEOPLE)))
    parent_id = whole()
    walk_order = whole(MOST_WALK, least=0)


class NewPlace(PlaceFields):
    """A place to make."""

    site = whole(required=True)
    code = line(64, required=True)
    name = line(200, required=True)
    kind = fields.Enum(LocationKind, by_value=True, required=True, validate=validate.OneOf(sorted(MADE_BY_PEOPLE)))
    parent_id = whole(required=True)


class PlaceChange(PlaceFields, Version):
    """Fields of a place to change; another parent moves it with all that is in it."""

    code = line(64)


class PlaceLine(Edited):
    """A place of a site."""

    id = fields.Integer()
    site_id = fields.Integer()
    code = fields.String()
    name = fields.String()
    kind = fields.String(validate=validate.OneOf(list(LocationKind)))
    parent_id = fields.Integer(allow_none=True)
    path = fields.String()
    walk_order = fields.Integer()
    places_inside = fields.Integer()


class PlacePage(Schema):
    """A page of places in walking order; go on with ``next`` as ``after``."""

    places = fields.List(fields.Nested(PlaceLine))
    next = fields.Integer(allow_none=True)


class WayStep(Schema):
    """A place on the way to another one."""

    id = fields.Integer()
    code = fields.String()
    name = fields.String()


class PlaceDetails(PlaceLine):
    """A place, the way to it, and whether it holds stock."""

    has_stock = fields.Boolean()
    way = fields.List(fields.Nested(WayStep))


# --- settings ------------------------------------------------------------------------------------


class SeriesChange(Request):
    """A site's own series for a kind of thing; ``None`` is the usual one. ``seen`` is what it was before."""

    site = whole(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(sorted(USUAL)))
    pattern = line(64, required=True, allow_none=True)
    seen = fields.String(load_default=None, allow_none=True)


class PreviewQuery(SiteQuery):
    """A series to try."""

    pattern = line(64, required=True)


class Preview(Schema):
    """What a series would give next."""

    next = fields.String()


class Series(Schema):
    """How a kind of thing is numbered at a site."""

    kind = fields.String()
    usual = fields.String()
    own = fields.String(allow_none=True)
    next = fields.String()
    edited_by = fields.String(allow_none=True)
    edited_at = Moment(allow_none=True)


class SeriesList(Schema):
    """All series of a site."""

    series = fields.List(fields.Nested(Series))
