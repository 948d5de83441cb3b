"""Places and the series of a site as the people see and send them who look after them."""

from marshmallow import Schema, fields, validate

from backend.api.master_schemas import Edited, ShowQuery, Version, line
from backend.api.schemas import Moment, Request, SiteQuery, whole
from backend.domain.locations import MADE_BY_PEOPLE, LocationKind
from backend.services.site_series import USUAL

MOST_WALK = 1_000_000


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
